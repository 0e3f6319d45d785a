"""Names of rules in plain text, and sentences about changes of rules."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from bot.filters.wording import (
    MAX_NAME_LENGTH,
    Variant,
    Wording,
    bold,
    fill_in,
    rule_sentence,
    values_of,
    variant_of,
)
from bot.models.rules import WHOLE_SERVER, Rule, RuleChange
from bot.text import fold, mention, truncate

_MAX_CHOICE_LENGTH: Final = 100
"""https://docs.discord.com/developers/interactions/application-commands"""

_ADDED: Final[Mapping[Variant, Wording]] = {
    "allow genre": Wording(
        "{genre} is now on the list of genres allowed in this server. Other genres are hidden.",
        "{genre} is now on the list of genres allowed in {channel}. Other genres are hidden there.",
    ),
    "block genre": Wording("{genre} is now hidden in this server.", "{genre} is now hidden in {channel}."),
    "block artist": Wording(
        "The artist {artist} is now hidden in this server, also on tracks with other artists.",
        "The artist {artist} is now hidden in {channel}, also on tracks with other artists.",
    ),
    "block word": Wording(
        "Tracks with {words} in their title, artist or album are now hidden in this server.",
        "Tracks with {words} in their title, artist or album are now hidden in {channel}.",
    ),
    "length from": Wording(
        "This server now shows only tracks of {length} or longer.",
        "{channel} now shows only tracks of {length} or longer.",
    ),
    "length to": Wording(
        "This server now shows only tracks of up to {length}.",
        "{channel} now shows only tracks of up to {length}.",
    ),
    "length range": Wording(
        "This server now shows only tracks of {length}.", "{channel} now shows only tracks of {length}."
    ),
}
# Another rule may still hide the same tracks, so none of these says that they are shown.
_REMOVED: Final[Mapping[Variant, Wording]] = {
    "allow genre": Wording(
        "{genre} is no longer on the list of genres allowed in this server.",
        "{genre} is no longer on the list of genres allowed in {channel}.",
    ),
    "block genre": Wording(
        "I removed the rule that hid the genre {genre} in this server.",
        "I removed the rule that hid the genre {genre} in {channel}.",
    ),
    "block artist": Wording(
        "I removed the rule that hid the artist {artist} in this server.",
        "I removed the rule that hid the artist {artist} in {channel}.",
    ),
    "block word": Wording(
        "I removed the rule in this server that hid tracks with {words}.",
        "I removed the rule in {channel} that hid tracks with {words}.",
    ),
    "length from": Wording(
        "I removed the rule that limited this server to tracks of {length} or longer.",
        "I removed the rule that limited {channel} to tracks of {length} or longer.",
    ),
    "length to": Wording(
        "I removed the rule that limited this server to tracks of up to {length}.",
        "I removed the rule that limited {channel} to tracks of up to {length}.",
    ),
    "length range": Wording(
        "I removed the rule that limited this server to tracks of {length}.",
        "I removed the rule that limited {channel} to tracks of {length}.",
    ),
}
_REPLACED: Final = "{added} This replaces an earlier rule: {before}"
_OVERRIDDEN: Final = (
    "The genre {genre} is allowed in this server, except in {channel}, which has a list of its own."
)


class _Names(NamedTuple):
    """The names of a rule in autocomplete, which shows neither Markdown nor mentions."""

    server: str
    this_channel: str
    other_channel: str


_NAMES: Final[Mapping[Variant, _Names]] = {
    "allow genre": _Names(
        "Allowed genre: {genre}",
        "Allowed genre in this channel: {genre}",
        "Allowed genre in channel {channel_id}: {genre}",
    ),
    "block genre": _Names(
        "Hidden genre: {genre}",
        "Hidden genre in this channel: {genre}",
        "Hidden genre in channel {channel_id}: {genre}",
    ),
    "block artist": _Names(
        "Hidden artist: {artist}",
        "Hidden artist in this channel: {artist}",
        "Hidden artist in channel {channel_id}: {artist}",
    ),
    "block word": _Names(
        "Hidden words: {words}",
        "Hidden words in this channel: {words}",
        "Hidden words in channel {channel_id}: {words}",
    ),
    "length from": _Names(
        "Only tracks of {length} or longer",
        "Only tracks of {length} or longer in this channel",
        "Only tracks of {length} or longer in channel {channel_id}",
    ),
    "length to": _Names(
        "Only tracks of up to {length}",
        "Only tracks of up to {length} in this channel",
        "Only tracks of up to {length} in channel {channel_id}",
    ),
    "length range": _Names(
        "Only tracks of {length}",
        "Only tracks of {length} in this channel",
        "Only tracks of {length} in channel {channel_id}",
    ),
}
# The names that earlier versions offered; some moderators still type them.
_FORMER_NAMES: Final[Mapping[Variant, str]] = {
    "allow genre": "only genre {genre}",
    "block genre": "no genre {genre}",
    "block artist": "no artist {artist}",
    "block word": "no word {words}",
    "length from": "only {length} and longer",
    "length to": "only up to {length}",
    "length range": "only {length}",
}


def rule_added(rule: Rule) -> str:
    return fill_in(_ADDED, rule)


def rule_removed(rule: Rule) -> str:
    return fill_in(_REMOVED, rule)


def change_sentence(change: RuleChange) -> str:
    """The effect of a rule that was added, or that replaced another."""
    if change.after is None:
        raise ValueError("a removed rule has no effect")
    added = rule_added(Rule(change.kind, change.after, change.channel_id))
    if change.before is None:
        return added
    before = rule_sentence(Rule(change.kind, change.before, change.channel_id))
    return _REPLACED.format(added=added, before=before)


def overridden_sentence(rule: Rule, channel_id: int) -> str:
    """The effect of a server's allowed genre, shown in a channel that has an allow-list of its own."""
    return _OVERRIDDEN.format(genre=bold(rule.text), channel=f"<#{channel_id}>")


def history_line(change: RuleChange) -> str:
    """One change with its time and its author, in Markdown."""
    before, after = (
        None if text is None else rule_sentence(Rule(change.kind, text, change.channel_id))
        for text in (change.before, change.after)
    )
    if before is None:
        line = "{when} · {member} added: {after}"
    elif after is None:
        line = "{when} · {member} removed: {before}"
    else:
        line = "{when} · {member} changed: {after} Before: {before}"
    when = f"<t:{int(change.changed_at)}:f>"
    return line.format(when=when, member=mention(change.member_id), before=before, after=after)


def choice_name(rule: Rule, here: int) -> str:
    """The name of a rule in autocomplete, asked from the channel `here`."""
    names = _NAMES[variant_of(rule)]
    name = {WHOLE_SERVER: names.server, here: names.this_channel}.get(rule.channel_id, names.other_channel)
    return truncate(_plain(name, rule), _MAX_CHOICE_LENGTH)


def typed_names(rule: Rule) -> set[str]:
    """The folded names by which moderators may type this rule, without its channel."""
    variant = variant_of(rule)
    names = {
        _plain(_NAMES[variant].server, rule),
        _plain(_FORMER_NAMES[variant], rule),
        rule.text,
    }
    return {fold(name) for name in names}


def _plain(name: str, rule: Rule) -> str:
    values = values_of(rule, lambda text: truncate(text, MAX_NAME_LENGTH))
    return name.format(channel_id=rule.channel_id, **values)

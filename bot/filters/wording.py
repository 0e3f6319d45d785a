"""Sentences that say what a rule does, with the names and words in bold."""

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from bot.filters.parsing import span_of
from bot.models.ranges import describe_length, format_duration
from bot.models.rules import Rule
from bot.text import escape

MAX_NAME_LENGTH: Final = 80
"""UTF-16 code units of a rule's text that are shown."""

Variant: TypeAlias = Literal[
    "allow genre", "block genre", "block artist", "block word", "length from", "length to", "length range"
]


class Wording(NamedTuple):
    """One sentence for a rule of the whole server, and one for a rule of a single channel."""

    server: str
    channel: str


# The placeholders are {genre}, {artist}, {words} or {length}, and {channel}.
_SENTENCES: Final[Mapping[Variant, Wording]] = {
    "allow genre": Wording(
        "The genre {genre} is allowed in this server.", "The genre {genre} is allowed in {channel}."
    ),
    "block genre": Wording(
        "The genre {genre} is hidden in this server.", "The genre {genre} is hidden in {channel}."
    ),
    "block artist": Wording(
        "The artist {artist} is hidden in this server.", "The artist {artist} is hidden in {channel}."
    ),
    "block word": Wording(
        "Tracks with {words} in their title, artist or album are hidden in this server.",
        "Tracks with {words} in their title, artist or album are hidden in {channel}.",
    ),
    "length from": Wording(
        "Only tracks of {length} or longer are shown in this server.",
        "Only tracks of {length} or longer are shown in {channel}.",
    ),
    "length to": Wording(
        "Only tracks of up to {length} are shown in this server.",
        "Only tracks of up to {length} are shown in {channel}.",
    ),
    "length range": Wording(
        "Only tracks of {length} are shown in this server.", "Only tracks of {length} are shown in {channel}."
    ),
}

_NOT_ALLOWED: Final = "Only these genres are allowed: {genres}."


def rule_sentence(rule: Rule) -> str:
    """The effect of a rule, and where it holds, in Markdown."""
    return fill_in(_SENTENCES, rule)


def hiding_reason(rule: Rule) -> str:
    """The reason why `Filters.hiding_rule` hides a track, in Markdown."""
    if rule.kind != "allow genre":
        return rule_sentence(rule)
    return _NOT_ALLOWED.format(genres=bold(rule.text))


def fill_in(wordings: Mapping[Variant, Wording], rule: Rule) -> str:
    """The sentence of `wordings` for a rule, in Markdown."""
    wording = wordings[variant_of(rule)]
    sentence = wording.channel if rule.channel_id else wording.server
    return sentence.format(channel=f"<#{rule.channel_id}>", **values_of(rule, bold))


def variant_of(rule: Rule) -> Variant:
    """The key of a rule's sentences: its kind, or the bounds of a length."""
    if rule.kind != "length":
        return rule.kind
    span = span_of(rule)
    if span.high is None:
        return "length from"
    return "length range" if span.low else "length to"


def values_of(rule: Rule, shown: Callable[[str], str]) -> dict[str, str]:
    """The values of the placeholders in a rule's sentences; `shown` makes text from outside safe."""
    if rule.kind == "length":
        return {"length": shown(_length(rule))}
    return dict.fromkeys(("genre", "artist", "words"), shown(rule.text))


def _length(rule: Rule) -> str:
    span = span_of(rule)
    if span.high is None:
        return format_duration(span.low or 0)
    return describe_length(span) if span.low else format_duration(span.high)


def bold(text: str) -> str:
    return f"**{escape(text, MAX_NAME_LENGTH)}**"

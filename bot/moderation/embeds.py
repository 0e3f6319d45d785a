"""Embeds of rules, of the tracks that they hide, and of the history of changes."""

from collections.abc import Sequence
from typing import Final

import discord

from bot.filters.wording import hiding_reason, rule_sentence
from bot.i18n import plural
from bot.interactions.embeds import NEUTRAL_COLOUR
from bot.models.pages import page_count
from bot.models.rules import Rule, RuleChange
from bot.models.search import Page, Track
from bot.moderation.wording import history_line, overridden_sentence
from bot.search.headline import genres_in_words
from bot.text import escape, utf16_length

RULES_PAGE_SIZE: Final = 20
"""Discord allows 25 buttons: one for each rule, and a row for those that turn the page."""

HISTORY_PAGE_SIZE: Final = 10

_MAX_LIST_LENGTH: Final = 3_500
"""Characters. Discord allows 4,096 in an embed's description, and 6,000 in all embeds of a message."""

_MAX_NAME_LENGTH: Final = 80


def rules_embed(rules: Sequence[Rule], page: int, *, here: int) -> discord.Embed:
    """One page of `rules`, numbered from 1; `here` is the channel in which they are shown."""
    pages = page_count(len(rules), RULES_PAGE_SIZE)
    first = (page - 1) * RULES_PAGE_SIZE
    has_own_list = any(rule.kind == "allow genre" and rule.channel_id for rule in rules)
    lines: list[str] = []
    for number, rule in enumerate(rules[first : first + RULES_PAGE_SIZE], first + 1):
        is_overridden = has_own_list and rule.kind == "allow genre" and not rule.channel_id
        sentence = overridden_sentence(rule, here) if is_overridden else rule_sentence(rule)
        lines.append(f"`{number:>3}` {sentence}")
    embed = discord.Embed(title="Filters in force here", description="\n".join(lines), colour=NEUTRAL_COLOUR)
    if pages > 1:
        embed.set_footer(text=f"{_rule_count(len(rules))} · page {page} of {pages}")
    return embed


def history_embed(changes: Sequence[RuleChange], page: int, *, days: float) -> discord.Embed:
    """One page of the changes of the last `days` days."""
    lines = [history_line(change) for change in changes]
    embed = discord.Embed(
        title="Changes to the filters",
        description="\n".join(lines) or "There are no changes to show.",
        colour=NEUTRAL_COLOUR,
    )
    embed.set_footer(text=f"The last {days:.0f} days · page {page}")
    return embed


def visible_tracks_embed(page: Page) -> discord.Embed:
    """The tracks of a page that members would see, one a line."""
    lines = [_track_line(track) for track in page.tracks]
    return discord.Embed(
        title="Members would see", description="\n".join(lines) or "No tracks.", colour=NEUTRAL_COLOUR
    )


def hidden_tracks_embed(page: Page) -> discord.Embed:
    """The tracks that are hidden from members, one a line, each with the rule that hides it."""
    lines = [f"{_track_line(each.track)} · {hiding_reason(each.rule)}" for each in page.hidden]
    note = (
        f"I asked AudioScape for these genres only: {genres_in_words(page.allowed_genres)}."
        if page.allowed_genres
        else ""
    )
    text = "\n".join(filter(None, (_first_lines(lines, beside=note), note)))
    return discord.Embed(title="Hidden from members", description=text or "No tracks.", colour=NEUTRAL_COLOUR)


def reset_embed(rules: Sequence[Rule]) -> discord.Embed:
    """The rules that a reset removes."""
    text = _first_lines([f"- {rule_sentence(rule)}" for rule in rules])
    return discord.Embed(title="A reset removes all these rules", description=text, colour=NEUTRAL_COLOUR)


def _first_lines(lines: Sequence[str], *, beside: str = "") -> str:
    """As many of `lines` as an embed has room for `beside` another text, and the number of the others."""
    room = _MAX_LIST_LENGTH - utf16_length(beside)
    for count, line in enumerate(lines):
        room -= utf16_length(line) + 1
        if room < 0:
            return "\n".join(
                [*lines[:count], plural(len(lines) - count, "… and 1 more", "… and {count} more")]
            )
    return "\n".join(lines)


def _rule_count(count: int) -> str:
    return plural(count, "1 rule", "{count} rules")


def _track_line(track: Track) -> str:
    line = _TRACK_LINES[bool(track.artist), bool(track.genre)]
    return line.format(
        name=escape(track.name, _MAX_NAME_LENGTH),
        artist=escape(track.artist or "", _MAX_NAME_LENGTH),
        genre=escape(track.genre or "", _MAX_NAME_LENGTH),
    )


_TRACK_LINES: Final = {
    (True, True): "**{name}** by {artist} ({genre})",
    (True, False): "**{name}** by {artist}",
    (False, True): "**{name}** ({genre})",
    (False, False): "**{name}**",
}
"""By the presence of an artist, and of a genre."""

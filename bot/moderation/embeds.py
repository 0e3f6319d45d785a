"""Rules, what they hide and who changed them, as embeds. Pure."""

from collections.abc import Sequence
from typing import Final

import discord

from bot.filters.parsing import in_markdown, in_words
from bot.interactions.embeds import NEUTRAL_COLOUR
from bot.models.pages import page_count
from bot.models.rules import Rule, RuleChange
from bot.models.search import Page, Track
from bot.search.headline import genres_in_words
from bot.text import escape, mention

RULES_A_PAGE: Final = 20
"""As many as have room for a button each, above those that turn the page."""

CHANGES_A_PAGE: Final = 10

_ROOM: Final = 3_500
"""Characters of one embed's text: Discord takes 4,096, and 6,000 in all embeds of a message."""

_NAME: Final = 80


def rules_embed(rules: Sequence[Rule], page: int, *, here: int) -> discord.Embed:
    """One page of `rules`, the server's before those of the channel `here`, numbered from 1."""
    pages = page_count(len(rules), RULES_A_PAGE)
    first = (page - 1) * RULES_A_PAGE
    has_own_list = any(rule.kind == "allow genre" and rule.channel_id for rule in rules)
    lines: list[str] = []
    channel_id: int | None = None
    for number, rule in enumerate(rules[first : first + RULES_A_PAGE], first + 1):
        if rule.channel_id != channel_id:
            channel_id = rule.channel_id
            lines.append(f"**In <#{here}> as well**" if channel_id else "**In the whole server**")
        is_replaced = has_own_list and rule.kind == "allow genre" and not rule.channel_id
        replaced = f" · in <#{here}> its own list stands in for this" if is_replaced else ""
        lines.append(f"`{number:>3}` {in_markdown(rule)}{replaced}")
    embed = discord.Embed(title="Filters in force here", description="\n".join(lines), colour=NEUTRAL_COLOUR)
    if pages > 1:
        embed.set_footer(text=f"{len(rules)} rules · page {page} of {pages}")
    return embed


def history_embed(changes: Sequence[RuleChange], page: int) -> discord.Embed:
    lines = [_change_line(change) for change in changes]
    embed = discord.Embed(
        title="Changes to the filters", description="\n".join(lines) or "None.", colour=NEUTRAL_COLOUR
    )
    embed.set_footer(text=f"The last 90 days · page {page}")
    return embed


def shown_embed(page: Page) -> discord.Embed:
    """What members would see, a line for each track."""
    lines = [_track_line(track) for track in page.tracks]
    return discord.Embed(
        title="Members would see", description="\n".join(lines) or "Nothing.", colour=NEUTRAL_COLOUR
    )


def hidden_embed(page: Page) -> discord.Embed:
    """What is hidden from them, and by which rule."""
    lines = [f"{_track_line(each.track)} · {in_markdown(each.rule)}" for each in page.hidden]
    note = (
        f"AudioScape was asked for {genres_in_words(page.allowed_genres)} alone"
        if page.allowed_genres
        else ""
    )
    text = "\n".join(filter(None, (_fitting(lines), note)))
    return discord.Embed(
        title="Hidden from them, by which rule", description=text or "Nothing.", colour=NEUTRAL_COLOUR
    )


def reset_embed(rules: Sequence[Rule]) -> discord.Embed:
    """What will go."""
    text = _fitting([f"- {rule_and_place(rule)}" for rule in rules])
    return discord.Embed(title="This would remove every rule", description=text, colour=NEUTRAL_COLOUR)


def _fitting(lines: Sequence[str]) -> str:
    """As many of `lines` as there is room for; how many more there are is said."""
    room = _ROOM
    for count, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            return "\n".join([*lines[:count], f"… and {len(lines) - count:,} more"])
    return "\n".join(lines)


def rule_and_place(rule: Rule) -> str:
    """The rule, and its channel where it is not for the whole server."""
    return in_markdown(rule) + (f" in <#{rule.channel_id}>" if rule.channel_id else "")


def choice_name(rule: Rule, here: int) -> str:
    """A rule as a choice of autocomplete, which shows no Markdown and no mentions."""
    where = {0: "", here: " (this channel)"}.get(rule.channel_id, f" (channel {rule.channel_id})")
    return in_words(rule) + where


def _track_line(track: Track) -> str:
    by = f" by {escape(track.artist, _NAME)}" if track.artist else ""
    genre = f" ({escape(track.genre, _NAME)})" if track.genre else ""
    return f"**{escape(track.name, _NAME)}**{by}{genre}"


def change_in_words(change: RuleChange) -> str:
    """What became of what: a rule made, removed, or put in the place of another."""
    before, after = (
        None if text is None else in_markdown(Rule(change.kind, text))
        for text in (change.before, change.after)
    )
    what = f"{before} → {after}" if before and after else f"added {after}" if after else f"removed {before}"
    return what + (f" in <#{change.channel_id}>" if change.channel_id else "")


def _change_line(change: RuleChange) -> str:
    return f"<t:{int(change.changed_at)}:f> {mention(change.member_id)} {change_in_words(change)}"

"""Shortlists in words: rankings, ballots, comparisons, lists and decisions. Pure."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Final

import discord
from msgspec.structs import replace

from bot.interactions.embeds import NEUTRAL_COLOUR
from bot.models.search import Track
from bot.models.shortlists import MAX_NOTE_LENGTH, MAX_TRACKS, Entry, Note, Shortlist, Summary, Vote
from bot.search.embeds import asset_url, figures, genre_colour
from bot.shortlists.ranking import Ranking
from bot.text import escape, mention, utf16_length

# Ten rows of a ranking, or twenty of a list, at their longest stay below the 4,096 characters of an embed.
_TITLE: Final = 60
_ARTIST: Final = 40
_GENRE: Final = 30
_NOTE: Final = 90

_NOTES_ON_BALLOT: Final = 5
_ROOM: Final = 1_960
"""Of the 2,000 characters of a message, all but those that say how many notes are left out."""

_NOTES_COMPARED: Final = 3
_WINNERS_NAMED: Final = 7
"""At their longest, in one message of 2,000 characters."""

_MEDALS: Final = {1: "🥇", 2: "🥈", 3: "🥉"}
_EMPTY: Final = (
    "Nothing here yet: search with `/music`, then choose in the menu **Add to …** below the answer."
)
_HIDDEN: Final = "This server's filters hide all that is on it."
_SPACER: Final = "\u200b"
_VOTES: Final[dict[Vote | None, str]] = {1: "👍", -1: "👎", None: "none yet"}


def ranking_words(ranking: Ranking, page: int) -> tuple[str, discord.Embed]:
    """What a post says above and in its embed."""
    shortlist = ranking.shortlist
    parts = [title_of(shortlist), counted(len(ranking.entries), "track")]
    if ranking.pages > 1:
        parts.append(f"page {ranking.nearest(page)} of {ranking.pages}")
    if shortlist.closed_at is not None:
        parts.append(f"🔒 closed <t:{int(shortlist.closed_at)}:R>")
    lines = [" · ".join(parts)]
    if shortlist.brief:
        lines.append(f"-# {escape(shortlist.brief, 600)}")
    lines += hidden_line(ranking)
    return "\n".join(lines), _ranking_embed(ranking, page)


def hidden_line(ranking: Ranking) -> list[str]:
    """How many tracks are left out, where there are any."""
    return [f"-# {ranking.hidden:,} hidden by this server's filters"] if ranking.hidden else []


def _ranking_embed(ranking: Ranking, page: int) -> discord.Embed:
    won = {id(entry) for _, entry in ranking.winners} if ranking.shortlist.closed_at is not None else set()
    rows = [
        f"**{position}.** {'🏆 ' if id(entry) in won else ''}{_row(entry)}"
        for position, entry in ranking.page(page)
    ]
    return discord.Embed(
        description="\n".join(rows) or (_HIDDEN if ranking.hidden else _EMPTY), colour=NEUTRAL_COLOUR
    )


def _row(entry: Entry) -> str:
    lines = [named(entry.track), " · ".join(filter(None, (tally(entry), _facts(entry.track))))]
    if entry.note:
        more = f" (+{entry.notes - 1})" if entry.notes > 1 else ""
        lines.append(f"💬 *{escape(entry.note, _NOTE)}*{more}")
    return "\n".join(lines)


def named(track: Track) -> str:
    """A track in one line: its title, which leads to its page, and its artist."""
    title = f"[{escape(track.name, _TITLE)}](<{asset_url(track.asset_id)}>)"
    return f"{title} · {escape(track.artist, _ARTIST)}" if track.artist else title


def _facts(track: Track) -> str:
    genre = escape(track.genre, _GENRE) if track.genre else ""
    return " · ".join(filter(None, (figures(replace(track, genre=None)), genre)))


def tally(entry: Entry) -> str:
    return f"👍 {entry.likes:,} · 👎 {entry.dislikes:,}"


def title_of(shortlist: Shortlist) -> str:
    return f"📋 **{escape(shortlist.name, 100)}**"


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def ballot_words(
    shortlist: Shortlist, entry: Entry, notes: Sequence[Note], mine: Vote | None
) -> tuple[str, discord.Embed]:
    """What a ballot says above its track; members are named there, as an embed may show their ids."""
    closed = "🔒 closed · " if shortlist.closed_at is not None else ""
    source = f" from 🔎 {escape(entry.found_by, 300)}" if entry.found_by else ""
    lines = [
        f"{title_of(shortlist)} · {closed}your vote: {_VOTES[mine]}",
        f"-# Added by {mention(entry.member_id)} <t:{int(entry.added_at)}:R>{source}",
    ]
    said = [f"-# 💬 {mention(note.member_id)}: {escape(note.text, 2 * MAX_NOTE_LENGTH)}" for note in notes]
    whole = _fitting(said[:_NOTES_ON_BALLOT], _ROOM - utf16_length("\n".join(lines)))
    lines += said[:whole]
    if whole < len(notes):
        lines.append(f"-# and {counted(len(notes) - whole, 'more note')}")
    return "\n".join(lines), _ballot_embed(entry)


def _fitting(lines: Sequence[str], room: int) -> int:
    """How many of `lines` fit, one below the other."""
    ends = accumulate(utf16_length(line) + 1 for line in lines)
    return sum(end <= room for end in ends)


def _ballot_embed(entry: Entry) -> discord.Embed:
    track = entry.track
    artist = f"**{escape(track.artist, 240)}**" if track.artist else ""
    return discord.Embed(
        title=escape(track.name, 256),
        url=asset_url(track.asset_id),
        description="\n".join(filter(None, (artist, figures(track), tally(entry)))),
        colour=genre_colour(track.genre),
    )


def comparison(shortlist: Shortlist, compared: Iterable[tuple[Entry, Sequence[Note]]]) -> discord.Embed:
    """Two to four tracks side by side; Discord puts three fields in a row, so four stand two by two."""
    embed = discord.Embed(title=escape(shortlist.name, 200), colour=NEUTRAL_COLOUR)
    fields = [(escape(entry.track.name, 100), _compared(entry, notes)) for entry, notes in compared]
    for number, (name, value) in enumerate(fields, 1):
        embed.add_field(name=name, value=value)
        if len(fields) == 4 and number % 2 == 0:  # noqa: PLR2004 (the one number that doesn't fit a row)
            embed.add_field(name=_SPACER, value=_SPACER)
    return embed


def _compared(entry: Entry, notes: Sequence[Note]) -> str:
    track = entry.track
    lines = [
        f"**{escape(track.artist, 100)}**" if track.artist else "",
        *figures(replace(track, genre=None)).split(" · "),
        escape(track.genre, 60) if track.genre else "",
        tally(entry),
        *(f"💬 {escape(note.text, 220)}" for note in notes[:_NOTES_COMPARED]),
    ]
    return "\n".join(filter(None, lines))


def list_row(summary: Summary, leader: Track | None) -> str:
    """One shortlist among others: its size, its leader and its age."""
    shortlist = summary.shortlist
    parts = [
        f"{'🔒' if shortlist.closed_at is not None else '📋'} **{escape(shortlist.name, 80)}**",
        counted(summary.size, "track"),
        f"<t:{int(shortlist.made_at)}:R>",
    ]
    if leader is not None:
        parts.insert(2, f"ahead: {escape(leader.name, 50)}")
    return " · ".join(parts)


def decision(ranking: Ranking) -> str:
    """What a shortlist that has just been closed has come to."""
    head = f"🔒 {title_of(ranking.shortlist)} is closed."
    winners = ranking.winners
    if not winners:
        return "\n".join((f"{head} No track has more 👍 than 👎, so none has won.", *hidden_line(ranking)))
    lines = [f"{head} The winner{'s' if len(winners) > 1 else ''}:"]
    lines += [
        f"{_MEDALS[place]} {named(entry.track)} · {tally(entry)}" for place, entry in winners[:_WINNERS_NAMED]
    ]
    if len(winners) > _WINNERS_NAMED:
        lines.append(f"and {len(winners) - _WINNERS_NAMED:,} more")
    lines += hidden_line(ranking)
    return "\n".join((*lines, "-# `/shortlist export` takes the ranking into your game."))


def added_words(
    shortlist: Shortlist,
    *,
    added: Sequence[Track],
    known: Sequence[Track],
    left_out: Sequence[Track],
    hidden: int,
) -> str:
    """What has become of tracks that were to be added; for `left_out` there was no room, or it is closed."""
    lines = []
    if added:
        lines.append(f"Added to {title_of(shortlist)}: {_names(added)}")
    if known:
        lines.append(f"Already on {title_of(shortlist)}: {_names(known)}")
    if left_out and shortlist.closed_at is not None:
        lines.append(f"Not added, as {title_of(shortlist)} has just been closed: {_names(left_out)}")
    elif left_out:
        lines.append(f"Not added, as a shortlist holds {MAX_TRACKS:,} tracks at most: {_names(left_out)}")
    if hidden:
        lines.append(f"Not added, as this server's filters forbid it: {counted(hidden, 'track')}")
    return "\n".join(lines)


def _names(tracks: Sequence[Track]) -> str:
    return ", ".join(f"**{escape(track.name, 100)}**" for track in tracks)

"""Texts and embeds of shortlists: rankings, ballots, comparisons, lists and decisions. Pure."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Final

import discord
from msgspec.structs import replace

from bot.i18n import plural
from bot.interactions.embeds import NEUTRAL_COLOUR
from bot.models.search import Track
from bot.models.shortlists import MAX_NOTE_LENGTH, MAX_TRACKS, Entry, Note, Shortlist, Summary, Vote
from bot.search.embeds import asset_url, figures, genre_colour
from bot.shortlists.ranking import Ranking
from bot.text import escape, mention, utf16_length

# Ten rows of a ranking, or twenty of a list, at their longest stay below the 4,096 characters of an embed.
_MAX_TITLE_LENGTH: Final = 60
_MAX_ARTIST_LENGTH: Final = 40
_MAX_GENRE_LENGTH: Final = 30
_MAX_ROW_NOTE_LENGTH: Final = 90

_MAX_BALLOT_NOTES: Final = 5
_MAX_BALLOT_LENGTH: Final = 1_950
"""The 2,000 characters of a message, without the line that says how many notes are left out."""

_MAX_COMPARED_NOTES: Final = 3
_MAX_NAMED_WINNERS: Final = 7
"""At their longest, they fit in a message of 2,000 characters."""

_MEDALS: Final = {1: "🥇", 2: "🥈", 3: "🥉"}
_EMPTY: Final = (
    "There are no tracks here yet. Search with `/music`, then choose tracks in the menu **Add to …** "
    "below the results."
)
_ALL_HIDDEN: Final = "This server's filters hide all tracks of this shortlist."
_SPACER: Final = "\u200b"
_OWN_VOTES: Final[dict[Vote | None, str]] = {
    1: "your vote: 👍",
    -1: "your vote: 👎",
    None: "your vote: none yet",
}


def ranking_message(ranking: Ranking, page: int) -> tuple[str, discord.Embed]:
    """The content and embed of a post."""
    shortlist = ranking.shortlist
    parts = [title_of(shortlist), track_count(len(ranking.entries))]
    if ranking.page_count > 1:
        parts.append(f"page {ranking.clamp_page(page)} of {ranking.page_count}")
    if shortlist.closed_at is not None:
        parts.append(f"🔒 closed <t:{int(shortlist.closed_at)}:R>")
    lines = [" · ".join(parts)]
    if shortlist.brief:
        lines.append(f"-# {escape(shortlist.brief, 600)}")
    lines += hidden_line(ranking)
    return "\n".join(lines), _ranking_embed(ranking, page)


def hidden_line(ranking: Ranking) -> list[str]:
    """The line that counts hidden tracks, if there are any."""
    if not ranking.hidden_count:
        return []
    return [
        plural(
            ranking.hidden_count,
            "-# {count} track is hidden by this server's filters.",
            "-# {count} tracks are hidden by this server's filters.",
        )
    ]


def _ranking_embed(ranking: Ranking, page: int) -> discord.Embed:
    won = {id(entry) for _, entry in ranking.winners} if ranking.shortlist.closed_at is not None else set()
    rows = [
        f"**{position}.** {'🏆 ' if id(entry) in won else ''}{_row(entry)}"
        for position, entry in ranking.page_entries(page)
    ]
    return discord.Embed(
        description="\n".join(rows) or (_ALL_HIDDEN if ranking.hidden_count else _EMPTY),
        colour=NEUTRAL_COLOUR,
    )


def _row(entry: Entry) -> str:
    lines = [track_line(entry.track), " · ".join(filter(None, (tally(entry), _facts(entry.track))))]
    if entry.note:
        others = f" (+{entry.notes - 1})" if entry.notes > 1 else ""
        lines.append(f"💬 *{escape(entry.note, _MAX_ROW_NOTE_LENGTH)}*{others}")
    return "\n".join(lines)


def track_line(track: Track) -> str:
    """A track in one line: its title, linked to its page, and its artist."""
    title = f"[{escape(track.name, _MAX_TITLE_LENGTH)}](<{asset_url(track.asset_id)}>)"
    return f"{title} · {escape(track.artist, _MAX_ARTIST_LENGTH)}" if track.artist else title


def _facts(track: Track) -> str:
    genre = escape(track.genre, _MAX_GENRE_LENGTH) if track.genre else ""
    return " · ".join(filter(None, (figures(replace(track, genre=None)), genre)))


def tally(entry: Entry) -> str:
    return f"👍 {entry.likes:,} · 👎 {entry.dislikes:,}"


def title_of(shortlist: Shortlist) -> str:
    return f"📋 **{escape(shortlist.name, 100)}**"


def track_count(count: int) -> str:
    return plural(count, "{count} track", "{count} tracks")


def ballot_message(
    shortlist: Shortlist, entry: Entry, notes: Sequence[Note], own_vote: Vote | None
) -> tuple[str, discord.Embed]:
    """The content and embed of a ballot; the content names members, because an embed may show their ids."""
    parts = [title_of(shortlist), _OWN_VOTES[own_vote]]
    if shortlist.closed_at is not None:
        parts.insert(1, "🔒 closed")
    lines = [" · ".join(parts), _source_line(entry)]
    texts = [f"-# 💬 {mention(note.member_id)}: {escape(note.text, 2 * MAX_NOTE_LENGTH)}" for note in notes]
    fitting = _fitting(texts[:_MAX_BALLOT_NOTES], _MAX_BALLOT_LENGTH - utf16_length("\n".join(lines)))
    lines += texts[:fitting]
    if fitting < len(notes):
        left_out = len(notes) - fitting
        lines.append(
            plural(left_out, "-# {count} more note isn't shown.", "-# {count} more notes aren't shown.")
        )
    return "\n".join(lines), _ballot_embed(entry)


def _source_line(entry: Entry) -> str:
    """The line that says who added a track, when, and from which search."""
    member, when = mention(entry.member_id), f"<t:{int(entry.added_at)}:R>"
    if entry.found_by:
        return f"-# Added by {member} {when} from 🔎 {escape(entry.found_by, 300)}"
    return f"-# Added by {member} {when}"


def _fitting(lines: Sequence[str], limit: int) -> int:
    """The number of `lines` that fit into `limit` characters, with a line break before each."""
    ends = accumulate(utf16_length(line) + 1 for line in lines)
    return sum(end <= limit for end in ends)


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
    """Two to four tracks side by side. Discord puts three fields in a row; spacers make four two by two."""
    embed = discord.Embed(title=escape(shortlist.name, 200), colour=NEUTRAL_COLOUR)
    fields = [(escape(entry.track.name, 100), _compared(entry, notes)) for entry, notes in compared]
    for number, (name, value) in enumerate(fields, 1):
        embed.add_field(name=name, value=value)
        if len(fields) == 4 and number % 2 == 0:  # noqa: PLR2004 (four fields alone need spacers)
            embed.add_field(name=_SPACER, value=_SPACER)
    return embed


def _compared(entry: Entry, notes: Sequence[Note]) -> str:
    track = entry.track
    lines = [
        f"**{escape(track.artist, 100)}**" if track.artist else "",
        *figures(replace(track, genre=None)).split(" · "),
        escape(track.genre, 60) if track.genre else "",
        tally(entry),
        *(f"💬 {escape(note.text, 220)}" for note in notes[:_MAX_COMPARED_NOTES]),
    ]
    return "\n".join(filter(None, lines))


def list_headline(count: int, page: int, pages: int) -> str:
    """The line above the list of shortlists."""
    headline = plural(count, "**{count} shortlist** in this server", "**{count} shortlists** in this server")
    return f"{headline} · page {page} of {pages}" if pages > 1 else headline


def list_row(summary: Summary, leader: Track | None) -> str:
    """One line of the list of shortlists: name, size, leader and age."""
    shortlist = summary.shortlist
    parts = [
        f"{'🔒' if shortlist.closed_at is not None else '📋'} **{escape(shortlist.name, 80)}**",
        track_count(summary.size),
        f"<t:{int(shortlist.made_at)}:R>",
    ]
    if leader is not None:
        parts.insert(2, f"in the lead: {escape(leader.name, 50)}")
    return " · ".join(parts)


def decision(ranking: Ranking) -> str:
    """The announcement of a shortlist's winners when it is closed."""
    title, winners = title_of(ranking.shortlist), ranking.winners
    if not winners:
        headline = f"🔒 {title} is closed. No track has more 👍 than 👎, so none has won."
        return "\n".join((headline, *hidden_line(ranking)))
    lines = [
        plural(
            len(winners),
            "🔒 {title} is closed. The winner:",
            "🔒 {title} is closed. The winners:",
            title=title,
        )
    ]
    lines += [
        f"{_MEDALS[place]} {track_line(entry.track)} · {tally(entry)}"
        for place, entry in winners[:_MAX_NAMED_WINNERS]
    ]
    if len(winners) > _MAX_NAMED_WINNERS:
        others = len(winners) - _MAX_NAMED_WINNERS
        lines.append(plural(others, "and {count} more winner", "and {count} more winners"))
    lines += hidden_line(ranking)
    return "\n".join((*lines, "-# `/shortlist export` takes the ranking into your game."))


def added_message(
    shortlist: Shortlist,
    *,
    added: Sequence[Track],
    known: Sequence[Track],
    left_out: Sequence[Track],
    is_full: bool,
    hidden_count: int,
) -> str:
    """The reply to adding tracks. Those `left_out` came too late, found no room or were removed at once."""
    lines, title = [], title_of(shortlist)
    if added:
        lines.append(f"Added to {title}: {_names(added)}")
    if known:
        lines.append(f"Already on {title}: {_names(known)}")
    if left_out and shortlist.closed_at is not None:
        lines.append(f"Not added, because {title} has just been closed: {_names(left_out)}")
    elif left_out and is_full:
        lines.append(
            f"Not added, because a shortlist holds {MAX_TRACKS:,} tracks at most: {_names(left_out)}"
        )
    elif left_out:
        lines.append(f"Removed from {title} a moment ago: {_names(left_out)}")
    if hidden_count:
        lines.append(
            plural(
                hidden_count,
                "{count} track was not added, because this server's filters hide it.",
                "{count} tracks were not added, because this server's filters hide them.",
            )
        )
    return "\n".join(lines)


def _names(tracks: Sequence[Track]) -> str:
    return ", ".join(f"**{escape(track.name, 100)}**" for track in tracks)

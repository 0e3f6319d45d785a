"""Tracks in, embeds out; and the lines above them. Pure."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote

import discord

from bot.interactions.embeds import NEUTRAL_COLOUR, SerialiseOnce
from bot.models.pages import page_count
from bot.models.ranges import clock, describe_length, describe_tempo
from bot.models.search import PAGE_SIZE, Page, Search, TimeFeel, Track
from bot.search.page_builder import is_by
from bot.text import escape, genre_key

ASSET_PAGE: Final = "https://create.roblox.com/store/asset/"
"""Where a track's asset id leads: every track is an audio asset of Roblox's."""

# Discord takes 256 characters of title and 6,000 in all embeds of a message: five of these stay below it.
_TITLE: Final = 256
_TRACK_CACHE_SIZE: Final = 2_000
"""Of which the embed is ready; about 2 KB each."""

_NAME: Final = 240
_GENRE: Final = 120
_GENRES_NAMED: Final = 5
_LONGEST_URL: Final = 2048
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_PICTURE: Final = re.compile(
    rf"https://(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]*[a-z0-9])(?::[1-5]?\d{{1,4}})?"
    r"(?:[/?](?:[!-$&-;=?-\[\]_a-z~]|%[0-9a-f]{2})*)?",
    re.IGNORECASE,
)


def track_embeds(page: Page) -> list[discord.Embed]:
    """One embed for each of the page's tracks, in order."""
    artist, half_double = page.featured_artist, page.search.half_double
    return [
        _track_embed(
            track,
            is_featured=artist is not None and is_by(track, artist),
            time=page.search.time_feel_of(track) if half_double else None,
        )
        for track in page.tracks
    ]


def headline(page: Page) -> str:
    """What was searched and how it was found; where nothing was, what to try instead."""
    lines = [" · ".join(_what(page)), *_how(page)]
    return "\n".join([lines[0], *(f"-# {line}" for line in lines[1:])])


class TrackEmbed(SerialiseOnce, discord.Embed):
    """The cached embed of one track."""


@lru_cache(maxsize=_TRACK_CACHE_SIZE)
def _track_embed(track: Track, *, is_featured: bool, time: TimeFeel | None) -> discord.Embed:
    parts = (_credits(track, is_featured=is_featured), figures(track, time))
    embed = TrackEmbed(
        title=escape(track.name, _TITLE),
        url=asset_url(track.asset_id),
        description="\n".join(filter(None, parts)) or None,
        colour=genre_colour(track.genre),
    )
    if (
        track.thumbnail_url
        and len(track.thumbnail_url) <= _LONGEST_URL
        and _PICTURE.fullmatch(track.thumbnail_url)
    ):
        embed.set_thumbnail(url=track.thumbnail_url)
    return embed


def asset_url(asset_id: str) -> str | None:
    """The page of a track; None for an id that makes no address."""
    url = ASSET_PAGE + quote(asset_id, safe="")
    return url if len(url) <= _LONGEST_URL else None


def _credits(track: Track, *, is_featured: bool) -> str:
    parts = []
    if track.artist:
        parts.append(f"{'★ by ' if is_featured else ''}**{escape(track.artist, _NAME)}**")
    if track.album:
        parts.append(f"*{escape(track.album, _NAME)}*")
    return " · ".join(parts)


def figures(track: Track, time: TimeFeel | None = None) -> str:
    """Tempo, length and genre as far as known, escaped; and at which `time` the tempo is felt as wanted."""
    parts = []
    if track.bpm is not None and round(track.bpm):
        parts.append(f"{round(track.bpm)} BPM")
        if time in _TIMES:
            parts.append(f"{time} time of {round(track.bpm) * _TIMES[time]:g}")
    if track.duration is not None and round(track.duration):
        parts.append(clock(track.duration))
    if track.genre:
        parts.append(escape(track.genre, _GENRE))
    return " · ".join(parts)


_TIMES: Final = {"half": 2, "double": 0.5}
"""What a tempo at such a time is to be multiplied by."""


def genre_colour(genre: str | None) -> discord.Colour:
    """The same for every track of a genre, so that the eye can group them."""
    if genre is None:
        return NEUTRAL_COLOUR
    digest = hashlib.blake2b(genre_key(genre).encode(), digest_size=2).digest()
    return discord.Colour.from_hsv(int.from_bytes(digest) / 0x10000, 0.55, 0.9)


def _what(page: Page) -> Iterator[str]:
    search = page.search
    yield f"{'🎤' if search.kind == 'artist' else '🔎'} **{escape(search.text, 600)}**"
    yield from (f"**{wish}**" for wish in _wishes(search))
    if not page.tracks:
        found = f"{page.found:,} found" if page.found else "nothing found"
        yield found if page.more == "none" else f"{found} yet" if not page.found else f"{found}, no more yet"
    elif page.is_narrowed:
        yield f"{page.found:,} found{' so far' if page.more != 'none' else ''}"
        yield f"page {page.number:,}"
    else:
        yield from _counted(page)


def _counted(page: Page) -> Iterator[str]:
    """The service's count, unless we have come to the end and know better, or it gave none."""
    if page.more != "none" and page.total is None:
        yield f"{page.found:,}+ matches"
        yield f"page {page.number:,}"
        return
    total = page.found if page.more == "none" else max(page.total or 0, page.found)
    yield f"{total:,} match{'es' if total != 1 else ''}"
    yield f"page {page.number:,} of {page_count(total, PAGE_SIZE):,}"


def _wishes(search: Search) -> Iterator[str]:
    if search.genre:
        yield escape(search.genre, _GENRE)
    if search.tempo:
        yield describe_tempo(search.tempo) + (", also at half and double time" if search.half_double else "")
    if search.length:
        yield describe_length(search.length)


def _how(page: Page) -> Iterator[str]:
    if page.fallback is not None:
        fetched_at = page.fallback.fetched_at
        age = "" if fetched_at is None else f", <t:{int(fetched_at)}:R>"
        yield f"From memory{age}: {page.fallback.reason}"
    if page.tracks:
        yield from _found_how(page)
    if page.hidden:
        yield f"{len(page.hidden):,} hidden by this server's filters"
    if page.is_narrowed and page.looked_at:
        total = max(page.total or 0, page.looked_at)
        part = "all" if page.more == "none" else f"the first {page.looked_at:,} of"
        yield f"Looked through {part} {total:,} matches"
    if not page.tracks:
        yield _advice(page)


def _found_how(page: Page) -> Iterator[str]:
    mark = "what is by the artist comes first, marked ★"
    if page.matched_artist:
        artist = escape(page.matched_artist, _NAME)
        yield f"In the style of **{artist}**{f'; {mark}' if page.own_tracks else ''}"
    elif page.search.kind == "artist":
        own = f"{mark[0].upper()}{mark[1:]}"
        yield own if page.own_tracks else "No artist of that name was recognised: these come closest"
    if page.method == "text" and (page.fallback is None or page.fallback.fetched_at is not None):
        yield "Keyword matches: smart search is resting"


def genres_in_words(genres: Sequence[str]) -> str:
    """Their names, escaped; of many the first few."""
    named = ", ".join(f"**{escape(genre, _GENRE)}**" for genre in genres[:_GENRES_NAMED])
    return named + (" and others" if len(genres) > _GENRES_NAMED else "")


def _advice(page: Page) -> str:
    search = page.search
    if page.hidden and not page.found:
        far = "so far " if page.more != "none" else ""
        return f"All that was found {far}is hidden by this server's filters: other words may help"
    if page.allowed_genres and page.more == "none":
        return (
            f"This server's filters allow only {genres_in_words(page.allowed_genres)}: other words may help"
        )
    if page.more != "none":
        return "There is more to look through: **Keep looking**, or loosen the search"
    loosen = [
        words
        for wish, words in (
            (search.tempo, "a wider tempo"),
            (search.length, "another length"),
            (search.genre, "no genre, or a related one"),
        )
        if wish
    ]
    if search.kind == "artist":
        loosen.append("the artist's full name, or `/music` with words for how they sound")
    else:
        loosen.append("fewer or plainer words: a mood, a genre, an instrument")
    return "Try " + "; or ".join(loosen)

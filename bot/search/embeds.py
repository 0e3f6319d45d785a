"""Embeds of tracks. Pure functions."""

import hashlib
import re
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

import discord

from bot.interactions.embeds import NEUTRAL_COLOUR
from bot.models.ranges import format_duration
from bot.models.search import Page, TimeFeel, Track
from bot.search.page_builder import is_by
from bot.text import escape, genre_key

ASSET_PAGE: Final = "https://create.roblox.com/store/asset/"
"""The address of an asset's page: every track is an audio asset on Roblox."""

# Discord allows 256 characters in a title, and 6,000 in all embeds of a message: five of these fit.
_MAX_TITLE: Final = 256
_MAX_NAME: Final = 240
_MAX_GENRE: Final = 120
_MAX_URL: Final = 2048
_TRACK_CACHE_SIZE: Final = 2_000
"""Embeds; about 2 KB each."""

_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_THUMBNAIL_URL: Final = re.compile(
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
            time_feel=page.search.time_feel_of(track) if half_double else None,
        )
        for track in page.tracks
    ]


class TrackEmbed(discord.Embed):
    """The embed of one track. It is cached, so it must never change, and `to_dict` runs once."""

    _serialised: Any = None

    def to_dict(self) -> Any:
        self._serialised = self._serialised or super().to_dict()
        return self._serialised.copy()


@lru_cache(maxsize=_TRACK_CACHE_SIZE)
def _track_embed(track: Track, *, is_featured: bool, time_feel: TimeFeel | None) -> discord.Embed:
    parts = (_credits(track, is_featured=is_featured), figures(track, time_feel))
    embed = TrackEmbed(
        title=escape(track.name, _MAX_TITLE),
        url=asset_url(track.asset_id),
        description="\n".join(filter(None, parts)) or None,
        colour=genre_colour(track.genre),
    )
    if (
        track.thumbnail_url
        and len(track.thumbnail_url) <= _MAX_URL
        and _THUMBNAIL_URL.fullmatch(track.thumbnail_url)
    ):
        embed.set_thumbnail(url=track.thumbnail_url)
    return embed


def asset_url(asset_id: str) -> str | None:
    """The address of a track's page, or None if it would be too long for Discord."""
    url = ASSET_PAGE + quote(asset_id, safe="")
    return url if len(url) <= _MAX_URL else None


def _credits(track: Track, *, is_featured: bool) -> str:
    parts = []
    if track.artist:
        name = f"**{escape(track.artist, _MAX_NAME)}**"
        parts.append(f"★ by {name}" if is_featured else name)
    if track.album:
        parts.append(f"*{escape(track.album, _MAX_NAME)}*")
    return " · ".join(parts)


def figures(track: Track, time_feel: TimeFeel | None = None) -> str:
    """Tempo, time feel, length and genre of a track, escaped; unknown ones are left out."""
    parts = []
    if track.bpm is not None and round(track.bpm):
        parts.append(f"{round(track.bpm)} BPM")
        if time_feel == "half":
            parts.append(f"half time of {round(track.bpm) * 2}")
        elif time_feel == "double":
            parts.append(f"double time of {round(track.bpm) / 2:g}")
    if track.duration is not None and round(track.duration):
        parts.append(format_duration(track.duration))
    if track.genre:
        parts.append(escape(track.genre, _MAX_GENRE))
    return " · ".join(parts)


def genre_colour(genre: str | None) -> discord.Colour:
    """One colour for each genre, however it is spelled."""
    if genre is None:
        return NEUTRAL_COLOUR
    digest = hashlib.blake2b(genre_key(genre).encode(), digest_size=2).digest()
    return discord.Colour.from_hsv(int.from_bytes(digest) / 0x10000, 0.55, 0.9)

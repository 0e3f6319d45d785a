"""Likeness: what to search for to find more like one track. Pure."""

from typing import Final

from bot.models import Search, Span, Track
from bot.text import keywords

NEAR_BEATS: Final = 8
_NEAR_LENGTH: Final = 0.2
_LEAST_SECONDS: Final = 15
_MOST_WORDS: Final = 12


def search_like(track: Track, found_by: Search) -> Search:
    """The track's genre, about its tempo and its length, and the words that may say how it sounds."""
    return Search(
        text=" ".join(_words(track, found_by)) or track.genre or f"{track.name} music",
        genre=track.genre,
        tempo=None if track.bpm is None else _near(round(track.bpm), NEAR_BEATS),
        length=None if track.duration is None else _near(round(track.duration), _spread(track.duration)),
        half_double=track.bpm is not None,
        besides=track.asset_id,
    )


def _words(track: Track, found_by: Search) -> list[str]:
    """Of the search, the title and the album, each once; a name finds its bearer and not what is like them.

    Numbers go too: the service might take them for an id.
    """
    said = found_by.text if found_by.kind == "music" else ""
    names = set(keywords(track.artist or "")) | (set() if said else set(keywords(found_by.text)))
    words = keywords(" ".join((said, track.name, track.album or "")))
    return [word for word in words if word not in names and not word.isnumeric()][:_MOST_WORDS]


def _spread(seconds: float) -> int:
    return max(_LEAST_SECONDS, round(seconds * _NEAR_LENGTH))


def _near(middle: int, spread: int) -> Span:
    return Span(max(1, middle - spread), middle + spread)

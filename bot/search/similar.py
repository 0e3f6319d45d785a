"""Likeness: what to search for to find more like one track. Pure."""

from typing import Final

from bot.models.ranges import Span
from bot.models.search import Search, Track
from bot.text import spoken

NEAR_BEATS: Final = 8
_NEAR_LENGTH: Final = 0.2
_LEAST_SECONDS: Final = 15
_MOST_WORDS: Final = 12
_LONGEST: Final = 200
"""Of the text, in characters."""


def search_like(track: Track, found_by: Search) -> Search:
    """The track's genre, about its tempo and its length, and the words that may say how it sounds."""
    beats = round(track.bpm or 0)
    return Search(
        text=_text(track, found_by),
        genre=track.genre,
        tempo=_near(beats, NEAR_BEATS) if beats else None,
        length=None if track.duration is None else _near(round(track.duration), _spread(track.duration)),
        half_double=beats > 0,
        besides=track.asset_id,
    )


def _text(track: Track, found_by: Search) -> str:
    """Never of digits alone, which the service would take for an id."""
    text = ""
    for word in _words(track, found_by)[:_MOST_WORDS]:
        longer = f"{text} {word}".strip()
        text = longer if len(longer) <= _LONGEST else text
    text = text or (track.genre or f"{track.name} music")[:_LONGEST]
    return text if any(map(str.isalpha, text)) else f"{text} music"[-_LONGEST:]


def _words(track: Track, found_by: Search) -> list[str]:
    """Those of the search, and of title and album but for names, which find their bearers; each once."""
    is_by_words = found_by.kind == "music"
    names = set(spoken(f"{track.artist or ''} {'' if is_by_words else found_by.text}"))
    said = spoken(found_by.text) if is_by_words else []
    titles = [word for word in spoken(f"{track.name} {track.album or ''}") if word not in names]
    return [word for word in dict.fromkeys((*said, *titles)) if not word.isnumeric()]


def _spread(seconds: float) -> int:
    return max(_LEAST_SECONDS, round(seconds * _NEAR_LENGTH))


def _near(middle: int, spread: int) -> Span:
    return Span(max(1, middle - spread), middle + spread)

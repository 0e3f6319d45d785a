"""Similar tracks: the search that finds tracks like a given one. Pure functions."""

from typing import Final

from bot.models.ranges import Span
from bot.models.search import Search, Track
from bot.text import search_words

_TEMPO_TOLERANCE: Final = 8
"""In beats per minute."""

_LENGTH_TOLERANCE: Final = 0.2
"""As a share of the length."""

_MIN_LENGTH_TOLERANCE: Final = 15
"""In seconds."""

_MAX_WORDS: Final = 12
_MAX_TEXT: Final = 200
"""Characters of the query."""


def similar_search(track: Track, found_by: Search) -> Search:
    """The search for the track's genre, a near tempo and length, and the words that describe its sound."""
    beats = round(track.bpm or 0)
    return Search(
        text=_text(track, found_by),
        genre=track.genre,
        tempo=_around(beats, _TEMPO_TOLERANCE) if beats else None,
        length=None
        if track.duration is None
        else _around(round(track.duration), _length_tolerance(track.duration)),
        half_double=beats > 0,
        excluded_id=track.asset_id,
    )


def _text(track: Track, found_by: Search) -> str:
    """The query; never digits alone, as the service would treat those as an asset id."""
    text = ""
    for word in _words(track, found_by)[:_MAX_WORDS]:
        longer = f"{text} {word}".strip()
        text = longer if len(longer) <= _MAX_TEXT else text
    text = text or (track.genre or f"{track.name} music")[:_MAX_TEXT]
    return text if any(map(str.isalpha, text)) else f"{text} music"[-_MAX_TEXT:]


def _words(track: Track, found_by: Search) -> list[str]:
    """The words of the search, the title and the album, each once.

    Without the artist's name, which would find tracks by the artist rather than of the same sound.
    """
    is_by_words = found_by.kind == "music"
    names = set(search_words(f"{track.artist or ''} {'' if is_by_words else found_by.text}"))
    own = search_words(found_by.text) if is_by_words else []
    titles = [word for word in search_words(f"{track.name} {track.album or ''}") if word not in names]
    return [word for word in dict.fromkeys((*own, *titles)) if not word.isnumeric()]


def _length_tolerance(seconds: float) -> int:
    return max(_MIN_LENGTH_TOLERANCE, round(seconds * _LENGTH_TOLERANCE))


def _around(middle: int, spread: int) -> Span:
    return Span(max(1, middle - spread), middle + spread)

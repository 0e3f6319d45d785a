"""What the search service answered, read tolerantly: one bad track never loses the others."""

import json
import logging
import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import msgspec

from bot.errors import CutShort, Unreadable, WrongShape
from bot.models.ranges import LONGEST, MAX_BPM
from bot.models.search import WINDOW_SIZE, Track, Window
from bot.text import clean

_LONGEST_TEXT: Final = 500
"""Characters of a name that are kept; Discord shows fewer."""

_LONGEST_ADDRESS: Final = 2048
_LONGEST_NUMBER: Final = 100
_MOST_MATCHES: Final = 10**12

_TRACK_CACHE_SIZE: Final = 4_096
"""Tracks as they were sent, of which we know what to make: most come in many answers. About 1.5 KB each."""

_log = logging.getLogger(__name__)


class _Sent(msgspec.Struct, frozen=True):
    """A track as the contract promises it."""

    asset_id: str
    name: str | None = None
    artist: str | None = None
    album: str | None = None
    genre: str | None = None
    bpm: float | None = None
    duration: float | None = None
    thumbnail_url: str | None = None


class _Meta(msgspec.Struct):
    total: float | None = None
    search_method: str | None = None
    matched_artist: str | None = None


class _Answer(msgspec.Struct):
    tracks: list[_Sent]
    meta: _Meta


_decoder = msgspec.json.Decoder(_Answer)


def window(body: bytes, start: int) -> Window:
    """The window that `body` holds. Raises CutShort, Unreadable or WrongShape."""
    try:
        answer = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _tolerant_window(_decoded(body), start)
    tracks = tuple(map(_track, answer.tracks[:WINDOW_SIZE]))
    if not all(track.asset_id for track in tracks):
        return _tolerant_window(_decoded(body), start)
    return _window(tracks, len(tracks), start, answer.meta)


def _window(tracks: tuple[Track, ...], received: int, start: int, meta: _Meta) -> Window:
    total = number(meta.total, most=_MOST_MATCHES)
    return Window(
        tracks=tracks,
        start=start,
        end=start + received,
        total=None if total is None else math.ceil(total),
        method=_text(meta.search_method) or "semantic",
        matched_artist=_text(meta.matched_artist),
    )


@lru_cache(maxsize=_TRACK_CACHE_SIZE)
def _track(sent: _Sent) -> Track:
    return Track(
        asset_id=_text(sent.asset_id) or "",
        name=_text(sent.name) or "Untitled",
        artist=_text(sent.artist),
        album=_text(sent.album),
        genre=_text(sent.genre),
        bpm=number(sent.bpm, most=MAX_BPM),
        duration=number(sent.duration, most=LONGEST),
        thumbnail_url=_address(sent.thumbnail_url),
    )


def _decoded(body: bytes) -> Any:
    if not body.strip():
        raise CutShort("empty body")
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if "truncated" in str(error):
            raise CutShort("JSON without its end") from error
    try:
        # It also takes NaN and Infinity, which the service may send, and one bad letter costs that letter.
        return json.loads(body.decode("utf-8", "replace"), parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON: {type(error).__name__}") from error


def _integer(digits: str) -> float:
    return int(digits) if len(digits) < _LONGEST_NUMBER else math.inf


def _tolerant_window(answer: Any, start: int) -> Window:
    if not isinstance(answer, dict) or not isinstance(answer.get("tracks"), list):
        raise WrongShape(f"the answer is a {type(answer).__name__} without a list of tracks")
    received = answer["tracks"][:WINDOW_SIZE]
    tracks = list(_tracks(received))
    if received and not tracks:
        raise WrongShape("not one of its tracks is usable")
    if len(tracks) < len(received):
        _log.warning("%d of %d tracks were unusable and left out", len(received) - len(tracks), len(received))
    meta = answer.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    # Whatever is there goes on: what can be made of it is seen where it is used.
    known = _Meta(meta.get("total"), meta.get("search_method"), meta.get("matched_artist"))
    return _window(tuple(tracks), len(received), start, known)


def _tracks(received: Iterable[Any]) -> Iterable[Track]:
    for track in received:
        asset_id = _text(track.get("asset_id")) if isinstance(track, dict) else None
        if asset_id is not None:
            fields = (track.get(field) for field in _Sent.__struct_fields__[1:])
            yield _track.__wrapped__(_Sent(asset_id, *fields))  # may not be hashable


def _text(value: Any) -> str | None:
    """Text on one line; a number in its place is taken as its digits, anything else as nothing."""
    if isinstance(value, float):
        value = str(int(value)) if value.is_integer() else None
    elif isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**_LONGEST_NUMBER else None
    return (clean(value[:_LONGEST_TEXT]) or None) if isinstance(value, str) else None


def number(value: Any, most: float) -> float | None:
    """A number above zero and up to `most`; digits in a string count, anything else is nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 < number <= most else None


def _address(value: Any) -> str | None:
    return value if isinstance(value, str) and value.isascii() and len(value) <= _LONGEST_ADDRESS else None

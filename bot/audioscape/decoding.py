"""Decoding of the search service's responses, tolerantly: one bad track never loses the others."""

import json
import logging
import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import msgspec

from bot.errors import CutShort, Unreadable, WrongShape
from bot.models.ranges import MAX_BPM, MAX_LENGTH_SECONDS
from bot.models.search import WINDOW_SIZE, Track, Window
from bot.text import clean

_MAX_TEXT: Final = 500
"""Characters of a name that are kept; Discord shows fewer."""

_MAX_URL: Final = 2048
_MAX_DIGITS: Final = 100
_MAX_TOTAL: Final = 10**12

_TRACK_CACHE_SIZE: Final = 4_096
"""Decoded tracks, as most come in many responses; about 1.5 KB each."""

_log = logging.getLogger(__name__)


class _TrackFields(msgspec.Struct, frozen=True):
    """A track as the API documents it."""

    asset_id: str
    name: str | None = None
    artist: str | None = None
    album: str | None = None
    genre: str | None = None
    bpm: float | None = None
    duration: float | None = None
    thumbnail_url: str | None = None


class _MetaFields(msgspec.Struct):
    total: float | None = None
    search_method: str | None = None
    matched_artist: str | None = None


class _ResponseFields(msgspec.Struct):
    tracks: list[_TrackFields]
    meta: _MetaFields


_decoder = msgspec.json.Decoder(_ResponseFields)


def decode_window(body: bytes, start: int) -> Window:
    """The window in `body`. Raises CutShort, Unreadable or WrongShape."""
    try:
        response = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _tolerant_window(_decode_json(body), start)
    tracks = tuple(map(_track, response.tracks[:WINDOW_SIZE]))
    if not all(track.asset_id for track in tracks):
        return _tolerant_window(_decode_json(body), start)
    return _window(tracks, len(tracks), start, response.meta)


def _window(tracks: tuple[Track, ...], received: int, start: int, meta: _MetaFields) -> Window:
    total = decode_number(meta.total, maximum=_MAX_TOTAL)
    return Window(
        tracks=tracks,
        start=start,
        end=start + received,
        total=None if total is None else math.ceil(total),
        method=_text(meta.search_method) or "semantic",
        matched_artist=_text(meta.matched_artist),
    )


@lru_cache(maxsize=_TRACK_CACHE_SIZE)
def _track(sent: _TrackFields) -> Track:
    return Track(
        asset_id=_text(sent.asset_id) or "",
        name=_text(sent.name) or "Untitled",
        artist=_text(sent.artist),
        album=_text(sent.album),
        genre=_text(sent.genre),
        bpm=decode_number(sent.bpm, maximum=MAX_BPM),
        duration=decode_number(sent.duration, maximum=MAX_LENGTH_SECONDS),
        thumbnail_url=_url(sent.thumbnail_url),
    )


def _decode_json(body: bytes) -> Any:
    if not body.strip():
        raise CutShort("empty body")
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if "truncated" in str(error):
            raise CutShort("JSON without its end") from error
    try:
        # The standard library accepts NaN and Infinity; a byte that is no UTF-8 is replaced.
        return json.loads(body.decode("utf-8", "replace"), parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON: {type(error).__name__}") from error


def _integer(digits: str) -> float:
    return int(digits) if len(digits) < _MAX_DIGITS else math.inf


def _tolerant_window(response: Any, start: int) -> Window:
    if not isinstance(response, dict) or not isinstance(response.get("tracks"), list):
        raise WrongShape(f"the response is a {type(response).__name__} without a list of tracks")
    received = response["tracks"][:WINDOW_SIZE]
    tracks = list(_tracks(received))
    if received and not tracks:
        raise WrongShape("none of its tracks is usable")
    if len(tracks) < len(received):
        _log.warning("%d of %d tracks were unusable and left out", len(received) - len(tracks), len(received))
    meta = response.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    # Of any type: `_window` converts each field.
    fields = _MetaFields(meta.get("total"), meta.get("search_method"), meta.get("matched_artist"))
    return _window(tuple(tracks), len(received), start, fields)


def _tracks(received: Iterable[Any]) -> Iterable[Track]:
    for track in received:
        asset_id = _text(track.get("asset_id")) if isinstance(track, dict) else None
        if asset_id is not None:
            fields = (track.get(field) for field in _TrackFields.__struct_fields__[1:])
            yield _track.__wrapped__(_TrackFields(asset_id, *fields))  # uncached: it may not be hashable


def _text(value: Any) -> str | None:
    """Clean text on one line; a number becomes its digits, anything else None."""
    if isinstance(value, float):
        value = str(int(value)) if value.is_integer() else None
    elif isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**_MAX_DIGITS else None
    return (clean(value[:_MAX_TEXT]) or None) if isinstance(value, str) else None


def decode_number(value: Any, maximum: float) -> float | None:
    """A number above zero and up to `maximum`, also from a string; anything else is None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 < number <= maximum else None


def _url(value: Any) -> str | None:
    return value if isinstance(value, str) and value.isascii() and len(value) <= _MAX_URL else None

"""The offline catalogue as a web service that speaks AudioScape's contract, its refusals included."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from typing import Any, Final

from aiohttp import web

from bot.demo.search_index import SearchIndex, SearchResult
from bot.demo.simulated_errors import TROUBLES, invalid, invalid_key, too_many_requests
from bot.demo.tracks import CatalogueTrack, invented_tracks
from bot.errors import OperatorError
from bot.models.ranges import Span
from bot.models.rates import Rate
from bot.models.search import WINDOW_SIZE

_PATH: Final = "/developer/v1"
_DEFAULT_LIMIT: Final = 20
_RATE: Final = Rate(120, 60)
_NAMED: Final = 5
"""Artists and albums that an answer names."""


class Refusal(Exception):
    """Ends a request with `response`."""

    def __init__(self, response: web.Response) -> None:
        super().__init__(response.status)
        self.response = response


class Catalogue:
    """One key's view of the catalogue, with its rate limit."""

    def __init__(self, key: str, index: SearchIndex, clock: Callable[[], float]) -> None:
        self._key = key
        self._index = index
        self._clock = clock
        self._full_at = 0.0

    def application(self) -> web.Application:
        application = web.Application(client_max_size=1024 * 1024)
        application.router.add_post(f"{_PATH}/search", self._search)
        return application

    async def _search(self, request: web.Request) -> web.StreamResponse:
        try:
            self._admit(request)
            asked = await _body(request)
            query = _query(asked)
            if trouble := TROUBLES.get(query.casefold()):
                return await trouble(request)
            limit, offset = _whole(asked, "limit", _DEFAULT_LIMIT), _whole(asked, "offset", 0)
            if not 1 <= limit <= WINDOW_SIZE:
                raise _bad(f"limit must be between 1 and {WINDOW_SIZE}")
            found = self._index.search(query, *_filters(asked))
            return web.json_response(_answer(found, limit, offset))
        except Refusal as refusal:
            return refusal.response

    def _admit(self, request: web.Request) -> None:
        if request.headers.get("x-api-key") != self._key:
            raise Refusal(invalid_key())
        if request.content_type != "application/json":
            raise _bad("Content-Type must be application/json")
        now = self._clock()
        if self._full_at - now > _RATE.latest:
            raise Refusal(too_many_requests())
        self._full_at = max(self._full_at, now) + _RATE.interval


def _bad(reason: str) -> Refusal:
    return Refusal(invalid(reason))


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        asked = await request.json()
    except (ValueError, LookupError, RecursionError) as error:
        raise _bad("Invalid JSON body") from error
    if not isinstance(asked, dict):
        raise _bad("Invalid JSON body")
    return asked


def _query(asked: dict[str, Any]) -> str:
    query = asked.get("query")
    if not isinstance(query, str) or not query.strip():
        raise _bad("Missing required field: query")
    return query.strip()


def _whole(asked: dict[str, Any], name: str, default: int) -> int:
    value = asked.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value % 1:
        raise _bad(f"{name} must be a whole number")
    return int(value)


def _filters(asked: dict[str, Any]) -> tuple[Sequence[str], Span]:
    filters = asked.get("filters", {})
    if not isinstance(filters, dict):
        raise _bad("filters must be an object")
    genres, duration = filters.get("genres", []), filters.get("duration", {})
    if not isinstance(genres, list) or not all(isinstance(genre, str) for genre in genres):
        raise _bad("filters.genres must be an array of strings")
    if not isinstance(duration, dict):
        raise _bad("filters.duration must be an object")
    return genres, Span(_seconds(duration, "min"), _seconds(duration, "max"))


def _seconds(duration: dict[str, Any], name: str) -> float | None:
    value = duration.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise _bad(f"filters.duration.{name} must be a number")
    return value


def _answer(found: SearchResult, limit: int, offset: int) -> dict[str, Any]:
    tracks = [track for track, _ in found.matches]
    artists = Counter(track.artist for track in tracks)
    albums = Counter((track.album, track.artist) for track in tracks if track.album)
    return {
        "tracks": [_track(*match) for match in found.matches[offset : offset + limit]],
        "artists": [{"name": name, "track_count": count} for name, count in artists.most_common(_NAMED)],
        "albums": [
            {"name": name, "artist": artist, "track_count": count}
            for (name, artist), count in albums.most_common(_NAMED)
        ],
        "meta": {
            "total": len(tracks),
            "limit": limit,
            "offset": offset,
            "search_method": found.method,
            "matched_artist": found.matched_artist,
        },
    }


def _track(track: CatalogueTrack, score: float) -> dict[str, Any]:
    return {
        "asset_id": track.asset_id,
        "name": track.name,
        "artist": track.artist,
        "album": track.album,
        "duration": track.duration,
        "genre": track.genre,
        "bpm": track.bpm,
        "score": round(score, 4),
        "thumbnail_url": track.thumbnail_url,
    }


@asynccontextmanager
async def running(
    key: str, port: int = 0, *, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[str]:
    """A catalogue that serves on loopback; yields the address for AUDIOSCAPE_API_URL."""
    with closing(SearchIndex(invented_tracks())) as index:
        application = Catalogue(key, index, clock).application()
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}{_PATH}"
        finally:
            await runner.cleanup()


def serve(*, port: int, key: str) -> None:
    """Serve until interrupted, having printed how to point the bot here. Raises OperatorError."""
    try:
        asyncio.run(_serve(port, key))
    except OSError as error:
        raise OperatorError(f"Port {port} on 127.0.0.1 can't be used: {error.strerror}.") from error


async def _serve(port: int, key: str) -> None:
    async with running(key, port) as url:
        print(f"The catalogue serves here; to use it, set\n\n  AUDIOSCAPE_API_URL={url}", flush=True)  # noqa: T201
        print(f"  AUDIOSCAPE_API_KEY={key}\n\nCtrl+C ends it.", flush=True)  # noqa: T201
        await asyncio.Event().wait()

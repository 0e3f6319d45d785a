"""The offline catalogue: a web service with AudioScape's API contract, its error responses included."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from typing import Any, Final

from aiohttp import web

from bot.demo.search_index import SearchIndex, SearchResult
from bot.demo.simulated_errors import SIMULATED_ERRORS, bad_request, invalid_key, too_many_requests
from bot.demo.tracks import CatalogueTrack, invented_tracks
from bot.errors import OperatorError
from bot.models.ranges import Span
from bot.models.rates import Rate
from bot.models.search import WINDOW_SIZE

_PATH: Final = "/developer/v1"
_DEFAULT_LIMIT: Final = 20
_RATE_LIMIT: Final = Rate(120, 60)
_MAX_FACETS: Final = 5
"""The number of artists, and of albums, that a response names."""


class RequestError(Exception):
    """Ends a request with `response`."""

    def __init__(self, response: web.Response) -> None:
        super().__init__(response.status)
        self.response = response


class Catalogue:
    """The application that searches `index` for requests with `key`, within the rate limit."""

    def __init__(self, index: SearchIndex, key: str, clock: Callable[[], float]) -> None:
        self._index = index
        self._key = key
        self._clock = clock
        self._full_at = 0.0

    def application(self) -> web.Application:
        application = web.Application(client_max_size=1024 * 1024)
        application.router.add_post(f"{_PATH}/search", self._search)
        return application

    async def _search(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_headers(request)
            self._take_token()
            body = await _json_object(request)
            query = _query(body)
            if respond := SIMULATED_ERRORS.get(query.casefold()):
                return await respond(request)
            limit, offset = _whole_number(body, "limit", _DEFAULT_LIMIT), _whole_number(body, "offset", 0)
            if not 1 <= limit <= WINDOW_SIZE:
                raise _bad_request(f"limit must be between 1 and {WINDOW_SIZE}")
            result = self._index.search(query, *_filters(body))
            return web.json_response(_page(result, limit, offset))
        except RequestError as error:
            return error.response

    def _check_headers(self, request: web.Request) -> None:
        if request.headers.get("x-api-key") != self._key:
            raise RequestError(invalid_key())
        if request.content_type != "application/json":
            raise _bad_request("Content-Type must be application/json")

    def _take_token(self) -> None:
        """Take one token from the rate limit's bucket. Raises RequestError if it is empty."""
        now = self._clock()
        if self._full_at - now > _RATE_LIMIT.tolerance:
            raise RequestError(too_many_requests())
        self._full_at = max(self._full_at, now) + _RATE_LIMIT.interval


def _bad_request(reason: str) -> RequestError:
    return RequestError(bad_request(reason))


async def _json_object(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (ValueError, LookupError, RecursionError) as error:
        raise _bad_request("Invalid JSON body") from error
    if not isinstance(body, dict):
        raise _bad_request("Invalid JSON body")
    return body


def _query(body: dict[str, Any]) -> str:
    query = body.get("query")
    if not isinstance(query, str) or not query.strip():
        raise _bad_request("Missing required field: query")
    return query.strip()


def _whole_number(body: dict[str, Any], name: str, default: int) -> int:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value % 1:
        raise _bad_request(f"{name} must be a whole number")
    return int(value)


def _filters(body: dict[str, Any]) -> tuple[Sequence[str], Span]:
    filters = body.get("filters", {})
    if not isinstance(filters, dict):
        raise _bad_request("filters must be an object")
    genres, duration = filters.get("genres", []), filters.get("duration", {})
    if not isinstance(genres, list) or not all(isinstance(genre, str) for genre in genres):
        raise _bad_request("filters.genres must be an array of strings")
    if not isinstance(duration, dict):
        raise _bad_request("filters.duration must be an object")
    return genres, Span(_seconds(duration, "min"), _seconds(duration, "max"))


def _seconds(duration: dict[str, Any], name: str) -> float | None:
    value = duration.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise _bad_request(f"filters.duration.{name} must be a number")
    return value


def _page(result: SearchResult, limit: int, offset: int) -> dict[str, Any]:
    tracks = [track for track, _ in result.matches]
    artists = Counter(track.artist for track in tracks)
    albums = Counter((track.album, track.artist) for track in tracks if track.album)
    return {
        "tracks": [_track(*match) for match in result.matches[offset : offset + limit]],
        "artists": [{"name": name, "track_count": count} for name, count in artists.most_common(_MAX_FACETS)],
        "albums": [
            {"name": name, "artist": artist, "track_count": count}
            for (name, artist), count in albums.most_common(_MAX_FACETS)
        ],
        "meta": {
            "total": len(tracks),
            "limit": limit,
            "offset": offset,
            "search_method": result.method,
            "matched_artist": result.matched_artist,
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
async def running_catalogue(
    key: str, port: int = 0, *, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[str]:
    """A catalogue that is served on 127.0.0.1 while entered, at `port` or any free one.

    Yields the URL for AUDIOSCAPE_API_URL. Raises OSError if the port can't be used.
    """
    with closing(SearchIndex(invented_tracks())) as index:
        application = Catalogue(index, key, clock).application()
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}{_PATH}"
        finally:
            await runner.cleanup()


def serve(*, port: int, key: str) -> None:
    """Print the settings that use the catalogue, and serve it until Ctrl+C. Raises OperatorError."""
    try:
        asyncio.run(_serve(port, key))
    except OSError as error:
        raise OperatorError(
            f"Port {port} on 127.0.0.1 can't be used: {error.strerror}. Choose another one with --port."
        ) from error


_SETTINGS: Final = """The catalogue is running. To use it, set

  AUDIOSCAPE_API_URL={url}
  AUDIOSCAPE_API_KEY={key}

Press Ctrl+C to stop it."""


async def _serve(port: int, key: str) -> None:
    async with running_catalogue(key, port) as url:
        print(_SETTINGS.format(url=url, key=key), flush=True)  # noqa: T201 (it is the command's output)
        await asyncio.Event().wait()

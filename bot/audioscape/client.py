"""HTTP client of AudioScape's search API: requests, deadlines, sizes and errors."""

import asyncio
import logging
import time
import zlib
from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
import httpx
import msgspec
from httpx_aiohttp import AiohttpTransport

from bot import __version__
from bot.audioscape.decoding import decode_number, decode_window
from bot.errors import (
    AudioScapeError,
    CutShort,
    KeyRefused,
    QueryRefused,
    RateLimited,
    ServiceFailed,
    ShuttingDown,
    TooLarge,
    TooSlow,
    UnexpectedStatus,
    Unreachable,
    Unreadable,
)
from bot.models.ranges import Span
from bot.models.search import WINDOW_SIZE, Query, Window

MAX_RESPONSE_BYTES: Final = 5 * 1024 * 1024
"""The limit before and after decompression; a whole window is about 30 KB."""

DEADLINE_SECONDS: Final = 8.0
"""The limit for one request, from connecting to the last byte."""

_CONNECT_SECONDS: Final = 4.0
_TIMEOUT: Final = httpx.Timeout(DEADLINE_SECONDS, connect=_CONNECT_SECONDS).as_dict()
_MAX_CONNECTIONS: Final = 20
_KEEP_ALIVE_SECONDS: Final = 60.0
"""The lifetime of an idle connection, so that most searches need no new handshake."""

_log = logging.getLogger(__name__)


class AudioScape:
    """A client for one key. Use it as an async context manager: that closes its connections."""

    def __init__(
        self,
        *,
        url: str,
        key: str,
        transport: httpx.AsyncBaseTransport | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """`wall_clock` is compared with the date of a Retry-After header."""
        # The bare transport: httpx.AsyncClient's cookies and redirects are unwanted, and cost the most time.
        self._transport = transport or AiohttpTransport(client=_session)
        self._url = httpx.URL(f"{url}/search")
        self._headers = httpx.Headers(
            {
                "x-api-key": key,
                "Content-Type": "application/json",
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": f"Needledrop/{__version__}",
            }
        )
        self._wall_clock = wall_clock
        self._timeouts: set[asyncio.Timeout] = set()
        self._is_closing = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    def cancel_requests(self) -> None:
        """End every request under way with ShuttingDown, and refuse new ones."""
        self._is_closing = True
        for timeout in self._timeouts:
            if not timeout.expired():
                timeout.reschedule(asyncio.get_running_loop().time())

    async def search(self, query: Query, start: int) -> Window:
        """The window of matches that begins at `start`, without its `fetched_at`.

        Makes one HTTP request. Raises AudioScapeError.
        """
        if self._is_closing:
            raise ShuttingDown
        try:
            async with asyncio.timeout(DEADLINE_SECONDS) as timeout:
                self._timeouts.add(timeout)
                try:
                    body = await self._post(_request_body(query, start))
                finally:
                    self._timeouts.discard(timeout)
        except TimeoutError as error:
            raise (ShuttingDown() if self._is_closing else TooSlow("deadline")) from error
        return decode_window(body, start)

    async def _post(self, content: bytes) -> bytes:
        timeouts = {"timeout": _TIMEOUT}
        request = httpx.Request(
            "POST", self._url, headers=self._headers, content=content, extensions=timeouts
        )
        try:
            response = await self._transport.handle_async_request(request)
            try:
                if response.status_code != httpx.codes.OK:
                    raise _status_error(response, self._wall_clock)
                return await _read_body(response)
            finally:
                await response.aclose()
        except (httpx.HTTPError, aiohttp.ClientError, OSError, UnicodeError) as error:
            raise _transport_error(error) from error


def _session() -> aiohttp.ClientSession:
    """A session that keeps connections but no cookies."""
    connector = aiohttp.TCPConnector(
        limit=_MAX_CONNECTIONS, keepalive_timeout=_KEEP_ALIVE_SECONDS, ssl=httpx.create_ssl_context()
    )
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


def _request_body(query: Query, start: int) -> bytes:
    body: dict[str, Any] = {"query": query.text, "limit": WINDOW_SIZE, "offset": start}
    filters: dict[str, Any] = {}
    if query.genres:
        filters["genres"] = query.genres
    if query.length is not None:
        filters["duration"] = _duration_filter(query.length)
    if filters:
        body["filters"] = filters
    return msgspec.json.encode(body)


def _duration_filter(span: Span) -> dict[str, float]:
    ends = (("min", span.low), ("max", span.high))
    return {name: int(end) if end == int(end) else end for name, end in ends if end is not None}


def _status_error(response: httpx.Response, wall_clock: Callable[[], float]) -> AudioScapeError:
    status = response.status_code
    detail = f"status {status}"
    if status == httpx.codes.BAD_REQUEST:
        return QueryRefused(detail)
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        return KeyRefused(detail)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return RateLimited(detail, _seconds_until(response.headers.get("retry-after", ""), wall_clock))
    return ServiceFailed(detail) if status >= httpx.codes.INTERNAL_SERVER_ERROR else UnexpectedStatus(detail)


def _seconds_until(retry_after: str, wall_clock: Callable[[], float]) -> float | None:
    """The wait that a Retry-After header gives, as seconds or as a date; None if it gives none.

    All three forms of a date: https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats
    """
    seconds = decode_number(retry_after, maximum=float("inf"))
    if seconds is not None:
        return seconds
    try:
        date = parsedate_to_datetime(retry_after)
        date = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
        return max(0.0, date.timestamp() - wall_clock()) or None
    except (ValueError, OverflowError):
        return None


def _transport_error(error: Exception) -> AudioScapeError:
    detail = f"{type(error).__name__}: {error}"
    if isinstance(error, httpx.ConnectTimeout):  # the aiohttp transport raises it for every lost connection
        return Unreachable(detail)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return TooSlow(detail)
    if isinstance(error, httpx.ReadError | httpx.RemoteProtocolError | aiohttp.ClientPayloadError):
        return CutShort(detail)
    return Unreachable(detail)


async def _read_body(response: httpx.Response) -> bytes:
    """The decompressed body. Raises TooLarge before it exceeds the limit in memory, compressed or not."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_RESPONSE_BYTES:
            raise TooLarge("more than the limit on the wire")
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return _decompress(bytes(body))
    if encoding not in {"identity", ""}:
        raise Unreadable(f"content encoding {encoding[:40]!r}")
    return bytes(body)


def _decompress(body: bytes) -> bytes:
    plain = b""
    while body:  # gzip allows several members in a row
        decompressor = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # 32: detect gzip or zlib
        try:
            plain += decompressor.decompress(body, MAX_RESPONSE_BYTES + 1 - len(plain))
        except zlib.error as error:
            raise Unreadable("broken compression") from error
        if len(plain) > MAX_RESPONSE_BYTES:
            raise TooLarge("more than the limit when decompressed")
        if not decompressor.eof:
            raise CutShort("compressed body without its end")
        body = decompressor.unused_data
    return plain

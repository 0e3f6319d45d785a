"""AudioScape's search over HTTP: the one place that knows its contract, and how it drifts."""

import asyncio
import logging
import time
import zlib
from datetime import UTC
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
import httpx
import msgspec
from httpx_aiohttp import AiohttpTransport

from bot import __version__
from bot.audioscape.decoding import number, window
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
"""Bytes, before and after decompression; a whole window is about 30 KB."""

DEADLINE_SECONDS: Final = 8.0
"""For one request, from connecting to the last byte."""

_CONNECT_SECONDS: Final = 4.0
_TIMEOUT: Final = httpx.Timeout(DEADLINE_SECONDS, connect=_CONNECT_SECONDS).as_dict()
_CONNECTIONS: Final = 20
_KEPT_ALIVE_SECONDS: Final = 60.0
"""How long an idle connection stays open, so that most searches need no new handshake."""

_log = logging.getLogger(__name__)


class AudioScape:
    """A client for one key. Use it as an async context manager: that closes its connections."""

    def __init__(self, *, url: str, key: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        # No client around it: cookies, redirects and the like are not wanted, and take longer than the rest.
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
        self._limits: set[asyncio.Timeout] = set()
        self._closing = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    def give_up(self) -> None:
        """End every request under way with ShuttingDown, and refuse new ones."""
        self._closing = True
        for limit in self._limits:
            if not limit.expired():
                limit.reschedule(asyncio.get_running_loop().time())

    async def search(self, query: Query, start: int) -> Window:
        """The window of matches that begins at `start`; its `fetched_at` is left to the caller.

        One HTTP request, no more. Raises a member of the AudioScapeError family.
        """
        if self._closing:
            raise ShuttingDown
        try:
            async with asyncio.timeout(DEADLINE_SECONDS) as limit:
                self._limits.add(limit)
                try:
                    body = await self._post(_request(query, start))
                finally:
                    self._limits.discard(limit)
        except TimeoutError as error:
            raise (ShuttingDown() if self._closing else TooSlow("deadline")) from error
        return window(body, start)

    async def _post(self, content: bytes) -> bytes:
        limits = {"timeout": _TIMEOUT}
        request = httpx.Request("POST", self._url, headers=self._headers, content=content, extensions=limits)
        try:
            response = await self._transport.handle_async_request(request)
            try:
                if response.status_code != httpx.codes.OK:
                    raise _status_error(response)
                return await _read(response)
            finally:
                await response.aclose()
        except (httpx.HTTPError, aiohttp.ClientError, OSError, UnicodeError) as error:
            raise _transport_error(error) from error


def _session() -> aiohttp.ClientSession:
    """Keeps connections, but no cookies: each request is what the contract says and no more."""
    connector = aiohttp.TCPConnector(
        limit=_CONNECTIONS, keepalive_timeout=_KEPT_ALIVE_SECONDS, ssl=httpx.create_ssl_context()
    )
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


def _request(query: Query, start: int) -> bytes:
    asked: dict[str, Any] = {"query": query.text, "limit": WINDOW_SIZE, "offset": start}
    filters: dict[str, Any] = {}
    if query.genres:
        filters["genres"] = query.genres
    if query.length is not None:
        filters["duration"] = _seconds(query.length)
    if filters:
        asked["filters"] = filters
    return msgspec.json.encode(asked)


def _seconds(span: Span) -> dict[str, float]:
    edges = (("min", span.low), ("max", span.high))
    return {name: int(edge) if edge == int(edge) else edge for name, edge in edges if edge is not None}


def _status_error(response: httpx.Response) -> AudioScapeError:
    status = response.status_code
    detail = f"status {status}"
    if status == httpx.codes.BAD_REQUEST:
        return QueryRefused(detail)
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        return KeyRefused(detail)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return RateLimited(detail, _wait(response.headers.get("retry-after", "")))
    return ServiceFailed(detail) if status >= httpx.codes.INTERNAL_SERVER_ERROR else UnexpectedStatus(detail)


def _wait(retry_after: str) -> float | None:
    """Seconds, which the header gives as such or as a date; None where it gives neither."""
    seconds = number(retry_after, most=float("inf"))
    if seconds is not None:
        return seconds
    try:
        date = parsedate_to_datetime(retry_after)
        moment = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
        return max(0.0, moment.timestamp() - time.time()) or None
    except (ValueError, OverflowError):
        return None


def _transport_error(error: Exception) -> AudioScapeError:
    detail = f"{type(error).__name__}: {error}"
    if isinstance(error, httpx.ConnectTimeout):  # what the aiohttp transport makes of every lost connection
        return Unreachable(detail)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return TooSlow(detail)
    if isinstance(error, httpx.ReadError | httpx.RemoteProtocolError | aiohttp.ClientPayloadError):
        return CutShort(detail)
    return Unreachable(detail)


async def _read(response: httpx.Response) -> bytes:
    """The body, decompressed by ourselves so that no small body can grow past the limit in memory."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_RESPONSE_BYTES:
            raise TooLarge("more than the limit on the wire")
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return _inflated(bytes(body))
    if encoding not in {"identity", ""}:
        raise Unreadable(f"content encoding {encoding[:40]!r}")
    return bytes(body)


def _inflated(body: bytes) -> bytes:
    plain = b""
    while body:  # a body may be several compressed one after the other
        inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # 32: tell gzip and zlib apart
        try:
            plain += inflater.decompress(body, MAX_RESPONSE_BYTES + 1 - len(plain))
        except zlib.error as error:
            raise Unreadable("broken compression") from error
        if len(plain) > MAX_RESPONSE_BYTES:
            raise TooLarge("more than the limit when decompressed")
        if not inflater.eof:
            raise CutShort("compressed body without its end")
        body = inflater.unused_data
    return plain

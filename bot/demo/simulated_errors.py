"""The queries that make the catalogue fail on demand, to see what members read when AudioScape fails."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

from aiohttp import web

from bot.audioscape.client import MAX_RESPONSE_BYTES

Responder: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


def error_response(status: int, body: dict[str, Any] | None = None) -> web.Response:
    return web.Response(status=status) if body is None else web.json_response(body, status=status)


def bad_request(reason: str) -> web.Response:
    return error_response(400, {"error": reason})


def invalid_key() -> web.Response:
    return error_response(401, {"error": "Invalid API key"})


def too_many_requests() -> web.Response:
    return error_response(429, {"message": "Too Many Requests"})


async def _slow(_: web.Request) -> web.StreamResponse:
    """A response that comes after the bot's timeout."""
    await asyncio.sleep(60)
    return error_response(504)


async def _cut_short(request: web.Request) -> web.StreamResponse:
    """A response whose connection is closed before the announced 5000 bytes."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "5000"})
    await response.prepare(request)
    await response.write(b'{"tracks": [{"asset_id": "1", "na')
    if request.transport is not None:
        request.transport.close()
    return response


def _always(make: Callable[[], web.Response]) -> Responder:
    async def respond(_: web.Request) -> web.StreamResponse:
        return make()

    return respond


SIMULATED_ERRORS: Final[Mapping[str, Responder]] = {
    "simulate 400": _always(lambda: bad_request("Missing required field: query")),
    "simulate 401": _always(invalid_key),
    "simulate 404": _always(lambda: error_response(404)),
    "simulate 429": _always(too_many_requests),
    "simulate 500": _always(lambda: error_response(500)),
    "simulate slow": _slow,
    "simulate cut short": _cut_short,
    "simulate html": _always(lambda: web.Response(text="<h1>Hello</h1>", content_type="text/html")),
    "simulate wrong shape": _always(lambda: web.json_response({"tracks": "none"})),
    "simulate too large": _always(lambda: web.Response(body=b" " * (MAX_RESPONSE_BYTES + 1))),
}
"""By the query, in lower case."""

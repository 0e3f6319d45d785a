"""Queries that make the catalogue fail on demand, so that one can see what members read when it happens."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import web

from bot.audioscape.client import MAX_RESPONSE_BYTES


def refused(status: int, body: dict[str, Any] | None = None) -> web.Response:
    return web.Response(status=status) if body is None else web.json_response(body, status=status)


def invalid(reason: str) -> web.Response:
    return refused(400, {"error": reason})


def invalid_key() -> web.Response:
    return refused(401, {"error": "Invalid API key"})


def too_many_requests() -> web.Response:
    return refused(429, {"message": "Too Many Requests"})


async def _slow(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return refused(504)


async def _cut_short(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "5000"})
    await response.prepare(request)
    await response.write(b'{"tracks": [{"asset_id": "1", "na')
    if request.transport is not None:
        request.transport.close()
    return response


def _always(make: Callable[[], web.Response]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(_: web.Request) -> web.StreamResponse:
        return make()

    return answer


TROUBLES: Final[Mapping[str, Callable[[web.Request], Awaitable[web.StreamResponse]]]] = {
    "simulate 400": _always(lambda: invalid("Missing required field: query")),
    "simulate 401": _always(invalid_key),
    "simulate 404": _always(lambda: refused(404)),
    "simulate 429": _always(too_many_requests),
    "simulate 500": _always(lambda: refused(500)),
    "simulate slow": _slow,
    "simulate cut short": _cut_short,
    "simulate html": _always(lambda: web.Response(text="<h1>Hello</h1>", content_type="text/html")),
    "simulate wrong shape": _always(lambda: web.json_response({"tracks": "none"})),
    "simulate too large": _always(lambda: web.Response(body=b" " * (MAX_RESPONSE_BYTES + 1))),
}

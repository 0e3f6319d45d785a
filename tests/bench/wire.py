"""A minimal HTTP server, so that the benchmark measures the bots and not the servers."""

import asyncio
import socket
from collections.abc import Callable
from typing import Final, TypeAlias, cast

import msgspec


class Request(msgspec.Struct):
    method: str
    path: str
    body: bytes


class Reply(msgspec.Struct):
    """A response; without a body its status is 204."""

    body: bytes = b""
    status: int = 200
    headers: str = ""
    """Additional header lines, each ending in CR LF."""


Handler: TypeAlias = Callable[[Request], Reply]

_END: Final = b"\r\n\r\n"


class Exchange(asyncio.Protocol):
    """One kept-alive connection, which responds to requests that have a Content-Length."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (request := self._next()) is not None:
            assert self._transport is not None
            self._transport.write(_encode(self._handler(request)))

    def _next(self) -> Request | None:
        head_end = self._buffer.find(_END)
        if head_end < 0:
            return None
        head = self._buffer[:head_end].decode("latin-1")
        body_start = head_end + len(_END)
        body_end = body_start + _length(head)
        if len(self._buffer) < body_end:
            return None
        body, self._buffer = self._buffer[body_start:body_end], self._buffer[body_end:]
        method, path, _ = head.split(" ", 2)
        return Request(method, path, body)


def _length(head: str) -> int:
    lowered = head.lower()
    if "transfer-encoding" in lowered:
        raise ValueError("chunked requests are not supported")
    _, found, rest = lowered.partition("content-length:")
    return int(rest.split("\r\n", 1)[0]) if found else 0


def _encode(reply: Reply) -> bytes:
    status = reply.status if reply.body else 204
    kind = "Content-Type: application/json\r\n" if reply.body else ""
    length = f"Content-Length: {len(reply.body)}\r\n" if reply.body else ""
    return f"HTTP/1.1 {status} -\r\n{kind}{length}{reply.headers}\r\n".encode() + reply.body


async def start_server(handler: Handler) -> tuple[asyncio.Server, int]:
    """Start a server on loopback; returns it with its port."""
    server = await asyncio.get_running_loop().create_server(
        lambda: Exchange(handler), "127.0.0.1", 0, family=socket.AF_INET
    )
    return server, server.sockets[0].getsockname()[1]

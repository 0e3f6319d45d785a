"""A fake Discord that acts for many members at once, and measures the time until each has an answer."""

import asyncio
import itertools
import sys
import time
import zlib
from collections.abc import Callable
from typing import Any, Final

import msgspec
from aiohttp import WSMsgType, web

from tests.bench.payloads import APPLICATION, BOT_USER, Json, guild_create, guild_id, interaction, message
from tests.bench.wire import Reply, Request, start_server

# As discord.py does: Python knows zstd itself from 3.14 on.
if sys.version_info >= (3, 14):
    from compression import zstd
else:
    import zstandard

TOKEN: Final = "stand-in.token"

_DEFERRED: Final = frozenset({5, 6})
_TIMEOUT_SECONDS: Final = 30.0
_GUILDS_INTENT: Final = 1
_WEBHOOK_LIMIT: Final = (
    "X-RateLimit-Limit: 5\r\nX-RateLimit-Remaining: 4\r\nX-RateLimit-Reset-After: 1.000\r\n"
    "X-RateLimit-Bucket: 0123456789abcdef\r\n"
)
_RESOURCES: Final = {"users/@me": BOT_USER, "oauth2/applications/@me": APPLICATION}


class Answer(msgspec.Struct):
    """The final response to one command or press."""

    seconds: float
    """From sending the interaction to receiving the content of the answer."""
    sent: Json
    """The body that the bot sent."""
    message: Json
    """The message that Discord made of it."""


class Discord:
    """One bot's Discord: its REST API and its gateway, each on a port of its own."""

    def __init__(self, guilds: int = 1) -> None:
        self._guilds = guilds
        self._waiting: dict[str, tuple[float, asyncio.Future[Answer]]] = {}
        self._numbers = itertools.count(1)
        self._socket: _Socket | None = None
        self._servers: list[Any] = []
        self.ready = asyncio.Event()
        self.url = ""
        self.gateway_url = ""

    async def start(self) -> None:
        server, port = await start_server(self._handle)
        self.url = f"http://127.0.0.1:{port}/api/v10"
        application = web.Application()
        application.router.add_get("/", self._gateway)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.gateway_url = f"ws://127.0.0.1:{runner.addresses[0][1]}/"
        self._servers = [server, runner]

    async def stop(self) -> None:
        server, runner = self._servers
        server.close()
        await runner.cleanup()

    async def command(self, member: int, name: str, **options: str) -> Answer:
        """Send the bot a command of `member`, and return its answer."""
        values = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
        data = {"id": "1", "name": name, "type": 1, "options": values}
        return await self._interact(member, type=2, data=data)

    async def press(self, member: int, answer: Answer, label: str) -> Answer:
        """Send the bot a press of the button with `label` under `answer`, and return its answer."""
        buttons = [button for row in answer.sent["components"] for button in row["components"]]
        custom_id = next(button["custom_id"] for button in buttons if button.get("label") == label)
        data = {"component_type": 2, "custom_id": custom_id, "id": 2}
        return await self._interact(member, type=3, data=data, message=answer.message)

    async def _interact(self, member: int, **kind: Any) -> Answer:
        assert self._socket is not None
        payload = interaction(next(self._numbers), member, **kind)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        frame = self._socket.frame("INTERACTION_CREATE", payload)
        self._waiting[payload["token"]] = (time.perf_counter(), answer)
        await self._socket.send(frame)
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            return await answer

    def _handle(self, request: Request) -> Reply:
        match request.path.split("?")[0].split("/")[3:]:
            case ["interactions", _, token, "callback"]:
                return self._respond_to_callback(token, request)
            case ["webhooks", _, token, *_]:
                return _json(self._complete(token, msgspec.json.decode(request.body)), _WEBHOOK_LIMIT)
            case ["applications", _, "commands"]:
                return _json(_registered(msgspec.json.decode(request.body)))
            case ["gateway", "bot"]:
                limits = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
                return _json({"url": self.gateway_url, "shards": 1, "session_start_limit": limits})
            case path:
                return _json(_RESOURCES["/".join(path)])

    def _respond_to_callback(self, token: str, request: Request) -> Reply:
        callback = msgspec.json.decode(request.body)
        resource: Json = {"type": callback["type"]}
        if callback["type"] not in _DEFERRED:
            resource["message"] = self._complete(token, callback["data"])
        if "with_response" not in request.path:
            return Reply()
        return _json({"interaction": {"id": "1", "type": 2}, "resource": resource})

    def _complete(self, token: str, sent: Json) -> Json:
        """Complete the interaction with its answer, and return the message."""
        now = time.perf_counter()
        sent_at, answer = self._waiting.pop(token)
        created = message(920_000_000_000_000_000 + next(self._numbers), sent)
        if not answer.done():
            answer.set_result(Answer(now - sent_at, sent, created))
        return created

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        response = web.WebSocketResponse(compress=False)
        await response.prepare(request)
        socket = _Socket(response, request.query.get("compress"))
        await socket.send(socket.pack({"op": 10, "d": {"heartbeat_interval": 40_000}, "s": None, "t": None}))
        async for received in response:
            if received.type is WSMsgType.TEXT:
                await self._respond_to(socket, received.json())
        return response

    async def _respond_to(self, socket: "_Socket", payload: Json) -> None:
        if payload["op"] == 1:
            await socket.send(socket.pack({"op": 11, "d": None, "s": None, "t": None}))
        elif payload["op"] == 2:
            await self._start_session(socket, payload["d"])

    async def _start_session(self, socket: "_Socket", identity: Json) -> None:
        """READY names all guilds; their contents follow only if the bot has the guilds intent."""
        session = {
            "v": 10,
            "user": BOT_USER,
            "guilds": [
                {"id": guild_id(number), "unavailable": True} for number in range(1, self._guilds + 1)
            ],
            "session_id": "session",
            "resume_gateway_url": self.gateway_url,
            "application": {"id": APPLICATION["id"], "flags": 0},
            "shard": identity.get("shard", [0, 1]),
        }
        await socket.send(socket.frame("READY", session))
        if identity["intents"] & _GUILDS_INTENT:
            for number in range(1, self._guilds + 1):
                await socket.send(socket.frame("GUILD_CREATE", guild_create(number)))
        self._socket = socket
        self.ready.set()


class _Socket:
    """A gateway connection, with the compression that the bot asked for."""

    def __init__(self, response: web.WebSocketResponse, compression: str | None) -> None:
        self._response = response
        self._sequence = itertools.count(1)
        self._compress = _compressor(compression)

    def frame(self, event: str, content: Json) -> bytes:
        return self.pack({"op": 0, "t": event, "s": next(self._sequence), "d": content})

    def pack(self, payload: Json) -> bytes:
        return self._compress(msgspec.json.encode(payload))

    async def send(self, frame: bytes) -> None:
        await self._response.send_bytes(frame)


def _compressor(name: str | None) -> Callable[[bytes], bytes]:
    """A function that compresses each message into one stream, in the format `name`."""
    if name == "zstd-stream":
        return _zstd_compressor()
    if name == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda plain: deflate.compress(plain) + deflate.flush(zlib.Z_SYNC_FLUSH)
    raise ValueError(f"unknown compression {name!r}")


def _zstd_compressor() -> Callable[[bytes], bytes]:
    if sys.version_info >= (3, 14):
        compressor = zstd.ZstdCompressor()
        return lambda plain: compressor.compress(plain, zstd.ZstdCompressor.FLUSH_BLOCK)
    stream = zstandard.ZstdCompressor().compressobj()
    return lambda plain: stream.compress(plain) + stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


def _registered(commands: list[Json]) -> list[Json]:
    known = {"application_id": APPLICATION["id"], "version": "1", "default_member_permissions": None}
    return [{"id": str(number), **known, **command} for number, command in enumerate(commands, 1)]


def _json(content: Any, headers: str = "") -> Reply:
    return Reply(msgspec.json.encode(content), headers=headers)

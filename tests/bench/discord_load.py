"""A stand-in for Discord that asks as many members would, and takes the time until each has an answer."""

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
from tests.bench.wire import Reply, Request, listening

# As discord.py does: Python knows zstd itself from 3.14 on.
if sys.version_info >= (3, 14):
    from compression import zstd
else:
    import zstandard

TOKEN: Final = "stand-in.token"

_DEFERRED: Final = frozenset({5, 6})
_PATIENCE_SECONDS: Final = 30.0
_GUILDS_INTENT: Final = 1
_WEBHOOK_LIMIT: Final = (
    "X-RateLimit-Limit: 5\r\nX-RateLimit-Remaining: 4\r\nX-RateLimit-Reset-After: 1.000\r\n"
    "X-RateLimit-Bucket: 0123456789abcdef\r\n"
)
_KNOWN_PLACES: Final = {"users/@me": BOT_USER, "oauth2/applications/@me": APPLICATION}


class Shown(msgspec.Struct):
    """An answer as the member has it before them."""

    seconds: float
    """From the command's or the press's way to the bot until the answer's content was here."""
    sent: Json
    message: Json


class Discord:
    """One bot's Discord: its REST API and its gateway, each on a port of its own."""

    def __init__(self, guilds: int = 1) -> None:
        self._guilds = guilds
        self._waiting: dict[str, tuple[float, asyncio.Future[Shown]]] = {}
        self._numbers = itertools.count(1)
        self._socket: _Socket | None = None
        self._servers: list[Any] = []
        self.ready = asyncio.Event()
        self.url = ""
        self.gateway_url = ""

    async def start(self) -> None:
        server, port = await listening(self._handle)
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

    async def command(self, member: int, name: str, **options: str) -> Shown:
        """What `member` is shown after typing the command."""
        values = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
        data = {"id": "1", "name": name, "type": 1, "options": values}
        return await self._ask(member, type=2, data=data)

    async def press(self, member: int, shown: Shown, label: str) -> Shown:
        """What `member` is shown after pressing the button so labelled under what was `shown`."""
        buttons = [button for row in shown.sent["components"] for button in row["components"]]
        custom_id = next(button["custom_id"] for button in buttons if button.get("label") == label)
        data = {"component_type": 2, "custom_id": custom_id, "id": 2}
        return await self._ask(member, type=3, data=data, message=shown.message)

    async def _ask(self, member: int, **kind: Any) -> Shown:
        assert self._socket is not None
        payload = interaction(next(self._numbers), member, **kind)
        answered: asyncio.Future[Shown] = asyncio.get_running_loop().create_future()
        frame = self._socket.frame("INTERACTION_CREATE", payload)
        self._waiting[payload["token"]] = (time.perf_counter(), answered)
        await self._socket.send(frame)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await answered

    def _handle(self, request: Request) -> Reply:
        match request.path.split("?")[0].split("/")[3:]:
            case ["interactions", _, token, "callback"]:
                return self._called_back(token, request)
            case ["webhooks", _, token, *_]:
                return _json(self._landed(token, msgspec.json.decode(request.body)), _WEBHOOK_LIMIT)
            case ["applications", _, "commands"]:
                return _json(_registered(msgspec.json.decode(request.body)))
            case ["gateway", "bot"]:
                limits = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
                return _json({"url": self.gateway_url, "shards": 1, "session_start_limit": limits})
            case place:
                return _json(_KNOWN_PLACES["/".join(place)])

    def _called_back(self, token: str, request: Request) -> Reply:
        callback = msgspec.json.decode(request.body)
        resource: Json = {"type": callback["type"]}
        if callback["type"] not in _DEFERRED:
            resource["message"] = self._landed(token, callback["data"])
        if "with_response" not in request.path:
            return Reply()
        return _json({"interaction": {"id": "1", "type": 2}, "resource": resource})

    def _landed(self, token: str, sent: Json) -> Json:
        now = time.perf_counter()
        asked_at, answered = self._waiting.pop(token)
        posted = message(920_000_000_000_000_000 + next(self._numbers), sent)
        if not answered.done():
            answered.set_result(Shown(now - asked_at, sent, posted))
        return posted

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        response = web.WebSocketResponse(compress=False)
        await response.prepare(request)
        socket = _Socket(response, request.query.get("compress"))
        await socket.send(
            socket.packed({"op": 10, "d": {"heartbeat_interval": 40_000}, "s": None, "t": None})
        )
        async for received in response:
            if received.type is WSMsgType.TEXT:
                await self._received(socket, received.json())
        return response

    async def _received(self, socket: "_Socket", payload: Json) -> None:
        if payload["op"] == 1:
            await socket.send(socket.packed({"op": 11, "d": None, "s": None, "t": None}))
        elif payload["op"] == 2:
            await self._welcome(socket, payload["d"])

    async def _welcome(self, socket: "_Socket", identity: Json) -> None:
        """READY names all guilds; what is in them comes to those alone who asked for it."""
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
    """A gateway connection, compressed in the way that the bot asked for."""

    def __init__(self, response: web.WebSocketResponse, compression: str | None) -> None:
        self._response = response
        self._sequence = itertools.count(1)
        self._compress = _compressor(compression)

    def frame(self, event: str, content: Json) -> bytes:
        return self.packed({"op": 0, "t": event, "s": next(self._sequence), "d": content})

    def packed(self, payload: Json) -> bytes:
        return self._compress(msgspec.json.encode(payload))

    async def send(self, frame: bytes) -> None:
        await self._response.send_bytes(frame)


def _compressor(name: str | None) -> Callable[[bytes], bytes]:
    """Compresses one message after the other into one stream, as `name` says."""
    if name == "zstd-stream":
        return _zstd_compressor()
    if name == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda plain: deflate.compress(plain) + deflate.flush(zlib.Z_SYNC_FLUSH)
    raise ValueError(f"discord.py asks for compression, and not {name!r}")


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

"""A fake Discord on loopback: as much of its REST API and gateway as a bot needs to log in and to respond."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import WSMsgType, web

from tests.support.peers import serving_application

_PATIENCE_SECONDS: Final = 30.0

TOKEN: Final = "stand-in.token"
APPLICATION_ID: Final = "900000000000000001"
GUILD_ID: Final = "900000000000000002"
CHANNEL_ID: Final = "900000000000000003"
MEMBER_ID: Final = "900000000000000004"

_UNUSED_GATEWAY_URL: Final = "ws://127.0.0.1:9/never"
"""DISCORD_GATEWAY_URL takes precedence over the URLs that Discord names, and nothing listens here."""

_USER: Final = {"id": APPLICATION_ID, "username": "Needledrop", "discriminator": "0", "avatar": None}
_MESSAGE: Final[dict[str, Any]] = {
    "id": "900000000000000005",
    "channel_id": CHANNEL_ID,
    "author": _USER,
    "content": "",
    "timestamp": "2026-01-01T00:00:00+00:00",
    "edited_timestamp": None,
    "tts": False,
    "mention_everyone": False,
    "mentions": [],
    "mention_roles": [],
    "attachments": [],
    "embeds": [],
    "pinned": False,
    "type": 0,
    "components": [],
}

_APPLICATION: Final[dict[str, Any]] = {
    "id": APPLICATION_ID,
    "name": "Needledrop",
    "description": "",
    "icon": None,
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "",
    "owner": _USER,
    "flags": 0,
}

_INTERACTION: Final[dict[str, Any]] = {
    "application_id": APPLICATION_ID,
    "token": "interaction-token",
    "version": 1,
    "guild_id": GUILD_ID,
    "guild": {"id": GUILD_ID, "features": [], "locale": "en-US"},
    "channel_id": CHANNEL_ID,
    "channel": {"id": CHANNEL_ID, "type": 0, "name": "music", "position": 0, "permissions": "0"},
    "member": {
        "user": {"id": MEMBER_ID, "username": "mika", "discriminator": "0", "avatar": None},
        "roles": [],
        "flags": 0,
        "deaf": False,
        "mute": False,
        "joined_at": "2026-01-01T00:00:00+00:00",
        "permissions": "0",
    },
    "locale": "en-US",
    "guild_locale": "en-US",
    "entitlements": [],
    "authorizing_integration_owners": {"0": GUILD_ID},
    "context": 0,
    "attachment_size_limit": 1,
}


def _json(content: object, status: int = 200) -> web.Response:
    """A JSON response with exactly the content type that discord.py looks for."""
    body = json.dumps(content).encode()
    return web.Response(body=body, status=status, headers={"Content-Type": "application/json"})


def _registered(commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The commands as Discord returns them: with ids, and permissions as text."""
    added = {"application_id": APPLICATION_ID, "version": "1", "nsfw": False}
    registered = [{"id": str(number), **command, **added} for number, command in enumerate(commands, 1)]
    for command in registered:
        permissions = command.get("default_member_permissions")
        command["default_member_permissions"] = None if permissions is None else str(permissions)
    return registered


def _ready(shard: list[int]) -> dict[str, Any]:
    return {
        "v": 10,
        "user": _USER,
        "guilds": [{"id": GUILD_ID, "unavailable": True}],
        "session_id": "session",
        "resume_gateway_url": _UNUSED_GATEWAY_URL,
        "application": {"id": APPLICATION_ID, "flags": 0},
        "shard": shard,
    }


class DiscordStandIn:
    """The fake Discord, with queues of the bodies that the bot has sent.

    `callbacks` are first responses to interactions, `edits` change those responses, `followups` come after
    them, and `message_edits` change the bot's messages without an interaction.
    """

    def __init__(self) -> None:
        self.url = ""
        self.permissions = "0"
        """Those of the members whose interactions the bot gets, as Discord writes them."""
        self.identified: list[dict[str, Any]] = []
        self.synced: list[list[dict[str, Any]]] = []
        self.synced_guilds: list[tuple[str, list[dict[str, Any]]]] = []
        self.remaining_starts = 1000
        self.callbacks: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.edits: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.followups: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.message_edits: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.ready = asyncio.Event()
        self.resumed = asyncio.Event()
        self.close_code: int | None = None
        self.refuses_connections = False
        """True if the gateway responds to every connection with status 503."""
        self.ignores_sessions = False
        """True if the gateway accepts connections, and neither starts nor resumes their sessions."""
        self.session_ignored = asyncio.Event()
        self._socket: web.WebSocketResponse | None = None
        self._interactions = 0

    @property
    def gateway_url(self) -> str:
        return self.url.replace("http", "ws") + "/gateway"

    def application(self) -> web.Application:
        application = web.Application()
        application.add_routes(
            [
                web.get("/api/v10/users/@me", self._me),
                web.get("/api/v10/oauth2/applications/@me", self._application),
                web.get("/api/v10/gateway/bot", self._gateway_bot),
                web.get("/api/v10/applications/{id}/commands", self._get_commands),
                web.put("/api/v10/applications/{id}/commands", self._sync),
                web.put("/api/v10/applications/{id}/guilds/{guild}/commands", self._sync_guild),
                web.post("/api/v10/interactions/{id}/{token}/callback", self._callback),
                web.patch("/api/v10/webhooks/{id}/{token}/messages/@original", self._edit),
                web.get("/api/v10/webhooks/{id}/{token}/messages/@original", self._original),
                web.post("/api/v10/webhooks/{id}/{token}", self._followup),
                web.patch("/api/v10/channels/{id}/messages/{message_id}", self._edit_message),
                web.get("/gateway", self._gateway),
            ]
        )
        return application

    async def _me(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bot {TOKEN}":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        return _json(_USER)

    async def _application(self, _: web.Request) -> web.Response:
        return _json(_APPLICATION)

    async def _gateway_bot(self, _: web.Request) -> web.Response:
        limits = {"total": 1000, "remaining": self.remaining_starts, "reset_after": 0, "max_concurrency": 1}
        return _json({"url": _UNUSED_GATEWAY_URL, "shards": 1, "session_start_limit": limits})

    async def _get_commands(self, _: web.Request) -> web.Response:
        return _json(_registered(self.synced[-1] if self.synced else []))

    async def _sync(self, request: web.Request) -> web.Response:
        commands = await request.json()
        self.synced.append(commands)
        return _json(_registered(commands))

    async def _sync_guild(self, request: web.Request) -> web.Response:
        commands = await request.json()
        self.synced_guilds.append((request.match_info["guild"], commands))
        return _json(_registered(commands))

    async def _callback(self, request: web.Request) -> web.Response:
        self.callbacks.put_nowait(await request.json())
        if "with_response" not in request.query:
            return web.Response(status=204)
        interaction = {"id": request.match_info["id"], "type": 2}
        resource = {"type": 4, "message": _MESSAGE}
        return _json({"interaction": interaction, "resource": resource})

    async def _edit(self, request: web.Request) -> web.Response:
        self.edits.put_nowait(await request.json())
        return _json(_MESSAGE)

    async def _original(self, _: web.Request) -> web.Response:
        return _json(_MESSAGE)

    async def _followup(self, request: web.Request) -> web.Response:
        self.followups.put_nowait(await request.json())
        return _json(_MESSAGE)

    async def _edit_message(self, request: web.Request) -> web.Response:
        self.message_edits.put_nowait(await request.json())
        return _json(_MESSAGE)

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        if self.refuses_connections:
            raise web.HTTPServiceUnavailable
        self._socket = socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}, "s": None, "t": None})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._handle(socket, message.json())
        self.close_code = socket.close_code
        return socket

    async def _handle(self, socket: web.WebSocketResponse, payload: dict[str, Any]) -> None:
        if payload["op"] == 1:
            await socket.send_json({"op": 11, "d": None, "s": None, "t": None})
        elif self.ignores_sessions:
            self.session_ignored.set()
        elif payload["op"] == 2:
            self.identified.append(payload["d"])
            await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": _ready(payload["d"]["shard"])})
            self.ready.set()
        elif payload["op"] == 6:
            self.resumed.set()
            await socket.send_json({"op": 0, "t": "RESUMED", "s": 2, "d": {}})

    async def answer(self) -> dict[str, Any]:
        """The final response to the next interaction that the bot responds to."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            callback = await self.callbacks.get()
            is_deferred = callback["type"] in {5, 6}
            return dict(await self.edits.get() if is_deferred else callback.get("data", {}))

    async def close_gateway(self) -> None:
        """Close the gateway connection with a code after which the bot resumes its session."""
        assert self._socket is not None
        await self._socket.close(code=4000)

    async def command(self, name: str, /, **options: Any) -> None:
        """Send the bot a member's slash command; `name` is "group command" for one in a group."""
        values = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
        root, _, below = name.partition(" ")
        if below:
            values = [{"name": below, "type": 1, "options": values}]
        await self._interact(type=2, data={"id": "1", "name": root, "type": 1, "options": values})

    async def press(self, custom_id: str, *, member_id: str = MEMBER_ID) -> None:
        """Send the bot a member's button press on one of its messages."""
        button = {"type": 2, "style": 2, "label": "x", "custom_id": custom_id}
        message = {**_MESSAGE, "components": [{"type": 1, "components": [button]}]}
        data = {"component_type": 2, "custom_id": custom_id}
        await self._interact(member_id, type=3, data=data, message=message)

    async def suggest(self, name: str, option: str, typed: str) -> None:
        """Send the bot an autocomplete request for what a member has `typed` into `option`."""
        options = [{"name": option, "type": 3, "value": typed, "focused": True}]
        await self._interact(type=4, data={"id": "1", "name": name, "type": 1, "options": options})

    async def choose(self, custom_id: str, *values: str, member_id: str = MEMBER_ID) -> None:
        """Send the bot a member's choice in a menu of one of its messages."""
        options = [{"label": value, "value": value} for value in values]
        menu = {"type": 3, "custom_id": custom_id, "options": options, "max_values": len(options)}
        message = {**_MESSAGE, "components": [{"type": 1, "components": [menu]}]}
        data = {"component_type": 3, "custom_id": custom_id, "values": list(values)}
        await self._interact(member_id, type=3, data=data, message=message)

    async def _interact(self, member_id: str = MEMBER_ID, **kind: Any) -> None:
        assert self._socket is not None
        self._interactions += 1
        user = {**_INTERACTION["member"]["user"], "id": member_id}
        member = {"member": {**_INTERACTION["member"], "user": user, "permissions": self.permissions}}
        interaction = {**_INTERACTION, **member, **kind, "id": str(910000000000000000 + self._interactions)}
        await self._socket.send_json({"op": 0, "t": "INTERACTION_CREATE", "s": 2, "d": interaction})


@asynccontextmanager
async def discord_stand_in() -> AsyncIterator[DiscordStandIn]:
    stand_in = DiscordStandIn()
    async with serving_application(stand_in.application()) as stand_in.url:
        yield stand_in

"""The one module that touches private parts of discord.py. `verify` checks them when it is imported."""

from typing import Any, Final

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.state import AutoShardedConnectionState, ConnectionState
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.private_api import PrivateUse, verify

CHECKED_VERSION: Final = "2.7.1"
"""The release of discord.py for which USES were looked up; pyproject.toml allows no other."""

USES: Final = (
    PrivateUse(Route, "BASE", "DISCORD_API_URL"),
    PrivateUse(DiscordWebSocket, "from_client", "DISCORD_GATEWAY_URL", frozenset({"client", "gateway"})),
    PrivateUse(discord.Client, "__init__", "a client's event parsers", sets=frozenset({"_connection"})),
    PrivateUse(ConnectionState, "__init__", "a client's event parsers", sets=frozenset({"parsers"})),
    PrivateUse(AutoShardedConnectionState, "parse_ready", "no guild cache", frozenset({"data"})),
    PrivateUse(ConnectionState, "parse_interaction_create", "presses without message", frozenset({"data"})),
    PrivateUse(
        AsyncWebhookAdapter,
        "create_interaction_response",
        "responses without echo",
        frozenset({"interaction_id", "token", "session", "params"}),
    ),
    PrivateUse(AsyncWebhookAdapter, "request", "responses without echo", frozenset({"route", "payload"})),
    PrivateUse(app_commands.Command, "to_dict", "the payload of a sync", frozenset({"tree"})),
    PrivateUse(app_commands.Group, "to_dict", "the payload of a sync", frozenset({"tree"})),
    PrivateUse(discord.ui.View, "to_components", "comparing a post with its last edit"),
)

verify("discord.py", CHECKED_VERSION, USES)

_create_interaction_response: Final = AsyncWebhookAdapter.create_interaction_response


def install(client: discord.Client) -> None:
    """Apply every patch that needs no setting. Bot calls it, so tests and the demo run with them too."""
    AsyncWebhookAdapter.create_interaction_response = _respond_without_echo  # type: ignore[method-assign]
    _keep_no_guilds(client)
    _drop_messages_of_presses(client)


def use_api(url: str) -> None:
    """Send every REST request of this process to `url`, which ends in the API's version."""
    Route.BASE = url


def use_gateway(url: str) -> None:
    """Open every gateway connection of this process to `url`, also those that resume a session."""
    connect = DiscordWebSocket.from_client.__func__  # type: ignore[attr-defined]

    async def from_client(cls: type, client: discord.Client, **options: object) -> object:
        return await connect(cls, client, **options | {"gateway": yarl.URL(url)})

    DiscordWebSocket.from_client = classmethod(from_client)  # type: ignore[method-assign, assignment, arg-type]


async def _respond_without_echo(
    self: AsyncWebhookAdapter, interaction_id: int, token: str, *, params: Any, **options: Any
) -> Any:
    """Respond to an interaction without asking Discord to send the message back.

    Nothing here reads the echo, and it costs about a quarter of the CPU of a response that is cached.
    """
    if params.files:
        return await _create_interaction_response(self, interaction_id, token, params=params, **options)
    path = "/interactions/{webhook_id}/{webhook_token}/callback"
    route = Route("POST", path, webhook_id=interaction_id, webhook_token=token)
    await self.request(route, payload=params.payload, **options)
    return {"interaction": {"id": interaction_id, "type": 2}}


def _keep_no_guilds(client: discord.Client) -> None:
    """Leave out the guilds that READY names: 1.3 KB each, and an interaction brings its own."""
    parsers = client._connection.parsers  # noqa: SLF001 (in USES)
    parse_ready = parsers["READY"]
    parsers["READY"] = lambda data: parse_ready({**data, "guilds": []})


def _drop_messages_of_presses(client: discord.Client) -> None:
    """Leave out the embeds and components of a pressed message: parsing them is a seventh of a press."""
    parsers = client._connection.parsers  # noqa: SLF001 (in USES)
    parse = parsers["INTERACTION_CREATE"]

    def parse_without_message(data: Any) -> None:
        if "message" in data:
            data["message"] |= {"embeds": [], "components": []}
        parse(data)

    parsers["INTERACTION_CREATE"] = parse_without_message

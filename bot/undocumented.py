"""The one place that relies on what discord.py does not document. Written for 2.7."""

import asyncio
from typing import Final

import yarl
from discord import Client, VoiceClient
from discord.gateway import DiscordWebSocket
from discord.http import Route

_ANSWERING: Final = ("CommandTree-invoker", "discord-ui-")
"""How discord.py names the tasks that run commands and buttons."""


def use_api(url: str) -> None:
    """Send every REST request of this process to `url`, which ends in the API's version."""
    Route.BASE = url


def use_gateway(client: Client, url: str) -> None:
    """Open every gateway connection to `url`, whatever Discord names; how many, Discord still says."""
    asked = client.http.get_bot_gateway

    async def get_bot_gateway() -> object:
        shard_count, _, limits = await asked()
        return shard_count, url, limits

    client.http.get_bot_gateway = get_bot_gateway  # type: ignore[method-assign, assignment]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)


def expect_no_voice() -> None:
    """Keep discord.py from warning at every start that it can't speak."""
    VoiceClient.warn_nacl = False
    VoiceClient.warn_dave = False


def answers_under_way() -> set[asyncio.Task[object]]:
    """The commands and presses that are being answered right now."""
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(_ANSWERING)}

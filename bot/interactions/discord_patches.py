"""The one place that relies on what discord.py does not document. Written for 2.7."""

import asyncio
import re
from collections.abc import Callable
from typing import Any, Final

import yarl
from discord import Client, Interaction, VoiceClient
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.ui import Button
from discord.ui.view import ViewStore
from discord.webhook.async_ import AsyncWebhookAdapter

_ANSWERING: Final = ("CommandTree-invoker", "discord-ui-")
"""How discord.py names the tasks that run commands and buttons."""


def use_api(url: str) -> None:
    """Send every REST request of this process to `url`, which ends in the API's version."""
    Route.BASE = url


def use_gateway(url: str) -> None:
    """Open every gateway connection of this process to `url`, whatever Discord names, resumed ones too."""
    connect = DiscordWebSocket.from_client.__func__  # type: ignore[attr-defined]

    async def from_client(cls: type, client: Client, **options: object) -> object:
        return await connect(cls, client, **options | {"gateway": yarl.URL(url)})

    DiscordWebSocket.from_client = classmethod(from_client)  # type: ignore[method-assign, assignment, arg-type]


async def known_commands(client: Client) -> list[dict[str, Any]]:
    """The commands that Discord knows of, word for word; discord.py's own reading of them loses some."""
    return list(map(dict, await client.http.get_global_commands(client.application_id or 0)))


def expect_no_voice() -> None:
    """Keep discord.py from warning at every start that it can't speak."""
    VoiceClient.warn_nacl = False
    VoiceClient.warn_dave = False


def keep_no_guilds(client: Client) -> None:
    """Let go of the guilds that READY names: 1.3 KB each, though without intents nothing comes of them."""
    parsers = client._connection.parsers  # noqa: SLF001
    parse_ready = parsers["READY"]
    parsers["READY"] = lambda session: parse_ready({**session, "guilds": []})


def expect_no_echo() -> None:
    """Let Discord take an answer to an interaction without sending it back: nobody here reads it."""
    create = AsyncWebhookAdapter.create_interaction_response

    async def create_without_echo(
        self: AsyncWebhookAdapter, interaction_id: int, token: str, *, params: Any, **options: Any
    ) -> Any:
        if params.files:
            return await create(self, interaction_id, token, params=params, **options)
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        route = Route("POST", path, webhook_id=interaction_id, webhook_token=token)
        await self.request(route, payload=params.payload, **options)
        return {"interaction": {"id": interaction_id, "type": 2}}

    AsyncWebhookAdapter.create_interaction_response = create_without_echo  # type: ignore[method-assign]


def read_presses_without_their_message(client: Client) -> None:
    """Leave aside what the message of a press shows: nobody here looks at it, and reading it takes long."""
    parsers = client._connection.parsers  # noqa: SLF001
    parse = parsers["INTERACTION_CREATE"]

    def parse_barely(interaction: Any) -> None:
        if "message" in interaction:
            interaction["message"] |= {"embeds": [], "components": []}
        parse(interaction)

    parsers["INTERACTION_CREATE"] = parse_barely


def find_pressed_by_id_alone() -> None:
    """Make the item that was pressed from its id, without building all others of its message first.

    That takes longer than all else that a press leads to; our items need nothing of it.
    """

    async def call(
        _: ViewStore, __: int, kind: type[Any], interaction: Interaction[Any], ___: str, match: re.Match[str]
    ) -> None:
        item = await kind.from_custom_id(interaction, Button(), match)
        item._refresh_state(interaction, interaction.data)  # noqa: SLF001
        if await item.interaction_check(interaction):
            await item.callback(interaction)

    ViewStore.schedule_dynamic_item_call = call  # type: ignore[method-assign, assignment]


def note_answers(noted: Callable[[], None]) -> None:
    """Call `noted`, in the task that answers, whenever Discord has taken the first answer to an interaction.

    aiohttp's own tracing would tell as well, but for every request, and takes far longer.
    """
    create = AsyncWebhookAdapter.create_interaction_response

    async def create_and_note(self: AsyncWebhookAdapter, *arguments: Any, **options: Any) -> Any:
        answer = await create(self, *arguments, **options)
        noted()
        return answer

    AsyncWebhookAdapter.create_interaction_response = create_and_note  # type: ignore[method-assign]


def answers_under_way() -> set[asyncio.Task[object]]:
    """The commands and presses that are being answered right now."""
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(_ANSWERING)}

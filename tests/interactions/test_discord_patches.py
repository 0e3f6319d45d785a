"""The patches of discord.py: the simulated tests run with those that production runs with."""

import discord
import pytest

from bot.interactions.discord_patches import use_api, use_gateway
from tests.support.members import press, shown, titles
from tests.support.world import World


async def test_responses_ask_for_no_echo(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")

    callbacks = [request for request in world.sent() if request.path.endswith("/callback")]
    assert [request.params for request in callbacks] == [{}]


async def test_no_guild_is_cached(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    await world.restart()

    assert list(world.bot.guilds) == []


async def test_a_press_is_answered_though_its_message_is_dropped(world: World) -> None:
    seen: list[discord.Message | None] = []

    async def on_interaction(interaction: discord.Interaction) -> None:
        seen.append(interaction.message)

    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    world.bot.add_listener(on_interaction)
    turned = shown(await press(world.noor, answer, "▶"))

    (message,) = seen
    assert message is not None
    assert (message.components, message.embeds) == ([], [])
    assert titles(turned) == [f"Track {number}" for number in range(5, 10)]


def test_another_address_of_the_api_holds_for_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    use_api("http://127.0.0.1:9/api/v10")

    assert discord.http.Route("GET", "/gateway").url == "http://127.0.0.1:9/api/v10/gateway"


async def test_another_gateway_holds_for_resumed_sessions_too(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []

    class Gateway:
        @classmethod
        async def from_client(cls, _: object, *, gateway: object, resume: bool) -> None:
            opened.append((str(gateway), resume))

    monkeypatch.setattr("bot.interactions.discord_patches.DiscordWebSocket", Gateway)
    use_gateway("ws://127.0.0.1:9/")
    await Gateway.from_client(object(), gateway="wss://gateway.discord.gg", resume=True)

    assert opened == [("ws://127.0.0.1:9/", True)]

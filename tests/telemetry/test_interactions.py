"""Interaction records: a log line for each interaction, with its outcome and origin, without the member."""

import asyncio
import json
import logging
import re
import signal
from typing import Any

import httpx
import pytest
import simcord

from bot.interactions.services import Interaction
from bot.telemetry.interactions import InteractionRecord
from tests.support.command_line import output, process, wait_until_ready
from tests.support.discord_stand_in import MEMBER_ID, TOKEN, DiscordStandIn
from tests.support.members import press, shown
from tests.support.world import Service, World


@pytest.fixture(autouse=True)
def _at_info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.telemetry.interactions")


def fields(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """The fields of each interaction's line."""
    return [record.msg.fields for record in caplog.records if isinstance(record.msg, InteractionRecord)]


async def test_line_has_the_origin_of_the_results(
    world: World, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await press(world.noor, message, "▶")
    await world.restart()
    await world.noor.slash(world.channel, "music", query="calm")
    service.reply(500)
    await world.mika.slash(world.channel, "music", query="track")
    await world.mika.autocomplete(world.channel, "music", "tempo", "128", query="x")

    assert [line.get("origin") for line in fields(caplog)] == ["asked", "memory", "stored", "tracks", None]
    names = [line["command"] for line in fields(caplog)]
    assert names == ["/music", "PageButton", "/music", "/music", "/music"]
    assert {line["outcome"] for line in fields(caplog)} == {"answered"}
    assert str(world.mika.id) not in caplog.text.replace("Guilds intent", "")


async def test_line_of_a_bug_has_the_reference_that_the_member_reads(
    world: World, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise LookupError("a bug")

    service.handler = fail
    result = await world.mika.slash(world.channel, "music", query="calm")
    simcord.assert_error(world.env, LookupError)
    (line,) = fields(caplog)

    assert line["outcome"] == "LookupError"
    assert line["reference"] in shown(result).content


async def test_line_of_a_refused_command_has_the_name_of_the_error(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.mika.slash(world.channel, "more")
    simcord.assert_error(world.env)

    assert [(line["command"], line["outcome"]) for line in fields(caplog)] == [("/more", "Refused")]


async def test_press_of_an_unknown_button_has_a_line(world: World, caplog: pytest.LogCaptureFixture) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    stored = world.env.backend.get_message(message.channel_id, message.id)
    stored.components[0]["components"][1]["custom_id"] = "of:another:version"
    await world.mika.click(message.message, custom_id="of:another:version")
    await world.env.advance_time(2)

    last = fields(caplog)[-1]
    assert (last["interaction"], last["command"], last["outcome"]) == ("component", "unknown", "Refused")


async def test_json_log_has_one_object_for_each_interaction(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment | {"LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG"}) as bot:
        await wait_until_ready(discord)
        for query in ("chill lo-fi beats", "chill lo-fi beats", "chill lo-fi beats", "  "):
            await discord.command("music", query=query)
            await discord.answer()
        await discord.suggest("music", "tempo", "128")
        await discord.answer()
        bot.send_signal(signal.SIGTERM)
        log = await output(bot)
    lines = [json.loads(line) for line in log.splitlines()]
    lines = [line for line in lines if "interaction" in line]

    kinds = [line["interaction"] for line in lines]
    assert kinds == [*["application_command"] * 4, "autocomplete"]
    assert [line["outcome"] for line in lines] == ["answered", "answered", "answered", "Refused", "answered"]
    assert [line.get("origin") for line in lines] == ["asked", "memory", "memory", None, None]
    assert all(line["command"] == "/music" and line["level"] == "INFO" for line in lines)
    assert all(0 < line["first_seconds"] <= line["seconds"] for line in lines)
    assert [secret for secret in (TOKEN, "the-key", "interaction-token", MEMBER_ID) if secret in log] == []


async def test_text_log_has_one_readable_line_for_each_interaction(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment) as bot:
        await wait_until_ready(discord)
        await discord.command("music", query="chill lo-fi beats")
        await discord.answer()
        await discord.suggest("music", "tempo", "128")
        await discord.answer()
        bot.send_signal(signal.SIGTERM)
        log = await output(bot)

    search, autocomplete = [line for line in log.splitlines() if "/music" in line]
    milliseconds = r"in \d+ ms, first response after \d+ ms"
    assert re.fullmatch(rf"\d{{4}}-.* INFO .*: /music: answered {milliseconds}, origin asked", search)
    assert re.fullmatch(
        rf"\d{{4}}-.* INFO .*: /music \(autocomplete\): answered {milliseconds}", autocomplete
    )


async def test_a_cancelled_press_is_recorded_as_cancelled(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))

    async def show_page(interaction: Interaction, *_: int) -> None:
        await interaction.response.defer()
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(0)

    monkeypatch.setattr(world.bot.search_service, "show_page", show_page)
    await press(world.mika, answer, "▶")

    last = fields(caplog)[-1]
    assert (last["command"], last["outcome"]) == ("PageButton", "cancelled")

"""Failures of Discord: none ends the bot, and each is one log line that names the cause."""

import logging

import discord
import pytest
import simcord

from bot.telemetry.logs import set_up_logging
from tests.support.members import button, press, shown, titles
from tests.support.world import Pauses, Service, World

CALLBACK = "/interactions/*/*/callback"
ORIGINAL = "/webhooks/*/*/messages/@original"

FAULTS = [(404, 10062), (400, 40060), (400, 50035), (403, 50013), (429, 0), (500, 0), (404, 10015)]


def causes(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The bot's own log lines from WARNING up."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING and record.name.startswith("bot.")
    ]


def no_traces(caplog: pytest.LogCaptureFixture) -> bool:
    return not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize(("status", "code"), FAULTS)
async def test_a_callback_that_fails_is_one_line_and_the_next_command_works(
    world: World, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    world.env.inject_error("POST", CALLBACK, status=status, code=code, message="injected", times=2)
    await world.mika.slash(world.channel, "music", query="calm")
    simcord.assert_error(world.env, discord.HTTPException)
    world.env.backend.faults.clear()
    again = await world.mika.slash(world.channel, "music", query="calm")

    assert titles(shown(again))[0] == "Track 0"
    lines = [line for line in causes(caplog) if "did not take" in line]
    assert len(lines) == 1
    assert "injected" in lines[0]
    assert no_traces(caplog)


@pytest.mark.parametrize(("status", "code"), FAULTS)
async def test_a_defer_that_fails_loses_nothing_that_was_paid_for(
    world: World,
    service: Service,
    pauses: Pauses,
    caplog: pytest.LogCaptureFixture,
    status: int,
    code: int,
) -> None:
    pauses.defer_every_search()
    world.env.inject_error("POST", CALLBACK, status=status, code=code, message="injected", times=2)
    await world.mika.slash(world.channel, "music", query="calm")
    simcord.assert_error(world.env, discord.HTTPException)
    world.env.backend.faults.clear()
    again = await world.mika.slash(world.channel, "more")

    assert "page 1 of 8" in shown(again).content
    assert len(service.requests) == 1
    assert no_traces(caplog)


@pytest.mark.parametrize(("status", "code"), FAULTS)
async def test_an_edit_that_fails_is_one_line_and_the_position_is_kept(
    world: World, pauses: Pauses, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    pauses.defer_every_search()
    world.env.inject_error("PATCH", ORIGINAL, status=status, code=code, message="injected", times=3)
    await world.mika.slash(world.channel, "music", query="calm")
    simcord.assert_error(world.env, discord.HTTPException)
    world.env.backend.faults.clear()
    more = await world.mika.slash(world.channel, "more")

    assert "page 1 of 8" in shown(more).content
    assert sum("did not take" in line for line in causes(caplog)) == 1
    assert no_traces(caplog)


async def test_pictures_that_discord_refuses_are_left_out_the_second_time(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    world.env.inject_error("POST", CALLBACK, status=400, code=50035, message="Not a well formed URL")
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    assert titles(message)[0] == "Track 0"
    assert all(embed.thumbnail.url is None for embed in message.embeds)
    assert len(causes(caplog)) == 1
    assert "without thumbnails" in causes(caplog)[0]


async def test_pictures_refused_in_a_deferred_answer_are_left_out_too(world: World, pauses: Pauses) -> None:
    pauses.defer_every_search()
    world.env.inject_error("PATCH", ORIGINAL, status=400, code=50035, message="Not a well formed URL")
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    assert titles(message)[0] == "Track 0"
    assert all(embed.thumbnail.url is None for embed in message.embeds)


async def test_a_message_that_is_gone_when_its_button_is_pressed_is_said(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    world.env.inject_error("POST", CALLBACK, status=404, code=10008, message="Unknown Message")
    result = await world.noor.click(message.message, custom_id=button(message, "▶"))

    assert result.ephemeral
    assert shown(result).content == "This message was deleted. Please run the command again."
    assert sum("Unknown Message" in line for line in causes(caplog)) == 1


async def test_an_error_that_cannot_be_told_is_one_line(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("POST", CALLBACK, status=500, message="injected", times=None)
    await world.mika.slash(world.channel, "music", query=" ")
    simcord.assert_error(world.env)

    assert [line for line in causes(caplog) if "did not take the error reply" in line] == causes(caplog)
    assert len(causes(caplog)) == 1


async def test_a_press_survives_a_fault(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    world.env.inject_error("POST", CALLBACK, status=500, times=2)
    await world.noor.click(message.message, custom_id=button(message, "▶"))
    world.env.backend.faults.clear()

    assert titles(shown(await press(world.noor, message, "▶")))[0] == "Track 5"


async def test_autocomplete_that_cannot_be_sent_is_one_line_that_names_nobody(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    set_up_logging("INFO")
    world.env.inject_error("POST", CALLBACK, status=404, code=10062, message="injected")
    await world.mika.autocomplete(world.channel, "music", "tempo", "1", query="x")
    lines = [record.getMessage() for record in caplog.records if "injected" in record.getMessage()]

    assert len(lines) == 1
    assert str(world.mika.id) not in caplog.text
    assert no_traces(caplog)
    assert await world.mika.autocomplete(world.channel, "music", "tempo", "128", query="x")

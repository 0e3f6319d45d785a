"""The demo: the real bot answers in the simulated Discord, and the command serves its page until Ctrl+C."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.config import Config
from bot.demo.simulation import Simulation, search_api, simulated_bot, simulated_discord
from bot.errors import OperatorError, QueryRefused
from tests.support.command_line import PATIENCE_SECONDS, process
from tests.support.members import press, private_reply, shown, titles

NO_SETTINGS: dict[str, str] = {}


@asynccontextmanager
async def running_simulation() -> AsyncIterator[Simulation]:
    """Not a fixture: SimCord has to be entered and left in the same context, and fixtures have others."""
    async with (
        search_api(*Config.read(NO_SETTINGS)) as (url, key),
        simulated_bot(url, key) as (bot, pauses),
        simulated_discord(bot, pauses) as simulation,
    ):
        yield simulation


async def test_members_search_the_offline_catalogue_and_page_on() -> None:
    async with running_simulation() as simulation:
        mika, noor, _ = simulation.members
        page = shown(await mika.slash(simulation.channel, "music", query="chill lo-fi beats"))
        first = titles(page)
        page = shown(await press(noor, page, "▶"))
        second = titles(page)

    assert len(first) == len(second) == 5
    assert set(first).isdisjoint(second)
    assert "page 2 of" in page.content


async def test_simulated_error_is_replied_as_in_a_real_server() -> None:
    async with running_simulation() as simulation:
        mika, _, _ = simulation.members
        reply = private_reply(await mika.slash(simulation.channel, "music", query="simulate 400"))

    assert (reply.content, titles(reply)) == (QueryRefused.sentence, [])


async def test_only_sam_is_a_moderator() -> None:
    async with running_simulation() as simulation:
        mika, _, sam = simulation.members
        embeds = [len(titles(shown(await each.slash(simulation.channel, "help")))) for each in (mika, sam)]

    assert embeds == [1, 2]


async def test_settings_with_a_key_choose_audioscape_itself() -> None:
    settings = {"AUDIOSCAPE_API_KEY": "my-key", "AUDIOSCAPE_API_URL": "https://api.test/v1/"}
    async with search_api(*Config.read(settings)) as (url, key):
        assert (url, key) == ("https://api.test/v1", "my-key")


@pytest.mark.parametrize("wrong", [{"AUDIOSCAPE_API_KEY": "two words"}, {"AUDIOSCAPE_API_URL": "api.test"}])
async def test_wrong_setting_of_audioscape_is_named_without_its_value(wrong: dict[str, str]) -> None:
    (name,) = wrong
    with pytest.raises(OperatorError, match=name) as error:
        async with search_api(*Config.read({"AUDIOSCAPE_API_KEY": "my-key"} | wrong)):
            pass

    assert wrong[name] not in str(error.value)


async def test_demo_serves_its_page_until_it_is_interrupted() -> None:
    async with process(NO_SETTINGS, "demo") as demo:
        assert demo.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            welcome = (await demo.stdout.readuntil(b"Ctrl+C")).decode()
            address = re.search(r"http://127\.0\.0\.1:\d+/", welcome)
            assert address is not None
            async with aiohttp.ClientSession() as session, session.get(address[0]) as page:
                html = await page.text()
            demo.send_signal(signal.SIGINT)
            rest, _ = await demo.communicate()

    assert "with an offline catalogue of invented music" in welcome
    assert (page.status, "<html" in html) == (200, True)
    assert (demo.returncode, rest) == (0, b" to stop the demo.\n\n")


async def test_demo_on_an_occupied_port_is_a_sentence() -> None:
    async with process(NO_SETTINGS, "demo") as first:
        assert first.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            welcome = (await first.stdout.readuntil(b"Ctrl+C")).decode()
            port = welcome.partition("127.0.0.1:")[2].partition("/")[0]
            async with process(NO_SETTINGS, "demo", "--port", port) as second:
                written, _ = await second.communicate()

    assert second.returncode == 1
    assert f"The demo can't be served on port {port}" in written.decode()
    assert "Traceback" not in written.decode()

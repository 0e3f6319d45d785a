"""The running process, over real sockets: it logs in, syncs, answers, stops, and survives being killed."""

import asyncio
import re
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from discord import ConnectionClosed

from bot.config import Config
from bot.operations.run import explain_login_failure
from tests.support.command_line import next_request, output, process, wait_until_ready
from tests.support.discord_stand_in import TOKEN, DiscordStandIn
from tests.support.peers import sends, serving, serving_application
from tests.support.world import answer, track


async def test_bot_logs_in_syncs_answers_and_stops_on_sigterm(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment | {"LOG_LEVEL": "DEBUG"}) as bot:
        await wait_until_ready(discord)
        await discord.command("music", query="chill lo-fi beats")
        page = await discord.answer()
        bot.send_signal(signal.SIGTERM)
        signalled_at = time.monotonic()
        log = await output(bot)

    names = {command["name"] for command in discord.synced[0]}
    assert {"music", "artist", "more", "budget", "budget-set"} <= names
    assert discord.identified[0]["intents"] == 0
    assert len(page["embeds"]) == 5
    assert bot.returncode == 0
    assert time.monotonic() - signalled_at < 5
    assert discord.close_code == 1000
    assert TOKEN not in log
    assert "the-key" not in log


async def test_commands_are_synced_only_when_they_changed(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    for _ in range(2):
        async with process(environment) as bot:
            await wait_until_ready(discord)
            bot.send_signal(signal.SIGINT)
            await output(bot)
            assert bot.returncode == 0

    assert len(discord.synced) == 1


async def test_search_goes_on_at_its_page_after_a_sigkill(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment) as bot:
        await wait_until_ready(discord)
        await discord.command("music", query="chill lo-fi beats")
        await discord.answer()
        await discord.command("more")
        second = await discord.answer()
        bot.kill()
        await output(bot)
    async with process(environment):
        await wait_until_ready(discord)
        await discord.command("more")
        third = await discord.answer()

    assert "page 2 of" in second["content"]
    assert "page 3 of" in third["content"]


async def test_two_presses_at_once_of_an_unknown_page_share_one_request(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment | {"GUILD_BUDGET": "2/day"}) as bot:
        await wait_until_ready(discord)
        await discord.command("music", query="dark")
        await discord.answer()
        await asyncio.gather(discord.press("page:1:21"), discord.press("page:1:21"))
        pages = [await discord.answer() for _ in range(2)]
        bot.send_signal(signal.SIGTERM)
        await output(bot)

    assert ["page 21 of" in page["content"] for page in pages] == [True, True]


class CountingSearchApi:
    """A search API that gives every query the same response, and counts its requests."""

    def __init__(self) -> None:
        self.requests = 0

    async def search(self, _: web.Request) -> web.Response:
        self.requests += 1
        return web.json_response(answer([track(number) for number in range(7)]))


@pytest.fixture
async def search_api(environment: dict[str, str]) -> AsyncIterator[CountingSearchApi]:
    search_api = CountingSearchApi()
    application = web.Application()
    application.router.add_post("/search", search_api.search)
    async with serving_application(application) as environment["AUDIOSCAPE_API_URL"]:
        yield search_api


async def test_two_hundred_commands_at_once_on_a_budget_of_twenty_make_twenty_requests(
    discord: DiscordStandIn, environment: dict[str, str], search_api: CountingSearchApi
) -> None:
    budgets = {"GUILD_BUDGET": "20/day", "MEMBER_BUDGET": "1000/day", "KEY_BUDGET": "1000/day"}
    async with process(environment | budgets) as bot:
        await wait_until_ready(discord)
        for number in range(200):
            await discord.command("music", query=f"search {number}")
        answers = [await discord.answer() for _ in range(200)]
        bot.kill()
        await output(bot)
    async with process(environment | budgets):
        await wait_until_ready(discord)
        await discord.command("music", query="after the restart")
        later = await discord.answer()

    refusals = [answer for answer in answers if not answer.get("embeds")]
    pages = [answer for answer in answers if answer.get("embeds")]
    assert len(refusals) == 180
    contents = [refusal["content"] for refusal in refusals]
    assert ["This server has used up" in content for content in contents].count(True) == 1
    assert all(re.search(r"<t:\d+:R>", content) for content in contents)
    assert all(refusal["flags"] & 64 for refusal in refusals)
    assert all(len(page["embeds"]) == 5 for page in pages)
    assert "This server has used up" in later["content"]
    assert search_api.requests == 20


async def test_fifty_identical_searches_at_once_make_one_request(
    discord: DiscordStandIn, environment: dict[str, str], search_api: CountingSearchApi
) -> None:
    async with process(environment | {"GUILD_BUDGET": "1/day"}):
        await wait_until_ready(discord)
        for _ in range(50):
            await discord.command("music", query="the same")
        answers = [await discord.answer() for _ in range(50)]

    assert {len(answer["embeds"]) for answer in answers} == {5}
    assert search_api.requests == 1


async def test_lost_connection_is_resumed_at_the_configured_gateway(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment):
        await wait_until_ready(discord)
        await discord.close_gateway()
        async with asyncio.timeout(20):
            await discord.resumed.wait()
        await discord.command("music", query="chill lo-fi beats")
        assert len((await discord.answer())["embeds"]) == 5


async def test_server_that_is_not_discord_is_named_in_a_sentence(environment: dict[str, str]) -> None:
    body = b'["not what you think"]'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    async with serving(sends(head + body)) as url, process(environment | {"DISCORD_API_URL": url}) as bot:
        log = await output(bot)

    assert bot.returncode == 1
    assert "is not Discord" in log
    assert "Traceback" not in log


async def test_interaction_under_way_is_answered_before_the_bot_stops(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment) as bot:
        await wait_until_ready(discord)
        await discord.command("music", query="simulate slow")
        await next_request(discord.callbacks)
        bot.send_signal(signal.SIGTERM)
        signalled_at = time.monotonic()
        answer = await next_request(discord.edits)
        await output(bot)

    assert "being restarted" in answer["content"]
    assert answer["components"][0]["components"][0]["label"] == "Try again"
    assert time.monotonic() - signalled_at < 5


async def test_search_api_that_does_not_respond_is_a_reply_within_twelve_seconds(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment):
        await wait_until_ready(discord)
        sent_at = time.monotonic()
        await discord.command("music", query="simulate slow")
        async with asyncio.timeout(12):
            answer = await discord.edits.get()

    assert "taking too long" in answer["content"]
    assert time.monotonic() - sent_at < 12


async def test_key_that_audioscape_refuses_is_a_reply_and_not_logged(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment | {"AUDIOSCAPE_API_KEY": "wrong-key"}) as bot:
        await wait_until_ready(discord)
        await discord.command("music", query="chill")
        answer = await discord.answer()
        bot.send_signal(signal.SIGTERM)
        log = await output(bot)

    assert "key needs to be replaced" in answer["content"]
    assert "wrong-key" not in log


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"DISCORD_TOKEN": "not.the.token"}, "Discord refused the token"),
        ({"DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}, "Discord can't be reached"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "can't be used"),
        ({"DATABASE_URL": "sqlite:////dev/full"}, "can't be used"),
    ],
)
async def test_failed_start_is_a_sentence_and_exit_code_1(
    environment: dict[str, str], settings: dict[str, str], words: str
) -> None:
    async with process(environment | settings) as bot:
        log = await output(bot)

    assert bot.returncode == 1
    assert words in log
    assert "Traceback" not in log
    assert "not.the.token" not in log


@pytest.mark.parametrize(
    ("code", "words"), [(4004, "refused the token"), (4013, "closed the gateway connection with code 4013")]
)
def test_close_code_of_the_gateway_is_explained(code: int, words: str) -> None:
    socket: Any = SimpleNamespace(close_code=code)
    config = Config(discord_token="token", audioscape_api_key="key")

    assert words in explain_login_failure(ConnectionClosed(socket, shard_id=0), config)


async def test_damaged_database_is_not_changed(environment: dict[str, str], tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"no database at all" * 100)
    async with process(environment | {"DATABASE_URL": f"sqlite:///{damaged}"}) as bot:
        log = await output(bot)

    assert bot.returncode == 1
    assert "can't be used" in log
    assert damaged.read_bytes() == b"no database at all" * 100

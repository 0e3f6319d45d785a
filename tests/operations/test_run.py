"""The process itself, over real sockets: signing in, syncing, answering, stopping and being killed."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from tests.support.command_line import is_ready, output, process, soon
from tests.support.discord_stand_in import TOKEN, DiscordStandIn
from tests.support.peers import sends, serving
from tests.support.world import answer, track


async def test_it_signs_in_syncs_answers_and_stops_when_told(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment | {"LOG_LEVEL": "DEBUG"}) as bot:
        await is_ready(discord)
        await discord.command("music", query="chill lo-fi beats")
        page = await discord.answer()
        bot.send_signal(signal.SIGTERM)
        told_at = time.monotonic()
        log = await output(bot)

    names = {command["name"] for command in discord.synced[0]}
    assert {"music", "artist", "more", "budget", "budget-set"} <= names
    assert discord.identified[0]["intents"] == 0
    assert len(page["embeds"]) == 5
    assert bot.returncode == 0
    assert time.monotonic() - told_at < 5
    assert discord.close_code == 1000
    assert TOKEN not in log
    assert "the-key" not in log


async def test_commands_are_synced_only_when_they_changed(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    for _ in range(2):
        async with process(environment) as bot:
            await is_ready(discord)
            bot.send_signal(signal.SIGINT)
            await output(bot)
            assert bot.returncode == 0

    assert len(discord.synced) == 1


async def test_after_a_sigkill_it_goes_on_where_it_was(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment) as bot:
        await is_ready(discord)
        await discord.command("music", query="chill lo-fi beats")
        await discord.answer()
        await discord.command("more")
        second = await discord.answer()
        bot.kill()
        await output(bot)
    async with process(environment):
        await is_ready(discord)
        await discord.command("more")
        third = await discord.answer()

    assert "page 2 of" in second["content"]
    assert "page 3 of" in third["content"]


async def test_two_presses_at_once_of_a_page_that_must_be_asked_for_show_it_twice(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment | {"GUILD_BUDGET": "2/day"}) as bot:
        await is_ready(discord)
        await discord.command("music", query="dark")
        await discord.answer()
        await asyncio.gather(discord.press("page:1:21"), discord.press("page:1:21"))
        pages = [await discord.answer() for _ in range(2)]
        bot.send_signal(signal.SIGTERM)
        await output(bot)

    assert ["page 21 of" in page["content"] for page in pages] == [True, True]


class Counter:
    """A search service that answers everything alike, and counts."""

    def __init__(self) -> None:
        self.asked = 0

    async def search(self, _: web.Request) -> web.Response:
        self.asked += 1
        return web.json_response(answer([track(number) for number in range(7)]))


@pytest.fixture
async def counter(environment: dict[str, str]) -> AsyncIterator[Counter]:
    counter = Counter()
    application = web.Application()
    application.router.add_post("/search", counter.search)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    environment["AUDIOSCAPE_API_URL"] = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield counter
    await runner.cleanup()


async def test_two_hundred_commands_at_once_on_a_budget_of_twenty_are_twenty_requests(
    discord: DiscordStandIn, environment: dict[str, str], counter: Counter
) -> None:
    budgets = {"GUILD_BUDGET": "20/day", "MEMBER_BUDGET": "1000/day", "KEY_BUDGET": "1000/day"}
    async with process(environment | budgets) as bot:
        await is_ready(discord)
        for number in range(200):
            await discord.command("music", query=f"search {number}")
        answers = [await discord.answer() for _ in range(200)]
        bot.kill()
        await output(bot)
    async with process(environment | budgets):
        await is_ready(discord)
        await discord.command("music", query="after the restart")
        later = await discord.answer()

    refusals = [answer for answer in answers if not answer.get("embeds")]
    pages = [answer for answer in answers if answer.get("embeds")]
    assert len(refusals) == 180
    contents = [refusal["content"] for refusal in refusals]
    assert sum("This server has used up" in content for content in contents) >= 1
    assert all("used up" in content or "Not yet" in content for content in contents)
    assert all(refusal["flags"] & 64 for refusal in refusals)
    assert all(len(page["embeds"]) == 5 for page in pages)
    assert "This server has used up" in later["content"]
    assert counter.asked == 20


async def test_fifty_members_who_ask_the_same_at_once_are_one_request(
    discord: DiscordStandIn, environment: dict[str, str], counter: Counter
) -> None:
    async with process(environment | {"GUILD_BUDGET": "1/day"}):
        await is_ready(discord)
        for _ in range(50):
            await discord.command("music", query="the same")
        answers = [await discord.answer() for _ in range(50)]

    assert {len(answer["embeds"]) for answer in answers} == {5}
    assert counter.asked == 1


async def test_a_connection_that_is_lost_is_resumed_where_the_operator_says(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment):
        await is_ready(discord)
        await discord.hang_up()
        async with asyncio.timeout(20):
            await discord.resumed.wait()
        await discord.command("music", query="chill lo-fi beats")
        assert len((await discord.answer())["embeds"]) == 5


async def test_something_else_than_discord_is_a_sentence(environment: dict[str, str]) -> None:
    body = b'["not what you think"]'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    async with serving(sends(head + body)) as url, process(environment | {"DISCORD_API_URL": url}) as bot:
        log = await output(bot)

    assert bot.returncode == 1
    assert "is not Discord" in log
    assert "Traceback" not in log


async def test_an_answer_under_way_is_given_before_it_stops(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment) as bot:
        await is_ready(discord)
        await discord.command("music", query="simulate slow")
        await soon(discord.callbacks)
        bot.send_signal(signal.SIGTERM)
        told_at = time.monotonic()
        answer = await soon(discord.edits)
        await output(bot)

    assert "being restarted" in answer["content"]
    assert answer["components"][0]["components"][0]["label"] == "Try again"
    assert time.monotonic() - told_at < 5


async def test_a_service_that_keeps_silent_is_a_sentence_within_twelve_seconds(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment):
        await is_ready(discord)
        asked_at = time.monotonic()
        await discord.command("music", query="simulate slow")
        async with asyncio.timeout(12):
            answer = await discord.edits.get()

    assert "taking too long" in answer["content"]
    assert time.monotonic() - asked_at < 12


async def test_a_key_that_audioscape_refuses_is_told_to_members(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment | {"AUDIOSCAPE_API_KEY": "wrong-key"}) as bot:
        await is_ready(discord)
        await discord.command("music", query="chill")
        answer = await discord.answer()
        bot.send_signal(signal.SIGTERM)
        log = await output(bot)

    assert "key needs to be replaced" in answer["content"]
    assert "wrong-key" not in log


async def test_it_says_everything_that_is_missing_or_wrong_at_once() -> None:
    async with process({"GUILD_BUDGET": "lots", "LOG_LEVEL": "loud", "DATABASE_URL": "mysql://x"}) as bot:
        log = await output(bot)

    assert bot.returncode == 1
    for name in ("DISCORD_TOKEN", "AUDIOSCAPE_API_KEY", "GUILD_BUDGET", "LOG_LEVEL", "DATABASE_URL"):
        assert name in log
    assert "Traceback" not in log


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"DISCORD_TOKEN": "not.the.token"}, "Discord refused the token"),
        ({"DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}, "Discord can't be reached"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "can't be used"),
        ({"DATABASE_URL": "sqlite:////dev/full"}, "can't be used"),
    ],
)
async def test_what_keeps_it_from_starting_is_a_sentence_and_an_exit(
    environment: dict[str, str], settings: dict[str, str], words: str
) -> None:
    async with process(environment | settings) as bot:
        log = await output(bot)

    assert bot.returncode == 1
    assert words in log
    assert "Traceback" not in log
    assert "not.the.token" not in log


async def test_a_damaged_database_is_left_alone(environment: dict[str, str], tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"no database at all" * 100)
    async with process(environment | {"DATABASE_URL": f"sqlite:///{damaged}"}) as bot:
        log = await output(bot)

    assert bot.returncode == 1
    assert "can't be used" in log
    assert damaged.read_bytes() == b"no database at all" * 100

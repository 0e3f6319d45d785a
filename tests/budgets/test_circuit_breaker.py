"""CircuitBreaker: no requests while the service rejects them, and one probe a minute for a refused key."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from email.utils import formatdate
from pathlib import Path

import pytest
import simcord

from bot.budgets.circuit_breaker import CircuitBreaker
from bot.database import Database, open_database
from bot.errors import BotError, KeyRefused, QueryRefused, RateLimited
from bot.models.search import Search
from tests.support.members import shown, titles
from tests.support.searches import failed_search, find_page, search
from tests.support.world import BotFactory, Clock, Service, World


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(str(tmp_path / "circuit.db")) as database:
        yield database


@pytest.fixture
def breaker(database: Database, clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(database=database, clock=clock, wall_clock=lambda: clock.now + 1000)


async def start(breaker: CircuitBreaker) -> float:
    """Start a request that needs no payment; the moment of its start."""
    with breaker.claim_probe():
        await breaker.before_call()
    return breaker.start_call()


class TestOpenAfter429:
    async def test_every_guild_waits_until_retry_after(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        service.reply(429, headers={"Retry-After": "30"})
        first = await failed_search(world)
        service.recover()
        other = world.env.create_guild("Other server")
        stranger = other.add_member(world.env.create_user("stranger"))
        second = await stranger.slash(other.create_text_channel("music"), "music", query="loud")
        simcord.assert_error(world.env, BotError)
        clock.now += 29
        await failed_search(world)
        requests_before = len(service.requests)
        clock.now += 2

        for result in (first, second):
            content = shown(result).content
            assert "more searches from this bot than it allows. Please try again <t:" in content
        assert second.ephemeral
        assert requests_before == 1
        assert titles(await search(world))[0] == "Track 0"

    async def test_it_stays_open_over_a_restart(self, world: World, service: Service, clock: Clock) -> None:
        service.reply(429, headers={"Retry-After": "30"})
        await failed_search(world)
        service.recover()
        await world.restart()
        await failed_search(world)
        clock.now += 31
        await search(world)

        assert len(service.requests) == 2

    async def test_the_wait_is_shown_by_the_wall_clock(self, breaker: CircuitBreaker, clock: Clock) -> None:
        error = await breaker.record_failure(RateLimited(retry_after=30), 0)

        assert f"<t:{int(clock.now) + 1030}:R>" in str(error)

    async def test_without_retry_after_the_wait_doubles_up_to_five_minutes(
        self, breaker: CircuitBreaker, clock: Clock
    ) -> None:
        waits: list[float | None] = []
        for _ in range(9):
            await breaker.before_call()
            # Three responses to concurrent requests open the circuit once.
            errors = [await breaker.record_failure(RateLimited(), 0) for _ in range(3)]
            waits += {error.retry_after for error in errors if isinstance(error, RateLimited)}
            clock.now += waits[-1] or 0
        await breaker.record_success(0)
        again = await breaker.record_failure(RateLimited(), 0)

        assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]
        assert isinstance(again, RateLimited)
        assert again.retry_after == 5

    async def test_an_answer_after_a_429_ends_the_doubling(
        self, breaker: CircuitBreaker, clock: Clock
    ) -> None:
        await breaker.before_call()
        await breaker.record_failure(RateLimited(), 0)
        await breaker.record_success(0)
        clock.now += 5
        again = await breaker.record_failure(RateLimited(), 0)

        assert isinstance(again, RateLimited)
        assert again.retry_after == 5

    @pytest.mark.parametrize(
        ("header", "wait"),
        [
            ("7", 7), ("0", 5), ("-3", 5), ("soon", 5), ("", 5), ("99999999", 900), ("1e400", 900),
            (formatdate(4102444800, usegmt=True), 900), (formatdate(0, usegmt=True), 5), ("nan", 5),
        ],
    )  # fmt: skip
    async def test_every_form_of_retry_after_is_a_wait_of_15_minutes_at_most(
        self, world: World, service: Service, clock: Clock, header: str, wait: float
    ) -> None:
        service.reply(429, headers={"Retry-After": header})
        await failed_search(world)
        clock.now += wait - 0.5
        await failed_search(world)
        requests_before = len(service.requests)
        clock.now += 1
        await failed_search(world)

        assert (requests_before, len(service.requests)) == (1, 2)

    async def test_a_clock_set_back_keeps_it_open_for_15_minutes_at_most(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        service.reply(429, headers={"Retry-After": "60"})
        await failed_search(world)
        service.recover()
        clock.now -= 86400
        await failed_search(world)
        clock.now += 901
        await failed_search(world)  # a bucket that is full in the future counts as just emptied
        clock.now += 1

        assert titles(await search(world))[0] == "Track 0"


class TestHalfOpenAfter401:
    @pytest.mark.parametrize("status", [401, 403])
    async def test_one_request_a_minute_and_one_critical_log_line(
        self, world: World, service: Service, clock: Clock, caplog: pytest.LogCaptureFixture, status: int
    ) -> None:
        service.reply(status)
        contents = []
        for _ in range(13):
            contents.append(shown(await failed_search(world)).content)
            clock.now += 10
        critical = [record for record in caplog.records if record.levelno == logging.CRITICAL]

        assert len(service.requests) == 3
        assert len(critical) == 1
        assert "AUDIOSCAPE_API_KEY" in critical[0].getMessage()
        assert all("key needs to be replaced" in content for content in contents)
        assert "the-key" not in caplog.text

    async def test_ten_searches_at_once_after_a_minute_are_one_request(
        self, new_bot: BotFactory, service: Service, clock: Clock
    ) -> None:
        """Without the simulated Discord, which delivers one interaction at a time."""
        service.reply(401)
        bot = await new_bot()
        with pytest.raises(KeyRefused):
            await find_page(bot, Search("first"))
        clock.now += 61
        outcomes = await asyncio.gather(
            *(find_page(bot, Search(f"search {n}")) for n in range(10)), return_exceptions=True
        )

        assert all(isinstance(outcome, KeyRefused) for outcome in outcomes)
        assert len(service.requests) == 2

    async def test_once_the_key_works_every_search_does(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        service.reply(401)
        await failed_search(world)
        service.recover()
        clock.now += 61
        first, second = await search(world, "one"), await search(world, "two")

        assert titles(first)[0] == titles(second)[0] == "Track 0"
        assert len(service.requests) == 3

    async def test_a_released_probe_can_be_claimed_at_once(
        self, breaker: CircuitBreaker, clock: Clock
    ) -> None:
        await breaker.record_failure(KeyRefused(), await start(breaker))
        clock.now += 60
        with pytest.raises(ZeroDivisionError), breaker.claim_probe():
            raise ZeroDivisionError
        await start(breaker)

        with pytest.raises(KeyRefused):
            await start(breaker)

    async def test_a_released_probe_does_not_shorten_the_minute_after_a_newer_refusal(
        self, breaker: CircuitBreaker, clock: Clock
    ) -> None:
        started_at = await start(breaker)
        await breaker.record_failure(KeyRefused(), started_at)
        clock.now += 60
        with suppress(ZeroDivisionError), breaker.claim_probe():
            clock.now += 1
            await breaker.record_failure(KeyRefused(), started_at)
            raise ZeroDivisionError
        clock.now += 59

        with pytest.raises(KeyRefused):
            await start(breaker)
        clock.now += 1
        await start(breaker)

    async def test_a_response_to_an_earlier_request_says_nothing_of_the_key(
        self, breaker: CircuitBreaker, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        earlier = breaker.start_call()
        for _ in range(4):
            await breaker.record_failure(KeyRefused(), breaker.start_call())
            await breaker.record_success(earlier)
        with pytest.raises(KeyRefused):
            await start(breaker)
        clock.now += 61
        await breaker.record_failure(QueryRefused(), await start(breaker))
        await start(breaker)

        assert [record.levelname for record in caplog.records] == ["CRITICAL", "WARNING"]

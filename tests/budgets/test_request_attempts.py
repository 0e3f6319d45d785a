"""RequestAttempts: only answered requests are charged, whatever happens to the request or the database."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import simcord

from bot.budgets.circuit_breaker import CircuitBreaker
from bot.budgets.rate_limiter import RateLimiter
from bot.budgets.request_attempts import RequestAttempts
from bot.database import Database, open_database
from bot.errors import BudgetSpent, KeyRefused, ServiceFailed
from bot.models.rates import Limits, parse_rates
from bot.models.requester import Requester
from tests.support.members import shown, titles
from tests.support.searches import failed_search, search
from tests.support.world import Clock, Service, World, answer, track


class TestPay:
    @pytest.fixture
    async def database(self, tmp_path: Path) -> AsyncIterator[Database]:
        async with open_database(str(tmp_path / "test.db")) as database:
            yield database

    @pytest.fixture
    def breaker(self, database: Database, clock: Clock) -> CircuitBreaker:
        return CircuitBreaker(database=database, clock=clock, wall_clock=clock)

    @pytest.fixture
    def rate_limiter(self, database: Database, clock: Clock) -> RateLimiter:
        limits = Limits(member=parse_rates("2/day"), guild=parse_rates("100/day"), key=parse_rates("100/day"))
        return RateLimiter(database=database, limits=limits, clock=clock, wall_clock=clock)

    async def test_ten_concurrent_attempts_after_a_refused_key_are_one_and_paid_for_once(
        self, breaker: CircuitBreaker, rate_limiter: RateLimiter, clock: Clock
    ) -> None:
        await breaker.record_failure(KeyRefused(), clock.now)
        clock.now += 61
        attempts = [RequestAttempts(breaker, rate_limiter, Requester(1, member)) for member in range(10)]
        outcomes = await asyncio.gather(*(each.pay() for each in attempts), return_exceptions=True)

        assert sorted(map(repr, outcomes)) == sorted(
            map(repr, [None, *[KeyRefused("not tried again yet")] * 9])
        )
        statuses = await rate_limiter.statuses(Requester(1, 99))
        assert [status.remaining for status in statuses] == [2, 99]

    async def test_a_probe_that_cannot_be_paid_for_is_left_to_another_member(
        self, breaker: CircuitBreaker, rate_limiter: RateLimiter, clock: Clock
    ) -> None:
        await breaker.record_failure(KeyRefused(), clock.now)
        clock.now += 61
        for _ in range(2):
            await rate_limiter.pay(Requester(1, 1))
        with pytest.raises(BudgetSpent):
            await RequestAttempts(breaker, rate_limiter, Requester(1, 1)).pay()

        await RequestAttempts(breaker, rate_limiter, Requester(1, 2)).pay()

    async def test_a_retry_that_cannot_be_paid_for_raises_the_failure_before_it(
        self, breaker: CircuitBreaker, rate_limiter: RateLimiter
    ) -> None:
        attempts = RequestAttempts(breaker, rate_limiter, Requester(1, 1))
        await attempts.pay()
        await rate_limiter.pay(Requester(1, 1))
        with pytest.raises(ServiceFailed):
            async with attempts:
                raise ServiceFailed
        await rate_limiter.pay(Requester(1, 1))  # the failed attempt was refunded

        with pytest.raises(ServiceFailed):
            await attempts.pay_for_retry()

    async def test_an_unexpected_error_is_refunded_and_raised(
        self, breaker: CircuitBreaker, rate_limiter: RateLimiter
    ) -> None:
        attempts = RequestAttempts(breaker, rate_limiter, Requester(1, 1))
        await attempts.pay()
        with pytest.raises(ZeroDivisionError):
            async with attempts:
                raise ZeroDivisionError

        assert (await rate_limiter.statuses(Requester(1, 1)))[0].remaining == 2


class TestDatabaseLockedDuringTheRequest:
    """Another process locks the database just as the service answers."""

    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(*[parse_rates("5/day")] * 3)

    async def content(self, world: World, service: Service, tmp_path: Path, reply: httpx.Response) -> str:
        with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:

            def lock(_: httpx.Request) -> httpx.Response:
                other.execute("BEGIN IMMEDIATE")
                return reply

            service.handler = lock
            result = await world.mika.slash(world.channel, "music", query="calm")
            _ = world.env.errors
        return shown(result).content

    async def test_a_received_answer_is_shown(self, world: World, service: Service, tmp_path: Path) -> None:
        reply = httpx.Response(200, json=answer([track(1)]))

        assert "1 match" in await self.content(world, service, tmp_path, reply)

    async def test_the_reply_is_the_services_error(
        self, world: World, service: Service, tmp_path: Path
    ) -> None:
        assert "in a way that I don't understand" in await self.content(
            world, service, tmp_path, httpx.Response(404)
        )

    async def test_a_failed_refund_is_made_later(
        self, world: World, service: Service, tmp_path: Path
    ) -> None:
        await self.content(world, service, tmp_path, httpx.Response(404))
        budget = shown(await world.mika.slash(world.channel, "budget")).content

        assert "**Yours**: 5 of 5" in budget

    async def test_the_circuit_opens_all_the_same(
        self, world: World, service: Service, tmp_path: Path, clock: Clock
    ) -> None:
        reply = httpx.Response(429, headers={"Retry-After": "600"})
        content = await self.content(world, service, tmp_path, reply)
        clock.now += 599
        await failed_search(world, "another")

        assert "Please try again <t:" in content
        assert len(service.requests) == 1


class TestRefund:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(*[parse_rates("1/day")] * 3)

    @pytest.mark.parametrize("status", [204, 301, 400, 401, 403, 404, 413, 429, 500, 502, 503, 504])
    async def test_a_request_without_an_answer_is_refunded_and_the_position_restored(
        self, world: World, service: Service, clock: Clock, status: int
    ) -> None:
        service.reply(status, headers={"location": "http://elsewhere.test"})
        await failed_search(world)
        service.recover()
        clock.now += 61
        message = shown(await world.mika.slash(world.channel, "more"))

        assert "page 1 of 8" in message.content
        assert all(request.url.host == "audioscape.test" for request in service.requests)

    async def test_a_retry_is_charged_once(self, world: World, service: Service) -> None:
        outcomes = iter([httpx.Response(500), httpx.Response(200, json=answer([track(1)]))])
        service.handler = lambda _: next(outcomes)
        message = await search(world)
        refused = await world.mika.slash(world.channel, "music", query="loud")
        simcord.assert_error(world.env, BudgetSpent)

        assert titles(message) == ["Track 1"]
        assert "used up" in shown(refused).content
        assert len(service.requests) == 2

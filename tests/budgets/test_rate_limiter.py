"""RateLimiter: pays from all buckets or none, however many requests there are, whatever the clock does."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.budgets.rate_limiter import Payment, RateLimiter
from bot.database import Database, open_database
from bot.errors import BudgetSpent, Refused, StorageError
from bot.models.rates import DEFAULT_LIMITS, Limits, parse_rates
from bot.models.requester import Requester
from tests.support.world import Clock

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(str(tmp_path / "test.db")) as database:
        yield database


def rate_limiter(database: Database, clock: Clock, limits: Limits = DEFAULT_LIMITS) -> RateLimiter:
    return RateLimiter(database=database, limits=limits, clock=clock, wall_clock=clock)


async def paid(rate_limiter: RateLimiter, requesters: list[Requester]) -> int:
    """The number of concurrent payments that were allowed."""
    outcomes = await asyncio.gather(*map(rate_limiter.pay, requesters), return_exceptions=True)
    assert all(isinstance(outcome, Payment | BudgetSpent) for outcome in outcomes)
    return sum(isinstance(outcome, Payment) for outcome in outcomes)


@pytest.mark.parametrize(
    ("requesters", "allowed"),
    [
        ([Requester(1, 1)] * 200, 6),
        ([Requester(1, member) for member in range(200)], 20),
        ([Requester(guild, 1) for guild in range(200)], 60),
        ([Requester(guild, member) for guild in range(2) for member in range(100)], 40),
    ],
)
async def test_two_hundred_concurrent_payments_never_exceed_the_rate(
    database: Database, clock: Clock, requesters: list[Requester], allowed: int
) -> None:
    assert await paid(rate_limiter(database, clock), requesters) == allowed


async def test_a_refused_payment_takes_nothing_from_any_bucket(database: Database, clock: Clock) -> None:
    budgets = rate_limiter(database, clock)
    await paid(budgets, [Requester(1, 1)] * 100)

    assert await paid(budgets, [Requester(1, 2)] * 100) == 6
    assert await paid(budgets, [Requester(1, 3)] * 100) == 6
    assert await paid(budgets, [Requester(1, 4)] * 100) == 2


async def test_a_refusal_names_the_scope_and_the_time_of_the_next_request(
    database: Database, clock: Clock
) -> None:
    budgets = rate_limiter(database, clock)
    await paid(budgets, [Requester(1, 1)] * 6)
    clock.now += 4
    with pytest.raises(BudgetSpent) as mine:
        await budgets.pay(Requester(1, 1))
    await paid(budgets, [Requester(1, member) for member in range(2, 17)])
    with pytest.raises(BudgetSpent) as ours:
        await budgets.pay(Requester(1, 99))

    assert (mine.value.scope, ours.value.scope) == ("member", "guild")
    assert mine.value.retry_at - clock.now == pytest.approx(6, abs=1e-3)
    assert ours.value.retry_at - clock.now == pytest.approx(2, abs=1e-3)
    clock.now += 6
    await budgets.pay(Requester(1, 1))


async def test_the_whole_notice_comes_once_per_wait_and_then_a_shorter_one(
    database: Database, clock: Clock
) -> None:
    budgets = rate_limiter(database, clock)
    notices = []
    for _ in range(9):
        try:
            await budgets.pay(Requester(1, 1))
        except BudgetSpent as error:
            notices.append(str(error))
    clock.now += 10
    await budgets.pay(Requester(1, 1))
    with pytest.raises(BudgetSpent) as later:
        await budgets.pay(Requester(1, 1))

    assert "You have used up" in notices[0]
    assert all(notice.startswith("Not yet") for notice in notices[1:])
    assert "You have used up" in str(later.value)


async def test_several_rates_of_a_scope_all_apply(database: Database, clock: Clock) -> None:
    budgets = rate_limiter(
        database,
        clock,
        Limits(member=parse_rates("3/minute, 5/hour"), guild=DEFAULT_LIMITS.guild, key=DEFAULT_LIMITS.key),
    )
    counts = []
    for _ in range(3):
        counts.append(await paid(budgets, [Requester(1, 1)] * 10))
        clock.now += 60

    assert counts == [3, 2, 0]


async def test_a_payment_is_refunded_once_and_can_be_spent_again(database: Database, clock: Clock) -> None:
    budgets = rate_limiter(database, clock)
    payment = await budgets.pay(Requester(1, 1))
    await paid(budgets, [Requester(1, 1)] * 5)
    for _ in range(3):
        await payment.refund()

    assert await paid(budgets, [Requester(1, 1)] * 6) == 1


async def test_a_refund_goes_to_the_buckets_of_the_payment(database: Database, clock: Clock) -> None:
    budgets = rate_limiter(database, clock)
    payment = await budgets.pay(Requester(1, 1))
    await paid(budgets, [Requester(1, 1)] * 5)
    await budgets.set_rates(Requester(1, 9), {"member": parse_rates("3/hour")})
    await payment.refund()
    await budgets.set_rates(Requester(1, 9), {"member": None})

    assert await paid(budgets, [Requester(1, 1)] * 6) == 1


@pytest.mark.parametrize("jump", [-3600, -86400, -1])
async def test_a_clock_set_back_empties_the_buckets_at_most(
    database: Database, clock: Clock, jump: float
) -> None:
    budgets = rate_limiter(database, clock)
    await paid(budgets, [Requester(1, 1)] * 6)
    clock.now += jump
    refused_now = await paid(budgets, [Requester(1, 1)] * 6)
    clock.now += 61

    assert refused_now == 0
    assert await paid(budgets, [Requester(1, 1)] * 10) == 6


async def test_a_clock_set_ahead_allows_one_burst_at_most(database: Database, clock: Clock) -> None:
    budgets = rate_limiter(database, clock)
    await paid(budgets, [Requester(1, 1)] * 6)
    clock.now += 86400
    burst = await paid(budgets, [Requester(1, 1)] * 50)
    clock.now -= 86400

    assert burst == 6
    assert await paid(budgets, [Requester(1, 1)] * 50) == 0


async def test_buckets_survive_a_restart(tmp_path: Path, clock: Clock) -> None:
    counts = []
    for _ in range(2):
        async with open_database(str(tmp_path / "test.db")) as database:
            counts.append(await paid(rate_limiter(database, clock), [Requester(1, 1)] * 4))

    assert counts == [4, 2]


SPENDER = """
import asyncio, sys
from bot.models.rates import Limits, parse_rates
from bot.database import open_database
from bot.errors import BudgetSpent
from bot.budgets.rate_limiter import RateLimiter
from bot.models.requester import Requester

async def main():
    limits = Limits(member=parse_rates("100/day"), guild=parse_rates("20/day"), key=parse_rates("100/day"))
    async with open_database(sys.argv[1]) as database:
        limiter = RateLimiter(database=database, limits=limits, clock=lambda: 1.8e9, wall_clock=lambda: 1.8e9)
        print("ready", flush=True)
        sys.stdin.readline()
        outcomes = await asyncio.gather(
            *(limiter.pay(Requester(1, 1)) for _ in range(100)), return_exceptions=True
        )
        refused = [outcome for outcome in outcomes if isinstance(outcome, BudgetSpent)]
        failed = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert refused == failed, failed
        print(len(outcomes) - len(refused))

asyncio.run(main())
"""


async def test_two_processes_on_one_file_never_exceed_the_rate(tmp_path: Path) -> None:
    pipe = asyncio.subprocess.PIPE
    spenders = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", SPENDER, str(tmp_path / "test.db"), cwd=ROOT, stdin=pipe, stdout=pipe
        )
        for _ in range(2)
    ]
    try:
        async with asyncio.timeout(30):
            for spender in spenders:
                assert spender.stdout is not None
                assert await spender.stdout.readline() == b"ready\n"
            outcomes = await asyncio.gather(*(spender.communicate(b"go\n") for spender in spenders))
    finally:
        for spender in spenders:
            if spender.returncode is None:
                spender.kill()
            await spender.communicate()

    assert sum(int(written) for written, _ in outcomes) == 20


async def test_a_guild_can_set_and_reset_lower_rates_and_each_change_is_recorded(
    database: Database, clock: Clock
) -> None:
    budgets = rate_limiter(database, clock)
    await budgets.set_rates(Requester(1, 7), {"guild": parse_rates("5/minute")})
    await budgets.set_rates(Requester(1, 7), {"member": parse_rates("2/minute")})
    strict = await paid(budgets, [Requester(1, member) for member in (1, 1, 1, 2, 2, 2, 3, 3, 3)])
    others = await paid(budgets, [Requester(2, 1)] * 9)
    await budgets.set_rates(Requester(1, 8), {"member": None})
    with pytest.raises(Refused):
        await budgets.set_rates(
            Requester(1, 7), {"member": parse_rates("1/day"), "guild": parse_rates("30/minute")}
        )

    assert (strict, others) == (5, 6)
    changes = await database.guild_rates.list_changes(1, 10)
    assert [(change.member_id, change.scope, change.before, change.after) for change in changes] == [
        (8, "member", "2/minute", None),
        (7, "member", None, "2/minute"),
        (7, "guild", None, "5/minute"),
    ]


async def test_a_refund_that_fails_is_repeated_before_the_next_payment(
    database: Database, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    budgets = rate_limiter(database, clock)
    payment = await budgets.pay(Requester(1, 1))
    await paid(budgets, [Requester(1, 1)] * 5)
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await payment.refund()
        with pytest.raises(StorageError):
            await budgets.pay(Requester(1, 1))

    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        "A payment could not be refunded yet"
    ]
    assert await paid(budgets, [Requester(1, 1)] * 6) == 1


async def test_the_keys_bucket_is_reported_once_it_is_empty(database: Database, clock: Clock) -> None:
    limits = Limits(member=parse_rates("9/day"), guild=parse_rates("9/day"), key=parse_rates("2/day"))
    budgets = rate_limiter(database, clock, limits)
    scopes = []
    for _ in range(2):
        await budgets.pay(Requester(1, 1))
        scopes.append([status.bucket.scope for status in await budgets.statuses(Requester(1, 1))])

    assert scopes == [["member", "guild"], ["member", "guild", "key"]]


async def test_times_for_people_are_of_the_wall_clock(database: Database, clock: Clock) -> None:
    budgets = RateLimiter(
        database=database, limits=DEFAULT_LIMITS, clock=clock, wall_clock=lambda: clock.now + 5000
    )
    await paid(budgets, [Requester(1, 1)] * 6)
    with pytest.raises(BudgetSpent) as refused:
        await budgets.pay(Requester(1, 1))
    await budgets.set_rates(Requester(1, 1), {"member": parse_rates("1/minute")})
    (change,) = await database.guild_rates.list_changes(1, 10)

    assert refused.value.retry_at - clock.now == pytest.approx(5010, abs=1e-3)
    assert change.changed_at == clock.now + 5000

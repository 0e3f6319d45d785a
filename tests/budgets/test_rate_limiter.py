"""Fair budgets: three buckets at once, all or none, whoever asks, whatever the clock does."""

import asyncio
import itertools
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import simcord

from bot.bot import Bot
from bot.budgets.rate_limiter import Payment, RateLimiter
from bot.clock import steady_clock
from bot.database import Database, open_database
from bot.errors import BotError, BudgetSpent, Refused
from bot.models.rates import Bucket, Limits, Rate, exceeds, parse_rates, strictest
from bot.models.requester import Requester
from tests.support.members import press, shown, titles
from tests.support.world import Clock, Service, World, track

LIMITS = Limits(member=parse_rates("6/minute"), guild=parse_rates("20/minute"), key=parse_rates("60/minute"))
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(str(tmp_path / "test.db")) as database:
        yield database


def rate_limiter(database: Database, clock: Clock, limits: Limits = LIMITS) -> RateLimiter:
    return RateLimiter(database=database, limits=limits, clock=clock, wall_clock=clock)


async def paid(rate_limiter: RateLimiter, payers: list[Requester]) -> int:
    """How many of so many payments at once were allowed."""
    outcomes = await asyncio.gather(*map(rate_limiter.pay, payers), return_exceptions=True)
    assert all(isinstance(outcome, Payment | BudgetSpent) for outcome in outcomes)
    return sum(isinstance(outcome, Payment) for outcome in outcomes)


@pytest.mark.parametrize(
    ("payers", "allowed"),
    [
        ([Requester(1, 1)] * 200, 6),
        ([Requester(1, member) for member in range(200)], 20),
        ([Requester(guild, 1) for guild in range(200)], 60),
        ([Requester(guild, member) for guild in range(2) for member in range(100)], 40),
    ],
)
async def test_two_hundred_at_once_get_what_is_there_and_not_one_more(
    database: Database, clock: Clock, payers: list[Requester], allowed: int
) -> None:
    assert await paid(rate_limiter(database, clock), payers) == allowed


async def test_a_refusal_takes_nothing_from_any_bucket(database: Database, clock: Clock) -> None:
    budgets = rate_limiter(database, clock)
    await paid(budgets, [Requester(1, 1)] * 100)

    assert await paid(budgets, [Requester(1, 2)] * 100) == 6
    assert await paid(budgets, [Requester(1, 3)] * 100) == 6
    assert await paid(budgets, [Requester(1, 4)] * 100) == 2


async def test_it_says_whose_budget_is_spent_and_when_it_is_back(database: Database, clock: Clock) -> None:
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


async def test_the_whole_notice_comes_once_in_its_wait_then_a_shorter_one(
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


async def test_several_rates_of_a_scope_all_hold(database: Database, clock: Clock) -> None:
    budgets = rate_limiter(
        database, clock, Limits(member=parse_rates("3/minute, 5/hour"), guild=LIMITS.guild, key=LIMITS.key)
    )
    counts = []
    for _ in range(3):
        counts.append(await paid(budgets, [Requester(1, 1)] * 10))
        clock.now += 60

    assert counts == [3, 2, 0]


async def test_what_is_given_back_can_be_spent(database: Database, clock: Clock) -> None:
    budgets = rate_limiter(database, clock)
    payment = await budgets.pay(Requester(1, 1))
    await paid(budgets, [Requester(1, 1)] * 5)
    for _ in range(3):  # it can be given back once, whatever its caller does
        await payment.refund()

    assert await paid(budgets, [Requester(1, 1)] * 6) == 1


async def test_what_is_given_back_goes_where_it_came_from(database: Database, clock: Clock) -> None:
    budgets = rate_limiter(database, clock)
    payment = await budgets.pay(Requester(1, 1))
    await paid(budgets, [Requester(1, 1)] * 5)
    await budgets.set_rates(Requester(1, 9), {"member": parse_rates("3/hour")})
    await payment.refund()
    await budgets.set_rates(Requester(1, 9), {"member": None})

    assert await paid(budgets, [Requester(1, 1)] * 6) == 1


@pytest.mark.parametrize("jump", [-3600, -86400, -1])
async def test_a_clock_set_back_locks_nobody_out(database: Database, clock: Clock, jump: float) -> None:
    budgets = rate_limiter(database, clock)
    await paid(budgets, [Requester(1, 1)] * 6)
    clock.now += jump
    refused_now = await paid(budgets, [Requester(1, 1)] * 6)
    clock.now += 61

    assert refused_now == 0
    assert await paid(budgets, [Requester(1, 1)] * 10) == 6


async def test_a_clock_set_ahead_opens_no_more_than_one_burst(database: Database, clock: Clock) -> None:
    budgets = rate_limiter(database, clock)
    await paid(budgets, [Requester(1, 1)] * 6)
    clock.now += 86400
    burst = await paid(budgets, [Requester(1, 1)] * 50)
    clock.now -= 86400

    assert burst == 6
    assert await paid(budgets, [Requester(1, 1)] * 50) == 0


def test_the_bots_own_clock_does_not_jump_with_the_machines() -> None:
    wall, monotonic = iter([1000.0]), itertools.count(5.0)
    clock = steady_clock(lambda: next(wall), lambda: next(monotonic))

    assert [clock(), clock()] == [1001, 1002]


async def test_buckets_go_on_where_they_were_after_the_file_was_closed(tmp_path: Path, clock: Clock) -> None:
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
from bot.budgets.rate_limiter import RateLimiter, Requester, Payment

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


async def test_two_processes_on_one_file_keep_the_same_promise(tmp_path: Path) -> None:
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


@pytest.mark.parametrize("written", ["1000/day", "100000/day", "13/second", "7/minute", "1/hour"])
async def test_a_burst_of_the_whole_count_is_allowed_and_no_more(database: Database, written: str) -> None:
    (rate,) = parse_rates(written)
    bucket = Bucket("guild", 1, 0, rate)
    count = min(rate.count, 3000)
    interval = rate.interval
    spent = (rate.count - count) * interval
    await database.budgets._execute(  # noqa: SLF001 (all but the last of a large count are spent already)
        "INSERT INTO buckets VALUES ('guild', 1, 0, ?, ?)", (float(rate.seconds), 1.8e9 + spent)
    )
    paid = [await database.budgets.pay([bucket], 1.8e9) for _ in range(count + 1)]

    assert paid == [True] * count + [False]


def test_rates_are_compared_span_by_span() -> None:
    assert exceeds(parse_rates("21/minute"), parse_rates("20/minute"))
    assert not exceeds(parse_rates("1000/hour"), parse_rates("20/minute"))
    assert exceeds(parse_rates("6/minute, 101/hour"), parse_rates("50/minute, 100/hour"))
    assert not exceeds(parse_rates("6/minute"), parse_rates("20/minute, 200/hour"))
    assert strictest([Rate(5, 60), Rate(3, 60), Rate(9, 3600)]) == (Rate(3, 60), Rate(9, 3600))


async def test_a_guild_may_be_stricter_and_go_back_and_it_is_recorded(
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


async def test_a_budget_that_nobody_has_touched_is_full(database: Database) -> None:
    buckets = [Bucket("guild", 1, 0, Rate(3, 60)), Bucket("guild", 1, 0, Rate(9, 3600))]

    assert await database.budgets.get_full_at(buckets, 1000.0) == [1000, 1000]


def _bot(world: World) -> Bot:
    assert isinstance(world.env.bot, Bot)
    return world.env.bot


class TestCommands:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(member=parse_rates("2/minute"), guild=parse_rates("3/minute"), key=LIMITS.key)

    async def test_a_refusal_is_private_and_offers_the_pages_that_cost_nothing(
        self, world: World, service: Service
    ) -> None:
        await world.mika.slash(world.channel, "music", query="one")
        await world.mika.slash(world.channel, "music", query="two")
        await world.mika.slash(world.channel, "more")
        refused = await world.mika.slash(world.channel, "music", query="three")
        simcord.assert_error(world.env, BotError)
        notice = shown(refused).content
        back = shown(await press(world.mika, shown(refused), "Back to two"))

        assert refused.ephemeral
        assert "<t:" in notice
        assert back.ephemeral
        assert "**two**" in back.content
        assert "page 2 of 8" in back.content
        assert len(service.requests) == 2

    async def test_trying_again_later_works(self, world: World, clock: Clock) -> None:
        for query in ("one", "two"):
            await world.mika.slash(world.channel, "music", query=query)
        refused = shown(await world.mika.slash(world.channel, "music", query="three"))
        simcord.assert_error(world.env, BotError)
        clock.now += 31

        assert titles(shown(await press(world.mika, refused, "Try again")))[0] == "Track 0"

    async def test_a_press_is_paid_by_who_presses(self, world: World, service: Service) -> None:
        service.catalogue = [track(number, bpm=140 if number % 100 == 0 else 90) for number in range(1000)]
        message = shown(await world.mika.slash(world.channel, "music", query="x", tempo="over 130"))
        before = len(service.requests)
        await press(world.noor, message, "Keep looking")

        assert (before, len(service.requests)) == (2, 3)

    async def test_everybody_sees_what_is_left(self, world: World) -> None:
        await world.mika.slash(world.channel, "music", query="one")
        result = await world.mika.slash(world.channel, "budget")

        assert result.ephemeral
        assert "**Yours**: 1 of 2 new searches left (2/minute), all of them back <t:" in shown(result).content
        assert "**This server's**: 2 of 3 new searches left (3/minute)" in shown(result).content

    async def test_moderators_set_it_and_it_survives_a_restart(self, world: World, service: Service) -> None:
        result = await world.sam.slash(world.channel, "budget-set", member="1/minute", guild="2/minute")
        await world.restart()
        await world.mika.slash(world.channel, "music", query="one")
        refused = await world.mika.slash(world.channel, "music", query="two")
        simcord.assert_error(world.env, BotError)

        assert result.ephemeral
        assert "each member may make **1/minute**" in shown(result).content
        assert refused.ephemeral
        assert len(service.requests) == 1
        seen = shown(await world.sam.slash(world.channel, "budget")).content
        assert f"<@{world.sam.id}>: this server default → 2/minute" in seen

    async def test_what_is_refused_in_part_is_refused_whole(self, world: World) -> None:
        await world.sam.slash(world.channel, "budget-set", member="1/minute", guild="9/minute")
        simcord.assert_error(world.env, Refused)

        assert "of 2 new searches" in shown(await world.mika.slash(world.channel, "budget")).content

    async def test_who_changed_what_is_for_moderators(self, world: World) -> None:
        await world.sam.slash(world.channel, "budget-set", member="1/minute")

        assert "→" not in shown(await world.mika.slash(world.channel, "budget")).content
        assert "→" in shown(await world.sam.slash(world.channel, "budget")).content

    @pytest.mark.parametrize("options", [{"guild": "4/minute"}, {"member": "often"}, {}])
    async def test_what_cannot_be_set_is_a_sentence(self, world: World, options: dict[str, str]) -> None:
        result = await world.sam.slash(world.channel, "budget-set", **options)
        simcord.assert_error(world.env, Refused)

        assert result.ephemeral

    async def test_members_do_not_see_the_setting(self, world: World) -> None:
        assert "budget-set" not in world.mika.available_commands(world.channel)
        assert "budget" in world.mika.available_commands(world.channel)
        with pytest.raises(simcord.SetupError):
            await world.mika.slash(world.channel, "budget-set", member="1/minute")

    async def test_a_member_whom_an_admin_let_see_it_is_refused_all_the_same(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        (command,) = [each for each in await _bot(world).tree.fetch_commands() if each.name == "budget-set"]
        world.guild.set_command_permissions(command, {world.guild.default_role: True})
        result = await world.mika.slash(world.channel, "budget-set", member="1/minute")
        simcord.assert_error(world.env)

        assert result.ephemeral
        assert "Manage Server" in shown(result).content
        assert any("refused to a member" in record.getMessage() for record in caplog.records)

"""Retention: data expires at the age that the privacy notice says."""

import asyncio
import logging
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
import simcord

from bot.bot import Bot
from bot.database import open_database
from bot.errors import BudgetSpent
from bot.models.rates import Bucket, Limits, Rate, parse_rates
from bot.models.search import Search, Track, Window
from bot.privacy.retention import MAX_GENRES, delete_expired
from tests.support.filters import bot_of, filters, music
from tests.support.members import shown
from tests.support.privacy import DELETE_MINE, delete, rows_by_table, tables_with
from tests.support.world import UNLIMITED, Clock, World

DAY = 24 * 60 * 60


@pytest.fixture
def limits() -> Limits:
    return Limits(member=parse_rates("1/minute"), guild=UNLIMITED, key=UNLIMITED)


@pytest.mark.parametrize(
    ("table", "column", "days"),
    [
        ("searches", "made_at", 7),
        ("windows", "fetched_at", 7),
        ("tracks", "seen_at", 30),
        ("guild_rate_changes", "changed_at", 365),
        ("rule_changes", "changed_at", 90),
        ("shortlist_posts", "used_at", 30),
        ("buckets", "full_at", 0),
    ],
)
async def test_data_is_kept_until_its_age_and_deleted_after_it(
    world: World, database_path: Path, table: str, column: str, days: int
) -> None:
    await music(world)
    await bot_of(world).result_cache.flush()
    await filters(world, "block", genre="Rock")
    await world.sam.slash(world.channel, "budget-set", guild="900/second")
    await world.sam.slash(world.channel, "shortlist new", name="Boss fight")
    await world.sam.slash(world.channel, "shortlist show")
    with closing(sqlite3.connect(database_path)) as sqlite:
        ((latest,),) = sqlite.execute(f"SELECT max({column}) FROM {table}")  # noqa: S608
    database = bot_of(world).database
    await delete_expired(database, latest + days * DAY - 1)
    before = len(rows_by_table(database_path)[table])
    await delete_expired(database, latest + days * DAY + 1)

    assert before > 0
    assert rows_by_table(database_path)[table] == []


async def test_more_rows_than_a_batch_are_all_deleted(tmp_path: Path) -> None:
    async with open_database(str(tmp_path / "test.db")) as database:
        with closing(sqlite3.connect(tmp_path / "test.db")) as sqlite, sqlite:
            sqlite.executemany(
                "INSERT INTO rule_changes"
                " (guild_id, channel_id, kind, rule_key, member_id, changed_at, after)"
                " VALUES (1, 0, 'block word', ?, 1, 1, ?)",
                [(f"word {number}", f"word {number}") for number in range(401)],
            )
        await delete_expired(database, 1 + 90 * DAY + 1)

        assert rows_by_table(tmp_path / "test.db")["rule_changes"] == []


async def test_genres_are_kept_up_to_a_number_with_those_seen_most_often(tmp_path: Path) -> None:
    async with open_database(str(tmp_path / "test.db")) as database:
        with closing(sqlite3.connect(tmp_path / "test.db")) as sqlite, sqlite:
            sqlite.executemany(
                "INSERT INTO genres (genre_key, name, times_seen) VALUES (?, ?, ?)",
                [(f"genre{number}", f"Genre {number}", number) for number in range(MAX_GENRES + 5)],
            )
        await delete_expired(database, 1)
        kept = {row[0] for row in rows_by_table(tmp_path / "test.db")["genres"]}

        assert kept == {f"genre{number}" for number in range(5, MAX_GENRES + 5)}


async def test_failure_of_the_database_is_logged_and_the_next_run_goes_on(
    world: World, caplog: pytest.LogCaptureFixture, database_path: Path, clock: Clock
) -> None:
    await music(world)
    database = bot_of(world).database
    await database.searches._execute(  # noqa: SLF001 (a statement that fails)
        "CREATE TRIGGER stop BEFORE DELETE ON searches BEGIN SELECT raise(ABORT, 'no'); END"
    )
    with caplog.at_level(logging.ERROR):
        await delete_expired(database, clock.now + 8 * DAY)
    assert "Expired data could not be deleted" in caplog.text
    assert rows_by_table(database_path)["searches"]
    await database.searches._execute("DROP TRIGGER stop")  # noqa: SLF001
    await delete_expired(database, clock.now + 8 * DAY)

    assert rows_by_table(database_path)["searches"] == []


async def test_erased_member_keeps_a_used_budget_until_it_is_full(
    world: World, database_path: Path, clock: Clock
) -> None:
    bot = bot_of(world)
    await world.mika.slash(world.channel, "music", query="one")
    reply = await delete(world.mika, world, DELETE_MINE)
    assert tables_with(database_path, world.mika.id) == {"buckets"}
    refused = await world.mika.slash(world.channel, "music", query="two")
    simcord.assert_error(world.env, BudgetSpent)
    again = await delete(world.mika, world, DELETE_MINE)
    clock.now += 61
    await delete_expired(bot.database, clock.now)

    assert "A budget that you have used is kept until it is full again" in reply
    assert "used up your searches" in shown(refused).content
    assert again == reply
    assert tables_with(database_path, world.mika.id) == set()
    assert not any(requester.member_id == world.mika.id for requester in bot.rate_limiter._notified)  # noqa: SLF001


LONGEST_STEP_SECONDS = 0.05
"""Of the event loop's CPU time; a member waits for it."""


async def test_month_of_steady_use_does_not_grow_the_file_without_end(tmp_path: Path) -> None:
    sizes = []
    async with open_database(str(tmp_path / "month.db")) as database:
        for hour in range(0, 45 * 24, 12):
            now = 1_800_000_000.0 + hour * 3600
            tracks = tuple(Track(f"{hour}-{n}", f"Rain {hour} {n}", album="x" * 100) for n in range(50))
            for n in range(3):
                await database.searches.add(
                    Search(f"{hour} {n}"), guild_id=1, channel_id=1, member_id=n, private=False, now=now
                )
                window = Window(tracks, start=0, end=50, fetched_at=now)
                await database.windows.put(b"%d-%d" % (hour, n), window)
                await database.budgets.pay([Bucket("member", 1, hour * 10 + n, Rate(6, 60))], now)
            await database.tracks.put(tracks, now)
            await delete_expired(database, now)
            sizes.append(await database.maintenance.get_size())
        execute = database.searches._execute  # noqa: SLF001 (the rows are counted beside the stores)
        counts = {
            table: (await execute(f"SELECT count(*) FROM {table}"))[0][0]  # noqa: S608 (of our own tables)
            for table in ("searches", "windows", "tracks", "buckets")
        }

    steps_of_a_week, steps_of_a_month = 7 * 2 + 1, 30 * 2 + 1
    assert counts == {
        "searches": 3 * steps_of_a_week,
        "windows": 3 * steps_of_a_week,
        "tracks": 50 * steps_of_a_month,
        "buckets": 3,
    }
    assert sizes[-1] <= sizes[steps_of_a_month] * 1.1  # once as much expires as is added


async def test_expiry_never_blocks_the_event_loop(tmp_path: Path) -> None:
    async with open_database(str(tmp_path / "test.db")) as database:
        for number in range(40):
            tracks = tuple(Track(f"{number}-{n}", "Rain " * 20) for n in range(100))
            await database.tracks.put(tracks, 0)
            await database.windows.put(b"%d" % number, Window(tracks, start=0, end=100, fetched_at=0))
        steps = []

        async def watch() -> None:
            while True:
                started_at = time.thread_time()  # of the loop's own thread, unlike on a busy machine's clock
                await asyncio.sleep(0)
                steps.append(time.thread_time() - started_at)

        watching = asyncio.create_task(watch())
        await delete_expired(database, 1e9)
        watching.cancel()

        assert max(steps) < LONGEST_STEP_SECONDS
        assert await database.maintenance.count_windows() == 0
        assert await database.tracks.get_many([f"{number}-0" for number in range(40)]) == []


async def test_bot_deletes_expired_data_by_itself(world: World, clock: Clock) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    clock.now += 8 * 86400
    await world.restart()
    await world.env.settle()
    bot = world.env.bot
    assert isinstance(bot, Bot)

    assert await bot.database.searches.get(1, guild_id=world.guild.id) is None

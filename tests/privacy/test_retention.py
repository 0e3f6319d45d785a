"""Retention: expired content is removed by itself, in short steps, and the file stops growing."""

import asyncio
import time
from pathlib import Path

from bot.bot import Bot
from bot.database import open_database
from bot.models.rates import Bucket, Rate
from bot.models.search import Search, Track, Window
from bot.privacy.retention import sweep
from tests.support.world import Clock, World

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
            await sweep(database, now)
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


async def test_sweep_never_blocks_the_event_loop(tmp_path: Path) -> None:
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
        await sweep(database, 1e9)
        watching.cancel()

        assert max(steps) < LONGEST_STEP_SECONDS
        assert await database.maintenance.count_windows() == 0
        assert await database.tracks.get_many([f"{number}-0" for number in range(40)]) == []


async def test_bot_sweeps_by_itself(world: World, clock: Clock) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    clock.now += 8 * 86400
    await world.restart()
    await world.env.settle()
    bot = world.env.bot
    assert isinstance(bot, Bot)

    assert await bot.database.searches.get(1, guild_id=world.guild.id) is None

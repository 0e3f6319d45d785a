"""What outlives the process: budgets that hold under a crowd, migrations, and a file that can't be used."""

import asyncio
import os
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from simcord import assert_error

from bot.bot import Bot
from bot.database import Database, open_database
from bot.errors import BotError, OperatorError, StorageError
from bot.models.rates import Bucket, Rate
from bot.models.search import Search, Track, Window
from bot.privacy.retention import delete_expired
from tests.support.world import Clock, Service, World, track

ROOT = Path(__file__).parents[2]

BUCKETS = [Bucket("guild", 1, 0, Rate(1, 60))]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(str(tmp_path / "test.db")) as database:
        yield database


async def test_everything_is_there_after_it_was_closed(tmp_path: Path) -> None:
    path = str(tmp_path / "test.db")
    window = Window((Track("1", "x", genre="Lo-Fi", bpm=90),), start=0, end=1, total=1, fetched_at=5)
    async with open_database(path) as database:
        added = await database.searches.add(
            Search("calm"), guild_id=2**63 - 1, channel_id=2, member_id=3, private=False, now=5
        )
        await database.searches.set_page(added.search_id, 4, guild_id=2**63 - 1, member_id=3)
        await database.windows.put(b"digest", window)
        await database.genres.add({"Lo-Fi": 2})
        assert await database.budgets.pay(BUCKETS, 1000)
    async with open_database(path) as database:
        latest = await database.searches.get_latest(guild_id=2**63 - 1, channel_id=2, member_id=9)
        assert latest is not None
        assert (latest.search, latest.page) == (Search("calm"), 4)
        assert await database.windows.get(b"digest", 0, since=5) == window
        assert await database.windows.get(b"digest", 0, since=6) is None
        assert await database.genres.canonical_names(["lo fi"]) == {"lofi": "Lo-Fi"}
        assert not await database.budgets.pay(BUCKETS, 1000)


async def test_genres_are_offered_the_most_frequent_first(database: Database) -> None:
    await database.genres.add({"Indie Rock": 9, "Rock": 2, "Pop": 50})
    await database.genres.add({"rock": 3})

    assert await database.genres.suggest("ROCK", most=5) == ["Indie Rock", "Rock"]
    assert await database.genres.suggest("", most=2) == ["Pop", "Indie Rock"]
    assert await database.genres.suggest("zzz", most=5) == []


async def test_what_is_too_old_is_forgotten(database: Database) -> None:
    for now in (10, 20):
        await database.searches.add(
            Search("calm"), guild_id=1, channel_id=1, member_id=now, private=False, now=now
        )
        await database.windows.put(b"%d" % now, Window((), start=0, end=0, fetched_at=now))
    await database.searches.expire(15, 100)
    await database.windows.expire(15, 100)

    assert await database.searches.get(1, guild_id=1) is None
    assert await database.searches.get(2, guild_id=1) is not None
    assert await database.windows.get(b"10", 0, since=0) is None
    assert await database.windows.get(b"20", 0, since=0) is not None


async def test_two_processes_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    async def open_and_close() -> None:
        async with open_database(str(tmp_path / "test.db")):
            pass

    await asyncio.gather(*(open_and_close() for _ in range(8)))


async def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 999")
    newer.close()
    before = path.read_bytes()

    with pytest.raises(OperatorError, match="newer than this Needledrop"):
        async with open_database(str(path)):
            pass
    assert path.read_bytes() == before


async def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE synced_commands (x)")  # the last table that the first migration makes
    other.close()

    with pytest.raises(OperatorError):
        async with open_database(str(path)):
            pass
    with sqlite3.connect(path) as other:
        tables = other.execute("SELECT name FROM sqlite_master").fetchall()
    other.close()
    assert tables == [("synced_commands",)]


async def test_a_locked_database_is_a_sentence_in_time(
    world: World, service: Service, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    result = await world.mika.slash(world.channel, "music", query="calm")
    assert isinstance(assert_error(world.env, BotError), Exception)
    other.execute("ROLLBACK")
    other.close()

    assert result.response is not None
    assert result.ephemeral
    assert "my notes" in result.response.content
    assert service.requests == []


async def test_a_process_killed_under_load_loses_nothing_that_it_acknowledged() -> None:
    chaos = await asyncio.create_subprocess_exec(
        sys.executable, "tests/chaos.py", "--cycles", "12",
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    written, _ = await chaos.communicate()

    assert chaos.returncode == 0, written.decode()
    assert b"12 cycles" in written


async def test_a_file_of_the_first_version_is_brought_up_with_all_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    old = sqlite3.connect(path)
    old.executescript(
        (ROOT / "bot/database/sqlite/migrations/0001.sql").read_text() + "PRAGMA user_version = 1;"
    )
    search = msgspec.msgpack.encode(Search("calm"))
    old.execute("INSERT INTO searches VALUES (1, 2, 3, 4, ?, 0, 7, 5.0)", (search,))
    old.execute("INSERT INTO budgets VALUES (2, 1060.0)")
    old.commit()
    old.close()
    async with open_database(str(path)) as database:
        saved = await database.searches.get(1, guild_id=2)
        (full_at,) = await database.budgets.get_full_at([Bucket("guild", 2, 0, Rate(20, 60))], 1000)

    assert saved is not None
    assert (saved.search.text, saved.page) == ("calm", 7)
    assert full_at == 1060


async def test_a_full_disk_is_a_page_or_a_sentence_and_passes(world: World, service: Service) -> None:
    bot = world.env.bot
    assert isinstance(bot, Bot)
    run = bot.database.searches._run  # noqa: SLF001 (the disk fills up for this connection alone)
    await run("PRAGMA wal_checkpoint(TRUNCATE)")
    ((pages,),) = await run("PRAGMA page_count")
    await run(f"PRAGMA max_page_count = {pages + 10}")
    await run("CREATE TABLE other_files (content)")
    with suppress(StorageError):
        while True:
            await run("INSERT INTO other_files VALUES (zeroblob(1000))")
    service.catalogue = [track(number, name="x" * 400) for number in range(100)]
    messages = []
    for number in range(60):
        outcome = await world.mika.slash(world.channel, "music", query=f"new {number} " * 18)
        assert outcome.response is not None
        messages.append(outcome.response)
    assert_error(world.env, BotError)  # in the end not even a search can be written down
    await run(f"PRAGMA max_page_count = {pages * 100}")
    again = await world.mika.slash(world.channel, "music", query="new")

    assert {len(message.embeds) for message in messages if "my notes" not in message.content} == {5}
    assert "my notes" in messages[-1].content
    assert again.response is not None
    assert len(again.response.embeds) == 5


async def test_a_file_that_became_read_only_is_a_sentence(world: World) -> None:
    bot = world.env.bot
    assert isinstance(bot, Bot)
    await bot.database.searches._run("PRAGMA query_only = 1")  # noqa: SLF001
    result = await world.mika.slash(world.channel, "music", query="calm")
    assert_error(world.env, BotError)
    await bot.database.searches._run("PRAGMA query_only = 0")  # noqa: SLF001

    assert result.response is not None
    assert "my notes" in result.response.content
    again = await world.mika.click(result.response.message, label="Try again")
    assert again.response is not None
    assert len(again.response.embeds) == 5


async def test_a_month_of_steady_use_does_not_grow_the_file_without_end(tmp_path: Path) -> None:
    path = tmp_path / "month.db"
    sizes = []
    async with open_database(str(path)) as database:
        run = database.searches._run  # noqa: SLF001
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
            ((pages,),) = await run("PRAGMA page_count")
            sizes.append(pages)
        counts = {
            table: (await run(f"SELECT count(*) FROM {table}"))[0][0]  # noqa: S608 (of our own tables)
            for table in ("searches", "windows", "tracks", "buckets")
        }

    assert sizes[-1] <= sizes[2 * 32] * 1.1
    assert counts["searches"] <= 7 * 2 * 3 + 3
    assert counts["windows"] <= 7 * 2 * 3 + 3
    assert counts["tracks"] <= 30 * 2 * 50 + 50
    assert counts["buckets"] <= 6


async def test_deleting_expired_data_never_blocks_the_loop(tmp_path: Path) -> None:
    async with open_database(str(tmp_path / "test.db")) as database:
        for number in range(40):
            tracks = tuple(Track(f"{number}-{n}", "Rain " * 20) for n in range(100))
            await database.tracks.put(tracks, 0)
            await database.windows.put(b"%d" % number, Window(tracks, start=0, end=100, fetched_at=0))
        gaps = []

        async def watch() -> None:
            while True:
                started_at = time.thread_time()
                await asyncio.sleep(0)
                gaps.append(time.thread_time() - started_at)

        watching = asyncio.create_task(watch())
        await delete_expired(database, 1e9)
        watching.cancel()

        assert max(gaps) < 0.05  # of the loop's own thread, which a busy machine does not stretch
        assert (await database.searches._run("SELECT count(*) FROM tracks"))[0][0] == 0  # noqa: SLF001


async def test_the_bot_deletes_expired_data_by_itself(world: World, clock: Clock) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    clock.now += 8 * 86400
    await world.restart()
    await world.env.settle()
    bot = world.env.bot
    assert isinstance(bot, Bot)

    assert await bot.database.searches.get(1, guild_id=world.guild.id) is None


async def test_positions_survive_overlapping_failures(database: Database) -> None:
    searches, place = database.searches, {"guild_id": 1, "channel_id": 1, "member_id": 1}
    saved = await searches.add(Search("calm"), **place, private=False, now=1)
    turned = [await searches.claim_next_page(**place) for _ in range(3)]
    await searches.move_page(saved.search_id, 2, 1)  # somebody has gone on from it
    await searches.move_page(saved.search_id, 4, 3)
    again = await searches.claim_next_page(**place)

    assert [each.page for each in turned if each is not None] == [2, 3, 4]
    assert again is not None
    assert (again.page, again.page_before) == (4, 3)


async def test_a_lock_makes_nobody_stand_in_line(database: Database, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started_at = time.monotonic()
    writes = (database.genres.add({"Lo-Fi": 1}) for _ in range(30))
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    waited = time.monotonic() - started_at
    other.execute("ROLLBACK")
    other.close()
    await database.genres.add({"Lo-Fi": 1})

    assert all(isinstance(outcome, StorageError) for outcome in outcomes)
    assert waited < 2.5


async def test_a_file_with_a_damaged_page_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    async with open_database(str(path)) as database:
        for number in range(50):
            await database.tracks.put([Track(f"{number}", "Rain " * 50)], 0)
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 4] = os.urandom(4096)
    path.write_bytes(content)

    with pytest.raises(OperatorError, match="can't be used"):
        async with open_database(str(path)):
            pass
    assert path.read_bytes() == content


async def test_the_file_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE photographs (name)")
    other.close()
    before = path.read_bytes()

    with pytest.raises(OperatorError, match="another program"):
        async with open_database(str(path)):
            pass
    assert path.read_bytes() == before


async def test_every_failure_of_the_engine_is_storage_trouble(tmp_path: Path) -> None:
    async with open_database(str(tmp_path / "test.db")) as database:
        pass
    with pytest.raises(StorageError):
        await database.genres.suggest("x", most=1)


async def test_a_statement_that_fails_takes_none_along_that_run_with_it(database: Database) -> None:
    too_large = 2**70
    async with asyncio.timeout(5):
        outcomes = await asyncio.gather(
            *(database.searches.get(search_id, guild_id=1) for search_id in (1, too_large, too_large, 2)),
            return_exceptions=True,
        )

    assert [type(outcome) for outcome in outcomes] == [type(None), OverflowError, OverflowError, type(None)]


async def test_who_gives_up_on_a_statement_holds_up_nobody(database: Database) -> None:
    waiting = [asyncio.create_task(database.genres.add({f"Genre {number}": 1})) for number in range(9)]
    await asyncio.sleep(0)
    for task in waiting[::2]:
        task.cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(*waiting[1::2])

    assert {"Genre 1", "Genre 3", "Genre 5", "Genre 7"} <= set(await database.genres.suggest("", most=25))

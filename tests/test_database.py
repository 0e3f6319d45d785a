"""What outlives the process: budgets that hold under a crowd, migrations, and a file that can't be used."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from conftest import Service, World
from simcord import assert_error

from bot.budgets import Bucket, Rate
from bot.database import Database, open_database
from bot.errors import BotError, OperatorError, StorageTrouble
from bot.models import Search, Track, Window

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
        await database.searches.move(added.search_id, 4)
        await database.windows.put(b"digest", window)
        await database.genres.see({"Lo-Fi": 2})
        assert await database.budgets.pay(BUCKETS, 1000)
    async with open_database(path) as database:
        latest = await database.searches.latest(guild_id=2**63 - 1, channel_id=2, member_id=9)
        assert latest is not None
        assert (latest.search, latest.page) == (Search("calm"), 4)
        assert await database.windows.get(b"digest", 0, since=5) == window
        assert await database.windows.get(b"digest", 0, since=6) is None
        assert await database.genres.spelling("lo fi") == "Lo-Fi"
        assert not await database.budgets.pay(BUCKETS, 1000)


async def test_genres_are_offered_best_first(database: Database) -> None:
    await database.genres.see({"Indie Rock": 9, "Rock": 2, "Pop": 50})
    await database.genres.see({"rock": 3})

    assert await database.genres.like("rock", most=5) == ["Rock", "Indie Rock"]
    assert await database.genres.like("", most=2) == ["Pop", "Indie Rock"]
    assert await database.genres.like("zzz", most=5) == []


async def test_what_is_too_old_is_forgotten(database: Database) -> None:
    for now in (10, 20):
        await database.searches.add(
            Search("calm"), guild_id=1, channel_id=1, member_id=now, private=False, now=now
        )
        await database.windows.put(b"%d" % now, Window((), start=0, end=0, fetched_at=now))
    await database.searches.forget(15, 100)
    await database.windows.forget(15, 100)

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


async def test_every_failure_of_the_engine_is_storage_trouble(tmp_path: Path) -> None:
    async with open_database(str(tmp_path / "test.db")) as database:
        pass
    with pytest.raises(StorageTrouble):
        await database.genres.like("x", most=1)

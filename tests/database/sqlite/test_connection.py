"""Connection: a lock, a full disk or a read-only file is a sentence to the member, and passes."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from simcord import assert_error

from bot.bot import Bot
from bot.database import Database
from bot.database.sqlite.batch import BUSY_MILLISECONDS
from bot.database.sqlite.connection import Connection, connect
from bot.errors import StorageError
from tests.support.world import Service, World, track

UNAVAILABLE = str(StorageError())


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[Connection]:
    async with connect(str(tmp_path / "test.db")) as connection:
        yield connection


def bot_database(world: World) -> Database:
    assert isinstance(world.env.bot, Bot)
    return world.env.bot.database


async def test_locked_database_is_a_private_sentence(world: World, service: Service, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = await world.mika.slash(world.channel, "music", query="calm")
        other.execute("ROLLBACK")

    assert_error(world.env, StorageError)
    assert result.response is not None
    assert result.ephemeral
    assert result.response.content == UNAVAILABLE
    assert service.requests == []


async def test_full_disk_is_a_page_or_a_sentence_and_passes(world: World, service: Service) -> None:
    execute = bot_database(world).searches._execute  # noqa: SLF001 (the disk fills up for this connection alone)
    await execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ((pages,),) = await execute("PRAGMA page_count")
    await execute(f"PRAGMA max_page_count = {pages + 10}")
    await execute("CREATE TABLE other_files (content)")
    with suppress(StorageError):
        while True:
            await execute("INSERT INTO other_files VALUES (zeroblob(1000))")
    service.catalogue = [track(number, name="x" * 400) for number in range(100)]
    messages = []
    for number in range(60):
        outcome = await world.mika.slash(world.channel, "music", query=f"new {number} " * 18)
        assert outcome.response is not None
        messages.append(outcome.response)
    assert_error(world.env, StorageError)  # in the end not even a search can be stored
    await execute(f"PRAGMA max_page_count = {pages * 100}")
    again = await world.mika.slash(world.channel, "music", query="new")

    assert {len(message.embeds) for message in messages if message.content != UNAVAILABLE} == {5}
    assert messages[-1].content == UNAVAILABLE
    assert again.response is not None
    assert len(again.response.embeds) == 5


async def test_read_only_file_is_a_sentence_until_it_can_be_written_again(world: World) -> None:
    execute = bot_database(world).searches._execute  # noqa: SLF001 (as if the disk were read-only)
    await execute("PRAGMA query_only = 1")
    result = await world.mika.slash(world.channel, "music", query="calm")
    assert_error(world.env, StorageError)
    await execute("PRAGMA query_only = 0")

    assert result.response is not None
    assert result.response.content == UNAVAILABLE
    again = await world.mika.click(result.response.message, label="Try again")
    assert again.response is not None
    assert len(again.response.embeds) == 5


async def test_only_the_first_statement_waits_for_a_lock(connection: Connection, tmp_path: Path) -> None:
    await connection.execute("CREATE TABLE numbers (number)")
    writes = [connection.execute("INSERT INTO numbers VALUES (1)") for _ in range(30)]
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        started_at = time.monotonic()
        outcomes = await asyncio.gather(*writes, return_exceptions=True)
        waited = time.monotonic() - started_at
        other.execute("ROLLBACK")
    await connection.execute("INSERT INTO numbers VALUES (2)")

    assert [type(outcome) for outcome in outcomes] == [StorageError] * 30
    assert BUSY_MILLISECONDS / 1000 <= waited < 2 * BUSY_MILLISECONDS / 1000
    assert await connection.execute("SELECT * FROM numbers") == [(2,)]


async def test_statement_that_fails_affects_no_other_of_its_batch(connection: Connection) -> None:
    numbers = (1, 2**70, 2**70, 2)  # the second is larger than SQLite's integers
    outcomes = await asyncio.gather(
        *(connection.execute("SELECT ?", (number,)) for number in numbers), return_exceptions=True
    )

    assert outcomes[0] == [(1,)]
    assert [type(outcome) for outcome in outcomes[1:3]] == [OverflowError, OverflowError]
    assert outcomes[3] == [(2,)]


async def test_cancelled_statement_holds_up_no_other(connection: Connection) -> None:
    await connection.execute("CREATE TABLE numbers (number)")
    waiting = [
        asyncio.create_task(connection.execute("INSERT INTO numbers VALUES (?)", (number,)))
        for number in range(9)
    ]
    await asyncio.sleep(0)
    for task in waiting[::2]:
        task.cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(*waiting[1::2])

    stored = {number for (number,) in await connection.execute("SELECT number FROM numbers")}
    assert {1, 3, 5, 7} <= stored


async def test_transaction_returns_the_rows_of_each_statement(connection: Connection) -> None:
    results = await connection.execute_transaction(
        ("SELECT :number", "SELECT :number + 1 UNION SELECT :number + 2"), {"number": 1}
    )

    assert results == [[(1,)], [(2,), (3,)]]


async def test_transaction_that_fails_is_undone(connection: Connection) -> None:
    await connection.execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY)")
    insert = "INSERT INTO numbers VALUES (:number)"
    with pytest.raises(StorageError):
        await connection.execute_transaction((insert, insert), {"number": 1})

    assert await connection.execute("SELECT * FROM numbers") == []


async def test_queued_statements_are_executed_before_the_connection_closes(tmp_path: Path) -> None:
    async with connect(str(tmp_path / "test.db")) as connection:
        await connection.execute("CREATE TABLE numbers (number)")
        inserting = asyncio.create_task(connection.execute("INSERT INTO numbers VALUES (1)"))
        await asyncio.sleep(0)
    await inserting

    async with connect(str(tmp_path / "test.db")) as connection:
        assert await connection.execute("SELECT * FROM numbers") == [(1,)]

"""BatchConnection: executes a batch in SQLite's thread; a statement that fails is undone alone."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.database.sqlite.batch import Batch, BatchConnection, Parameters, Statement
from bot.database.sqlite.connection import connect

INSERT = "INSERT INTO numbers VALUES (?)"


@pytest.fixture
def sqlite() -> Iterator[BatchConnection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None, factory=BatchConnection)) as sqlite:
        sqlite.execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY)")
        yield sqlite


async def statement(*texts: str, parameters: Parameters = ()) -> Statement:
    return Statement(texts, parameters, asyncio.get_running_loop().create_future())


async def test_outcomes_are_in_the_order_of_the_batch(sqlite: BatchConnection) -> None:
    statements = [
        await statement(INSERT, parameters=(7,)),
        await statement(INSERT, parameters=(7,)),
        await statement("SELECT * FROM numbers"),
    ]
    batch = Batch(statements)
    sqlite.batches.append(batch)
    sqlite.commit()
    inserted, failed, selected = batch.outcomes

    assert inserted == [[]]
    assert isinstance(failed, sqlite3.IntegrityError)
    assert selected == [[(7,)]]


async def test_transaction_that_fails_is_rolled_back_alone(sqlite: BatchConnection) -> None:
    twice = "INSERT INTO numbers VALUES (:number)"
    statements = [
        await statement(INSERT, parameters=(1,)),
        await statement("BEGIN IMMEDIATE", twice, twice, "COMMIT", parameters={"number": 2}),
        await statement(INSERT, parameters=(3,)),
    ]
    sqlite.batches.append(Batch(statements))
    sqlite.commit()

    assert sqlite.execute("SELECT * FROM numbers").fetchall() == [(1,), (3,)]
    assert not sqlite.in_transaction


async def test_result_of_a_cancelled_statement_is_dropped() -> None:
    cancelled = await statement("SELECT 1")
    cancelled.result.cancel()
    cancelled.resolve([[(1,)]])

    assert cancelled.result.cancelled()


async def test_each_batch_is_executed_once_though_the_wait_for_an_earlier_one_is_cancelled(
    tmp_path: Path,
) -> None:
    slow = (
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)"
        " SELECT max(i) FROM n"
    )
    async with connect(str(tmp_path / "test.db")) as connection:
        await connection.execute("CREATE TABLE texts (text)")
        calls = []
        for text in ("one", "two", "three"):
            calls.append(asyncio.create_task(connection.execute(slow)))
            calls.append(asyncio.create_task(connection.execute("INSERT INTO texts VALUES (?)", (text,))))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            if text != "three" and connection._worker is not None:  # noqa: SLF001 (as at a hard shutdown)
                connection._worker.cancel()  # noqa: SLF001
            await asyncio.sleep(0)
        await asyncio.gather(*calls, return_exceptions=True)
        rows = await connection.execute("SELECT text, count(*) FROM texts GROUP BY text")

    assert max(count for _, count in rows) == 1

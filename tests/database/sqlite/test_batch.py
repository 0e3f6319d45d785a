"""BatchConnection: executes a batch in SQLite's thread; a statement that fails is undone alone."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.database.sqlite.batch import BatchConnection, Parameters, Statement

INSERT = "INSERT INTO numbers VALUES (?)"


@pytest.fixture
def sqlite() -> Iterator[BatchConnection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None, factory=BatchConnection)) as sqlite:
        sqlite.execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY)")
        yield sqlite


async def statement(*texts: str, parameters: Parameters = ()) -> Statement:
    return Statement(texts, parameters, asyncio.get_running_loop().create_future())


async def test_outcomes_are_in_the_order_of_the_batch(sqlite: BatchConnection) -> None:
    sqlite.batch = [
        await statement(INSERT, parameters=(7,)),
        await statement(INSERT, parameters=(7,)),
        await statement("SELECT * FROM numbers"),
    ]
    sqlite.commit()
    inserted, failed, selected = sqlite.outcomes

    assert inserted == [[]]
    assert isinstance(failed, sqlite3.IntegrityError)
    assert selected == [[(7,)]]


async def test_transaction_that_fails_is_rolled_back_alone(sqlite: BatchConnection) -> None:
    twice = "INSERT INTO numbers VALUES (:number)"
    sqlite.batch = [
        await statement(INSERT, parameters=(1,)),
        await statement("BEGIN IMMEDIATE", twice, twice, "COMMIT", parameters={"number": 2}),
        await statement(INSERT, parameters=(3,)),
    ]
    sqlite.commit()

    assert sqlite.execute("SELECT * FROM numbers").fetchall() == [(1,), (3,)]
    assert not sqlite.in_transaction


async def test_result_of_a_cancelled_statement_is_dropped() -> None:
    cancelled = await statement("SELECT 1")
    cancelled.result.cancel()
    cancelled.resolve([[(1,)]])

    assert cancelled.result.cancelled()

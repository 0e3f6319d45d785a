"""Connection: queues the event loop's statements and executes them in SQLite's thread, in batches."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import aiosqlite

from bot.database.sqlite.batch import Batch, BatchConnection, Outcome, Parameters, Row, Statement
from bot.database.sqlite.lock import database_lock
from bot.database.sqlite.upgrades import open_upgraded
from bot.errors import OperatorError, StorageError
from bot.telemetry.metrics import STATEMENT

_ITERATION_CHUNK_ROWS: Final = 64
"""aiosqlite's default; nothing here iterates over a cursor."""


class Connection:
    """Executes statements in the order of the calls, each on its own or not at all (autocommit).

    A statement takes this way: `execute` puts it into the queue, a task takes all that are queued as one
    batch to SQLite's thread (see batch.py), and resolves the future on which its caller waits.
    """

    def __init__(self, sqlite: aiosqlite.Connection, batches: BatchConnection) -> None:
        """`sqlite` calls the methods of `batches` in SQLite's thread."""
        self._sqlite = sqlite
        self._batches = batches
        self._queue: list[Statement] = []
        self._worker: asyncio.Task[None] | None = None

    async def execute(self, statement: str, parameters: Parameters = ()) -> list[Row]:
        """Every row that `statement` returns. Raises StorageError."""
        (rows,) = await self._enqueue((statement,), parameters)
        return rows

    async def execute_transaction(
        self, statements: Sequence[str], parameters: Mapping[str, object]
    ) -> list[list[Row]]:
        """The rows of each of `statements`: all are executed, with the same parameters, or none.

        Raises StorageError.
        """
        _, *results, _ = await self._enqueue(("BEGIN IMMEDIATE", *statements, "COMMIT"), parameters)
        return results

    async def delete_older(
        self, table: str, column: str, before: float, limit: int, *, key: str = "rowid"
    ) -> int:
        """Delete up to `limit` rows whose `column` is below `before`. Returns the number of deleted rows.

        `key` is the primary key of a table without a rowid.
        """
        rows = await self.execute(
            f"DELETE FROM {table} WHERE ({key}) IN"
            f" (SELECT {key} FROM {table} WHERE {column} < ? LIMIT ?) RETURNING 1",
            (before, limit),
        )
        return len(rows)

    async def drain(self) -> None:
        """Wait until every queued statement has been executed."""
        if self._worker is not None:
            await self._worker

    async def _enqueue(self, texts: Sequence[str], parameters: Parameters) -> list[list[Row]]:
        began_at = time.perf_counter()
        loop = asyncio.get_running_loop()
        statement = Statement(texts, parameters, loop.create_future())
        self._queue.append(statement)
        if self._worker is None:
            self._worker = loop.create_task(self._execute_queued())
        try:
            return await statement.result
        except (sqlite3.Error, ValueError) as error:
            raise StorageError from error
        finally:
            STATEMENT.observe(time.perf_counter() - began_at)

    async def _execute_queued(self) -> None:
        batch: Sequence[Statement] = ()
        try:
            while self._queue:
                batch = [statement for statement in self._queue if not statement.result.done()]
                self._queue.clear()
                for statement, outcome in zip(batch, await self._execute(batch), strict=True):
                    statement.resolve(outcome)
        finally:
            self._worker = None
            for statement in batch:
                statement.result.cancel()  # has no effect on a result that is set

    async def _execute(self, statements: Sequence[Statement]) -> Sequence[Outcome]:
        batch = Batch(statements)
        self._batches.batches.append(batch)
        try:
            await self._sqlite.commit()
        except (sqlite3.Error, ValueError) as error:  # the connection is closed
            return [error] * len(statements)
        return batch.outcomes


@asynccontextmanager
async def connect(path: str) -> AsyncIterator[Connection]:
    """A connection to the database at `path`, created or upgraded first. Raises OperatorError."""
    async with AsyncExitStack() as stack:
        try:
            stack.enter_context(database_lock(path))
            # Opened before aiosqlite starts its thread, so that a refusal leaves no thread behind.
            batches = await asyncio.to_thread(open_upgraded, path)
            stack.callback(batches.close)
        except sqlite3.Error as error:
            raise OperatorError(
                f"The database {path} can't be used ({error}). "
                "Check DATABASE_URL, that its folder exists, and that both can be written."
            ) from error
        sqlite = await stack.enter_async_context(aiosqlite.Connection(lambda: batches, _ITERATION_CHUNK_ROWS))
        connection = Connection(sqlite, batches)
        yield connection
        await connection.drain()

"""One connection to SQLite: opening, migrating, and its errors in our own words."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from typing import Any, Final, NamedTuple, TypeAlias

import aiosqlite
import stamina

from bot.database.sqlite.lock import held
from bot.database.sqlite.schema import migrations
from bot.errors import OperatorError, StorageError
from bot.telemetry.metrics import STATEMENT

Row: TypeAlias = Sequence[Any]
Parameters: TypeAlias = Sequence[object] | Mapping[str, object]
_Outcome: TypeAlias = list[Row] | Exception

_FAILURES: Final = (sqlite3.Error, ValueError, TypeError, OverflowError, MemoryError)
"""What running a statement may raise, by sqlite3's documentation; the last three are faults of ours."""

_BUSY_MILLISECONDS: Final = 1_000
"""How long one statement waits for another process's lock: Discord wants an answer within 3 seconds."""

_IMPATIENT_SECONDS: Final = 2.0
"""For so long after a wait in vain the next statements don't wait, lest everybody stand in a line."""


class _Statement(NamedTuple):
    """One, or several from BEGIN to COMMIT that are run together."""

    texts: Sequence[str]
    parameters: Parameters
    rows: "asyncio.Future[list[Row]]"


class Connection:
    """Runs statements in the order they come, each on its own or not at all (autocommit).

    Those that come while others run go to the engine's thread together: at busy times the way there and back
    takes longer than what is done there.
    """

    def __init__(self, sqlite: aiosqlite.Connection) -> None:
        self._sqlite = sqlite
        self._waiting: list[_Statement] = []
        self._running: asyncio.Task[None] | None = None
        self._patient_at: float | None = None

    async def run(self, statement: str, parameters: Parameters = ()) -> list[Row]:
        """Every row that `statement` returns. Raises StorageError."""
        return await self._wanted((statement,), parameters)

    async def run_together(self, statements: Sequence[str], parameters: Parameters) -> None:
        """Run all of `statements`, with the same parameters, or none of them. Raises StorageError."""
        await self._wanted(("BEGIN IMMEDIATE", *statements, "COMMIT"), parameters)

    async def expire(self, table: str, column: str, before: float, most: int, *, key: str = "rowid") -> int:
        """Delete up to `most` rows whose `column` lies before then; how many were deleted.

        `key` tells rows apart in a table without a rowid.
        """
        rows = await self.run(
            f"DELETE FROM {table} WHERE ({key}) IN"
            f" (SELECT {key} FROM {table} WHERE {column} < ? LIMIT ?) RETURNING 1",
            (before, most),
        )
        return len(rows)

    async def _wanted(self, texts: Sequence[str], parameters: Parameters) -> list[Row]:
        began_at = time.perf_counter()
        loop = asyncio.get_running_loop()
        rows: asyncio.Future[list[Row]] = loop.create_future()
        self._waiting.append(_Statement(texts, parameters, rows))
        if self._running is None:
            self._running = loop.create_task(self._run_waiting())
        try:
            return await rows
        except (sqlite3.Error, ValueError) as error:
            raise StorageError from error
        finally:
            STATEMENT.observe(time.perf_counter() - began_at)

    async def settle(self) -> None:
        """Wait until nothing runs any more."""
        if self._running is not None:
            await self._running

    async def _run_waiting(self) -> None:
        statements: Sequence[_Statement] = ()
        try:
            while self._waiting:
                wanted = [statement for statement in self._waiting if not statement.rows.done()]
                statements, self._waiting = wanted, []
                for statement, outcome in zip(statements, await self._outcomes(statements), strict=True):
                    _deliver(statement.rows, outcome)
        finally:
            self._running = None
            for statement in statements:
                statement.rows.cancel()  # only what has no outcome, lest anybody wait for ever

    async def _outcomes(self, statements: Sequence[_Statement]) -> Sequence[_Outcome]:
        try:
            # Nothing public of aiosqlite's runs more than one statement with parameters at one go.
            execute: Any = self._sqlite._execute  # noqa: SLF001
            outcomes: Sequence[_Outcome] = await execute(self._run_all, statements)
        except (sqlite3.Error, ValueError) as error:
            return [error] * len(statements)
        return outcomes

    def _run_all(self, statements: Sequence[_Statement]) -> Sequence[_Outcome]:
        return [self._run_one(statement) for statement in statements]

    def _run_one(self, statement: _Statement) -> _Outcome:
        """Runs in the engine's thread."""
        sqlite = self._sqlite._conn  # noqa: SLF001 (see above)
        try:
            if self._patient_at is not None and time.monotonic() >= self._patient_at:
                sqlite.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
                self._patient_at = None
            rows: list[Row] = []
            for text in statement.texts:
                rows = sqlite.execute(text, statement.parameters).fetchall()
        except _FAILURES as error:
            if sqlite.in_transaction:
                sqlite.rollback()
            if _is_locked(error) and self._patient_at is None:
                self._patient_at = time.monotonic() + _IMPATIENT_SECONDS
                sqlite.execute("PRAGMA busy_timeout = 0")
            return error
        return rows


def _deliver(rows: "asyncio.Future[list[Row]]", outcome: _Outcome) -> None:
    if rows.done():  # whoever wanted them has given up
        return
    if isinstance(outcome, Exception):
        rows.set_exception(outcome)
    else:
        rows.set_result(outcome)


@asynccontextmanager
async def connect(path: str) -> AsyncIterator[Connection]:
    """A connection whose file is migrated and writable. Raises OperatorError where it can't be."""
    async with AsyncExitStack() as stack:
        try:
            with closing(
                sqlite3.connect(path)
            ) as first:  # a refusal here leaves no thread and no lock behind
                first.execute("PRAGMA user_version")
            stack.enter_context(held(path))
            sqlite = await aiosqlite.connect(path, isolation_level=None)
            stack.push_async_callback(sqlite.close)
            await _prepare(sqlite)
        except sqlite3.Error as error:
            raise OperatorError(_cannot_use(path, error)) from error
        connection = Connection(sqlite)
        yield connection
        await connection.settle()


def _is_locked(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


@stamina.retry(on=_is_locked, attempts=20, timeout=5, wait_initial=0.05, wait_max=0.5)
async def _prepare(sqlite: aiosqlite.Connection) -> None:
    await sqlite.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    await _check(sqlite)
    await _migrate(sqlite)
    await sqlite.execute("PRAGMA journal_mode = WAL")  # no busy timeout holds for this: hence the retries
    await sqlite.execute("PRAGMA synchronous = NORMAL")
    await sqlite.execute("PRAGMA secure_delete = ON")  # what is deleted is gone from the file too
    # What can't be written fails here, and not at a member's command.
    await sqlite.execute("BEGIN IMMEDIATE")
    await sqlite.execute("ROLLBACK")


async def _check(sqlite: aiosqlite.Connection) -> None:
    """Raises sqlite3.DatabaseError, before a write, for a damaged file and for another program's."""
    ((health,),) = await sqlite.execute_fetchall("PRAGMA quick_check(1)")
    if health != "ok":
        raise sqlite3.DatabaseError(f"it is damaged: {health}")
    ((tables,),) = await sqlite.execute_fetchall("SELECT count(*) FROM sqlite_master")
    if tables and await _version(sqlite) == 0:
        raise sqlite3.DatabaseError("it belongs to another program")


async def _migrate(sqlite: aiosqlite.Connection) -> None:
    """Apply the migrations that the file has not seen yet, each whole or not at all."""
    scripts = migrations()
    version = await _version(sqlite)
    if version > len(scripts):
        raise OperatorError(
            f"The database is of version {version}, newer than this Needledrop knows ({len(scripts)}). "
            "Run the Needledrop that wrote it, or a newer one."
        )
    while version < len(scripts):
        await _apply(sqlite, scripts[version], version + 1)
        version = await _version(sqlite)


async def _apply(sqlite: aiosqlite.Connection, script: str, version: int) -> None:
    """Raises sqlite3.Error, except where another process has applied the same migration meanwhile."""
    try:
        await sqlite.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {version};\nCOMMIT;")
    except sqlite3.Error:
        if sqlite.in_transaction:
            await sqlite.rollback()
        if await _version(sqlite) < version:
            raise


async def _version(sqlite: aiosqlite.Connection) -> int:
    ((version,),) = await sqlite.execute_fetchall("PRAGMA user_version")
    return int(version)


def _cannot_use(path: str, error: sqlite3.Error) -> str:
    return (
        f"The database {path} can't be used ({error}). "
        "Check DATABASE_URL, that its folder exists, and that both can be written."
    )

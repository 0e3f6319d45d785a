"""BatchConnection: a sqlite3 connection that executes several statements in one trip to its thread."""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

Row: TypeAlias = Sequence[Any]
Parameters: TypeAlias = Sequence[object] | Mapping[str, object]
Outcome: TypeAlias = list[list[Row]] | Exception
"""The rows of each text of a statement, or the exception that it raised."""

BUSY_MILLISECONDS: Final = 1_000
"""The longest wait of one statement for another process's lock: Discord wants an answer within 3 seconds."""

NO_WAIT_SECONDS: Final = 2.0
"""After a statement waited in vain, the next ones don't wait for so long, so that waits don't pile up."""

_FAILURES: Final = (sqlite3.Error, ValueError, TypeError, OverflowError, MemoryError)
"""Exceptions of a statement, by sqlite3's documentation; the last three are bugs of the caller."""


class Statement(NamedTuple):
    """The text of one statement, or those of a transaction from BEGIN to COMMIT."""

    texts: Sequence[str]
    parameters: Parameters
    result: "asyncio.Future[list[list[Row]]]"
    """Belongs to the event loop's thread: SQLite's thread must not touch it."""

    def resolve(self, outcome: Outcome) -> None:
        if self.result.done():  # the caller was cancelled
            return
        if isinstance(outcome, Exception):
            self.result.set_exception(outcome)
        else:
            self.result.set_result(outcome)


class Batch:
    """Statements for one trip, and their outcomes, in the same order, once it is over."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements
        self.outcomes: Sequence[Outcome] = ()


class BatchConnection(sqlite3.Connection):
    """Executes the next of `batches` in `commit`; a statement that fails does not affect the others.

    aiosqlite calls `commit` in the connection's thread. A trip there and back takes longer than most
    statements, and aiosqlite's other methods make one for each statement. In autocommit mode, in which this
    connection is used, `commit` itself has nothing to do.
    """

    _wait_again_at: float | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.batches: deque[Batch] = deque()
        """Each is executed once, in the order of the trips."""

    def commit(self) -> None:
        batch = self.batches.popleft()
        batch.outcomes = [self._outcome(statement) for statement in batch.statements]

    def _outcome(self, statement: Statement) -> Outcome:
        try:
            if self._wait_again_at is not None and time.monotonic() >= self._wait_again_at:
                self._set_busy_timeout(BUSY_MILLISECONDS)
                self._wait_again_at = None
            return [self.execute(text, statement.parameters).fetchall() for text in statement.texts]
        except _FAILURES as error:
            if self.in_transaction:
                self.rollback()
            if is_locked(error) and self._wait_again_at is None:
                self._wait_again_at = time.monotonic() + NO_WAIT_SECONDS
                self._set_busy_timeout(0)
            return error

    def _set_busy_timeout(self, milliseconds: int) -> None:
        self.execute(f"PRAGMA busy_timeout = {milliseconds}")


def is_locked(error: Exception) -> bool:
    """True if the statement failed because another process holds a lock."""
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)

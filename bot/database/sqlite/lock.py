"""Tells whether a bot runs on a database, by a lock that the system lifts when a process ends, however."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from bot.errors import OperatorError

MEMORY: Final = ":memory:"


@contextmanager
def held(path: str, *, alone: bool = False) -> Iterator[None]:
    """Keep out who wants the database at `path` `alone`; as many as like may hold it otherwise.

    The lock is SQLite's own, on an empty file beside the database, so it works wherever the database does.
    Raises OperatorError where it can't be had, and sqlite3.Error where the file can't be made.
    """
    name = MEMORY if path == MEMORY else f"{Path(path).resolve()}-lock"
    with closing(sqlite3.connect(name, isolation_level=None, timeout=0)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE" if alone else "BEGIN")
            lock.execute("SELECT count(*) FROM sqlite_master").fetchall()  # only reading takes a shared lock
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            user = "A bot is running on" if alone else "Another command is putting a backup in the place of"
            raise OperatorError(
                f"{user} the database {path}. Stop it or wait for it, then try again."
            ) from error
        yield

"""Lock that a running bot holds on its database; the system releases it when the process ends."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from bot.errors import OperatorError

MEMORY: Final = ":memory:"


@contextmanager
def database_lock(path: str, *, exclusive: bool = False) -> Iterator[None]:
    """Hold the database at `path`: any number of holders may share it, or one has it `exclusive`.

    The lock is SQLite's own, on an empty file beside the database, so it works wherever the database does.
    Raises OperatorError if another process holds it, and sqlite3.Error if the file can't be created.
    """
    name = MEMORY if path == MEMORY else f"{Path(path).resolve()}-lock"
    with closing(sqlite3.connect(name, isolation_level=None, timeout=0)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE" if exclusive else "BEGIN")
            lock.execute(
                "SELECT count(*) FROM sqlite_master"
            ).fetchall()  # the first read takes the shared lock
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise OperatorError(_LOCKED[exclusive].format(path=path)) from error
        yield


_LOCKED: Final = {
    True: "A bot is running on the database {path}. Stop it or wait for it, then try again.",
    False: "Another command is restoring a backup of the database {path}. Wait for it, then try again.",
}

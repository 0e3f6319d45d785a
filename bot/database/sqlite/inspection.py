"""Inspection of a database that a bot may be using; it changes nothing."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from bot.database.sqlite.backup import free_bytes
from bot.database.sqlite.lock import MEMORY
from bot.database.sqlite.schema import migrations, verify
from bot.errors import OperatorError

_LOCK_TIMEOUT_SECONDS: Final = 2.0


class Inspection(msgspec.Struct, frozen=True):
    """State of a database; `version` is None if there is no file yet."""

    version: int | None
    newest_version: int
    size: int
    """In bytes."""
    free: int
    """Space on its disk, in bytes."""
    circuit_open_until: float = 0.0
    """Seconds since the epoch; no request is sent to the search service before then."""


def inspect(path: str) -> Inspection:
    """Raises OperatorError if a bot could not use the database at `path`."""
    newest = len(migrations())
    if path == MEMORY:
        return Inspection(None, newest, 0, 0)
    try:
        if not Path(path).exists():
            return Inspection(None, newest, 0, _free_bytes_for_new(path))
        file = Path(path).resolve()
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, isolation_level=None)) as sqlite:
            sqlite.execute(f"PRAGMA busy_timeout = {_LOCK_TIMEOUT_SECONDS * 1000:.0f}")
            version = verify(sqlite)
            _try_write(sqlite)
            return Inspection(
                version, newest, file.stat().st_size, free_bytes(path), _circuit_open_until(sqlite, version)
            )
    except (OSError, sqlite3.Error) as error:
        raise OperatorError(f"{path} can't be used: {error}") from error


def _free_bytes_for_new(path: str) -> int:
    folder = Path(path).resolve().parent
    if not folder.is_dir():
        raise OSError(f"its folder {folder} doesn't exist")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OSError(f"its folder {folder} can't be written")
    return free_bytes(path)


def _try_write(sqlite: sqlite3.Connection) -> None:
    """Write the version that the file has already, under a lock, so that no migration comes in between."""
    sqlite.execute("BEGIN IMMEDIATE")
    ((version,),) = sqlite.execute("PRAGMA user_version").fetchall()
    sqlite.execute(f"PRAGMA user_version = {version}")
    sqlite.execute("COMMIT")


def _circuit_open_until(sqlite: sqlite3.Connection, version: int) -> float:
    if version < 2:  # noqa: PLR2004 (the table came with the second migration)
        return 0.0
    return float(sqlite.execute("SELECT closed_until FROM door").fetchone()[0])

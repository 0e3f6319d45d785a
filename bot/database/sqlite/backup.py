"""Backup and restore: copies the database while the bot runs, and replaces it while the bot is stopped."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from bot.database.sqlite.lock import MEMORY, database_lock
from bot.database.sqlite.schema import verify
from bot.errors import OperatorError

_LOCK_TIMEOUT_SECONDS: Final = 5.0
_FILE_HEADER: Final = b"SQLite format 3\0"
"""https://www.sqlite.org/fileformat.html#the_database_header"""


def back_up(path: str, target: Path, *, replace: bool) -> int:
    """Write a consistent copy of the database at `path` to `target`. Returns its size in bytes.

    Raises OperatorError, and leaves `target` as it is, if that fails.
    """
    source = _existing_file(path)
    if target.exists() and not replace:
        raise OperatorError(f"{target} exists already. Name another file, or add --replace.")
    if target.exists() and target.samefile(source):
        raise OperatorError(f"{target} is the database itself. Name another file.")
    try:
        with _verified_copy(source, beside=target) as copy:
            size = copy.stat().st_size
            _publish(copy, target, replace=replace)
    except (OSError, sqlite3.Error) as error:
        raise OperatorError(f"{path} could not be backed up to {target}: {error}.") from error
    return size


def restore(backup: Path, path: str) -> Path | None:
    """Replace the database at `path` by `backup`. Returns the path of the previous database, or None.

    Raises OperatorError, and changes nothing, if `backup` is unusable or a bot is running.
    """
    if path == MEMORY:
        raise OperatorError("DATABASE_URL names no file: there is nothing to restore.")
    target = Path(path).resolve()
    if target.exists() and backup.exists() and target.samefile(backup):
        raise OperatorError(f"{backup} is the database itself.")
    try:
        with (
            database_lock(path, exclusive=True),
            _verified_copy(_existing_file(str(backup)), beside=target) as copy,
        ):
            previous = _keep_previous(target) if target.exists() else None
            _publish(copy, target, replace=True)
    except (OSError, sqlite3.Error) as error:
        raise OperatorError(f"{backup} could not be restored: {error}.") from error
    return previous


def _existing_file(path: str) -> Path:
    if path == MEMORY or not Path(path).is_file():
        raise OperatorError(f"There is no database at {path}.")
    return Path(path).resolve()


@contextmanager
def _verified_copy(source: Path, *, beside: Path) -> Iterator[Path]:
    """A verified copy of `source` in a single file, which is removed at the end unless it was moved."""
    copy = beside.with_name(f"{beside.name}.partial")
    copy.unlink(missing_ok=True)  # left by a process that was killed
    try:
        with closing(_open(source)) as sqlite, closing(sqlite3.connect(copy)) as target:
            copy.chmod(source.stat().st_mode & 0o777)
            sqlite.backup(target)  # all pages in one step, so the bot can go on writing
            target.execute("PRAGMA journal_mode = DELETE")
            if verify(target) == 0:
                raise sqlite3.DatabaseError("it is empty")
        _sync_to_disk(copy)
        yield copy
    finally:
        for leftover in ("", "-journal", "-wal", "-shm"):
            copy.with_name(copy.name + leftover).unlink(missing_ok=True)


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=_LOCK_TIMEOUT_SECONDS)


def _publish(copy: Path, target: Path, *, replace: bool) -> None:
    """Give `copy` the name `target` in one step. Raises FileExistsError."""
    if replace:
        copy.replace(target)
    else:
        target.hardlink_to(copy)  # unlike a rename, this fails if the file was created meanwhile
    _sync_to_disk(target.parent)


def _keep_previous(path: Path) -> Path:
    """Give the database a second name, under which it stays; it keeps its first name until it is replaced."""
    with path.open("rb") as file:
        is_sqlite = file.read(len(_FILE_HEADER)) == _FILE_HEADER
    if is_sqlite:  # SQLite would delete the log of any other file
        with suppress(sqlite3.Error), closing(_open(path)) as sqlite:
            sqlite.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # closing the connection then removes the log
    previous = _free_name(path)
    previous.hardlink_to(path)
    for log in ("-wal", "-shm"):
        # The log must not be applied to the new file.
        if (leftover := path.with_name(path.name + log)).exists():
            leftover.replace(previous.with_name(previous.name + log))
    return previous


def _free_name(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.previous{number or ''}") for number in range(1000))
    return next(name for name in names if not name.exists())


def _sync_to_disk(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def free_bytes(path: str) -> int:
    """The free space on the disk of `path`; the file itself need not exist."""
    return shutil.disk_usage(Path(path).resolve().parent).free

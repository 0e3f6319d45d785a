"""Copies the database to a file while the bot runs, and puts such a file in its place while it doesn't."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from bot.database.sqlite.lock import MEMORY, held
from bot.database.sqlite.schema import examine
from bot.errors import OperatorError

_PATIENCE_SECONDS: Final = 5.0
_MAGIC: Final = b"SQLite format 3\0"


def back_up(path: str, target: Path, *, replace: bool) -> int:
    """Write a consistent copy of the database at `path` to `target`; its size in bytes.

    Raises OperatorError, and leaves `target` as it is, where that fails.
    """
    source = _file(path)
    if target.exists() and not replace:
        raise OperatorError(f"{target} is there already. Name another file, or add --replace.")
    if target.exists() and target.samefile(source):
        raise OperatorError(f"{target} is the database itself. Name another file.")
    try:
        with _copy(source, beside=target) as copy:
            size = copy.stat().st_size
            _put(copy, target, replace=replace)
    except (OSError, sqlite3.Error) as error:
        raise OperatorError(f"{path} could not be backed up to {target}: {error}.") from error
    return size


def restore(backup: Path, path: str) -> Path | None:
    """Put `backup` in the place of the database at `path`; where the previous one is kept, if there was one.

    Raises OperatorError, and changes nothing, where `backup` is no good or a bot is running.
    """
    if path == MEMORY:
        raise OperatorError("DATABASE_URL names no file: there is nothing to restore.")
    target = Path(path).resolve()
    if target.exists() and backup.exists() and target.samefile(backup):
        raise OperatorError(f"{backup} is the database itself.")
    try:
        with held(path, alone=True), _copy(_file(str(backup)), beside=target) as copy:
            previous = _keep_previous(target) if target.exists() else None
            _put(copy, target, replace=True)
    except (OSError, sqlite3.Error) as error:
        raise OperatorError(f"{backup} could not be restored: {error}.") from error
    return previous


def _file(path: str) -> Path:
    if path == MEMORY or not Path(path).is_file():
        raise OperatorError(f"There is no database at {path}.")
    return Path(path).resolve()


@contextmanager
def _copy(source: Path, *, beside: Path) -> Iterator[Path]:
    """A checked copy of `source`, complete in one file; it is removed at the end unless it was moved."""
    copy = beside.with_name(f"{beside.name}.partial")
    copy.unlink(missing_ok=True)  # left by one that was killed
    try:
        with closing(_opened(source)) as sqlite, closing(sqlite3.connect(copy)) as target:
            copy.chmod(source.stat().st_mode & 0o777)
            sqlite.backup(target)  # all pages in one step: the bot may go on writing meanwhile
            target.execute("PRAGMA journal_mode = DELETE")
            if examine(target) == 0:
                raise sqlite3.DatabaseError("it is empty")
        _to_disk(copy)
        yield copy
    finally:
        for leftover in ("", "-journal", "-wal", "-shm"):
            copy.with_name(copy.name + leftover).unlink(missing_ok=True)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=_PATIENCE_SECONDS)


def _put(copy: Path, target: Path, *, replace: bool) -> None:
    """Give `copy` the name `target` at one blow. Raises FileExistsError."""
    if replace:
        copy.replace(target)
    else:
        target.hardlink_to(copy)  # unlike a rename, this fails where somebody has made the file meanwhile
    _to_disk(target.parent)


def _keep_previous(path: Path) -> Path:
    """Give the database a second name, under which it stays; it has its first one all the while."""
    with path.open("rb") as file:
        is_readable = file.read(len(_MAGIC)) == _MAGIC
    if is_readable:  # SQLite would throw away the log of anything else
        with suppress(sqlite3.Error), closing(_opened(path)) as sqlite:
            sqlite.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # closing then removes the log
    previous = _free_name(path)
    previous.hardlink_to(path)
    for log in ("-wal", "-shm"):
        if (leftover := path.with_name(path.name + log)).exists():
            leftover.replace(previous.with_name(previous.name + log))  # it must not meet the new file
    return previous


def _free_name(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.previous{number or ''}") for number in range(1000))
    return next(name for name in names if not name.exists())


def _to_disk(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def free_bytes(path: str) -> int:
    """What is left on the disk of `path`, which needs not exist."""
    return shutil.disk_usage(Path(path).resolve().parent).free

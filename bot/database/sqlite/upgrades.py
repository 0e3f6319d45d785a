"""Opens a database for the bot: refuses a file that is not usable, and applies missing migrations."""

import sqlite3

import stamina

from bot.database.sqlite.batch import BUSY_MILLISECONDS, BatchConnection, is_locked
from bot.database.sqlite.schema import migrations, version_of
from bot.errors import OperatorError


def open_upgraded(path: str) -> BatchConnection:
    """A connection to the database at `path`, in the newest version and writable.

    Any thread may use it, one at a time. Raises sqlite3.Error, and OperatorError if the file is newer than
    this code. It changes nothing in a file that is damaged, newer or another program's.
    """
    sqlite = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=BatchConnection)
    try:
        _prepare(sqlite)
    except BaseException:
        sqlite.close()
        raise
    return sqlite


@stamina.retry(on=is_locked, attempts=20, timeout=5, wait_initial=0.05, wait_max=0.5)
def _prepare(sqlite: sqlite3.Connection) -> None:
    sqlite.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    _refuse_unusable(sqlite)
    _upgrade(sqlite)
    sqlite.execute("PRAGMA journal_mode = WAL")  # the busy timeout does not hold for this: hence the retries
    sqlite.execute("PRAGMA synchronous = NORMAL")
    sqlite.execute("PRAGMA secure_delete = ON")  # deleted content is overwritten in the file too
    # A file that can't be written fails here, and not at a member's command.
    sqlite.execute("BEGIN IMMEDIATE")
    sqlite.execute("ROLLBACK")


def _refuse_unusable(sqlite: sqlite3.Connection) -> None:
    """Raises sqlite3.DatabaseError, before any write, if the file is damaged or another program's."""
    ((health,),) = sqlite.execute("PRAGMA quick_check(1)").fetchall()
    if health != "ok":
        raise sqlite3.DatabaseError(f"it is damaged: {health}")
    ((table_count,),) = sqlite.execute("SELECT count(*) FROM sqlite_master").fetchall()
    if table_count and version_of(sqlite) == 0:
        raise sqlite3.DatabaseError("it belongs to another program")


def _upgrade(sqlite: sqlite3.Connection) -> None:
    """Apply the migrations that the file lacks, each whole or not at all."""
    scripts = migrations()
    version = version_of(sqlite)
    if version > len(scripts):
        raise OperatorError(
            f"The database is of version {version}, newer than this Needledrop knows ({len(scripts)}). "
            "Run the Needledrop that wrote it, or a newer one."
        )
    while version < len(scripts):
        _apply(sqlite, scripts[version], version + 1)
        version = version_of(sqlite)


def _apply(sqlite: sqlite3.Connection, script: str, version: int) -> None:
    """Raises sqlite3.Error, unless another process has applied the same migration in the meantime."""
    try:
        sqlite.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {version};\nCOMMIT;")
    except sqlite3.Error:
        if sqlite.in_transaction:
            sqlite.rollback()
        if version_of(sqlite) < version:
            raise

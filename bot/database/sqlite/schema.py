"""Schema of the database file: its migrations, and the check that a file is one of ours."""

import sqlite3
from contextlib import closing
from importlib.resources import files


def migrations() -> list[str]:
    """The scripts, in order: the first leads from an empty file to version 1, and so on."""
    entries = sorted((files(__package__) / "migrations").iterdir(), key=lambda entry: entry.name)
    return [entry.read_text("utf-8") for entry in entries if entry.name.endswith(".sql")]


def version_of(sqlite: sqlite3.Connection) -> int:
    """The number of migrations that were applied to the file; 0 if it is empty or another program's."""
    ((version,),) = sqlite.execute("PRAGMA user_version").fetchall()
    return int(version)


def verify(sqlite: sqlite3.Connection) -> int:
    """Read the whole file. Returns its version, 0 if it is empty.

    Raises sqlite3.DatabaseError if it is damaged, newer than this code or another program's. Writes nothing.
    """
    ((health,),) = sqlite.execute("PRAGMA integrity_check(1)").fetchall()
    if health != "ok":
        raise sqlite3.DatabaseError(f"it is damaged: {health}")
    version = version_of(sqlite)
    if version > len(migrations()):
        raise sqlite3.DatabaseError(f"its version {version} is newer than this Needledrop knows")
    if not _tables(sqlite) >= _tables_of(version) or (version == 0 and _tables(sqlite)):
        raise sqlite3.DatabaseError("it belongs to another program")
    return version


def _tables_of(version: int) -> set[str]:
    with closing(sqlite3.connect(":memory:")) as sqlite:
        for script in migrations()[:version]:
            sqlite.executescript(script)
        return _tables(sqlite)


def _tables(sqlite: sqlite3.Connection) -> set[str]:
    return {name for (name,) in sqlite.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

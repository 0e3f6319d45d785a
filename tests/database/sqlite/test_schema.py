"""The schema: numbered migrations, and the check that a file is one of ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.database.sqlite.schema import migrations, verify, version_of


@pytest.fixture
def sqlite() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as sqlite:
        yield sqlite


def apply(sqlite: sqlite3.Connection, count: int) -> None:
    for script in migrations()[:count]:
        sqlite.executescript(script)
    sqlite.execute(f"PRAGMA user_version = {count}")


@pytest.mark.parametrize("version", range(len(migrations()) + 1))
def test_file_of_every_version_is_ours(sqlite: sqlite3.Connection, version: int) -> None:
    apply(sqlite, version)

    assert verify(sqlite) == version_of(sqlite) == version


def test_every_table_is_strict(sqlite: sqlite3.Connection) -> None:
    apply(sqlite, len(migrations()))
    lax = sqlite.execute(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'"
    ).fetchall()

    assert lax == []


def test_newer_file_is_refused(sqlite: sqlite3.Connection) -> None:
    sqlite.execute("PRAGMA user_version = 999")

    with pytest.raises(sqlite3.DatabaseError, match="version 999 is newer"):
        verify(sqlite)


@pytest.mark.parametrize("version", [0, 1])
def test_file_of_another_program_is_refused(sqlite: sqlite3.Connection, version: int) -> None:
    sqlite.execute("CREATE TABLE photographs (name)")
    sqlite.execute(f"PRAGMA user_version = {version}")

    with pytest.raises(sqlite3.DatabaseError, match="another program"):
        verify(sqlite)


def test_file_that_lacks_a_table_is_refused(sqlite: sqlite3.Connection) -> None:
    apply(sqlite, len(migrations()))
    sqlite.execute("DROP TABLE windows")

    with pytest.raises(sqlite3.DatabaseError, match="another program"):
        verify(sqlite)

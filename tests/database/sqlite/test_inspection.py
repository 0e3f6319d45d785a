"""Inspection: tells an operator about a database, and changes nothing in it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.database import inspect, open_database
from bot.database.sqlite.lock import MEMORY
from bot.database.sqlite.schema import migrations
from bot.errors import OperatorError

DATABASES = Path(__file__).parents[2] / "support" / "databases"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


async def test_database_in_use_is_inspected_beside_the_bot(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    async with open_database(str(path)) as database:
        await database.circuit.trip(1000, 30, min_seconds=5, max_seconds=300)
        found = inspect(str(path))

    assert found.version == found.newest_version == len(migrations())
    assert found.circuit_open_until == 1030
    assert found.size == path.stat().st_size
    assert found.free > 0


@pytest.mark.parametrize("version", sorted(file.stem for file in DATABASES.glob("*.sql")))
def test_older_version_is_inspected_and_not_upgraded(path: Path, version: str) -> None:
    with closing(sqlite3.connect(path)) as sqlite:
        sqlite.executescript((DATABASES / f"{version}.sql").read_text())
    found = inspect(str(path))

    assert found.version == inspect(str(path)).version == int(version)
    assert found.circuit_open_until == (0 if version == "0001" else 1_800_000_030)


def test_missing_file_has_no_version_and_is_not_created(path: Path) -> None:
    found = inspect(str(path))

    assert (found.version, found.size) == (None, 0)
    assert found.free > 0
    assert not path.exists()


def test_database_in_memory_has_no_version() -> None:
    assert inspect(MEMORY).version is None


def test_missing_folder_is_an_operator_error(path: Path) -> None:
    with pytest.raises(OperatorError, match="nowhere doesn't exist"):
        inspect(str(path.parent / "nowhere" / "test.db"))


def test_file_of_another_program_is_an_operator_error(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE photographs (name)")

    with pytest.raises(OperatorError, match="another program"):
        inspect(str(path))

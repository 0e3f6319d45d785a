"""MaintenanceStore: the probe and the figures of /healthz and /metrics."""

from pathlib import Path

import pytest

from bot.database import Database
from bot.errors import StorageError
from bot.models.search import Window


async def test_probe_writes_and_changes_nothing(database: Database) -> None:
    await database.circuit.trip(1000, 30, min_seconds=5, max_seconds=300)
    await database.maintenance.probe_write()

    assert await database.circuit.clamp_and_get(1e9) == (1030, True)


async def test_probe_of_a_read_only_database_is_a_storage_error(database: Database) -> None:
    await database.maintenance._execute("PRAGMA query_only = 1")  # noqa: SLF001 (as on a read-only disk)

    with pytest.raises(StorageError):
        await database.maintenance.probe_write()


async def test_size_is_that_of_the_file(database: Database, tmp_path: Path) -> None:
    await database.maintenance._execute("PRAGMA wal_checkpoint(TRUNCATE)")  # noqa: SLF001 (all in one file)

    assert await database.maintenance.get_size() == (tmp_path / "test.db").stat().st_size


async def test_windows_are_counted(database: Database) -> None:
    for start in (0, 100):
        await database.windows.put(b"digest", Window((), start=start, end=start, fetched_at=1))

    assert await database.maintenance.count_windows() == 2

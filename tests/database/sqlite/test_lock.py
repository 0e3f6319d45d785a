"""The lock of a database: shared by bots, exclusive for a restore."""

from pathlib import Path

import pytest

from bot.database.sqlite.lock import MEMORY, database_lock
from bot.errors import OperatorError


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "test.db")


def test_lock_is_shared_by_many(path: str) -> None:
    with (
        database_lock(path),
        database_lock(path),
        pytest.raises(OperatorError, match="A bot is running"),
        database_lock(path, exclusive=True),
    ):
        pass


@pytest.mark.parametrize(
    ("exclusive", "sentence"), [(False, "Another command is restoring"), (True, "A bot is running")]
)
def test_exclusive_lock_is_shared_by_none(path: str, exclusive: bool, sentence: str) -> None:  # noqa: FBT001 (a parameter of the test)
    with (
        database_lock(path, exclusive=True),
        pytest.raises(OperatorError, match=sentence),
        database_lock(path, exclusive=exclusive),
    ):
        pass


def test_lock_is_released_at_the_end(path: str) -> None:
    for exclusive in (True, False, True):
        with database_lock(path, exclusive=exclusive):
            pass

    assert Path(f"{path}-lock").read_bytes() == b""


def test_databases_in_memory_are_not_locked_against_each_other() -> None:
    with database_lock(MEMORY, exclusive=True), database_lock(MEMORY, exclusive=True):
        pass

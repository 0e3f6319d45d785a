"""Backup and restore: whole or not at all, whatever the file and whenever the process is killed."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.database import back_up, open_database, restore
from bot.database.sqlite.lock import database_lock
from bot.errors import OperatorError
from bot.models.search import Search
from tests.support.killed import killed_at_every_stage, remove


def write(path: Path, text: str, *, then_die: bool = False) -> None:
    async def add() -> None:
        async with open_database(str(path)) as database:
            await database.searches.add(
                Search(text), guild_id=1, channel_id=1, member_id=1, private=False, now=1_800_000_000.0
            )
            if then_die:
                os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(add())


def texts(path: Path) -> list[str]:
    """The texts of the searches in the file, read as the bot does."""

    async def read() -> list[str]:
        async with open_database(str(path)) as database:
            found = [await database.searches.get(number, guild_id=1) for number in range(1, 9)]
        return [saved.search.text for saved in found if saved is not None]

    return asyncio.run(read())


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write(tmp_path / "needledrop.db", "calm")
    return tmp_path / "needledrop.db"


def test_an_existing_file_is_overwritten_only_with_replace(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    target.write_text("precious")
    with pytest.raises(OperatorError, match="exists already"):
        back_up(str(path), target, replace=False)
    assert target.read_text() == "precious"
    back_up(str(path), target, replace=True)

    assert texts(target) == ["calm"]


def test_a_backup_is_one_file_with_the_permissions_of_the_database(path: Path, tmp_path: Path) -> None:
    path.chmod(0o600)
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up(str(path), folder / "copy", replace=False)

    assert names(folder) == {"copy"}
    assert (folder / "copy").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("target", ["nowhere/copy", "needledrop.db"])
def test_a_backup_that_fails_leaves_nothing(path: Path, tmp_path: Path, target: str) -> None:
    before = names(tmp_path)
    with pytest.raises(OperatorError):
        back_up(str(path), tmp_path / target, replace=True)

    assert names(tmp_path) == before
    assert texts(path) == ["calm"]


def test_backup_of_no_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="no database"):
        back_up(str(tmp_path / "none.db"), tmp_path / "copy", replace=False)

    assert names(tmp_path) == set()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_backup_that_cannot_be_written_is_an_operator_error(path: Path) -> None:
    with pytest.raises(OperatorError, match="could not be backed up"):
        back_up(str(path), Path("/dev/full/copy"), replace=False)


def test_previous_databases_are_kept_and_never_overwritten(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    back_up(str(path), copy, replace=False)
    write(path, "storm")
    first = restore(copy, str(path))
    write(path, "rain")
    second = restore(copy, str(path))

    assert texts(path) == ["calm"]
    assert first is not None
    assert second is not None
    assert texts(first) == ["calm", "storm"]
    assert texts(second) == ["calm", "rain"]


def test_restore_without_a_database_keeps_no_previous_one(path: Path, tmp_path: Path) -> None:
    assert restore(path, str(tmp_path / "new.db")) is None
    assert texts(tmp_path / "new.db") == ["calm"]


def test_log_of_a_killed_bot_is_kept_with_the_previous_database(tmp_path: Path) -> None:
    path, copy = tmp_path / "needledrop.db", tmp_path / "copy"
    process = os.fork()
    if process == 0:
        write(path, "calm", then_die=True)
    os.waitpid(process, 0)
    back_up(str(path), copy, replace=False)
    with closing(sqlite3.connect(copy)) as sqlite:
        sqlite.execute("DELETE FROM searches")
        sqlite.commit()
    previous = restore(copy, str(path))

    assert texts(path) == []
    assert previous is not None
    assert texts(previous) == ["calm"]


def test_a_database_damaged_beyond_reading_can_be_replaced(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    back_up(str(path), copy, replace=False)
    path.write_bytes(b"no database at all" * 100)
    (tmp_path / "needledrop.db-wal").write_bytes(b"nor this")
    previous = restore(copy, str(path))

    assert texts(path) == ["calm"]
    assert previous == tmp_path / "needledrop.db.previous"
    assert previous.read_bytes().startswith(b"no database")
    assert (tmp_path / "needledrop.db.previous-wal").read_bytes() == b"nor this"


def _no_database(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def _another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as sqlite:
        sqlite.executescript("CREATE TABLE photographs (name); PRAGMA user_version = 1;")


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as sqlite:
        sqlite.execute("PRAGMA user_version = 999")


def _damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 4] = os.urandom(4096)
    path.write_bytes(content)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    "break_file", [_no_database, _another_program, _newer, _damaged, _empty, Path.unlink]
)
def test_unusable_backup_is_refused_and_changes_nothing(
    path: Path, tmp_path: Path, break_file: Callable[[Path], None]
) -> None:
    copy = tmp_path / "copy"
    back_up(str(path), copy, replace=False)
    break_file(copy)
    with pytest.raises(OperatorError):
        restore(copy, str(path))

    assert texts(path) == ["calm"]
    assert names(tmp_path) <= {"needledrop.db", "needledrop.db-lock", "copy"}


def test_a_bot_does_not_start_while_a_backup_is_being_restored(path: Path) -> None:
    with database_lock(str(path), exclusive=True), pytest.raises(OperatorError, match="Another command"):
        write(path, "too early")

    assert texts(path) == ["calm"]


def test_restore_that_is_killed_leaves_the_old_or_the_new_database(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    back_up(str(path), copy, replace=False)

    def prepare() -> None:
        remove(path)
        if (process := os.fork()) == 0:
            write(path, "storm", then_die=True)
        os.waitpid(process, 0)

    async def change() -> None:
        await asyncio.to_thread(restore, copy, str(path))

    def look() -> str:
        kept = {tuple(texts(each)) for each in tmp_path.glob("needledrop.db.previous*")}
        return f"{texts(path)}, kept {sorted(kept)}"

    seen = killed_at_every_stage(prepare, change, look)
    assert seen <= {
        "['storm'], kept []",
        "['storm'], kept [('storm',)]",
        "['calm'], kept [('storm',)]",
    }
    assert "['calm'], kept [('storm',)]" in seen


def test_backup_that_is_killed_leaves_a_whole_file_or_none(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"

    async def change() -> None:
        await asyncio.to_thread(back_up, str(path), target, replace=False)

    def look() -> str:
        return str(texts(target)) if target.exists() else "nothing"

    seen = killed_at_every_stage(lambda: remove(target), change, look)
    assert {"['calm']"} <= seen <= {"['calm']", "nothing"}

"""`backup` while the bot runs, and `restore` while it doesn't."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.database import back_up, open_database, restore
from bot.database.sqlite.lock import held
from bot.database.sqlite.schema import examine
from bot.errors import OperatorError
from bot.models.search import Search
from tests.support.command_line import command, output, process, wait_until_ready
from tests.support.discord_stand_in import DiscordStandIn
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
    """What the searches in the file ask for, read as the bot does."""

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


async def test_a_backup_under_load_is_whole_and_can_be_restored(
    discord: DiscordStandIn, environment: dict[str, str], tmp_path: Path
) -> None:
    budgets = {"MEMBER_BUDGET": "1000/second", "GUILD_BUDGET": "1000/second", "KEY_BUDGET": "1000/second"}

    async def use(name: str) -> None:
        for number in range(60):
            await discord.command("music", query=f"{name} {number}")
        for _ in range(60):
            await discord.answer()

    async with process(environment | budgets) as bot:
        await wait_until_ready(discord)
        await use("before")
        using = asyncio.create_task(use("meanwhile"))
        copies = [
            await command(environment, "backup", str(tmp_path / f"{number}.backup")) for number in range(3)
        ]
        await using
        await use("after")
        refused = await command(environment, "restore", str(tmp_path / "0.backup"))
        bot.send_signal(signal.SIGTERM)
        log = await output(bot)
    assert [code for code, _ in copies] == [0, 0, 0], copies
    counts = [count(tmp_path / f"{number}.backup") for number in range(3)]
    done = await command(environment, "restore", str(tmp_path / "0.backup"))

    assert refused[0] == 1
    assert "A bot is running" in refused[1]
    assert "database failed" not in log
    assert 60 <= counts[0] <= counts[1] <= counts[2] <= 120
    assert done[0] == 0, done
    assert count(tmp_path / "needledrop.db") == counts[0]
    assert count(tmp_path / "needledrop.db.previous") == 180
    async with process(environment):
        await wait_until_ready(discord)
        await discord.command("more")
        assert "last page" in (await discord.answer())["content"]


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as sqlite:
        assert examine(sqlite) > 0
        return int(sqlite.execute("SELECT count(*) FROM searches").fetchone()[0])


async def test_a_bot_that_was_killed_holds_nothing_back(
    discord: DiscordStandIn, environment: dict[str, str], tmp_path: Path
) -> None:
    async with process(environment) as bot:
        await wait_until_ready(discord)
        backed_up = await command(environment, "backup", str(tmp_path / "copy"))
        bot.kill()
        await output(bot)
    restored = await command(environment, "restore", str(tmp_path / "copy"))

    assert (backed_up[0], restored[0]) == (0, 0), restored


def test_an_existing_file_is_overwritten_only_when_told(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    target.write_text("precious")
    with pytest.raises(OperatorError, match="is there already"):
        back_up(str(path), target, replace=False)
    assert target.read_text() == "precious"
    back_up(str(path), target, replace=True)

    assert texts(target) == ["calm"]


def test_a_backup_is_one_file_that_nobody_else_may_read_more_than_the_database(
    path: Path, tmp_path: Path
) -> None:
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


def test_there_must_be_something_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="no database"):
        back_up(str(tmp_path / "none.db"), tmp_path / "copy", replace=False)

    assert names(tmp_path) == set()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_what_cannot_be_written_is_a_sentence(path: Path) -> None:
    with pytest.raises(OperatorError, match="could not be backed up"):
        back_up(str(path), Path("/dev/full/copy"), replace=False)


def test_what_was_there_before_a_restore_is_kept_and_never_overwritten(path: Path, tmp_path: Path) -> None:
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


def test_a_restore_to_where_nothing_is_needs_no_previous(path: Path, tmp_path: Path) -> None:
    assert restore(path, str(tmp_path / "new.db")) is None
    assert texts(tmp_path / "new.db") == ["calm"]


def test_what_a_killed_bot_had_in_its_log_is_kept_with_the_previous(tmp_path: Path) -> None:
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


def _text(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def _others(path: Path) -> None:
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


@pytest.mark.parametrize("spoil", [_text, _others, _newer, _damaged, _empty, Path.unlink])
def test_what_is_no_good_backup_is_refused_and_changes_nothing(
    path: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    copy = tmp_path / "copy"
    back_up(str(path), copy, replace=False)
    spoil(copy)
    with pytest.raises(OperatorError):
        restore(copy, str(path))

    assert texts(path) == ["calm"]
    assert names(tmp_path) <= {"needledrop.db", "needledrop.db-lock", "copy"}


def test_a_bot_does_not_start_while_a_backup_is_being_restored(path: Path) -> None:
    with held(str(path), alone=True), pytest.raises(OperatorError, match="Another command"):
        write(path, "too early")

    assert texts(path) == ["calm"]


def test_a_restore_that_is_killed_leaves_the_old_or_the_new(path: Path, tmp_path: Path) -> None:
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


def test_a_backup_that_is_killed_leaves_all_of_it_or_nothing(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"

    async def change() -> None:
        await asyncio.to_thread(back_up, str(path), target, replace=False)

    def look() -> str:
        return str(texts(target)) if target.exists() else "nothing"

    seen = killed_at_every_stage(lambda: remove(target), change, look)
    assert {"['calm']"} <= seen <= {"['calm']", "nothing"}


async def test_the_command_line_says_what_it_did(
    environment: dict[str, str], path: Path, tmp_path: Path
) -> None:
    del environment["DISCORD_TOKEN"]  # neither is needed for this
    del environment["AUDIOSCAPE_API_KEY"]
    copy = str(tmp_path / "copy")
    backed_up = await command(environment, "backup", copy)
    again = await command(environment, "backup", copy)
    replaced = await command(environment, "backup", copy, "--replace")
    restored = await command(environment, "restore", copy)
    wrong = await command(environment | {"DATABASE_URL": "mysql://x"}, "backup", copy)

    assert (backed_up[0], again[0], replaced[0], restored[0], wrong[0]) == (0, 1, 0, 0, 1)
    assert "Backed up to" in backed_up[1]
    assert "--replace" in again[1]
    assert f"{path}.previous" in restored[1]
    assert "DATABASE_URL" in wrong[1]
    assert "Traceback" not in backed_up[1] + again[1] + replaced[1] + restored[1] + wrong[1]

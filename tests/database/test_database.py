"""The database as a whole: what it acknowledged survives a restart and a kill."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bot.database import Database, open_database
from bot.errors import StorageError
from bot.models.rates import Bucket, Rate
from bot.models.search import Search, Track, Window

ROOT = Path(__file__).parents[2]
BUCKETS = [Bucket("guild", 1, 0, Rate(1, 60))]


async def test_everything_is_kept_over_a_restart(tmp_path: Path) -> None:
    path = str(tmp_path / "test.db")
    window = Window((Track("1", "x", genre="Lo-Fi", bpm=90),), start=0, end=1, total=1, fetched_at=5)
    async with open_database(path) as database:
        added = await database.searches.add(
            Search("calm"), guild_id=2**63 - 1, channel_id=2, member_id=3, private=False, now=5
        )
        await database.searches.set_page(added.search_id, 4, guild_id=2**63 - 1, member_id=3)
        await database.windows.put(b"digest", window)
        await database.genres.add({"Lo-Fi": 2})
        assert await database.budgets.pay(BUCKETS, 1000)
    async with open_database(path) as database:
        latest = await database.searches.get_latest(guild_id=2**63 - 1, channel_id=2, member_id=9)
        assert latest is not None
        assert (latest.search, latest.page) == (Search("calm"), 4)
        assert await database.windows.get(b"digest", 0, since=5) == window
        assert await database.genres.get_canonical_names(["lo fi"]) == {"lofi": "Lo-Fi"}
        assert not await database.budgets.pay(BUCKETS, 1000)


async def test_process_killed_under_load_loses_nothing_that_it_acknowledged() -> None:
    chaos = await asyncio.create_subprocess_exec(
        sys.executable, "tests/chaos.py", "--cycles", "12",
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    written, _ = await chaos.communicate()

    assert chaos.returncode == 0, written.decode()
    assert b"12 cycles" in written


async def test_statement_after_closing_is_a_storage_error(tmp_path: Path) -> None:
    async with open_database(str(tmp_path / "test.db")) as database:
        pass

    with pytest.raises(StorageError):
        await database.genres.suggest("x", limit=1)


async def test_every_store_method_has_a_docstring(database: Database) -> None:
    missing = {
        f"{type(store).__name__}.{name}"
        for store in vars(database).values()
        for name, method in vars(type(store)).items()
        if not name.startswith("_") and not method.__doc__
    }

    assert missing == set()

"""Fixture of all tests of the stores."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.database import Database, open_database
from tests.support.stores import TRACKS, add_entries, add_shortlist


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(str(tmp_path / "test.db")) as database:
        yield database


@pytest.fixture
async def place(database: Database) -> tuple[int, str]:
    """The ids of a shortlist and of a track on it."""
    shortlist = await add_shortlist(database)
    await add_entries(database, shortlist, TRACKS[0])
    return shortlist.shortlist_id, TRACKS[0].asset_id

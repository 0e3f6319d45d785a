"""StoredPosition: the position of a search is restored unless its page was shown."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from bot.database import Database, open_database
from bot.models.search import SavedSearch, Search
from bot.search.position import StoredPosition


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(str(tmp_path / "test.db")) as database:
        yield database


@pytest.fixture
async def saved(database: Database) -> SavedSearch:
    """A search on page 3, where it has come from page 2."""
    saved = await database.searches.add(
        Search("calm"), guild_id=1, channel_id=1, member_id=1, private=False, now=1
    )
    for page in (2, 3):
        turned = await database.searches.set_page(saved.search_id, page, guild_id=1, member_id=1)
    assert turned is not None
    return turned


async def stored_page(database: Database, saved: SavedSearch) -> int:
    stored = await database.searches.get(saved.search_id, guild_id=1)
    assert stored is not None
    return stored.page


async def test_a_shown_page_keeps_its_position(database: Database, saved: SavedSearch) -> None:
    async with StoredPosition(database, saved):
        pass

    assert await stored_page(database, saved) == 3


async def test_a_page_that_is_not_shown_restores_the_position_before(
    database: Database, saved: SavedSearch
) -> None:
    with suppress(ZeroDivisionError):
        async with StoredPosition(database, saved) as position:
            await position.move_to(7)
            assert await stored_page(database, saved) == 7
            raise ZeroDivisionError

    assert await stored_page(database, saved) == 2


async def test_a_cancelled_page_restores_the_position_before(database: Database, saved: SavedSearch) -> None:
    with pytest.raises(asyncio.CancelledError):
        async with StoredPosition(database, saved):
            raise asyncio.CancelledError

    assert await stored_page(database, saved) == 2


async def test_a_position_that_another_command_has_changed_is_left_alone(
    database: Database, saved: SavedSearch
) -> None:
    with suppress(ZeroDivisionError):
        async with StoredPosition(database, saved):
            await database.searches.set_page(saved.search_id, 4, guild_id=1, member_id=1)
            raise ZeroDivisionError

    assert await stored_page(database, saved) == 4


async def test_a_position_that_cannot_be_stored_is_logged_and_the_page_is_shown(
    database: Database, saved: SavedSearch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with StoredPosition(database, saved) as position:
            await position.move_to(2)

    assert await stored_page(database, saved) == 3
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        "The position of a search could not be stored"
    ]

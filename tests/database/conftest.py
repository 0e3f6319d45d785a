"""Fixture of all tests of the stores."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.database import Database, open_database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(str(tmp_path / "test.db")) as database:
        yield database

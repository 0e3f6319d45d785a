"""Fixtures of the tests of privacy."""

from pathlib import Path

import pytest


@pytest.fixture
def database_path(tmp_path: Path) -> Path:
    """The database of the bot in the simulated Discord."""
    return tmp_path / "test.db"

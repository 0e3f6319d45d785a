"""Keeps the files of the tests in memory, if the machine can: SQLite waits for a disk at every commit."""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 (pytest makes a folder of its own there, which nobody else may enter)
_ENOUGH_BYTES = 512 * 1024 * 1024
"""A run takes a tenth of it. A container may have less, and then its disk is used."""


def pytest_configure() -> None:
    """Processes that the tests start inherit it."""
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK | os.X_OK):
        return
    if shutil.disk_usage(_MEMORY).free >= _ENOUGH_BYTES:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)

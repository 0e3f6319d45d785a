"""Removes what is too old to be of use, in steps small enough that nobody waits for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from bot.database import Database
from bot.errors import StorageError
from bot.moderation.service import HISTORY_SECONDS
from bot.search.finder import SHOWN_SECONDS

SEARCH_SECONDS: Final = SHOWN_SECONDS
"""How long a search can be gone on with: as long as its answers can be shown."""

TRACK_SECONDS: Final = 30 * 24 * 60 * 60.0
"""How long a track is remembered after it was last seen."""

CHANGE_SECONDS: Final = 365 * 24 * 60 * 60.0
"""How long it is recorded who changed a server's budgets."""

POST_SECONDS: Final = 30 * 24 * 60 * 60.0
"""How long a shortlist's post is kept up to date after it was last pressed."""

_STEP: Final = 200
_GENRES_KEPT: Final = 2_000
_PAUSE_SECONDS: Final = 0.02

_log = logging.getLogger(__name__)


async def sweep(database: Database, now: float) -> None:
    """Bring the database back to what may still be shown. A failure is logged; the next sweep goes on."""
    chores: tuple[tuple[Callable[[float, int], Awaitable[int]], float], ...] = (
        (database.searches.expire, now - SEARCH_SECONDS),
        (database.windows.expire, now - SHOWN_SECONDS),
        (database.tracks.expire, now - TRACK_SECONDS),
        (database.budgets.expire, now),
        (database.guild_rates.expire, now - CHANGE_SECONDS),
        (database.posts.expire, now - POST_SECONDS),
        (database.rules.expire, now - HISTORY_SECONDS),
    )
    try:
        for forget, before in chores:
            removed = _STEP
            while removed == _STEP:
                removed = await forget(before, _STEP)
                if removed:
                    await asyncio.sleep(_PAUSE_SECONDS)
        await database.genres.trim(_GENRES_KEPT)
    except StorageError as error:
        _log.error("What is too old could not be removed: %r", error.__cause__)

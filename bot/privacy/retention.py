"""Retention: the age at which each kind of data expires, and the job that deletes expired data."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from bot.database import Database
from bot.errors import StorageError
from bot.moderation.service import RULE_HISTORY_SECONDS
from bot.search.finder import SHOWN_SECONDS

_DAY_SECONDS: Final = 24 * 60 * 60.0

SEARCH_SECONDS: Final = SHOWN_SECONDS
"""From the search. Its buttons work for as long as the answers to it can be shown without AudioScape."""

TRACK_SECONDS: Final = 30 * _DAY_SECONDS
"""From the last answer with the track; four times as long as a search, for searches in an outage."""

BUDGET_HISTORY_SECONDS: Final = 365 * _DAY_SECONDS
"""From the change of a server's budgets. Budgets change seldom, so that a year is a short list."""

POST_SECONDS: Final = 30 * _DAY_SECONDS
"""From the last use of a shortlist's message; until then it is edited after each vote."""

MAX_GENRES: Final = 2_000
"""Genres kept for autocomplete and spelling, those seen most often; a bound on the table's size."""

_BATCH_SIZE: Final = 200
"""Rows deleted by one statement, so that other statements wait for milliseconds only."""

_PAUSE_SECONDS: Final = 0.02

Expire: TypeAlias = Callable[[float, int], Awaitable[int]]
"""A store's method: deletes up to so many rows older than a time, and returns their number."""

_log = logging.getLogger(__name__)


def retention_table(database: Database) -> tuple[tuple[Expire, float], ...]:
    """Each store whose data expires, and the age in seconds at which it does."""
    return (
        (database.searches.expire, SEARCH_SECONDS),
        (database.windows.expire, SHOWN_SECONDS),
        (database.tracks.expire, TRACK_SECONDS),
        (database.budgets.expire, 0),  # a bucket expires when it is full again
        (database.guild_rates.expire, BUDGET_HISTORY_SECONDS),
        (database.posts.expire, POST_SECONDS),
        (database.rules.expire, RULE_HISTORY_SECONDS),
    )


async def delete_expired(database: Database, now: float) -> None:
    """Delete all expired data. A failure of the database is logged, and the next run goes on from there."""
    try:
        for expire, age_seconds in retention_table(database):
            await _expire_in_batches(expire, now - age_seconds)
        await database.genres.trim(MAX_GENRES)
    except StorageError as error:
        _log.error("Expired data could not be deleted: %r", error.__cause__)


async def _expire_in_batches(expire: Expire, before: float) -> None:
    """Pauses after each batch, so that members' commands come between."""
    deleted = _BATCH_SIZE
    while deleted == _BATCH_SIZE:
        deleted = await expire(before, _BATCH_SIZE)
        if deleted:
            await asyncio.sleep(_PAUSE_SECONDS)

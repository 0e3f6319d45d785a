"""PageLookup: the mutable state of one page lookup, from the command to its page."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from bot.errors import AudioScapeError
from bot.filters.matching import Filters
from bot.models.requester import Requester
from bot.models.search import SavedSearch
from bot.search.page_builder import PageBuilder

MAX_LOOKUP_SECONDS: Final = 10.0
"""For one command in all: with the way to Discord and back, a member waits 12 seconds at most."""

MAX_REQUESTS: Final = 3
"""API requests that one command may lead to, retries aside."""

_DEFER_AFTER_SECONDS: Final = 0.8
"""The time that a command may wait for a response before it is deferred.

Discord allows 3 seconds. Within one second, a deferral would only be one more step for the member to see.
"""


class PageLookup:
    def __init__(
        self,
        saved: SavedSearch,
        number: int,
        requester: Requester,
        filters: Filters,
        defer: Callable[[], Awaitable[None]],
    ) -> None:
        """`number` is the page's; `defer` is awaited once at most, if a response is slow."""
        self.saved = saved
        self.number = number
        self.requester = requester
        self.filters = filters
        self.query = filters.query_for(saved.search)
        self.builder = PageBuilder(saved.search, number, filters)
        self.requests_made = 0
        self.answers_received = 0
        self.deferred = False
        self.has_failed = False
        """True once one of its own requests has failed: it makes no further one."""
        self.outage: AudioScapeError | None = None
        """The reason why the latest window is not a fresh response; None if it is one."""
        self._defer = defer
        self._began_at = asyncio.get_running_loop().time()

    @property
    def deadline(self) -> float:
        """In seconds of the event loop's clock."""
        return self._began_at + MAX_LOOKUP_SECONDS

    @property
    def seconds_until_defer(self) -> float:
        return max(0.0, self._began_at + _DEFER_AFTER_SECONDS - asyncio.get_running_loop().time())

    @property
    def may_request(self) -> bool:
        """True if another request is within MAX_REQUESTS."""
        return self.requests_made < MAX_REQUESTS

    @property
    def has_results(self) -> bool:
        """True if there is something to show: tracks of the page, or at least a fresh response."""
        return self.builder.has_tracks or self.answers_received > 0

    async def defer(self) -> None:
        self.deferred = True
        await self._defer()

    def record_failure(self, error: AudioScapeError) -> None:
        self.has_failed = True
        self.outage = error

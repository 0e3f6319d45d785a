"""Finder: a search and a page number in, a page out; results in the cache cost no request."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

import stamina
from cachetools import TTLCache
from msgspec.structs import replace

from bot.audioscape.client import AudioScape
from bot.budgets.request_attempts import RequestAttempts
from bot.errors import AudioScapeError, BotError, CutShort, ServiceFailed, TooSlow, Unreachable
from bot.filters.matching import Filters
from bot.models.requester import Requester
from bot.models.search import WINDOW_SIZE, Fallback, Page, Query, SavedSearch, Search, Track, Window
from bot.search.page_builder import PageBuilder
from bot.search.page_lookup import MAX_LOOKUP_SECONDS, PageLookup
from bot.search.result_cache import ResultCache
from bot.search.single_flight import SingleFlight
from bot.telemetry.interactions import record_source
from bot.telemetry.metrics import ApiRequest

MAX_STALE_SECONDS: Final = 7 * 24 * 60 * 60.0
"""The maximum age of a cached response that is shown during an outage."""

_OUTAGE_SECONDS: Final = 15.0
"""The time after a failure in which pages of older searches come from the cache, without a request."""

_RETRYABLE: Final = (ServiceFailed, Unreachable, CutShort)
_MAX_ATTEMPTS: Final = 2
_RETRY_SECONDS: Final = MAX_LOOKUP_SECONDS / 2
"""A retry starts within this time of the first attempt, or not at all."""

_WIDENED_CACHE_SIZE: Final = 1_000

_CANDIDATE_FACTOR: Final = 5
"""The factor by which more cached tracks are read if filters may hide some of them."""

_log = logging.getLogger(__name__)


class Finder:
    """Finds pages in the result cache, and asks AudioScape for missing windows."""

    def __init__(
        self,
        *,
        audioscape: AudioScape,
        result_cache: ResultCache,
        attempts: Callable[[Requester], RequestAttempts],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        fresh_seconds: float,
    ) -> None:
        """`fresh_seconds` is the maximum age of a cached response that answers a new search."""
        self._audioscape = audioscape
        self._result_cache = result_cache
        self._attempts = attempts
        self._clock = clock
        self._sleep = sleep
        self._fresh_seconds = fresh_seconds
        self._single_flight: SingleFlight[tuple[bytes, int], Window] = SingleFlight()
        self._widened: TTLCache[bytes, bool] = TTLCache(_WIDENED_CACHE_SIZE, fresh_seconds, timer=clock)
        """Digests of queries that are sent without their genres for a while."""
        self._outage: AudioScapeError | None = None
        """The latest failure; None once the service has answered again."""
        self._failed_at = 0.0

    async def page(
        self,
        saved: SavedSearch,
        number: int,
        *,
        requester: Requester,
        filters: Filters,
        defer: Callable[[], Awaitable[None]],
    ) -> Page:
        """Page `number`, from 1, of `saved`, with the tracks that are visible under `filters`.

        `defer` is awaited once at most, and only if a response takes longer than 0.8 seconds.
        Raises BotError if there is nothing to show.
        """
        lookup = PageLookup(saved, number, requester, filters, defer)
        if lookup.query.digest in self._widened:
            lookup.query = replace(lookup.query, genres=())
        try:
            await self._collect_windows(lookup)
        except BotError as error:
            if not lookup.has_results:
                return await self._page_from_tracks(lookup, error)
            _log.warning("Stopped looking further: %r from %r", error, error.__cause__)
        if lookup.outage is not None and not lookup.builder.found:
            return await self._page_from_tracks(lookup, lookup.outage)
        return lookup.builder.page()

    async def track(
        self, asset_id: str, *, requester: Requester, defer: Callable[[], Awaitable[None]]
    ) -> Track | None:
        """The track with that id, or None if there is none. One request at most. Raises BotError.

        The service treats digits as an id, but not always: only a track with exactly this id is returned.
        """
        unsaved = SavedSearch.unsaved(
            Search(asset_id), guild_id=requester.guild_id, member_id=requester.member_id, now=self._clock()
        )
        lookup = PageLookup(unsaved, 1, requester, Filters(), defer)
        window = await self._result_cache.get(lookup.query, 0, since=self._fresh_since(unsaved))
        if window is None:
            window, _ = await self._request_or_fallback(lookup, 0)
        return next((track for track in window.tracks if track.asset_id == asset_id), None)

    async def _page_from_tracks(self, lookup: PageLookup, error: BotError) -> Page:
        """A page of all cached tracks that match the search. Raises `error` if there are none.

        Not for a search whose own windows have matches: its pages would mix with these.
        """
        if not isinstance(error, AudioScapeError) or not error.is_outage or lookup.builder.found:
            raise error
        limit = WINDOW_SIZE * (_CANDIDATE_FACTOR if lookup.filters.rules else 1)
        window = await self._result_cache.search_tracks(lookup.saved.search, lookup.query, limit)
        if window is None:
            raise error
        record_source("tracks")
        builder = PageBuilder(lookup.saved.search, lookup.number, lookup.filters)
        builder.add(window, Fallback(error.reason, None))
        return builder.page()

    async def _collect_windows(self, lookup: PageLookup) -> None:
        since = self._fresh_since(lookup.saved)
        while not lookup.builder.is_complete:
            start = lookup.builder.next_start
            window = await self._result_cache.get(lookup.query, start, since=since)
            if window is not None:
                lookup.builder.add(window)
            elif not lookup.may_request and not lookup.has_failed:
                break
            else:
                window, fallback = await self._request_or_fallback(lookup, start)
                if not (start or window.tracks) and await self._widen(lookup):
                    continue
                lookup.builder.add(window, fallback)
        await self._look_ahead(lookup, since)

    def _fresh_since(self, saved: SavedSearch) -> float:
        """The earliest time of a response that counts as fresh for `saved`, however long it is paged."""
        return saved.created_at - self._fresh_seconds

    async def _widen(self, lookup: PageLookup) -> bool:
        """Drop the genres of an allow-list from a query that found nothing; True if they were dropped.

        Only if one of them was never seen in a response: the service may spell it in another way.
        """
        _, is_known = await self._result_cache.canonical_genres(lookup.query)
        if is_known or lookup.saved.search.genre is not None:
            return False
        self._widened[lookup.query.digest] = True
        lookup.query = replace(lookup.query, genres=())
        return True

    async def _look_ahead(self, lookup: PageLookup, since: float) -> None:
        """Add cached windows until it is known whether another page follows this one."""
        while lookup.builder.is_full and not lookup.builder.is_at_end:
            window = await self._result_cache.get(lookup.query, lookup.builder.next_start, since=since)
            if window is None:
                return
            lookup.builder.add(window)

    async def _request_or_fallback(self, lookup: PageLookup, start: int) -> tuple[Window, Fallback | None]:
        """The window from the service; during an outage, the stale one, and the reason for it.

        A failed request is the lookup's last. Raises BotError if there is no window at all.
        """
        outage = lookup.outage or self._recent_outage(lookup.saved.created_at)
        if outage is not None:
            window = await self._stale_window(lookup, start)
            if window is not None:
                return _fallback(lookup, window, outage)
            if lookup.has_failed:
                raise outage
        try:
            window = await self._request(lookup, start)
        except AudioScapeError as error:
            if not error.is_outage:
                raise
            self._record_outage(lookup, error)
            window = await self._stale_window(lookup, start)
            if window is None:
                raise
            return _fallback(lookup, window, error)
        lookup.outage = self._outage = None
        return window, None

    def _recent_outage(self, created_at: float) -> AudioScapeError | None:
        """A failure of the last seconds, for paging in a search that is older than it; else None."""
        is_recent = created_at <= self._failed_at and self._clock() - self._failed_at < _OUTAGE_SECONDS
        return self._outage if is_recent else None

    def _record_outage(self, lookup: PageLookup, error: AudioScapeError) -> None:
        lookup.record_failure(error)
        self._outage = error
        self._failed_at = self._clock()

    async def _stale_window(self, lookup: PageLookup, start: int) -> Window | None:
        """A cached window of any age up to MAX_STALE_SECONDS.

        The first window may also be that of the same search without filters; its later ones then follow.
        """
        since = self._clock() - MAX_STALE_SECONDS
        window = await self._result_cache.get(lookup.query, start, since=since)
        unfiltered = lookup.saved.search.query
        if window is None and not start and unfiltered != lookup.query:
            window = await self._result_cache.get(unfiltered, start, since=since)
            lookup.query = lookup.query if window is None else unfiltered
        return window

    async def _request(self, lookup: PageLookup, start: int) -> Window:
        query = lookup.query
        attempts = self._attempts(lookup.requester)
        result = await self._single_flight.join(
            (query.digest, start), pay=attempts.pay, fetch=lambda: self._fetch(query, start, attempts)
        )
        await self._defer_if_slow(lookup, result)
        lookup.requests_made += 1
        window = await _result_by(lookup.deadline, result)
        lookup.answers_received += 1
        record_source("asked")
        return window

    async def _defer_if_slow(self, lookup: PageLookup, result: asyncio.Task[Window]) -> None:
        if lookup.deferred:
            return
        pause = asyncio.ensure_future(self._sleep(lookup.seconds_until_defer))
        await asyncio.wait({result, pause}, return_when=asyncio.FIRST_COMPLETED)
        pause.cancel()
        if not result.done():
            await lookup.defer()

    async def _fetch(self, query: Query, start: int, attempts: RequestAttempts) -> Window:
        canonical, is_known = await self._result_cache.canonical_genres(query)
        async for attempt in stamina.retry_context(
            on=_RETRYABLE,
            attempts=_MAX_ATTEMPTS,
            timeout=_RETRY_SECONDS,
            wait_initial=0.2,
            wait_max=1.0,
        ):
            with attempt:
                await attempts.pay_for_retry()
                async with attempts:
                    with ApiRequest():
                        window = await self._audioscape.search(canonical, start)
        window = replace(window, fetched_at=self._clock())
        # An empty response for a genre never seen may only mean that the service spells it in another way.
        if window.tracks or start or is_known:
            self._result_cache.put(query, window)
        return window


def _fallback(lookup: PageLookup, window: Window, outage: AudioScapeError) -> tuple[Window, Fallback]:
    lookup.outage = outage
    record_source("stale")
    return window, Fallback(outage.reason, window.fetched_at)


async def _result_by(deadline: float, result: asyncio.Task[Window]) -> Window:
    """The result of a shared request, which goes on for its other callers. Raises TooSlow at `deadline`."""
    try:
        async with asyncio.timeout_at(deadline):
            return await asyncio.shield(result)
    except TimeoutError as error:
        raise TooSlow("no response before the deadline of the command") from error

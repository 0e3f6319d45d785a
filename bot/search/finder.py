"""Finder: a search and a page number in, a page out; what is known already costs nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

import stamina
from cachetools import TTLCache
from msgspec.structs import replace

from bot.audioscape.client import AudioScape
from bot.budgets.attempts import RequestAttempts
from bot.errors import AudioScapeError, BotError, CutShort, ServiceFailed, TooSlow, Unreachable
from bot.filters.matching import Filters
from bot.models.requester import Requester
from bot.models.search import WINDOW_SIZE, Fallback, Page, Query, SavedSearch, Search, Track, Window
from bot.search.page_builder import PageBuilder
from bot.search.result_cache import ResultCache
from bot.search.single_flight import SingleFlight
from bot.telemetry.interactions import record_source
from bot.telemetry.metrics import ApiRequest

SHOWN_SECONDS: Final = 7 * 24 * 60 * 60.0
"""How old an answer may be when the service gives none."""

MAX_WINDOWS: Final = 3
"""API requests that one command may lead to."""

PATIENCE_SECONDS: Final = 10.0
"""For one command in all: with the way to Discord and back, a member waits 12 seconds at most."""

AT_ONCE_SECONDS: Final = 0.8
"""How long an answer may take to be given at once, without a sign before it that we are looking.

Discord gives us 3 seconds; and below one, a sign is one more thing to wait for.
"""

_OUT_SECONDS: Final = 15.0
"""How long after a failure pages that are stored turn without another try."""

_WORTH_RETRYING: Final = (ServiceFailed, Unreachable, CutShort)
_ATTEMPTS: Final = 2

_WIDE: Final = 1_000
"""Queries of which we remember for a while that they are asked without their genres."""

_MORE_CANDIDATES: Final = 5
"""So many times more of the tracks remembered are looked at where filters may hide some."""

_log = logging.getLogger(__name__)


class Finder:
    """Finds pages in what is remembered, and asks AudioScape for what isn't."""

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
        """`fresh_seconds` is how old an answer may be when somebody makes the same search."""
        self._audioscape = audioscape
        self._result_cache = result_cache
        self._attempts = attempts
        self._clock = clock
        self._sleep = sleep
        self._fresh_seconds = fresh_seconds
        self._single_flight: SingleFlight[tuple[bytes, int], Window] = SingleFlight()
        self._wide: TTLCache[bytes, bool] = TTLCache(_WIDE, fresh_seconds, timer=clock)
        self._outage: AudioScapeError | None = None
        self._out_at = 0.0

    async def page(
        self,
        saved: SavedSearch,
        number: int,
        *,
        requester: Requester,
        filters: Filters,
        while_asking: Callable[[], Awaitable[None]],
    ) -> Page:
        """Page `number`, from 1, of `saved`, with what `filters` let through.

        `while_asking` is awaited once, where the service has not answered within AT_ONCE_SECONDS, and not
        where it has or where everything is known. Raises BotError where not one track can be shown.
        """
        lookup = PageLookup(saved, number, requester, filters, while_asking)
        if lookup.query.digest in self._wide:
            lookup.query = replace(lookup.query, genres=())
        try:
            await self._gather(lookup)
        except BotError as error:
            if not (lookup.builder.has_something or lookup.brought):
                return await self._page_from_tracks(lookup, error)
            _log.warning("Stopped looking further: %r from %r", error, error.__cause__)
        if lookup.outage is not None and not lookup.builder.found:
            return await self._page_from_tracks(lookup, lookup.outage)
        return lookup.builder.page()

    async def track(
        self, asset_id: str, *, requester: Requester, while_asking: Callable[[], Awaitable[None]]
    ) -> Track | None:
        """The track of that id; None where there is none. One request at most. Raises BotError.

        The service takes words that are digits for an id; what it answers is held against it all the same.
        """
        unsaved = SavedSearch.of_nobody(
            Search(asset_id), guild_id=requester.guild_id, member_id=requester.member_id, now=self._clock()
        )
        lookup = PageLookup(unsaved, 1, requester, Filters(), while_asking)
        window = await self._result_cache.get(lookup.query, 0, since=unsaved.made_at - self._fresh_seconds)
        if window is None:
            window, _ = await self._asked_or_remembered(lookup, 0)
        return next((track for track in window.tracks if track.asset_id == asset_id), None)

    async def _page_from_tracks(self, lookup: "PageLookup", error: BotError) -> Page:
        """Whatever of all tracks seen fits the search; raises `error` where nothing does.

        Not for a search whose own answers have brought something: its pages don't mix with these.
        """
        if not isinstance(error, AudioScapeError) or not error.is_outage or lookup.builder.found:
            raise error
        most = WINDOW_SIZE * (_MORE_CANDIDATES if lookup.filters.rules else 1)
        window = await self._result_cache.search_tracks(lookup.saved.search, lookup.query, most)
        if window is None:
            raise error
        record_source("tracks")
        builder = PageBuilder(lookup.saved.search, lookup.number, lookup.filters)
        builder.add(window, Fallback(error.reason, None))
        return builder.page()

    async def _gather(self, lookup: "PageLookup") -> None:
        since = lookup.saved.made_at - self._fresh_seconds
        while not lookup.builder.is_complete:
            start = lookup.builder.next_start
            window = await self._result_cache.get(lookup.query, start, since=since)
            if window is not None:
                lookup.builder.add(window)
            elif lookup.asked == MAX_WINDOWS and not lookup.has_failed:
                break
            else:
                window, fallback = await self._asked_or_remembered(lookup, start)
                if not (start or window.tracks) and await self._widens(lookup):
                    continue
                lookup.builder.add(window, fallback)
        await self._look_ahead(lookup, since)

    async def _widens(self, lookup: "PageLookup") -> bool:
        """Ask for all genres where nothing came of allowed ones never seen, lest spelling be the reason."""
        _, is_known = await self._result_cache.canonical_genres(lookup.query)
        if is_known or lookup.saved.search.genre is not None:
            return False
        self._wide[lookup.query.digest] = True
        lookup.query = replace(lookup.query, genres=())
        return True

    async def _look_ahead(self, lookup: "PageLookup", since: float) -> None:
        """Find out, from what is known, whether there is a page after this one."""
        while lookup.builder.is_full and not lookup.builder.is_at_end:
            window = await self._result_cache.get(lookup.query, lookup.builder.next_start, since=since)
            if window is None:
                return
            lookup.builder.add(window)

    async def _asked_or_remembered(self, lookup: "PageLookup", start: int) -> tuple[Window, Fallback | None]:
        outage = lookup.outage or self._recent_outage(lookup.saved.made_at)
        window = None if outage is None else await self._stored(lookup, start)
        if outage is not None and window is not None:
            lookup.outage = outage
            record_source("stale")
            return window, Fallback(outage.reason, window.fetched_at)
        if outage is not None and lookup.has_failed:
            raise outage
        try:
            window = await self._ask(lookup, start)
        except AudioScapeError as error:
            if not error.is_outage:
                raise
            lookup.has_failed = True
            lookup.outage = self._outage = error
            self._out_at = self._clock()
            return await self._asked_or_remembered(lookup, start)
        lookup.outage = self._outage = None
        return window, None

    def _recent_outage(self, made_at: float) -> AudioScapeError | None:
        """Why somebody who pages on in an old search would only wait for another failure."""
        is_recent = made_at <= self._out_at and self._clock() - self._out_at < _OUT_SECONDS
        return self._outage if is_recent else None

    async def _stored(self, lookup: "PageLookup", start: int) -> Window | None:
        """What was answered at any time; to begin with also to the same search before there were filters."""
        since = self._clock() - SHOWN_SECONDS
        window = await self._result_cache.get(lookup.query, start, since=since)
        plain = lookup.saved.search.query
        if window is None and not start and plain != lookup.query:
            window = await self._result_cache.get(plain, start, since=since)
            lookup.query = lookup.query if window is None else plain
        return window

    async def _ask(self, lookup: "PageLookup", start: int) -> Window:
        query = lookup.query
        attempts = self._attempts(lookup.requester)
        flight = await self._single_flight.join(
            (query.digest, start), pay=attempts.pay, fetch=lambda: self._fetch(query, start, attempts)
        )
        await self._say_if_slow(lookup, flight)
        lookup.asked += 1
        window = await _landed(flight, lookup.deadline)
        lookup.brought += 1
        record_source("asked")
        return window

    async def _say_if_slow(self, lookup: "PageLookup", flight: asyncio.Task[Window]) -> None:
        if lookup.has_said:
            return
        pause = asyncio.ensure_future(self._sleep(lookup.seconds_left_at_once))
        await asyncio.wait({flight, pause}, return_when=asyncio.FIRST_COMPLETED)
        pause.cancel()
        if not flight.done():
            lookup.has_said = True
            await lookup.while_asking()

    async def _fetch(self, query: Query, start: int, attempts: RequestAttempts) -> Window:
        spelled, is_known = await self._result_cache.canonical_genres(query)
        async for attempt in stamina.retry_context(
            on=_WORTH_RETRYING,
            attempts=_ATTEMPTS,
            timeout=PATIENCE_SECONDS / 2,
            wait_initial=0.2,
            wait_max=1.0,
        ):
            with attempt:
                await attempts.pay_for_retry()
                async with attempts:
                    with ApiRequest():
                        window = await self._audioscape.search(spelled, start)
        window = replace(window, fetched_at=self._clock())
        # That there is nothing in a genre that was never seen may only mean that it is spelled otherwise.
        if window.tracks or start or is_known:
            self._result_cache.put(query, window)
        return window


class PageLookup:
    """One command's way to its page: who goes, how far it got, and what came between."""

    def __init__(
        self,
        saved: SavedSearch,
        number: int,
        requester: Requester,
        filters: Filters,
        while_asking: Callable[[], Awaitable[None]],
    ) -> None:
        self.saved = saved
        self.number = number
        self.filters = filters
        self.query = filters.query_for(saved.search)
        self.builder = PageBuilder(saved.search, number, filters)
        self.requester = requester
        self.while_asking = while_asking
        self._began_at = asyncio.get_running_loop().time()
        self.deadline = self._began_at + PATIENCE_SECONDS
        self.has_said = False
        self.asked = 0
        self.brought = 0
        self.has_failed = False
        self.outage: AudioScapeError | None = None

    @property
    def seconds_left_at_once(self) -> float:
        """How long it may still take for an answer to be given at once."""
        return max(0.0, self._began_at + AT_ONCE_SECONDS - asyncio.get_running_loop().time())


async def _landed(flight: asyncio.Task[Window], deadline: float) -> Window:
    """What `flight` brings; it flies on for others, and for next time, when our patience has run out."""
    try:
        async with asyncio.timeout_at(deadline):
            return await asyncio.shield(flight)
    except TimeoutError as error:
        raise TooSlow("the command's patience ran out") from error

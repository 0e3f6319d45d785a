"""Finder: a search and a page number in, a page out; what is known already costs nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

import stamina
from cachetools import TTLCache
from msgspec.structs import replace

from bot import watch
from bot.audioscape import AudioScape
from bot.errors import AudioScapeError, BotError, CutShort, ServiceFailed, TooSlow, Unreachable
from bot.filters.matching import Filters
from bot.flights import Flights
from bot.gathering import Gathering
from bot.limiter import Payer
from bot.memory import Memory
from bot.metrics import ApiRequest
from bot.models import WINDOW_SIZE, Page, Query, Remembered, SavedSearch, Search, Track, Window
from bot.tries import Tries

SHOWN_SECONDS: Final = 7 * 24 * 60 * 60.0
"""How old an answer may be when the service gives none."""

MOST_WINDOWS: Final = 3
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
        memory: Memory,
        tries: Callable[[Payer], Tries],
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        fresh_seconds: float,
    ) -> None:
        """`fresh_seconds` is how old an answer may be when somebody makes the same search."""
        self._audioscape = audioscape
        self._memory = memory
        self._tries = tries
        self._now = now
        self._sleep = sleep
        self._fresh_seconds = fresh_seconds
        self._flights: Flights[tuple[bytes, int], Window] = Flights()
        self._wide: TTLCache[bytes, bool] = TTLCache(_WIDE, fresh_seconds, timer=now)
        self._outage: AudioScapeError | None = None
        self._out_at = 0.0

    async def page(
        self,
        saved: SavedSearch,
        number: int,
        *,
        payer: Payer,
        filters: Filters,
        while_asking: Callable[[], Awaitable[None]],
    ) -> Page:
        """Page `number`, from 1, of `saved`, with what `filters` let through.

        `while_asking` is awaited once, where the service has not answered within AT_ONCE_SECONDS, and not
        where it has or where everything is known. Raises BotError where not one track can be shown.
        """
        quest = _Quest(saved, number, payer, filters, while_asking)
        if quest.query.digest in self._wide:
            quest.query = replace(quest.query, genres=())
        try:
            await self._gather(quest)
        except BotError as error:
            if not (quest.gathering.has_something or quest.brought):
                return await self._page_from_tracks(quest, error)
            _log.warning("Stopped looking further: %r from %r", error, error.__cause__)
        if quest.outage is not None and not quest.gathering.found:
            return await self._page_from_tracks(quest, quest.outage)
        return quest.gathering.page()

    async def track(
        self, asset_id: str, *, payer: Payer, while_asking: Callable[[], Awaitable[None]]
    ) -> Track | None:
        """The track of that id; None where there is none. One request at most. Raises BotError.

        The service takes words that are digits for an id; what it answers is held against it all the same.
        """
        unsaved = SavedSearch.of_nobody(
            Search(asset_id), guild_id=payer.guild_id, member_id=payer.member_id, now=self._now()
        )
        quest = _Quest(unsaved, 1, payer, Filters(), while_asking)
        window = await self._memory.window(quest.query, 0, since=unsaved.made_at - self._fresh_seconds)
        if window is None:
            window, _ = await self._asked_or_remembered(quest, 0)
        return next((track for track in window.tracks if track.asset_id == asset_id), None)

    async def _page_from_tracks(self, quest: "_Quest", error: BotError) -> Page:
        """Whatever of all tracks seen fits the search; raises `error` where nothing does.

        Not for a search whose own answers have brought something: its pages don't mix with these.
        """
        if not isinstance(error, AudioScapeError) or not error.is_outage or quest.gathering.found:
            raise error
        most = WINDOW_SIZE * (_MORE_CANDIDATES if quest.filters.rules else 1)
        window = await self._memory.tracks(quest.saved.search, quest.query, most)
        if window is None:
            raise error
        watch.found("tracks")
        gathering = Gathering(quest.saved.search, quest.number, quest.filters)
        gathering.add(window, Remembered(error.reason, None))
        return gathering.page()

    async def _gather(self, quest: "_Quest") -> None:
        since = quest.saved.made_at - self._fresh_seconds
        while not quest.gathering.is_complete:
            start = quest.gathering.next_start
            window = await self._memory.window(quest.query, start, since=since)
            if window is not None:
                quest.gathering.add(window)
            elif quest.asked == MOST_WINDOWS and not quest.has_failed:
                break
            else:
                window, remembered = await self._asked_or_remembered(quest, start)
                if not (start or window.tracks) and await self._widens(quest):
                    continue
                quest.gathering.add(window, remembered)
        await self._look_ahead(quest, since)

    async def _widens(self, quest: "_Quest") -> bool:
        """Ask for all genres where nothing came of allowed ones never seen, lest spelling be the reason."""
        _, is_known = await self._memory.spelled(quest.query)
        if is_known or quest.saved.search.genre is not None:
            return False
        self._wide[quest.query.digest] = True
        quest.query = replace(quest.query, genres=())
        return True

    async def _look_ahead(self, quest: "_Quest", since: float) -> None:
        """Find out, from what is known, whether there is a page after this one."""
        while quest.gathering.is_full and not quest.gathering.is_at_end:
            window = await self._memory.window(quest.query, quest.gathering.next_start, since=since)
            if window is None:
                return
            quest.gathering.add(window)

    async def _asked_or_remembered(self, quest: "_Quest", start: int) -> tuple[Window, Remembered | None]:
        outage = quest.outage or self._recent_outage(quest.saved.made_at)
        window = None if outage is None else await self._stored(quest, start)
        if outage is not None and window is not None:
            quest.outage = outage
            watch.found("stale")
            return window, Remembered(outage.reason, window.fetched_at)
        if outage is not None and quest.has_failed:
            raise outage
        try:
            window = await self._ask(quest, start)
        except AudioScapeError as error:
            if not error.is_outage:
                raise
            quest.has_failed = True
            quest.outage = self._outage = error
            self._out_at = self._now()
            return await self._asked_or_remembered(quest, start)
        quest.outage = self._outage = None
        return window, None

    def _recent_outage(self, made_at: float) -> AudioScapeError | None:
        """Why somebody who pages on in an old search would only wait for another failure."""
        is_recent = made_at <= self._out_at and self._now() - self._out_at < _OUT_SECONDS
        return self._outage if is_recent else None

    async def _stored(self, quest: "_Quest", start: int) -> Window | None:
        """What was answered at any time; to begin with also to the same search before there were filters."""
        since = self._now() - SHOWN_SECONDS
        window = await self._memory.window(quest.query, start, since=since)
        plain = quest.saved.search.query
        if window is None and not start and plain != quest.query:
            window = await self._memory.window(plain, start, since=since)
            quest.query = quest.query if window is None else plain
        return window

    async def _ask(self, quest: "_Quest", start: int) -> Window:
        query = quest.query
        tries = self._tries(quest.payer)
        flight = await self._flights.board(
            (query.digest, start), pay=tries.pay, fetch=lambda: self._fetch(query, start, tries)
        )
        await self._say_if_slow(quest, flight)
        quest.asked += 1
        window = await _landed(flight, quest.deadline)
        quest.brought += 1
        watch.found("asked")
        return window

    async def _say_if_slow(self, quest: "_Quest", flight: asyncio.Task[Window]) -> None:
        if quest.has_said:
            return
        pause = asyncio.ensure_future(self._sleep(quest.seconds_left_at_once))
        await asyncio.wait({flight, pause}, return_when=asyncio.FIRST_COMPLETED)
        pause.cancel()
        if not flight.done():
            quest.has_said = True
            await quest.while_asking()

    async def _fetch(self, query: Query, start: int, tries: Tries) -> Window:
        spelled, is_known = await self._memory.spelled(query)
        async for attempt in stamina.retry_context(
            on=_WORTH_RETRYING,
            attempts=_ATTEMPTS,
            timeout=PATIENCE_SECONDS / 2,
            wait_initial=0.2,
            wait_max=1.0,
        ):
            with attempt:
                await tries.pay_again()
                async with tries:
                    with ApiRequest():
                        window = await self._audioscape.search(spelled, start)
        window = replace(window, fetched_at=self._now())
        # That there is nothing in a genre that was never seen may only mean that it is spelled otherwise.
        if window.tracks or start or is_known:
            self._memory.keep(query, window)
        return window


class _Quest:
    """One command's way to its page: who goes, how far it got, and what came between."""

    def __init__(
        self,
        saved: SavedSearch,
        number: int,
        payer: Payer,
        filters: Filters,
        while_asking: Callable[[], Awaitable[None]],
    ) -> None:
        self.saved = saved
        self.number = number
        self.filters = filters
        self.query = filters.query(saved.search)
        self.gathering = Gathering(saved.search, number, filters)
        self.payer = payer
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

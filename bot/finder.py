"""Finder: a search and a page number in, a page out; what is known already costs nothing."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

import stamina
from cachetools import LRUCache
from msgspec.structs import replace

from bot.audioscape import AudioScape
from bot.budgets import Rate
from bot.database import Database
from bot.errors import (
    AudioScapeError,
    BotError,
    CutShort,
    ServiceFailed,
    StorageTrouble,
    TooSlow,
    Unreachable,
)
from bot.flights import Flights
from bot.gathering import Gathering
from bot.models import Page, SavedSearch, Search, Window

FRESH_SECONDS: Final = 15 * 60
"""How old an answer may be when somebody makes the same search."""

MOST_WINDOWS: Final = 3
"""API requests that one command may lead to."""

PATIENCE_SECONDS: Final = 10.0
"""For one command in all: with the way to Discord and back, a member waits 12 seconds at most."""

_WORTH_RETRYING: Final = (ServiceFailed, Unreachable, CutShort)
_ATTEMPTS: Final = 2
_KEPT_IN_MEMORY: Final = 64
"""Windows; about 60 KB each."""

_log = logging.getLogger(__name__)


class Finder:
    """Finds pages in what is remembered, and asks AudioScape for what isn't."""

    def __init__(
        self,
        *,
        audioscape: AudioScape,
        database: Database,
        guild_budget: Rate,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._audioscape = audioscape
        self._database = database
        self._guild_budget = guild_budget
        self._now = now
        self._memory: LRUCache[tuple[bytes, int], Window] = LRUCache(_KEPT_IN_MEMORY)
        self._flights: Flights[tuple[bytes, int], Window] = Flights()

    async def page(
        self, saved: SavedSearch, number: int, *, before_asking: Callable[[], Awaitable[None]]
    ) -> Page:
        """Page `number`, from 1, of `saved`.

        `before_asking` is awaited once, after the first API request is paid for and before it is made; where
        everything is known it is not awaited at all. Raises BotError where not one track can be shown.
        """
        gathering = Gathering(saved.search, number)
        try:
            await self._gather(gathering, saved, before_asking)
        except BotError as error:
            if not gathering.has_something:
                raise
            _log.warning("Stopped looking further: %r from %r", error, error.__cause__)
        return gathering.page()

    async def genres(self, text: str, most: int) -> list[str]:
        """Genres seen so far that `text` may mean, best first; none where they can't be read."""
        try:
            return await self._database.genres.like(text, most=most)
        except StorageTrouble as error:
            _log.warning("No genres to offer: %r", error.__cause__)
            return []

    async def _gather(
        self, gathering: Gathering, saved: SavedSearch, before_asking: Callable[[], Awaitable[None]]
    ) -> None:
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        asked = 0
        while not gathering.is_complete:
            window = await self._known(saved, gathering.next_start)
            if window is None:
                if asked == MOST_WINDOWS:
                    break
                flight = await self._flight(saved, gathering.next_start)
                if not asked:
                    await before_asking()
                window = await _landed(flight, deadline)
                asked += 1
            gathering.add(window)

    async def _known(self, saved: SavedSearch, start: int) -> Window | None:
        """The window as this search may use it: fresh when the search was made, or fetched since."""
        key = (saved.search.digest, start)
        since = saved.made_at - FRESH_SECONDS
        window = self._recalled(key, since)
        if window is None:
            window = await self._database.windows.get(*key, since=since)
            if window is None:
                return self._recalled(key, since)  # it may have come in while we looked
            self._memory[key] = window
        return window

    def _recalled(self, key: tuple[bytes, int], since: float) -> Window | None:
        window = self._memory.get(key)
        return window if window is not None and window.fetched_at >= since else None

    async def _flight(self, saved: SavedSearch, start: int) -> asyncio.Task[Window]:
        return await self._flights.board(
            (saved.search.digest, start),
            pay=lambda: self._pay(saved.guild_id),
            fetch=lambda: self._fetch(saved, start),
        )

    async def _fetch(self, saved: SavedSearch, start: int) -> Window:
        async for attempt in stamina.retry_context(
            on=_WORTH_RETRYING,
            attempts=_ATTEMPTS,
            timeout=PATIENCE_SECONDS / 2,
            wait_initial=0.2,
            wait_max=1.0,
        ):
            with attempt:
                if attempt.num > 1:
                    await self._pay(saved.guild_id)
                window = await self._asked_once(saved, start)
        await self._remember(saved.search, window)
        return window

    async def _asked_once(self, saved: SavedSearch, start: int) -> Window:
        is_answered = False
        try:
            window = await self._audioscape.search(saved.search, start)
            is_answered = True
        except AudioScapeError as error:
            _log.warning("AudioScape: %s (%s)", type(error).__name__, error.detail)
            raise
        finally:
            if not is_answered:
                await self._give_back(saved.guild_id)
        return replace(window, fetched_at=self._now())

    async def _remember(self, search: Search, window: Window) -> None:
        self._memory[(search.digest, window.start)] = window
        try:
            await self._database.windows.put(search.digest, window)
            await self._database.genres.see(Counter(track.genre for track in window.tracks if track.genre))
        except StorageTrouble as error:  # the answer is in hand: show it, though it will not be remembered
            _log.error("An answer could not be stored: %r", error.__cause__)

    async def _pay(self, guild_id: int) -> None:
        await self._database.budgets.spend(guild_id, self._guild_budget, self._now())

    async def _give_back(self, guild_id: int) -> None:
        try:
            await self._database.budgets.give_back(guild_id, self._guild_budget)
        except StorageTrouble as error:
            _log.error("A payment could not be given back: %r", error.__cause__)


async def _landed(flight: asyncio.Task[Window], deadline: float) -> Window:
    """What `flight` brings; it flies on for others, and for next time, when our patience has run out."""
    try:
        async with asyncio.timeout_at(deadline):
            return await asyncio.shield(flight)
    except TimeoutError as error:
        raise TooSlow("the command's patience ran out") from error

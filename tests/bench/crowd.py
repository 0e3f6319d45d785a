"""The load: members who search and page, one after the other or many at once."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Literal, TypeAlias

import msgspec

from tests.bench.discord_load import Answer
from tests.bench.processes import Measured, RunningBot

Scenario: TypeAlias = Literal["unknown", "unknown tracks", "known", "more", "button"]
SCENARIOS: Final[tuple[Scenario, ...]] = ("unknown", "unknown tracks", "known", "more", "button")

MAX_PAGES: Final = 15
"""The number of times that one search is paged on; the first window of 100 tracks has 20 pages."""

_PAGE_SIZE: Final = 5
_MOODS: Final = ("dark", "upbeat", "calm", "dreamy", "tense", "warm", "bright", "heavy")
_THINGS: Final = ("cinematic tension", "summer vibes", "lo-fi beats", "piano for a rainy level", "boss fight")
_numbers = itertools.count(1)
_members = itertools.count(1)


class Load(msgspec.Struct):
    """The time of each answer, and the CPU time of all of them."""

    seconds: list[float]
    wall_seconds: float
    bot_cpu_seconds: float
    service_cpu_seconds: float
    discord_cpu_seconds: float
    """CPU time of this process, in which the fake Discord runs."""


def new_query(first_word: str) -> str:
    """A query that was never made before."""
    number = next(_numbers)
    mood, thing = _MOODS[number % len(_MOODS)], _THINGS[number % len(_THINGS)]
    return f"{first_word} {mood} {thing} {number}".strip()


async def run_load(
    bot: RunningBot,
    service: Measured,
    scenario: Scenario,
    *,
    at_once: int,
    per_member: int,
    known: Sequence[str],
) -> Load:
    """Let `at_once` members act `per_member` times each, and wait for each answer before they act again.

    `known` are the queries of earlier searches, which known searches and pages use. Raises ValueError if an
    answer doesn't have a full page of tracks.
    """
    queries = itertools.cycle(known)
    members = [next(_members) for _ in range(at_once)]
    seconds: list[float] = []
    sessions = [_Session(bot, scenario, member, lambda: next(queries), seconds) for member in members]
    await asyncio.gather(*(session.prepare() for session in sessions))
    meters = [lambda: bot.cpu_seconds, lambda: service.cpu_seconds, time.process_time, time.perf_counter]
    before = [meter() for meter in meters]
    await asyncio.gather(*(session.run(per_member) for session in sessions))
    bot_cpu, service_cpu, discord_cpu, wall = (
        meter() - start for meter, start in zip(meters, before, strict=True)
    )
    return Load(seconds, wall, bot_cpu, service_cpu, discord_cpu)


class _Session:
    """One member. `prepare` makes the search that paging needs; it is not measured."""

    def __init__(
        self,
        bot: RunningBot,
        scenario: Scenario,
        member: int,
        known: Callable[[], str],
        seconds: list[float],
    ) -> None:
        self._bot = bot
        self._scenario = scenario
        self._member = member
        self._known = known
        self._seconds = seconds
        self._last: Answer | None = None
        self._actions: dict[Scenario, Callable[[], Awaitable[Answer]]] = {
            "unknown": lambda: self._search(new_query("")),
            "unknown tracks": lambda: self._search(new_query("unheard")),
            "known": lambda: self._search(self._known()),
            "more": lambda: bot.discord.command(member, "more"),
            "button": self._press,
        }

    async def prepare(self) -> None:
        if self._scenario in {"more", "button"}:
            self._last = await self._search(self._known())

    async def run(self, times: int) -> None:
        for _ in range(times):
            self._last = await self._actions[self._scenario]()
            if len(self._last.sent.get("embeds") or ()) != _PAGE_SIZE:
                raise ValueError(
                    f"{self._bot.kind}, {self._scenario}: expected {_PAGE_SIZE} tracks in {self._last.sent}"
                )
            self._seconds.append(self._last.seconds)

    async def _search(self, query: str) -> Answer:
        return await self._bot.discord.command(self._member, "music", query=query)

    async def _press(self) -> Answer:
        assert self._last is not None
        return await self._bot.discord.press(self._member, self._last, "▶")

"""Members who ask: one after the other, or many at once, for what is new and for what is known."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Literal, TypeAlias

import msgspec

from tests.bench.discord_load import Shown
from tests.bench.processes import Measured, RunningBot

Asking: TypeAlias = Literal["unknown", "unheard", "known", "more", "button"]
ASKING: Final[tuple[Asking, ...]] = ("unknown", "unheard", "known", "more", "button")

MOST_PAGES: Final = 15
"""How often one search is paged on, within the 20 pages of the first hundred tracks."""

_TRACKS_SHOWN: Final = 5
_MOODS: Final = ("dark", "upbeat", "calm", "dreamy", "tense", "warm", "bright", "heavy")
_THINGS: Final = ("cinematic tension", "summer vibes", "lo-fi beats", "piano for a rainy level", "boss fight")
_numbers = itertools.count(1)
_members = itertools.count(1)


class Crowd(msgspec.Struct):
    """How long each answer took, and what all of them took of the machine."""

    seconds: list[float]
    wall_seconds: float
    bot_cpu_seconds: float
    service_cpu_seconds: float
    own_cpu_seconds: float
    """Of Discord's stand-in, which is this process."""


def new_query(first_word: str) -> str:
    """Words that were never searched for before."""
    number = next(_numbers)
    mood, thing = _MOODS[number % len(_MOODS)], _THINGS[number % len(_THINGS)]
    return f"{first_word} {mood} {thing} {number}".strip()


async def ask(
    bot: RunningBot, service: Measured, asking: Asking, *, at_once: int, each: int, known: Sequence[str]
) -> Crowd:
    """Let `at_once` members ask `each` times, everyone waiting for each answer before they ask again.

    `known` are searches that have been made before.
    """
    queries = itertools.cycle(known)
    members = [next(_members) for _ in range(at_once)]
    seconds: list[float] = []
    sessions = [_Session(bot, asking, member, lambda: next(queries), seconds) for member in members]
    await asyncio.gather(*(session.begin() for session in sessions))
    usages = [lambda: bot.cpu_seconds, lambda: service.cpu_seconds, time.process_time, time.perf_counter]
    before = [usage() for usage in usages]
    await asyncio.gather(*(session.ask(each) for session in sessions))
    bot_cpu, service_cpu, own_cpu, wall = (
        usage() - start for usage, start in zip(usages, before, strict=True)
    )
    return Crowd(seconds, wall, bot_cpu, service_cpu, own_cpu)


class _Session:
    """One member's asking. What a page needs before it can be turned is done in `begin`, off the clock."""

    def __init__(
        self,
        bot: RunningBot,
        asking: Asking,
        member: int,
        known: Callable[[], str],
        seconds: list[float],
    ) -> None:
        self._bot = bot
        self._asking = asking
        self._member = member
        self._known = known
        self._seconds = seconds
        self._last: Shown | None = None
        self._asks: dict[Asking, Callable[[], Awaitable[Shown]]] = {
            "unknown": lambda: self._search(new_query("")),
            "unheard": lambda: self._search(new_query("unheard")),
            "known": lambda: self._search(self._known()),
            "more": lambda: bot.discord.command(member, "more"),
            "button": self._press,
        }

    async def begin(self) -> None:
        if self._asking in {"more", "button"}:
            self._last = await self._search(self._known())

    async def ask(self, times: int) -> None:
        for _ in range(times):
            self._last = await self._asks[self._asking]()
            if len(self._last.sent.get("embeds") or ()) != _TRACKS_SHOWN:
                raise ValueError(
                    f"{self._bot.kind}, {self._asking}: no {_TRACKS_SHOWN} tracks: {self._last.sent}"
                )
            self._seconds.append(self._last.seconds)

    async def _search(self, query: str) -> Shown:
        return await self._bot.discord.command(self._member, "music", query=query)

    async def _press(self) -> Shown:
        assert self._last is not None
        return await self._bot.discord.press(self._member, self._last, "▶")

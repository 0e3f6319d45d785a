"""Part "answers": how long a member waits and what an answer takes, beside the minimal bot."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeAlias

from tests.bench import crowd
from tests.bench.crowd import ASKING, MOST_PAGES, Asking, Crowd
from tests.bench.processes import Kind, Measured, RunningBot, bot, service
from tests.bench.report import Line, Table, percentile
from tests.bench.scale import Scale

_NAMES: Final[dict[Asking, str]] = {
    "unknown": "unknown search",
    "unheard": "unknown search, unknown tracks",
    "known": "known search",
    "more": "/more",
    "button": "▶",
}
_MOST_TIME: Final[dict[Asking, float]] = {"unknown": 0.80, "known": 0.40}
_MOST_CPU: Final[dict[Asking, float]] = {"unknown": 0.50, "known": 0.20, "more": 0.20, "button": 0.20}
_BUSY: Final = 0.95
_KNOWN: Final = 200
"""Searches that have been made, among which members make one again."""

Rounds: TypeAlias = dict[tuple[Kind, Asking, bool], list[Crowd]]


async def measure(scale: Scale) -> list[Table]:
    rounds: Rounds = {}
    async with _bots() as (stand_in, bots):
        known = {each.kind: await _searched(each, stand_in, scale) for each in bots}
        for _ in range(scale.rounds):
            for asking in ASKING:
                for is_crowd in (False, True):
                    for each in bots:
                        asked = await _asked(
                            each, stand_in, asking, known[each.kind], scale, is_crowd=is_crowd
                        )
                        rounds.setdefault((each.kind, asking, is_crowd), []).append(asked)
    return [_waiting(rounds), _using(rounds, scale)]


@asynccontextmanager
async def _bots() -> AsyncIterator[tuple[Measured, tuple[RunningBot, RunningBot]]]:
    with tempfile.TemporaryDirectory(prefix="needledrop-bench-") as folder:
        path = Path(folder) / "bench.db"
        async with (
            service() as stand_in,
            bot("needledrop", stand_in.url, path) as ours,
            bot("minimal", stand_in.url, path) as minimal,
        ):
            yield stand_in, (ours, minimal)


async def _searched(each: RunningBot, stand_in: Measured, scale: Scale) -> list[str]:
    """Searches that the bot has answered; they also warm it up."""
    queries = [crowd.new_query("") for _ in range(min(_KNOWN, scale.at_once * scale.each))]
    await crowd.ask(each, stand_in, "known", at_once=1, each=len(queries), known=queries)
    return queries


async def _asked(
    each: RunningBot, stand_in: Measured, asking: Asking, known: list[str], scale: Scale, *, is_crowd: bool
) -> Crowd:
    if is_crowd:
        return await crowd.ask(each, stand_in, asking, at_once=scale.at_once, each=scale.each, known=known)
    crowds = [
        await crowd.ask(each, stand_in, asking, at_once=1, each=min(MOST_PAGES, left), known=known[start:])
        for start, left in enumerate(range(scale.one_at_a_time, 0, -MOST_PAGES))
    ]
    return Crowd(
        seconds=[seconds for crowd in crowds for seconds in crowd.seconds],
        wall_seconds=sum(crowd.wall_seconds for crowd in crowds),
        bot_cpu_seconds=sum(crowd.bot_cpu_seconds for crowd in crowds),
        service_cpu_seconds=sum(crowd.service_cpu_seconds for crowd in crowds),
        own_cpu_seconds=sum(crowd.own_cpu_seconds for crowd in crowds),
    )


def _waiting(rounds: Rounds) -> Table:
    lines = []
    for asking in ASKING:
        for part in (0.50, 0.95, 0.99):
            ours, minimal = (
                [1000 * percentile(crowd.seconds, part) for crowd in rounds[kind, asking, False]]
                for kind in ("needledrop", "minimal")
            )
            most = _MOST_TIME.get(asking) if part == 0.50 else None
            lines.append(Line(f"{_NAMES[asking]}, p{part:.0%}".replace("%", ""), "ms", ours, minimal, most))
    return Table("Time to answer, one at a time", lines)


def _using(rounds: Rounds, scale: Scale) -> Table:
    lines = []
    for asking in ASKING:
        crowds = [rounds[kind, asking, True] for kind in ("needledrop", "minimal")]
        cpu = [[1000 * crowd.bot_cpu_seconds / len(crowd.seconds) for crowd in each] for each in crowds]
        most = _MOST_CPU.get(asking)
        lines.append(Line(f"{_NAMES[asking]}, CPU of 1,000", "s", cpu[0], cpu[1], most))
    for asking in ASKING:
        crowds = [rounds[kind, asking, True] for kind in ("needledrop", "minimal")]
        pace = [[len(crowd.seconds) / crowd.wall_seconds for crowd in each] for each in crowds]
        lines.append(Line(f"{_NAMES[asking]}, answers", "/s", pace[0], pace[1]))
    return Table(f"{scale.at_once} at once", lines, _bottlenecks(rounds))


def _bottlenecks(rounds: Rounds) -> list[str]:
    """Where a stand-in, and not the bot, set the pace."""
    crowds = {key: crowd for key, each in rounds.items() if key[2] for crowd in each}
    shares = [
        (name, cpu / crowd.wall_seconds, key)
        for key, crowd in crowds.items()
        for name, cpu in (("Discord", crowd.own_cpu_seconds), ("AudioScape", crowd.service_cpu_seconds))
    ]
    name, share, (kind, asking, _) = max(shares, key=lambda each: each[1])
    busiest = f"{name}'s stand-in, {share:.0%} of a core ({kind}, {_NAMES[asking]})"
    verdict = "and so set the pace: answers a second are too low." if share > _BUSY else "and so set no pace."
    return [f"The busiest of the stand-ins was {busiest}, {verdict}"]

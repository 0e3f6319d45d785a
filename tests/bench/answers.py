"""Part "answers": response time, CPU time and throughput, beside the minimal bot."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeAlias

from tests.bench import crowd
from tests.bench.crowd import MAX_PAGES, SCENARIOS, Load, Scenario
from tests.bench.processes import Kind, Measured, RunningBot, bot, service
from tests.bench.report import Line, Table, percentile
from tests.bench.scale import Scale

_LABELS: Final[dict[Scenario, str]] = {
    "unknown": "unknown search",
    "unknown tracks": "unknown search, unknown tracks",
    "known": "known search",
    "more": "/more",
    "button": "▶",
}
_TIME_TARGETS: Final[dict[Scenario, float]] = {"unknown": 0.80, "known": 0.40}
_CPU_TARGETS: Final[dict[Scenario, float]] = {"unknown": 0.50, "known": 0.20, "more": 0.20, "button": 0.20}
_SATURATED_SHARE: Final = 0.95
"""The share of a core from which a stand-in, and not the bot, limits the throughput."""

_KNOWN_SEARCHES: Final = 200
"""The number of searches made beforehand; members then repeat them."""

Rounds: TypeAlias = dict[tuple[Kind, Scenario, bool], list[Load]]
"""One load for each round, by bot, by scenario, and by whether many members act at once."""


async def measure(scale: Scale) -> list[Table]:
    rounds: Rounds = {}
    async with _bots() as (stand_in, bots):
        known = {each.kind: await _make_known_searches(each, stand_in, scale) for each in bots}
        for _ in range(scale.rounds):
            for scenario in SCENARIOS:
                for at_once in (False, True):
                    for each in bots:
                        load = await _measure_scenario(
                            each, stand_in, scenario, known[each.kind], scale, at_once=at_once
                        )
                        rounds.setdefault((each.kind, scenario, at_once), []).append(load)
    return [_latency_table(rounds), _throughput_table(rounds, scale)]


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


async def _make_known_searches(each: RunningBot, stand_in: Measured, scale: Scale) -> list[str]:
    """Make searches, which also warm the bot up, and return their queries."""
    queries = [crowd.new_query("") for _ in range(min(_KNOWN_SEARCHES, scale.at_once * scale.per_member))]
    await crowd.run_load(each, stand_in, "known", at_once=1, per_member=len(queries), known=queries)
    return queries


async def _measure_scenario(
    each: RunningBot, stand_in: Measured, scenario: Scenario, known: list[str], scale: Scale, *, at_once: bool
) -> Load:
    if at_once:
        return await crowd.run_load(
            each, stand_in, scenario, at_once=scale.at_once, per_member=scale.per_member, known=known
        )
    loads = [
        await crowd.run_load(
            each, stand_in, scenario, at_once=1, per_member=min(MAX_PAGES, left), known=known[start:]
        )
        for start, left in enumerate(range(scale.one_at_a_time, 0, -MAX_PAGES))
    ]
    return Load(
        seconds=[seconds for load in loads for seconds in load.seconds],
        wall_seconds=sum(load.wall_seconds for load in loads),
        bot_cpu_seconds=sum(load.bot_cpu_seconds for load in loads),
        service_cpu_seconds=sum(load.service_cpu_seconds for load in loads),
        discord_cpu_seconds=sum(load.discord_cpu_seconds for load in loads),
    )


def _latency_table(rounds: Rounds) -> Table:
    lines = []
    for scenario in SCENARIOS:
        for fraction in (0.50, 0.95, 0.99):
            ours, minimal = (
                [1000 * percentile(load.seconds, fraction) for load in rounds[kind, scenario, False]]
                for kind in ("needledrop", "minimal")
            )
            target = _TIME_TARGETS.get(scenario) if fraction == 0.50 else None
            label = f"{_LABELS[scenario]}, p{100 * fraction:.0f}"
            lines.append(Line(label, "ms", ours, minimal, target))
    return Table("Time to answer, one at a time", lines)


def _throughput_table(rounds: Rounds, scale: Scale) -> Table:
    lines = []
    for scenario in SCENARIOS:
        loads = [rounds[kind, scenario, True] for kind in ("needledrop", "minimal")]
        ours, minimal = (
            [1000 * load.bot_cpu_seconds / len(load.seconds) for load in of_bot] for of_bot in loads
        )
        label = f"{_LABELS[scenario]}, CPU of 1,000"
        lines.append(Line(label, "s", ours, minimal, _CPU_TARGETS.get(scenario)))
    for scenario in SCENARIOS:
        loads = [rounds[kind, scenario, True] for kind in ("needledrop", "minimal")]
        ours, minimal = ([len(load.seconds) / load.wall_seconds for load in of_bot] for of_bot in loads)
        lines.append(Line(f"{_LABELS[scenario]}, answers", "/s", ours, minimal))
    return Table(f"{scale.at_once} at once", lines, [_busiest_stand_in(rounds)])


def _busiest_stand_in(rounds: Rounds) -> str:
    """A sentence that says whether a stand-in, and not the bot, limited the throughput."""
    shares = [
        (name, cpu_seconds / load.wall_seconds, key)
        for key, loads in rounds.items()
        if key[2]
        for load in loads
        for name, cpu_seconds in (
            ("Discord", load.discord_cpu_seconds),
            ("AudioScape", load.service_cpu_seconds),
        )
    ]
    name, share, (kind, scenario, _) = max(shares, key=lambda each: each[1])
    busiest = (
        f"The busiest of the stand-ins was {name}'s, at {share:.0%} of a core ({kind}, {_LABELS[scenario]})"
    )
    if share > _SATURATED_SHARE:
        return f"{busiest}. It limited the throughput: answers per second are too low."
    return f"{busiest}. It did not limit the throughput."

"""Part "guilds": how much memory the process takes, by how many guilds the bot is in."""

import asyncio
import tempfile
from pathlib import Path
from typing import Final, TypeAlias

from tests.bench import crowd
from tests.bench.processes import Kind, Service, bot, service
from tests.bench.report import Line, Table
from tests.bench.scale import Scale

_KINDS: Final[tuple[Kind, ...]] = ("needledrop", "minimal", "minimal with guilds")
_INTENTS: Final[dict[Kind, str]] = {"minimal": "no intents", "minimal with guilds": "default intents"}
_MOST_MEGABYTES: Final = 70.0
_MOST_GROWTH: Final = 15.0
_WARM: Final = 20
_QUIET_SECONDS: Final = 0.3

Megabytes: TypeAlias = dict[tuple[Kind, int], list[float]]


async def measure(scale: Scale) -> list[Table]:
    megabytes: Megabytes = {}
    async with service() as stand_in:
        for _ in range(scale.rounds):
            for guilds in scale.guilds:
                for kind in _KINDS:
                    figure = await _resident(kind, stand_in, guilds)
                    megabytes.setdefault((kind, guilds), []).append(figure)
    return [_beside(megabytes, scale), _alone(megabytes, scale)]


async def _resident(kind: Kind, stand_in: Service, guilds: int) -> float:
    with tempfile.TemporaryDirectory(prefix="needledrop-bench-") as folder:
        async with bot(kind, stand_in.url, Path(folder) / "bench.db", guilds=guilds) as started:
            # Its gateway reads in order: once it has answered, it has taken in every guild before.
            await crowd.ask(started, stand_in, "unknown", at_once=1, each=_WARM, known=())
            await asyncio.sleep(_QUIET_SECONDS)
            return started.resident_megabytes


def _beside(megabytes: Megabytes, scale: Scale) -> Table:
    lines = [
        Line(
            f"{guilds:,} guild{'s' * (guilds > 1)}, {intents}",
            "MB",
            megabytes["needledrop", guilds],
            megabytes[kind, guilds],
        )
        for kind, intents in _INTENTS.items()
        for guilds in scale.guilds
    ]
    return Table("Resident memory, and the minimal bot's without intents and with the default ones", lines)


def _alone(megabytes: Megabytes, scale: Scale) -> Table:
    first, last = (megabytes["needledrop", scale.guilds[place]] for place in (0, -1))
    growth = [after - before for before, after in zip(first, last, strict=True)]
    lines = [
        Line(f"{scale.guilds[-1]:,} guilds", "MB", last, most=_MOST_MEGABYTES),
        Line("more than with one", "MB", growth, most=_MOST_GROWTH),
    ]
    return Table("Resident memory of Needledrop by itself", lines)

"""Part "guilds": resident memory by the number of guilds that the bot is in."""

import asyncio
import tempfile
from pathlib import Path
from typing import Final, TypeAlias

from bot.i18n import plural
from tests.bench import crowd
from tests.bench.processes import Kind, Service, bot, service
from tests.bench.report import Line, Table
from tests.bench.scale import Scale

_KINDS: Final[tuple[Kind, ...]] = ("needledrop", "minimal", "minimal with guilds")
_INTENTS: Final[dict[Kind, str]] = {"minimal": "no intents", "minimal with guilds": "default intents"}
_TARGET_MEGABYTES: Final = 70.0
_TARGET_GROWTH_MEGABYTES: Final = 15.0
_WARM_UP_SEARCHES: Final = 20
_IDLE_SECONDS: Final = 0.3

Megabytes: TypeAlias = dict[tuple[Kind, int], list[float]]


async def measure(scale: Scale) -> list[Table]:
    megabytes: Megabytes = {}
    async with service() as stand_in:
        for _ in range(scale.rounds):
            for guilds in scale.guilds:
                for kind in _KINDS:
                    figure = await _resident(kind, stand_in, guilds)
                    megabytes.setdefault((kind, guilds), []).append(figure)
    return [_comparison_table(megabytes, scale), _needledrop_table(megabytes, scale)]


async def _resident(kind: Kind, stand_in: Service, guilds: int) -> float:
    with tempfile.TemporaryDirectory(prefix="needledrop-bench-") as folder:
        async with bot(kind, stand_in.url, Path(folder) / "bench.db", guilds=guilds) as started:
            # A bot reads its gateway in order, so its first answer comes after every guild has been read.
            await crowd.run_load(
                started, stand_in, "unknown", at_once=1, per_member=_WARM_UP_SEARCHES, known=()
            )
            await asyncio.sleep(_IDLE_SECONDS)
            return started.resident_megabytes


def _comparison_table(megabytes: Megabytes, scale: Scale) -> Table:
    lines = [
        Line(
            f"{plural(guilds, '{count} guild', '{count} guilds')}, {intents}",
            "MB",
            megabytes["needledrop", guilds],
            megabytes[kind, guilds],
        )
        for kind, intents in _INTENTS.items()
        for guilds in scale.guilds
    ]
    return Table("Resident memory, and the minimal bot's without intents and with the default ones", lines)


def _needledrop_table(megabytes: Megabytes, scale: Scale) -> Table:
    first, last = (megabytes["needledrop", scale.guilds[index]] for index in (0, -1))
    growth = [after - before for before, after in zip(first, last, strict=True)]
    lines = [
        Line(f"{scale.guilds[-1]:,} guilds", "MB", last, target=_TARGET_MEGABYTES),
        Line("more than with one", "MB", growth, target=_TARGET_GROWTH_MEGABYTES),
    ]
    return Table("Resident memory of Needledrop by itself", lines)

"""Part "starts": the time from the start of the process to its connection, and to its first answer."""

import tempfile
import time
from pathlib import Path
from typing import Final

from tests.bench import crowd
from tests.bench.processes import Kind, Service, bot, service
from tests.bench.report import Line, Table
from tests.bench.scale import Scale

_FIRST_ANSWER_TARGET: Final = 1.5
_KINDS: Final[tuple[Kind, Kind]] = ("needledrop", "minimal")


async def measure(scale: Scale) -> list[Table]:
    ready: dict[Kind, list[float]] = {kind: [] for kind in _KINDS}
    answered: dict[Kind, list[float]] = {kind: [] for kind in _KINDS}
    with tempfile.TemporaryDirectory(prefix="needledrop-bench-") as folder:
        async with service() as stand_in:
            for start in range(scale.starts + 1):
                for kind in _KINDS:
                    seconds = await _start(kind, stand_in, Path(folder) / "bench.db")
                    if start:  # the first start creates the database and fills caches
                        ready[kind].append(seconds[0])
                        answered[kind].append(seconds[1])
    lines = [
        Line("start to connected", "s", ready["needledrop"], ready["minimal"]),
        Line("start to first answer", "s", answered["needledrop"], answered["minimal"], _FIRST_ANSWER_TARGET),
    ]
    return [Table("Start", lines)]


async def _start(kind: Kind, stand_in: Service, database: Path) -> tuple[float, float]:
    began_at = time.perf_counter()
    async with bot(kind, stand_in.url, database) as started:
        connected_at = time.perf_counter()
        await crowd.run_load(started, stand_in, "unknown", at_once=1, per_member=1, known=())
        return connected_at - began_at, time.perf_counter() - began_at

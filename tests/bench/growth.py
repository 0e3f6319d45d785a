"""Part "growth": response time by the number of tracks in the database."""

import shutil
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

from bot.database import open_database
from bot.demo.tracks import invented_tracks
from bot.models.search import Track
from tests.bench import crowd
from tests.bench.processes import Service, bot, service
from tests.bench.report import Line, Table, percentile
from tests.bench.scale import Scale

_BATCH_SIZE: Final = 2_000
_MAX_GROWTH: Final = 1.25
"""The target: the ratio to the time with the fewest tracks."""

_WITHOUT_TARGET: Final = frozenset({"start", "memory"})
"""These read every track, so their time grows with the number of tracks; they have no target."""

_CATALOGUE: Final = invented_tracks()

_LABELS: Final = {
    "start": "start to connected",
    "known": "known search",
    "unknown": "unknown search",
    "memory": "search from memory",
}

Figures: TypeAlias = dict[tuple[str, int], list[float]]


async def measure(scale: Scale) -> list[Table]:
    figures: Figures = {}
    with tempfile.TemporaryDirectory(prefix="needledrop-bench-") as folder:
        remarks = await _fill(Path(folder), scale)
        async with service() as stand_in:
            for _ in range(scale.rounds):
                for tracks in scale.tracks:
                    for name, figure in (await _figures(Path(folder), tracks, stand_in, scale)).items():
                        figures.setdefault((name, tracks), []).append(figure)
    lines = [_line(figures, name, tracks, scale.tracks[0]) for name in _LABELS for tracks in scale.tracks]
    return [Table("Time to answer (p50) by the tracks that are remembered", lines, remarks)]


async def _fill(folder: Path, scale: Scale) -> list[str]:
    """Fill a database for each number of tracks, as the bot does; one remark for each."""
    remarks = []
    path, began_at = folder / "filling.db", time.monotonic()
    for stored, wanted in pairwise((0, *scale.tracks)):
        async with open_database(str(path)) as database:
            for start in range(stored, wanted, _BATCH_SIZE):
                numbers = range(start, min(wanted, start + _BATCH_SIZE))
                await database.tracks.put([_track(number) for number in numbers], time.time())
        shutil.copy(path, folder / f"{wanted}.db")
        seconds = time.monotonic() - began_at
        remarks.append(
            f"{wanted:,} tracks are {path.stat().st_size / 2**20:,.0f} MB, filed in {seconds:.0f} s."
        )
    return remarks


def _track(number: int) -> Track:
    original = _CATALOGUE[number % len(_CATALOGUE)]
    return Track(
        asset_id=f"66{number:010}",
        name=f"{original.name} {number // len(_CATALOGUE) + 1}",
        artist=original.artist,
        album=original.album,
        genre=original.genre,
        bpm=original.bpm,
        duration=original.duration,
        thumbnail_url=original.thumbnail_url,
    )


async def _figures(folder: Path, tracks: int, stand_in: Service, scale: Scale) -> dict[str, float]:
    path = Path(shutil.copy(folder / f"{tracks}.db", folder / "used.db"))
    began_at = time.perf_counter()
    async with bot("needledrop", stand_in.url, path) as started:
        seconds = {"start": time.perf_counter() - began_at}
        queries = [crowd.new_query("") for _ in range(scale.one_at_a_time)]

        async def median(known: Sequence[str]) -> float:
            load = await crowd.run_load(
                started, stand_in, "known", at_once=1, per_member=len(known), known=known
            )
            return 1000 * percentile(load.seconds, 0.50)

        seconds["unknown"] = await median(queries)
        seconds["known"] = await median(queries)
        await started.discord.command(
            0, "music", query="overrun"
        )  # opens the circuit: no requests from here on
        seconds["memory"] = await median([track.name for track in _CATALOGUE[: scale.one_at_a_time]])
        return seconds


def _line(figures: Figures, name: str, tracks: int, fewest: int) -> Line:
    target = None
    if tracks != fewest and name not in _WITHOUT_TARGET:
        target = _MAX_GROWTH * percentile(figures[name, fewest], 0.5)
    unit = "s" if name == "start" else "ms"
    return Line(f"{_LABELS[name]}, {tracks:,} tracks", unit, figures[name, tracks], target=target)

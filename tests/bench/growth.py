"""Part "growth": whether answers take longer the more tracks are remembered, and a search among those."""

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

_STEP: Final = 2_000
_FLAT: Final = 1.25
"""How many times as long as with the fewest tracks an answer may take and still count as equally fast."""

_GROWING: Final = frozenset({"start", "memory"})
"""Looks at more where there is more, and is not promised to be flat."""

_INVENTED: Final = invented_tracks()

_NAMES: Final = {
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
    lines = [_line(figures, name, tracks, scale.tracks[0]) for name in _NAMES for tracks in scale.tracks]
    return [Table("Time to answer (p50) by the tracks that are remembered", lines, remarks)]


async def _fill(folder: Path, scale: Scale) -> list[str]:
    """A database for each number of tracks, filed as the bot does; what it took."""
    remarks = []
    path, began_at = folder / "filling.db", time.monotonic()
    for done, wanted in pairwise((0, *scale.tracks)):
        async with open_database(str(path)) as database:
            for start in range(done, wanted, _STEP):
                numbers = range(start, min(wanted, start + _STEP))
                await database.tracks.put([_track(number) for number in numbers], time.time())
        shutil.copy(path, folder / f"{wanted}.db")
        seconds = time.monotonic() - began_at
        remarks.append(
            f"{wanted:,} tracks are {path.stat().st_size / 2**20:,.0f} MB, filed in {seconds:.0f} s."
        )
    return remarks


def _track(number: int) -> Track:
    like = _INVENTED[number % len(_INVENTED)]
    return Track(
        asset_id=f"66{number:010}",
        name=f"{like.name} {number // len(_INVENTED) + 1}",
        artist=like.artist,
        album=like.album,
        genre=like.genre,
        bpm=like.bpm,
        duration=like.duration,
        thumbnail_url=like.thumbnail_url,
    )


async def _figures(folder: Path, tracks: int, stand_in: Service, scale: Scale) -> dict[str, float]:
    path = Path(shutil.copy(folder / f"{tracks}.db", folder / "used.db"))
    began_at = time.perf_counter()
    async with bot("needledrop", stand_in.url, path) as started:
        seconds = {"start": time.perf_counter() - began_at}
        queries = [crowd.new_query("") for _ in range(scale.one_at_a_time)]

        async def median(known: Sequence[str]) -> float:
            each = len(known)
            asked = await crowd.ask(started, stand_in, "known", at_once=1, each=each, known=known)
            return 1000 * percentile(asked.seconds, 0.50)

        seconds["unknown"] = await median(queries)
        seconds["known"] = await median(queries)
        await started.discord.command(0, "music", query="overrun")  # from here on nobody asks the service
        seconds["memory"] = await median([track.name for track in _INVENTED[: scale.one_at_a_time]])
        return seconds


def _line(figures: Figures, name: str, tracks: int, fewest: int) -> Line:
    is_first = tracks == fewest
    most = None if is_first or name in _GROWING else _FLAT * percentile(figures[name, fewest], 0.5)
    return Line(
        f"{_NAMES[name]}, {tracks:,} tracks",
        "s" if name == "start" else "ms",
        figures[name, tracks],
        most=most,
    )

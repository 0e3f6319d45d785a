"""Part "filters": the time to match tracks with a server's filter rules, by the number of rules."""

import random
import time
from typing import Final

from bot.filters.matching import Filters
from bot.models.rules import Rule, RuleKind
from bot.models.search import Track
from tests.bench.report import Line, Table
from tests.bench.scale import Scale

_SEED: Final = 1979
_GENRES: Final = ("Rock", "Lo-Fi", "Jazz", "Hip Hop / Rap", "Drum & Bass")
_KINDS: Final[tuple[RuleKind, ...]] = ("block genre", "block artist", "block word")
_VOCABULARY: Final = 20_000
_TARGET_SECONDS: Final = 1.0


async def measure(scale: Scale) -> list[Table]:
    generator = random.Random(_SEED)  # noqa: S311 (the tracks are test data, not a secret)
    vocabulary = [f"w{generator.getrandbits(24):x}" for _ in range(_VOCABULARY)]
    tracks = [_track(number, vocabulary, generator) for number in range(scale.filtered)]
    servers = {count: _filters(count, vocabulary, generator) for count in (3, 50, 500)}
    rounds: dict[int, list[float]] = {count: [] for count in servers}
    for _ in range(scale.rounds):
        for count, filters in servers.items():
            rounds[count].append(_seconds(filters, tracks))
    lines = [
        Line(f"{len(tracks):,} tracks, {count} rules", "s", seconds, target=_TARGET_SECONDS)
        for count, seconds in rounds.items()
    ]
    return [Table("Filtering", lines)]


def _seconds(filters: Filters, tracks: list[Track]) -> float:
    began_at = time.perf_counter()
    for track in tracks:
        filters.hiding_rule(track)
    return time.perf_counter() - began_at


def _filters(count: int, vocabulary: list[str], generator: random.Random) -> Filters:
    """Rules of every kind that hide few tracks, since a track that the first rule hides takes no time."""
    rules = [
        Rule(_KINDS[number % len(_KINDS)], " ".join(generator.sample(vocabulary, 1 + number % 3)))
        for number in range(count)
    ]
    return Filters(rules)


def _track(number: int, vocabulary: list[str], generator: random.Random) -> Track:
    return Track(
        asset_id=str(number),
        name=" ".join(generator.sample(vocabulary, 4)) + generator.choice(("", "", " é")),
        artist=" ".join(generator.sample(vocabulary, 2)),
        album=" ".join(generator.sample(vocabulary, 3)),
        genre=generator.choice(_GENRES),
        bpm=120,
        duration=180,
    )

"""Part "filters": how long tracks take through a server's rules, and whether 500 rules take longer than 3."""

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
_MOST_SECONDS: Final = 1.0


async def measure(scale: Scale) -> list[Table]:
    chance = random.Random(_SEED)  # noqa: S311 (invented music, no secret)
    vocabulary = [f"w{chance.getrandbits(24):x}" for _ in range(_VOCABULARY)]
    tracks = [_track(number, vocabulary, chance) for number in range(scale.filtered)]
    servers = {count: _filters(count, vocabulary, chance) for count in (3, 50, 500)}
    rounds: dict[int, list[float]] = {count: [] for count in servers}
    for _ in range(scale.rounds):
        for count, filters in servers.items():
            rounds[count].append(_seconds(filters, tracks))
    lines = [
        Line(f"{len(tracks):,} tracks, {count} rules", "s", seconds, most=_MOST_SECONDS)
        for count, seconds in rounds.items()
    ]
    return [Table("Filtering", lines)]


def _seconds(filters: Filters, tracks: list[Track]) -> float:
    began_at = time.perf_counter()
    for track in tracks:
        filters.hiding_rule(track)
    return time.perf_counter() - began_at


def _filters(count: int, vocabulary: list[str], chance: random.Random) -> Filters:
    """Rules of every kind, that hide hardly anything: a track that is hidden at once takes no time."""
    rules = [
        Rule(_KINDS[number % len(_KINDS)], " ".join(chance.sample(vocabulary, 1 + number % 3)))
        for number in range(count)
    ]
    return Filters(rules)


def _track(number: int, vocabulary: list[str], chance: random.Random) -> Track:
    return Track(
        asset_id=str(number),
        name=" ".join(chance.sample(vocabulary, 4)) + chance.choice(("", "", " é")),
        artist=" ".join(chance.sample(vocabulary, 2)),
        album=" ".join(chance.sample(vocabulary, 3)),
        genre=chance.choice(_GENRES),
        bpm=120,
        duration=180,
    )

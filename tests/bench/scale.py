"""The scale of a run: the whole benchmark, or a quick run that only tests that every part works."""

from typing import Final

import msgspec


class Scale(msgspec.Struct, frozen=True):
    rounds: int = 3
    one_at_a_time: int = 150
    """Interactions of each scenario in each round."""
    at_once: int = 64
    per_member: int = 15
    """Interactions of each of the members who act at once; the first window has 20 pages."""
    starts: int = 5
    guilds: tuple[int, ...] = (1, 1_000, 10_000)
    tracks: tuple[int, ...] = (1_000, 100_000, 1_000_000)
    filtered: int = 100_000


WHOLE: Final = Scale()
QUICK: Final = Scale(
    rounds=1,
    one_at_a_time=4,
    at_once=4,
    per_member=3,
    starts=1,
    guilds=(1, 30),
    tracks=(500, 1_000),
    filtered=500,
)

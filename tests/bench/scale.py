"""How much is measured: a whole run, or a quick one that only shows that everything works."""

from typing import Final

import msgspec


class Scale(msgspec.Struct, frozen=True):
    rounds: int = 3
    one_at_a_time: int = 150
    """Interactions of each kind, each round."""
    at_once: int = 64
    each: int = 15
    """As many of each of those who ask at once; a search has 20 pages at hand."""
    starts: int = 5
    guilds: tuple[int, ...] = (1, 1_000, 10_000)
    tracks: tuple[int, ...] = (1_000, 100_000, 1_000_000)
    filtered: int = 100_000


WHOLE: Final = Scale()
QUICK: Final = Scale(
    rounds=1, one_at_a_time=4, at_once=4, each=3, starts=1, guilds=(1, 30), tracks=(500, 1_000), filtered=500
)

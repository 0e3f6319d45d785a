"""Token buckets as arithmetic (GCRA): a bucket is one number, the moment at which it is full again."""

import re
from collections.abc import Iterable
from typing import Final, Literal, Self, TypeAlias

import msgspec

Scope: TypeAlias = Literal["member", "guild", "key"]

_SECONDS: Final = {"second": 1, "minute": 60, "hour": 60 * 60, "day": 24 * 60 * 60}
_GRACE: Final = 0.1
_WRITTEN: Final = re.compile(rf"(\d{{1,7}})\s*/\s*({'|'.join(_SECONDS)})", re.IGNORECASE)


class Rate(msgspec.Struct, frozen=True):
    """`count` requests in `seconds`; all of them may come at once."""

    count: int
    seconds: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a setting says, such as `20/minute`. Raises ValueError where it says something else."""
        match = _WRITTEN.fullmatch(text.strip())
        if match is None or int(match[1]) == 0:
            raise ValueError("write a count and a span, such as 20/minute, 200/hour or 1000/day")
        return cls(int(match[1]), _SECONDS[match[2].lower()])

    def __str__(self) -> str:
        return f"{self.count}/{next(name for name, span in _SECONDS.items() if span == self.seconds)}"

    @property
    def interval(self) -> float:
        """Seconds until one spent request has come back."""
        return self.seconds / self.count

    @property
    def latest(self) -> float:
        """How far ahead, in seconds, the moment of being full may lie for one more request to be allowed.

        A tenth of an interval is added, lest the rounding of many requests refuse the last of a burst.
        """
        return self.seconds - self.interval * (1 - _GRACE)

    def left(self, full_at: float, now: float) -> int:
        """How many requests a bucket that is full at `full_at` allows right now."""
        return max(0, int((self.seconds - max(0.0, full_at - now)) / self.interval + _GRACE))

    def next_at(self, full_at: float) -> float:
        """When a bucket full at `full_at` allows its next request; both in seconds since the epoch."""
        return full_at - self.seconds + self.interval


Rates: TypeAlias = tuple[Rate, ...]
"""Several rates, all of which hold; of different spans, and at least one."""


class Limits(msgspec.Struct, frozen=True):
    """What the operator allows each member of a guild, each guild, and everybody who shares the key."""

    member: Rates
    guild: Rates
    key: Rates


class Bucket(msgspec.Struct, frozen=True):
    """One rate of one scope: everybody's (the key's), a guild's, or one member's in one guild."""

    scope: Scope
    guild_id: int
    member_id: int
    rate: Rate


def parse_rates(text: str) -> Rates:
    """Read one rate or several with commas between them, all of which hold. Raises ValueError."""
    return strictest(Rate.parse(part) for part in text.split(","))


def strictest(rates: Iterable[Rate]) -> Rates:
    """The same rates without those that another of the same span makes superfluous."""
    counts: dict[float, int] = {}
    for rate in rates:
        counts[rate.seconds] = min(rate.count, counts.get(rate.seconds, rate.count))
    return tuple(Rate(count, seconds) for seconds, count in sorted(counts.items()))


def exceeds(rates: Rates, most: Rates) -> bool:
    """Whether `rates` allow more than `most` do, in the same span or, for another span, than any of them."""
    counts = {rate.seconds: rate.count for rate in most}
    fastest = max(rate.count / rate.seconds for rate in most)
    return any(
        rate.count > counts.get(rate.seconds, rate.count) or rate.count / rate.seconds > fastest
        for rate in rates
    )


def in_words(rates: Rates) -> str:
    """As the setting is written."""
    return ", ".join(map(str, rates))


LIMITS: Final = Limits(
    member=parse_rates("6/minute"), guild=parse_rates("20/minute"), key=parse_rates("60/minute")
)
"""What holds where the operator says nothing else."""

"""Rates and token buckets (GCRA): a bucket is one number, the time at which it is full again."""

import re
from collections.abc import Iterable
from typing import Final, Literal, Self, TypeAlias

import msgspec

Scope: TypeAlias = Literal["member", "guild", "key"]

_SECONDS: Final = {"second": 1, "minute": 60, "hour": 60 * 60, "day": 24 * 60 * 60}
_GRACE: Final = 0.1
"""The tolerated rounding error, as a share of an interval."""

_RATE_PATTERN: Final = re.compile(rf"(\d{{1,7}})\s*/\s*({'|'.join(_SECONDS)})", re.IGNORECASE)


class Rate(msgspec.Struct, frozen=True):
    """`count` requests in `seconds`; a burst of the whole count is allowed."""

    count: int
    seconds: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a setting such as `20/minute`. Raises ValueError if it has another form."""
        match = _RATE_PATTERN.fullmatch(text.strip())
        if match is None or int(match[1]) == 0:
            raise ValueError("write a count and a span, such as 20/minute, 200/hour or 1000/day")
        return cls(int(match[1]), _SECONDS[match[2].lower()])

    def __str__(self) -> str:
        return f"{self.count}/{next(name for name, span in _SECONDS.items() if span == self.seconds)}"

    @property
    def interval(self) -> float:
        """Seconds until one spent request is available again (GCRA's emission interval)."""
        return self.seconds / self.count

    @property
    def tolerance(self) -> float:
        """The largest time until full, in seconds, at which one more request is allowed (GCRA's tolerance).

        It includes a tenth of an interval, so that rounding never refuses the last request of a burst.
        """
        return self.seconds - self.interval * (1 - _GRACE)

    def remaining(self, full_at: float, now: float) -> int:
        """The number of requests that a bucket allows at `now`, if it is full at `full_at`."""
        return max(0, int((self.seconds - max(0.0, full_at - now)) / self.interval + _GRACE))

    def available_at(self, full_at: float) -> float:
        """The moment at which a bucket that is full at `full_at` allows its next request (epoch seconds)."""
        return full_at - self.seconds + self.interval


Rates: TypeAlias = tuple[Rate, ...]
"""One or more rates of different spans, all of which apply."""


class Limits(msgspec.Struct, frozen=True):
    """The operator's rates for each member of a guild, for each guild, and for the whole API key."""

    member: Rates
    guild: Rates
    key: Rates


class Bucket(msgspec.Struct, frozen=True):
    """The bucket of one rate in one scope: the API key, a guild, or a member in a guild."""

    scope: Scope
    guild_id: int
    member_id: int
    rate: Rate


def parse_rates(text: str) -> Rates:
    """Parse one rate, or several separated by commas. Raises ValueError."""
    return strictest(Rate.parse(part) for part in text.split(","))


def strictest(rates: Iterable[Rate]) -> Rates:
    """The lowest rate of each span, by span."""
    counts: dict[float, int] = {}
    for rate in rates:
        counts[rate.seconds] = min(rate.count, counts.get(rate.seconds, rate.count))
    return tuple(Rate(count, seconds) for seconds, count in sorted(counts.items()))


def exceeds(rates: Rates, limits: Rates) -> bool:
    """True if a rate allows more than `limits` do for its span, or is faster than every rate of `limits`."""
    counts = {rate.seconds: rate.count for rate in limits}
    fastest = max(rate.count / rate.seconds for rate in limits)
    return any(
        rate.count > counts.get(rate.seconds, rate.count) or rate.count / rate.seconds > fastest
        for rate in rates
    )


def format_rates(rates: Rates) -> str:
    """The rates in the form that `parse_rates` reads."""
    return ", ".join(map(str, rates))


DEFAULT_LIMITS: Final = Limits(
    member=parse_rates("6/minute"), guild=parse_rates("20/minute"), key=parse_rates("60/minute")
)
"""The limits if the operator sets none."""

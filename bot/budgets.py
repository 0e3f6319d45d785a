"""Token buckets as arithmetic (GCRA): a bucket is one number, the moment at which it is full again."""

import re
from typing import Final, Self

import msgspec

_SECONDS: Final = {"second": 1, "minute": 60, "hour": 60 * 60, "day": 24 * 60 * 60}
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

    @property
    def interval(self) -> float:
        """Seconds until one spent request has come back."""
        return self.seconds / self.count

    @property
    def latest_full_at(self) -> float:
        """How far ahead, in seconds, the moment of being full may lie for one more request to be allowed.

        A millionth of an interval is added, lest rounding refuse the last request of a burst.
        """
        return self.seconds - self.interval * (1 - 1e-6)

    def next_at(self, full_at: float) -> float:
        """When a bucket full at `full_at` allows its next request; both in seconds since the epoch."""
        return full_at - self.seconds + self.interval

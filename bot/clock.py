"""A clock that tells the time of day and is never set back or ahead while the process lives."""

import time
from collections.abc import Callable


def steady_clock(
    wall_clock: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic
) -> Callable[[], float]:
    """Seconds since the epoch as `wall_clock` had it at the start, going on as evenly as `monotonic`."""
    offset = wall_clock() - monotonic()
    return lambda: monotonic() + offset

"""A wall clock that never jumps while the process runs."""

import time
from collections.abc import Callable


def steady_clock(
    wall_clock: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic
) -> Callable[[], float]:
    """A clock in seconds since the epoch: `wall_clock` at the start, plus the progress of `monotonic`."""
    offset = wall_clock() - monotonic()
    return lambda: monotonic() + offset

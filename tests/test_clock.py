"""The steady clock: it starts at the machine's time, and doesn't jump with it."""

import itertools

from bot.clock import steady_clock


def test_a_jump_of_the_wall_clock_does_not_move_the_steady_clock() -> None:
    wall_clock, monotonic = iter([1000.0]), itertools.count(5.0)
    clock = steady_clock(lambda: next(wall_clock), lambda: next(monotonic))

    assert [clock(), clock()] == [1001, 1002]

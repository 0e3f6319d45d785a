"""The steady clock: it begins with the time of day, and never jumps."""

from bot.clock import steady_clock


def test_the_clock_does_not_follow_a_wall_clock_that_is_set_back_or_ahead() -> None:
    wall, monotonic = [1000.0], [5.0]
    clock = steady_clock(lambda: wall[0], lambda: monotonic[0])
    readings = [clock()]
    for setting in (0.0, 9000.0):
        wall[0] = setting
        monotonic[0] += 2
        readings.append(clock())

    assert readings == [1000, 1002, 1004]

"""Throttle and Backoff: updates per key with pauses between them, and rounds skipped after failures."""

import asyncio

import pytest

from bot.shortlists.throttle import PAUSE_SECONDS, Backoff, Throttle


class Timeline:
    """A throttle on a simulated clock, and the moments of its updates by key."""

    def __init__(self) -> None:
        self.now = 0.0
        self.updates: list[tuple[float, int]] = []
        self.scheduled_meanwhile: list[int] = []
        self.throttle = Throttle(self._update, sleep=self._sleep)
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    async def advance(self, seconds: float) -> None:
        end = self.now + seconds
        await self._settle()
        while due := sorted({at for at, event in self._sleepers if at <= end and not event.is_set()}):
            self.now = due[0]
            for at, event in self._sleepers:
                if at <= self.now:
                    event.set()
            await self._settle()
        self.now = end

    async def _settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    async def _sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        self._sleepers.append((self.now + seconds, event))
        await event.wait()

    async def _update(self, key: int) -> None:
        self.updates.append((self.now, key))
        for other in self.scheduled_meanwhile:
            self.throttle.schedule(other)
        self.scheduled_meanwhile = []


@pytest.fixture
async def timeline() -> Timeline:
    return Timeline()


def test_the_pause_is_two_seconds() -> None:
    assert PAUSE_SECONDS == 2


async def test_the_first_update_after_the_start_waits_for_one_pause(timeline: Timeline) -> None:
    timeline.throttle.schedule(1)
    await timeline.advance(10)

    assert timeline.updates == [(2, 1)]


async def test_a_key_without_a_recent_update_is_updated_at_once(timeline: Timeline) -> None:
    timeline.throttle.schedule(1)
    await timeline.advance(10)
    timeline.throttle.schedule(2)
    timeline.throttle.schedule(1)
    await timeline.advance(1)

    assert timeline.updates == [(2, 1), (10, 2), (10, 1)]


async def test_requests_during_a_pause_become_one_update_after_it(timeline: Timeline) -> None:
    timeline.throttle.schedule(1)
    await timeline.advance(2.5)
    for _ in range(5):
        timeline.throttle.schedule(1)
        await timeline.advance(0.2)
    await timeline.advance(10)

    assert timeline.updates == [(2, 1), (4, 1)]


async def test_a_request_during_an_update_becomes_another_update(timeline: Timeline) -> None:
    timeline.scheduled_meanwhile = [1]
    timeline.throttle.schedule(1)
    await timeline.advance(10)

    assert timeline.updates == [(2, 1), (4, 1)]


async def test_a_key_that_is_held_off_is_updated_after_one_pause(timeline: Timeline) -> None:
    timeline.throttle.schedule(1)
    await timeline.advance(10)
    timeline.throttle.hold_off(2)
    await timeline.advance(1)
    timeline.throttle.schedule(2)
    await timeline.advance(10)

    assert timeline.updates == [(2, 1), (12, 2)]


async def test_a_key_that_is_held_off_after_the_start_waits_for_one_pause_only(timeline: Timeline) -> None:
    timeline.throttle.hold_off(1)
    timeline.throttle.schedule(1)
    await timeline.advance(10)

    assert timeline.updates == [(2, 1)]


async def test_a_key_that_is_only_held_off_is_not_updated(timeline: Timeline) -> None:
    timeline.throttle.hold_off(1)
    await timeline.advance(10)
    timeline.throttle.schedule(1)
    await timeline.advance(0)

    assert timeline.updates == [(10, 1)]


async def test_a_stopped_throttle_updates_nothing(timeline: Timeline) -> None:
    timeline.throttle.schedule(1)
    await timeline.advance(1)
    timeline.throttle.stop()
    await timeline.advance(10)

    assert timeline.updates == []


def tried_rounds(backoff: Backoff, key: int, rounds: int) -> list[int]:
    """The rounds, from 1, in which `key` is tried, if it fails each time."""
    tried = []
    for number in range(1, rounds + 1):
        if backoff.count_round(key):
            tried.append(number)
            backoff.record_failure(key)
    return tried


def test_failures_are_retried_after_longer_and_longer_waits_of_at_most_an_hour() -> None:
    backoff = Backoff()
    backoff.record_failure(1)

    assert tried_rounds(backoff, 1, 240) == [1, 4, 11, 26, 57, 117, 177, 237]


def test_a_success_and_another_key_have_no_wait() -> None:
    backoff = Backoff()
    tried_rounds(backoff, 1, 50)
    assert backoff.count_round(2)
    backoff.record_success(1)

    assert tried_rounds(backoff, 1, 10) == [1, 2, 5]


async def test_stopping_a_throttle_that_was_never_used_does_nothing() -> None:
    timeline = Timeline()
    timeline.throttle.stop()

    assert timeline.updates == []


async def test_stopping_leaves_no_pause_behind() -> None:
    before = asyncio.all_tasks()
    timeline = Timeline()
    timeline.throttle.schedule(1)
    timeline.throttle.stop()
    await timeline.advance(10)

    assert timeline.updates == []
    assert asyncio.all_tasks() == before

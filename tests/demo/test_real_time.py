"""RealTimeRunner: results, errors and cancellation of calls that run outside the simulation."""

import asyncio

import pytest

from bot.demo.catalogue import running_catalogue
from bot.demo.real_time import RealTimeAudioScape, RealTimePauses, RealTimeRunner
from bot.errors import ServiceFailed
from bot.models.search import Query


async def fail(error: Exception) -> None:
    raise error


async def test_submitted_call_gives_its_result() -> None:
    runner = RealTimeRunner()
    async with runner.running():
        assert await runner.submit(lambda: asyncio.sleep(0, "result")) == "result"


async def test_calls_run_at_the_same_time() -> None:
    runner, first_started = RealTimeRunner(), asyncio.Event()

    async def first() -> str:
        first_started.set()
        await second
        return "first"

    async with runner.running():
        result = runner.submit(first)
        second = runner.submit(first_started.wait)
        assert await result == "first"


@pytest.mark.parametrize("error", [ServiceFailed("500"), LookupError("a bug")])
async def test_error_of_a_call_is_raised_for_its_caller_and_the_next_call_runs(error: Exception) -> None:
    runner = RealTimeRunner()
    async with runner.running():
        with pytest.raises(type(error)):
            await runner.submit(lambda: fail(error))
        assert await runner.submit(lambda: asyncio.sleep(0, "next")) == "next"


async def test_call_of_a_caller_that_stopped_waiting_is_ignored() -> None:
    runner, release = RealTimeRunner(), asyncio.Event()
    async with runner.running():
        runner.submit(release.wait).cancel()
        runner.submit(lambda: fail(LookupError("a bug"))).cancel()
        release.set()
        assert await runner.submit(lambda: asyncio.sleep(0, "next")) == "next"


async def test_calls_under_way_are_cancelled_at_the_end() -> None:
    runner, started = RealTimeRunner(), asyncio.Event()

    async def endless() -> None:
        started.set()
        await asyncio.Event().wait()

    async with runner.running():
        result = runner.submit(endless)
        await started.wait()
    await asyncio.sleep(0)

    assert result.cancelled()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_audioscape_client_gives_results_and_errors() -> None:
    runner = RealTimeRunner()
    async with (
        running_catalogue("the-key") as url,
        RealTimeAudioScape(url=url, key="the-key", runner=runner) as audioscape,
        runner.running(),
    ):
        window = await audioscape.search(Query("chill lo-fi beats"), 0)
        with pytest.raises(ServiceFailed):
            await audioscape.search(Query("simulate 500"), 0)

    assert {track.genre for track in window.tracks[:5]} == {"Lo-Fi"}


async def test_pause_before_the_simulation_takes_real_time() -> None:
    runner = RealTimeRunner()
    pauses = RealTimePauses(runner)
    async with runner.running():
        began_at = asyncio.get_running_loop().time()
        await pauses.sleep(0.02)

    assert asyncio.get_running_loop().time() - began_at >= 0.02

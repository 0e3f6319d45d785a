"""SingleFlight: concurrent callers of a key share one request and one payment."""

import asyncio
import gc

import pytest

from bot.errors import BudgetSpent, ServiceFailed
from bot.search.single_flight import SingleFlight


class Requests:
    """Counts payments and fetches; callers whose name starts with "poor" can't pay."""

    def __init__(self) -> None:
        self.single_flight: SingleFlight[str, int] = SingleFlight()
        self.paid: list[str] = []
        self.fetched = 0
        self.error: Exception | None = None
        self.seconds = 0.01

    async def ask(self, caller: str) -> int:
        async def pay() -> None:
            await asyncio.sleep(0)
            if caller.startswith("poor"):
                raise BudgetSpent("guild", 0, is_repeat=False)
            self.paid.append(caller)

        async def fetch() -> int:
            self.fetched += 1
            await asyncio.sleep(self.seconds)
            if self.error is not None:
                raise self.error
            return self.fetched

        return await asyncio.shield(await self.single_flight.join("key", pay, fetch))


async def test_two_hundred_concurrent_callers_share_one_request_and_one_payment() -> None:
    requests = Requests()

    assert await asyncio.gather(*(requests.ask(f"rich {n}") for n in range(200))) == [1] * 200
    assert requests.paid == ["rich 0"]


async def test_the_first_caller_who_can_pay_pays_for_all_who_follow() -> None:
    requests = Requests()
    outcomes = await asyncio.gather(
        *(requests.ask(who) for who in ("poor 1", "rich 1", "poor 2", "rich 2")), return_exceptions=True
    )

    assert isinstance(outcomes[0], BudgetSpent)
    assert outcomes[1:] == [1, 1, 1]
    assert requests.paid == ["rich 1"]


async def test_if_nobody_can_pay_every_caller_gets_the_error() -> None:
    requests = Requests()
    outcomes = await asyncio.gather(*(requests.ask(f"poor {n}") for n in range(20)), return_exceptions=True)

    assert all(isinstance(outcome, BudgetSpent) for outcome in outcomes)
    assert requests.fetched == 0


async def test_a_failure_reaches_every_caller_and_the_next_call_is_a_new_request() -> None:
    requests = Requests()
    requests.error = ServiceFailed()
    outcomes = await asyncio.gather(*(requests.ask("rich") for _ in range(5)), return_exceptions=True)
    assert all(isinstance(outcome, ServiceFailed) for outcome in outcomes)

    requests.error = None
    assert await requests.ask("rich") == 2


async def test_a_cancelled_caller_does_not_cancel_the_request_of_the_others() -> None:
    requests = Requests()
    impatient, patient = asyncio.create_task(requests.ask("rich")), asyncio.create_task(requests.ask("rich"))
    await asyncio.sleep(0.005)
    impatient.cancel()

    assert await patient == 1
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_a_caller_who_could_not_pay_does_not_end_the_request_of_the_next() -> None:
    requests = Requests()
    requests.seconds = 0.05
    first = asyncio.gather(requests.ask("poor 1"), requests.ask("rich 1"), return_exceptions=True)
    await asyncio.sleep(0.02)
    later = await requests.ask("rich 2")

    assert (later, requests.fetched, requests.paid) == (1, 1, ["rich 1"])
    await first


async def test_a_caller_cancelled_during_payment_does_not_cancel_the_others() -> None:
    requests = Requests()
    impatient, patient = (asyncio.create_task(requests.ask("rich")) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()

    assert await patient == 1
    assert requests.paid == ["rich"]


@pytest.mark.parametrize("caller", ["rich", "poor"])
async def test_a_failure_that_nobody_waits_for_is_not_logged(
    caplog: pytest.LogCaptureFixture, caller: str
) -> None:
    requests = Requests()
    requests.error = ServiceFailed()
    impatient = asyncio.create_task(requests.ask(caller))
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0.05)
    gc.collect()

    assert impatient.cancelled()
    assert caplog.records == []

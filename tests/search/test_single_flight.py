"""One request for all who ask the same at once, and one payment."""

import asyncio

import pytest

from bot.errors import BudgetSpent, ServiceFailed
from bot.search.single_flight import SingleFlight


class Airline:
    """Counts what is paid and fetched; some passengers can't pay."""

    def __init__(self) -> None:
        self.flights: SingleFlight[str, int] = SingleFlight()
        self.paid: list[str] = []
        self.fetched = 0
        self.error: Exception | None = None
        self.seconds = 0.01

    async def ask(self, who: str) -> int:
        async def pay() -> None:
            await asyncio.sleep(0)
            if who.startswith("poor"):
                raise BudgetSpent("guild", 0, is_repeat=False)
            self.paid.append(who)

        async def fetch() -> int:
            self.fetched += 1
            await asyncio.sleep(self.seconds)
            if self.error is not None:
                raise self.error
            return self.fetched

        return await asyncio.shield(await self.flights.join("key", pay, fetch))


async def test_two_hundred_at_once_are_one_request_and_one_payment() -> None:
    airline = Airline()

    assert await asyncio.gather(*(airline.ask(f"rich {n}") for n in range(200))) == [1] * 200
    assert airline.paid == ["rich 0"]


async def test_whoever_can_pay_does_and_the_others_fly_along() -> None:
    airline = Airline()
    outcomes = await asyncio.gather(
        *(airline.ask(who) for who in ("poor 1", "rich 1", "poor 2", "rich 2")), return_exceptions=True
    )

    assert isinstance(outcomes[0], BudgetSpent)
    assert outcomes[1:] == [1, 1, 1]
    assert airline.paid == ["rich 1"]


async def test_where_nobody_can_pay_everybody_is_told() -> None:
    airline = Airline()
    outcomes = await asyncio.gather(*(airline.ask(f"poor {n}") for n in range(20)), return_exceptions=True)

    assert all(isinstance(outcome, BudgetSpent) for outcome in outcomes)
    assert airline.fetched == 0


async def test_a_failure_reaches_all_and_the_next_one_asks_anew() -> None:
    airline = Airline()
    airline.error = ServiceFailed()
    outcomes = await asyncio.gather(*(airline.ask("rich") for _ in range(5)), return_exceptions=True)
    assert all(isinstance(outcome, ServiceFailed) for outcome in outcomes)

    airline.error = None
    assert await airline.ask("rich") == 2


async def test_one_who_stops_waiting_does_not_end_it_for_the_others() -> None:
    airline = Airline()
    impatient, patient = asyncio.create_task(airline.ask("rich")), asyncio.create_task(airline.ask("rich"))
    await asyncio.sleep(0.005)
    impatient.cancel()

    assert await patient == 1
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_the_end_of_a_flight_that_never_left_does_not_end_the_next() -> None:
    airline = Airline()
    airline.seconds = 0.05
    first = asyncio.gather(airline.ask("poor 1"), airline.ask("rich 1"), return_exceptions=True)
    await asyncio.sleep(0.02)
    later = await airline.ask("rich 2")

    assert (later, airline.fetched, airline.paid) == (1, 1, ["rich 1"])
    await first

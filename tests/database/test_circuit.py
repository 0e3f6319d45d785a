"""CircuitStore: open until a named moment, or for twice as long after each further trip."""

from bot.database import Database


async def test_circuit_is_closed_until_it_is_tripped(database: Database) -> None:
    before = await database.circuit.clamp_and_get(1e9)
    open_until = await database.circuit.trip(1000, 30, min_seconds=5, max_seconds=300)

    assert [before, await database.circuit.clamp_and_get(1e9)] == [(0, False), (1030, True)]
    assert open_until == 1030


async def test_trip_without_seconds_doubles_up_to_the_maximum(database: Database) -> None:
    now, waits = 1000.0, []
    for _ in range(8):
        open_until = await database.circuit.trip(now, None, min_seconds=5, max_seconds=300)
        waits.append(open_until - now)
        now = open_until

    assert waits == [5, 10, 20, 40, 80, 160, 300, 300]


async def test_trips_while_the_circuit_is_open_count_as_one(database: Database) -> None:
    moments = [await database.circuit.trip(1000, None, min_seconds=5, max_seconds=300) for _ in range(3)]

    assert moments == [1005, 1005, 1005]
    assert await database.circuit.trip(1006, None, min_seconds=5, max_seconds=300) == 1016


async def test_reset_says_if_there_was_a_trip(database: Database) -> None:
    await database.circuit.trip(1000, None, min_seconds=5, max_seconds=300)
    resets = [await database.circuit.reset() for _ in range(2)]

    assert resets == [True, False]
    assert await database.circuit.clamp_and_get(1e9) == (1005, False)
    assert await database.circuit.trip(1006, None, min_seconds=5, max_seconds=300) == 1011


async def test_moment_of_a_clock_that_was_set_back_is_corrected(database: Database) -> None:
    await database.circuit.trip(9000, 30, min_seconds=5, max_seconds=300)

    assert await database.circuit.clamp_and_get(1900) == (1900, True)
    assert await database.circuit.clamp_and_get(1e9) == (1900, True)

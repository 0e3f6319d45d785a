"""Circuit breaker's state: the search service is asked nothing while the circuit is open."""

from bot.database.sqlite.connection import Connection

# The table's one row has older names than the code: `door` is the circuit breaker, `closed_until` the moment
# until which the circuit is open (open_until), `closings` the number of trips since the last success (trips).
#
# Several answers of 429 to requests that were under way together are one trip.
_TRIP = """
UPDATE door SET
    closed_until = CASE
        WHEN :seconds IS NOT NULL THEN max(closed_until, :now + :seconds)
        WHEN closed_until > :now THEN closed_until
        ELSE :now + min(:max_seconds, :min_seconds * (1 << min(closings, 20)))
    END,
    closings = closings + (closed_until <= :now)
RETURNING closed_until
"""


class CircuitStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute

    async def clamp_and_get(self, latest: float) -> tuple[float, bool]:
        """The moment until which the circuit is open, and True if it has tripped since the last success.

        In seconds since the epoch, and at most `latest`: a later one comes from a clock that was set back.
        """
        ((open_until, trips),) = await self._execute("SELECT closed_until, closings FROM door")
        if open_until > latest:
            await self._execute("UPDATE door SET closed_until = min(closed_until, ?)", (latest,))
        return min(float(open_until), latest), trips > 0

    async def trip(
        self, now: float, seconds: float | None, *, min_seconds: float, max_seconds: float
    ) -> float:
        """Open the circuit for `seconds`, or if None for twice as long as the last time.

        Returns the moment until which it is open.
        """
        ((open_until,),) = await self._execute(
            _TRIP, {"now": now, "seconds": seconds, "min_seconds": min_seconds, "max_seconds": max_seconds}
        )
        return float(open_until)

    async def reset(self) -> bool:
        """Set the number of trips to zero after a success. Returns True if there were any."""
        return bool(await self._execute("UPDATE door SET closings = 0 WHERE closings > 0 RETURNING 1"))

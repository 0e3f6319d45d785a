"""The moment until which nobody may ask the search service, after it said that it was asked too much."""

from bot.database.sqlite.connection import Connection

# Two answers of 429 to requests that were under way together are one closing.
_CLOSE = """
UPDATE door SET
    closed_until = CASE
        WHEN :seconds IS NOT NULL THEN max(closed_until, :now + :seconds)
        WHEN closed_until > :now THEN closed_until
        ELSE :now + min(:longest, :shortest * (1 << min(closings, 20)))
    END,
    closings = closings + (closed_until <= :now)
RETURNING closed_until
"""


class CircuitStore:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    async def get(self, latest: float) -> tuple[float, bool]:
        """Until when it is closed, and whether it has been closed since the service last answered.

        In seconds since the epoch; later than `latest` only by a clock set back, and then `latest`.
        """
        ((closed_until, closings),) = await self._run("SELECT closed_until, closings FROM door")
        if closed_until > latest:
            await self._run("UPDATE door SET closed_until = min(closed_until, ?)", (latest,))
        return min(float(closed_until), latest), closings > 0

    async def trip(self, now: float, seconds: float | None, *, shortest: float, longest: float) -> float:
        """Close for `seconds`, or, where None, twice as long as last time; returns until when."""
        ((closed_until,),) = await self._run(
            _CLOSE, {"now": now, "seconds": seconds, "shortest": shortest, "longest": longest}
        )
        return float(closed_until)

    async def reset(self) -> None:
        """Forget how often in a row it was closed, now that the service has answered."""
        await self._run("UPDATE door SET closings = 0 WHERE closings > 0")

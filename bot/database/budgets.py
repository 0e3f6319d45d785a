"""Each guild's token bucket: paying for an API request is one statement."""

from bot.budgets import Rate
from bot.database.connection import Connection
from bot.errors import BudgetSpent


class Budgets:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    async def spend(self, guild_id: int, rate: Rate, now: float) -> None:
        """Pay for one API request. Raises BudgetSpent, and takes nothing, where the bucket is empty."""
        paid = await self._run(
            "INSERT INTO budgets (guild_id, full_at) VALUES (:guild_id, :now + :interval)"
            " ON CONFLICT (guild_id) DO UPDATE SET full_at = max(full_at, :now) + :interval"
            " WHERE full_at - :now <= :latest RETURNING full_at",
            {"guild_id": guild_id, "now": now, "interval": rate.interval, "latest": rate.latest_full_at},
        )
        if not paid:
            raise BudgetSpent(await self._next_at(guild_id, rate, now))

    async def give_back(self, guild_id: int, rate: Rate) -> None:
        """Undo one payment, for a request that brought no answer."""
        await self._run(
            "UPDATE budgets SET full_at = full_at - ? WHERE guild_id = ?", (rate.interval, guild_id)
        )

    async def _next_at(self, guild_id: int, rate: Rate, now: float) -> float:
        rows = await self._run("SELECT full_at FROM budgets WHERE guild_id = ?", (guild_id,))
        return rate.next_at(rows[0][0]) if rows else now

"""What servers have set of their budgets, and who changed it when."""

from collections.abc import Mapping

import msgspec

from bot.budgets import Rates, Scope, in_words, parse_rates
from bot.database.connection import Connection


class RateChange(msgspec.Struct, frozen=True):
    """One change of a server's budgets; None stands for what the operator has set."""

    scope: Scope
    member_id: int
    changed_at: float
    before: str | None
    after: str | None


class GuildRates:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    async def get(self, guild_id: int) -> Mapping[Scope, Rates]:
        rows = await self._run("SELECT scope, rates FROM guild_rates WHERE guild_id = ?", (guild_id,))
        return {scope: parse_rates(rates) for scope, rates in rows}

    async def put(
        self, guild_id: int, scope: Scope, rates: Rates | None, *, member_id: int, now: float
    ) -> None:
        """Set what holds from now on, or go back to the operator's, and record who did; both or neither."""
        after = None if rates is None else in_words(rates)
        await self._run(
            "INSERT INTO guild_rate_changes (guild_id, scope, member_id, changed_at, before, after)"
            " VALUES (:guild_id, :scope, :member_id, :now,"
            " (SELECT rates FROM guild_rates WHERE guild_id = :guild_id AND scope = :scope), :after)",
            {"guild_id": guild_id, "scope": scope, "member_id": member_id, "now": now, "after": after},
        )

    async def changes(self, guild_id: int, most: int) -> list[RateChange]:
        """The latest changes, the newest first."""
        rows = await self._run(
            "SELECT scope, member_id, changed_at, before, after FROM guild_rate_changes"
            " WHERE guild_id = ? ORDER BY rowid DESC LIMIT ?",
            (guild_id, most),
        )
        return [RateChange(*row) for row in rows]

"""What servers have set of their budgets, and who changed it when."""

from collections.abc import Mapping

import msgspec

from bot.database.sqlite.connection import Connection
from bot.models.rates import Rates, Scope, format_rates, parse_rates

_CHANGE = """
INSERT INTO guild_rate_changes (guild_id, scope, member_id, changed_at, before, after)
SELECT :guild_id, wanted.scope, :member_id, :now, rates, wanted.rates_wanted
FROM (
    SELECT json_extract(value, '$[0]') AS scope, json_extract(value, '$[1]') AS rates_wanted
    FROM json_each(:changes)
) AS wanted
LEFT JOIN guild_rates ON guild_rates.guild_id = :guild_id AND guild_rates.scope = wanted.scope
WHERE rates IS NOT wanted.rates_wanted
"""


class RateChange(msgspec.Struct, frozen=True):
    """One change of a server's budgets; None stands for what the operator has set."""

    scope: Scope
    member_id: int
    changed_at: float
    before: str | None
    after: str | None


class GuildRateStore:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run
        self._expire = connection.expire

    async def get(self, guild_id: int) -> Mapping[Scope, Rates]:
        rows = await self._run("SELECT scope, rates FROM guild_rates WHERE guild_id = ?", (guild_id,))
        return {scope: parse_rates(rates) for scope, rates in rows}

    async def update(
        self, guild_id: int, wishes: Mapping[Scope, Rates | None], *, member_id: int, now: float
    ) -> None:
        """Set what holds from now on, None for the operator's, and record the changes; all or nothing."""
        changes = [(scope, None if rates is None else format_rates(rates)) for scope, rates in wishes.items()]
        await self._run(
            _CHANGE,
            {
                "guild_id": guild_id,
                "changes": msgspec.json.encode(changes).decode(),
                "member_id": member_id,
                "now": now,
            },
        )

    async def expire(self, before: float, most: int) -> int:
        """Remove up to `most` records of changes made before then; what was set stays."""
        return await self._expire("guild_rate_changes", "changed_at", before, most)

    async def list_changes(self, guild_id: int, most: int) -> list[RateChange]:
        """The latest changes, the newest first."""
        rows = await self._run(
            "SELECT scope, member_id, changed_at, before, after FROM guild_rate_changes"
            " WHERE guild_id = ? ORDER BY rowid DESC LIMIT ?",
            (guild_id, most),
        )
        return [RateChange(*row) for row in rows]

"""Guild rates: the budgets that servers have set, and the record of each change."""

from collections.abc import Mapping

import msgspec

from bot.database.sqlite.connection import Connection
from bot.models.rates import Rates, Scope, in_words, parse_rates

_CHANGE = """
INSERT INTO guild_rate_changes (guild_id, scope, member_id, changed_at, before, after)
SELECT :guild_id, given.scope, :member_id, :now, rates, given.new_rates
FROM (
    SELECT json_extract(value, '$[0]') AS scope, json_extract(value, '$[1]') AS new_rates
    FROM json_each(:changes)
) AS given
LEFT JOIN guild_rates ON guild_rates.guild_id = :guild_id AND guild_rates.scope = given.scope
WHERE rates IS NOT given.new_rates
RETURNING 1
"""


class RateChange(msgspec.Struct, frozen=True):
    """One change of a server's budgets; None means the operator's rates."""

    scope: Scope
    member_id: int
    changed_at: float
    before: str | None
    after: str | None


class GuildRateStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute
        self._delete_older = connection.delete_older

    async def get(self, guild_id: int) -> Mapping[Scope, Rates]:
        """The rates that the server has set; a scope that is left out has the operator's."""
        rows = await self._execute("SELECT scope, rates FROM guild_rates WHERE guild_id = ?", (guild_id,))
        return {scope: parse_rates(rates) for scope, rates in rows}

    async def update(
        self, guild_id: int, rates: Mapping[Scope, Rates | None], *, member_id: int, now: float
    ) -> int:
        """Set the rates of some scopes, None for the operator's, and record the changes; all or none.

        Returns the number of scopes that have changed; the others had these rates already.
        """
        changes = [(scope, None if new is None else in_words(new)) for scope, new in rates.items()]
        rows = await self._execute(
            _CHANGE,
            {
                "guild_id": guild_id,
                "changes": msgspec.json.encode(changes).decode(),
                "member_id": member_id,
                "now": now,
            },
        )
        return len(rows)

    async def expire(self, before: float, limit: int) -> int:
        """Remove up to `limit` records of changes made `before`. Returns their number; the rates stay."""
        return await self._delete_older("guild_rate_changes", "changed_at", before, limit)

    async def list_changes(self, guild_id: int, limit: int) -> list[RateChange]:
        """The last `limit` changes, the newest first."""
        rows = await self._execute(
            "SELECT scope, member_id, changed_at, before, after FROM guild_rate_changes"
            " WHERE guild_id = ? ORDER BY rowid DESC LIMIT ?",
            (guild_id, limit),
        )
        return [RateChange(*row) for row in rows]

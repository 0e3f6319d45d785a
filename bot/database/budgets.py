"""The token buckets: paying from several at once is one statement, all or none."""

from collections.abc import Sequence

import msgspec

from bot.database.sqlite.connection import Connection
from bot.models.rates import Bucket

_WANTED = """
SELECT
    json_extract(value, '$[0]') AS scope,
    json_extract(value, '$[1]') AS guild_id,
    json_extract(value, '$[2]') AS member_id,
    json_extract(value, '$[3]') AS seconds,
    json_extract(value, '$[4]') AS interval,
    json_extract(value, '$[5]') AS latest
FROM json_each(:buckets)
"""

_IS_WANTED = """
(buckets.scope, buckets.guild_id, buckets.member_id, buckets.seconds)
= (wanted.scope, wanted.guild_id, wanted.member_id, wanted.seconds)
"""

# A bucket whose moment lies further ahead than its span can only come from a clock that was set back: it
# counts as just emptied.
_PAY = f"""
WITH wanted AS MATERIALIZED ({_WANTED}), states AS MATERIALIZED (
    SELECT wanted.*, min(max(coalesce(full_at, :now), :now), :now + seconds) AS full_at
    FROM wanted LEFT JOIN buckets USING (scope, guild_id, member_id, seconds)
)
INSERT INTO buckets (scope, guild_id, member_id, seconds, full_at)
SELECT scope, guild_id, member_id, seconds, full_at + interval FROM states
WHERE NOT EXISTS (SELECT 1 FROM states WHERE full_at - :now > latest)
ON CONFLICT DO UPDATE SET full_at = excluded.full_at
RETURNING 1
"""

_STATES = f"""
UPDATE buckets SET full_at = min(buckets.full_at, :now + buckets.seconds)
FROM ({_WANTED}) AS wanted WHERE {_IS_WANTED}
RETURNING buckets.scope, buckets.seconds, buckets.full_at
"""

_GIVE_BACK = f"""
UPDATE buckets SET full_at = full_at - wanted.interval FROM ({_WANTED}) AS wanted WHERE {_IS_WANTED}
"""


class BudgetStore:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run
        self._expire = connection.expire

    async def pay(self, buckets: Sequence[Bucket], now: float) -> bool:
        """Take one request from each of `buckets`, or nothing from any; whether it was taken."""
        return bool(await self._run(_PAY, {"buckets": _encoded(buckets), "now": now}))

    async def refund(self, buckets: Sequence[Bucket]) -> None:
        """Undo one payment, for a request that brought no answer."""
        await self._run(_GIVE_BACK, {"buckets": _encoded(buckets)})

    async def get_full_at(self, buckets: Sequence[Bucket], now: float) -> list[float]:
        """When each of `buckets` is full again, in their order; `now` for one that is."""
        rows = await self._run(_STATES, {"buckets": _encoded(buckets), "now": now})
        states = {(scope, seconds): full_at for scope, seconds, full_at in rows}
        return [max(now, states.get((bucket.scope, float(bucket.rate.seconds)), now)) for bucket in buckets]

    async def expire(self, before: float, most: int) -> int:
        """Remove up to `most` buckets that were full `before` and so say nothing; how many were removed."""
        return await self._expire(
            "buckets", "full_at", before, most, key="scope, guild_id, member_id, seconds"
        )


def _encoded(buckets: Sequence[Bucket]) -> str:
    rows = [
        (
            bucket.scope,
            bucket.guild_id,
            bucket.member_id,
            float(bucket.rate.seconds),
            bucket.rate.interval,
            bucket.rate.tolerance,
        )
        for bucket in buckets
    ]
    return msgspec.json.encode(rows).decode()

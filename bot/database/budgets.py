"""Token buckets: a payment from several of them is one statement, all or none."""

from collections.abc import Sequence

import msgspec

from bot.database.sqlite.connection import Connection
from bot.models.rates import Bucket

_GIVEN = """
SELECT
    json_extract(value, '$[0]') AS scope,
    json_extract(value, '$[1]') AS guild_id,
    json_extract(value, '$[2]') AS member_id,
    json_extract(value, '$[3]') AS seconds,
    json_extract(value, '$[4]') AS interval,
    json_extract(value, '$[5]') AS latest
FROM json_each(:buckets)
"""

_IS_GIVEN = """
(buckets.scope, buckets.guild_id, buckets.member_id, buckets.seconds)
= (given.scope, given.guild_id, given.member_id, given.seconds)
"""

# A moment further ahead than the bucket's span can only come from a clock that was set back: the bucket then
# counts as just emptied.
_PAY = f"""
WITH given AS MATERIALIZED ({_GIVEN}), states AS MATERIALIZED (
    SELECT given.*, min(max(coalesce(full_at, :now), :now), :now + seconds) AS full_at
    FROM given LEFT JOIN buckets USING (scope, guild_id, member_id, seconds)
)
INSERT INTO buckets (scope, guild_id, member_id, seconds, full_at)
SELECT scope, guild_id, member_id, seconds, full_at + interval FROM states
WHERE NOT EXISTS (SELECT 1 FROM states WHERE full_at - :now > latest)
ON CONFLICT DO UPDATE SET full_at = excluded.full_at
RETURNING 1
"""

_STATES = f"""
UPDATE buckets SET full_at = min(buckets.full_at, :now + buckets.seconds)
FROM ({_GIVEN}) AS given WHERE {_IS_GIVEN}
RETURNING buckets.scope, buckets.seconds, buckets.full_at
"""

_REFUND = f"""
UPDATE buckets SET full_at = full_at - given.interval FROM ({_GIVEN}) AS given WHERE {_IS_GIVEN}
RETURNING 1
"""


class BudgetStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute
        self._delete_older = connection.delete_older

    async def pay(self, buckets: Sequence[Bucket], now: float) -> bool:
        """Take one request from each of `buckets`, or from none. Returns True if it was taken."""
        return bool(await self._execute(_PAY, {"buckets": _encoded(buckets), "now": now}))

    async def refund(self, buckets: Sequence[Bucket]) -> int:
        """Undo one payment, for a request that brought no answer. Returns the number of buckets refunded.

        A bucket without a row is full already.
        """
        return len(await self._execute(_REFUND, {"buckets": _encoded(buckets)}))

    async def clamp_and_get_full_at(self, buckets: Sequence[Bucket], now: float) -> list[float]:
        """The moment at which each of `buckets` is full again, in their order; `now` if it is full.

        A moment that comes from a clock that was set back is corrected.
        """
        rows = await self._execute(_STATES, {"buckets": _encoded(buckets), "now": now})
        states = {(scope, seconds): full_at for scope, seconds, full_at in rows}
        return [max(now, states.get((bucket.scope, float(bucket.rate.seconds)), now)) for bucket in buckets]

    async def expire(self, before: float, limit: int) -> int:
        """Remove up to `limit` buckets that were full `before`. Returns the number removed."""
        return await self._delete_older(
            "buckets", "full_at", before, limit, key="scope, guild_id, member_id, seconds"
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

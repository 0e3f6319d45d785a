"""RateLimiter: pays for API requests from the token buckets of the member, the guild and the key at once."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import msgspec
from cachetools import LRUCache

from bot.database import Database
from bot.errors import BudgetSpent, Refused, StorageError
from bot.models.rates import Bucket, Limits, Rates, Scope, exceeds, format_rates, strictest
from bot.models.requester import Requester
from bot.telemetry.metrics import count_refusal

_log = logging.getLogger(__name__)

_NOTIFIED_CACHE_SIZE: Final = 10_000
"""Members who have received the whole notice."""


class BucketStatus(msgspec.Struct, frozen=True):
    """The state of one bucket."""

    bucket: Bucket
    remaining: int
    """Requests that it allows now."""
    seconds_until_full: float


class RateLimiter:
    """A guild has the operator's rates; its moderators may set lower ones, and the rates of each member."""

    def __init__(
        self,
        *,
        database: Database,
        limits: Limits,
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._limits = limits
        self._clock = clock
        self._wall_clock = wall_clock
        self._pending_refunds: list[Sequence[Bucket]] = []
        self._notified: LRUCache[Requester, float] = LRUCache(_NOTIFIED_CACHE_SIZE)

    async def pay(self, requester: Requester, buckets: Sequence[Bucket] | None = None) -> "Payment":
        """Take one request from each of `buckets`. Raises BudgetSpent, and takes none, if one is empty."""
        await self._refund_pending()
        buckets = buckets or await self.buckets(requester)
        now = self._clock()
        if not await self._database.budgets.pay(buckets, now):
            raise await self._refusal(requester, buckets, now)
        return Payment(buckets, self._refund_or_defer)

    async def statuses(self, requester: Requester) -> list[BucketStatus]:
        """The state of the member's and the guild's buckets, and of the key's if they are empty."""
        await self._refund_pending()
        buckets = await self.buckets(requester)
        now = self._clock()
        moments = await self._database.budgets.clamp_and_get_full_at(buckets, now)
        statuses = [
            BucketStatus(bucket, bucket.rate.remaining(full_at, now), full_at - now)
            for bucket, full_at in zip(buckets, moments, strict=True)
        ]
        return [status for status in statuses if status.bucket.scope != "key" or not status.remaining]

    async def set_rates(self, requester: Requester, changes: Mapping[Scope, Rates | None]) -> None:
        """Set the rates of the requester's guild, or of each member in it; None restores the operator's.

        Raises Refused, and sets nothing, if one of them exceeds the operator's rates for a guild.
        """
        if any(rates is not None and exceeds(rates, self._limits.guild) for rates in changes.values()):
            limit = format_rates(self._limits.guild)
            raise Refused(f"This bot's operator allows a server {limit} at most. Please choose that or less.")
        await self._database.guild_rates.update(
            requester.guild_id, changes, member_id=requester.member_id, now=self._wall_clock()
        )

    def evict(self, predicate: Callable[[Requester], bool]) -> None:
        """Forget the notices of the matching requesters; their pending refunds are still made."""
        for requester in filter(predicate, list(self._notified)):
            del self._notified[requester]

    async def _refund_or_defer(self, buckets: Sequence[Bucket]) -> None:
        """Refund `buckets` now or, if the database fails, before the next payment."""
        self._pending_refunds.append(buckets)
        try:
            await self._refund_pending()
        except StorageError as error:
            _log.error("A payment could not be refunded yet: %r", error.__cause__)

    async def _refund_pending(self) -> None:
        while self._pending_refunds:
            buckets = self._pending_refunds.pop()
            try:
                await self._database.budgets.refund(buckets)
            except StorageError:
                self._pending_refunds.append(buckets)
                raise

    async def buckets(self, requester: Requester) -> list[Bucket]:
        """The buckets from which one request of theirs is paid."""
        set_rates = await self._database.guild_rates.get(requester.guild_id)
        member = set_rates.get("member", self._limits.member)
        guild = strictest((*self._limits.guild, *set_rates.get("guild", ())))
        return [
            *(Bucket("member", requester.guild_id, requester.member_id, rate) for rate in member),
            *(Bucket("guild", requester.guild_id, 0, rate) for rate in guild),
            *(Bucket("key", 0, 0, rate) for rate in self._limits.key),
        ]

    async def _refusal(self, requester: Requester, buckets: Sequence[Bucket], now: float) -> BudgetSpent:
        moments = await self._database.budgets.clamp_and_get_full_at(buckets, now)
        waits = (
            (bucket.rate.available_at(full_at) - now, bucket.scope)
            for bucket, full_at in zip(buckets, moments, strict=True)
        )
        wait, scope = max(waits)
        count_refusal(scope)
        is_repeat = self._notified.get(requester, 0.0) > now
        if not is_repeat:
            self._notified[requester] = now + wait
        return BudgetSpent(scope, retry_at=self._wall_clock() + wait, is_repeat=is_repeat)


class Payment:
    """The payment of one request, from the buckets of that time; it can be refunded once."""

    def __init__(
        self, buckets: Sequence[Bucket], refund: Callable[[Sequence[Bucket]], Awaitable[None]]
    ) -> None:
        self._buckets = buckets
        self._refund = refund

    async def refund(self) -> None:
        """Refund its buckets. Never raises: a failed refund is repeated before the next payment."""
        buckets, self._buckets = self._buckets, ()
        if buckets:
            await self._refund(buckets)

"""RateLimiter: pays for API requests from three token buckets at once (member, guild and key)."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import msgspec
from cachetools import LRUCache

from bot.database import Database
from bot.errors import BudgetSpent, Refused, StorageError
from bot.models.rates import Bucket, Limits, Rates, Scope, exceeds, in_words, strictest
from bot.models.requester import Requester
from bot.telemetry.metrics import count_refusal

_log = logging.getLogger(__name__)

_NOTICES: Final = 10_000
"""Members of whom we remember that they have been told already."""


class BucketStatus(msgspec.Struct, frozen=True):
    """How one bucket stands right now."""

    bucket: Bucket
    left: int
    full_in: float
    """Seconds until it is full again; 0 where it is."""


class RateLimiter:
    """The operator's rates hold for a guild; it may set stricter ones, and what each member may take."""

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
        self._notified: LRUCache[Requester, float] = LRUCache(_NOTICES)

    async def pay(self, requester: Requester, buckets: Sequence[Bucket] | None = None) -> "Payment":
        """Take one request from each of their `buckets`, or raise BudgetSpent and take none."""
        await self._refund_pending()
        buckets = buckets or await self.buckets(requester)
        now = self._clock()
        if not await self._database.budgets.pay(buckets, now):
            raise await self._refusal(requester, buckets, now)
        return Payment(buckets, self._refund_later)

    async def statuses(self, requester: Requester) -> list[BucketStatus]:
        """The member's and the guild's buckets, and the key's, which is the operator's, when it is spent."""
        await self._refund_pending()
        buckets = await self.buckets(requester)
        now = self._clock()
        moments = await self._database.budgets.get_full_at(buckets, now)
        statuses = [
            BucketStatus(bucket, bucket.rate.left(full_at, now), full_at - now)
            for bucket, full_at in zip(buckets, moments, strict=True)
        ]
        return [status for status in statuses if status.bucket.scope != "key" or not status.left]

    async def set_rates(self, requester: Requester, wishes: Mapping[Scope, Rates | None]) -> None:
        """Let `payer` set what their guild, or each member in it, may take; None goes back to the operator's.

        Raises Refused, and sets nothing, where a part of it is more than the operator allows the guild.
        """
        if any(rates is not None and exceeds(rates, self._limits.guild) for rates in wishes.values()):
            most = in_words(self._limits.guild)
            raise Refused(f"This bot's operator allows a server {most}; choose no more than that.")
        await self._database.guild_rates.update(
            requester.guild_id, wishes, member_id=requester.member_id, now=self._wall_clock()
        )

    def evict(self, is_to_go: Callable[[Requester], bool]) -> None:
        """Forget whom of them we have told; what is owed to their buckets is given back all the same."""
        for requester in filter(is_to_go, list(self._notified)):
            del self._notified[requester]

    async def _refund_later(self, buckets: Sequence[Bucket]) -> None:
        """Give back to `buckets`, if not now then before the next payment."""
        self._pending_refunds.append(buckets)
        try:
            await self._refund_pending()
        except StorageError as error:
            _log.error("A payment could not be given back yet: %r", error.__cause__)

    async def _refund_pending(self) -> None:
        while self._pending_refunds:
            buckets = self._pending_refunds.pop()
            try:
                await self._database.budgets.refund(buckets)
            except StorageError:
                self._pending_refunds.append(buckets)
                raise

    async def buckets(self, requester: Requester) -> list[Bucket]:
        """All that one request of theirs is paid from."""
        own = await self._database.guild_rates.get(requester.guild_id)
        member = own.get("member", self._limits.member)
        guild = strictest((*self._limits.guild, *own.get("guild", ())))
        return [
            *(Bucket("member", requester.guild_id, requester.member_id, rate) for rate in member),
            *(Bucket("guild", requester.guild_id, 0, rate) for rate in guild),
            *(Bucket("key", 0, 0, rate) for rate in self._limits.key),
        ]

    async def _refusal(self, requester: Requester, buckets: Sequence[Bucket], now: float) -> BudgetSpent:
        moments = await self._database.budgets.get_full_at(buckets, now)
        waits = (
            (bucket.rate.next_at(full_at) - now, bucket.scope)
            for bucket, full_at in zip(buckets, moments, strict=True)
        )
        wait, scope = max(waits)
        count_refusal(scope)
        is_told = self._notified.get(requester, 0.0) > now
        if not is_told:
            self._notified[requester] = now + wait
        return BudgetSpent(scope, retry_at=self._wall_clock() + wait, is_told=is_told)


class Payment:
    """What was taken for one request, from the buckets as they were then; it can be given back once."""

    def __init__(self, buckets: Sequence[Bucket], owe: Callable[[Sequence[Bucket]], Awaitable[None]]) -> None:
        self._buckets = buckets
        self._refund_later = owe

    async def refund(self) -> None:
        """Never raises: what can't be given back now is, before the next payment."""
        buckets, self._buckets = self._buckets, ()
        if buckets:
            await self._refund_later(buckets)

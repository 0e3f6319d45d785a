"""Limiter: pays for API requests from three token buckets at once: the member's, the guild's, the key's."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import msgspec
from cachetools import LRUCache

from bot.budgets import Bucket, Limits, Rates, Scope, exceeds, in_words, strictest
from bot.database import Database
from bot.errors import BudgetSpent, Refused, StorageTrouble
from bot.metrics import count_refusal

_log = logging.getLogger(__name__)

_NOTICES: Final = 10_000
"""Members of whom we remember that they have been told already."""


class Payer(msgspec.Struct, frozen=True):
    """Who a request is made for."""

    guild_id: int
    member_id: int


class Standing(msgspec.Struct, frozen=True):
    """How one bucket stands right now."""

    bucket: Bucket
    left: int
    full_in: float
    """Seconds until it is full again; 0 where it is."""


class Limiter:
    """The operator's rates hold for a guild; it may set stricter ones, and what each member may take."""

    def __init__(
        self,
        *,
        database: Database,
        limits: Limits,
        now: Callable[[], float],
        wall: Callable[[], float],
    ) -> None:
        self._database = database
        self._limits = limits
        self._now = now
        self._wall = wall
        self._owed: list[Sequence[Bucket]] = []
        self._told: LRUCache[Payer, float] = LRUCache(_NOTICES)

    async def pay(self, payer: Payer, buckets: Sequence[Bucket] | None = None) -> "Payment":
        """Take one request from each of their `buckets`, or raise BudgetSpent and take none."""
        await self._give_back_owed()
        buckets = buckets or await self.buckets(payer)
        now = self._now()
        if not await self._database.budgets.pay(buckets, now):
            raise await self._refusal(payer, buckets, now)
        return Payment(buckets, self._owe)

    async def standings(self, payer: Payer) -> list[Standing]:
        """The member's and the guild's buckets, and the key's, which is the operator's, when it is spent."""
        await self._give_back_owed()
        buckets = await self.buckets(payer)
        now = self._now()
        moments = await self._database.budgets.full_at(buckets, now)
        standings = [
            Standing(bucket, bucket.rate.left(full_at, now), full_at - now)
            for bucket, full_at in zip(buckets, moments, strict=True)
        ]
        return [standing for standing in standings if standing.bucket.scope != "key" or not standing.left]

    async def set(self, payer: Payer, wishes: Mapping[Scope, Rates | None]) -> None:
        """Let `payer` set what their guild, or each member in it, may take; None goes back to the operator's.

        Raises Refused, and sets nothing, where a part of it is more than the operator allows the guild.
        """
        if any(rates is not None and exceeds(rates, self._limits.guild) for rates in wishes.values()):
            most = in_words(self._limits.guild)
            raise Refused(f"This bot's operator allows a server {most}; choose no more than that.")
        await self._database.guild_rates.put(
            payer.guild_id, wishes, member_id=payer.member_id, now=self._wall()
        )

    def forget(self, is_to_go: Callable[[Payer], bool]) -> None:
        """Forget whom of them we have told; what is owed to their buckets is given back all the same."""
        for payer in filter(is_to_go, list(self._told)):
            del self._told[payer]

    async def _owe(self, buckets: Sequence[Bucket]) -> None:
        """Give back to `buckets`, if not now then before the next payment."""
        self._owed.append(buckets)
        try:
            await self._give_back_owed()
        except StorageTrouble as error:
            _log.error("A payment could not be given back yet: %r", error.__cause__)

    async def _give_back_owed(self) -> None:
        while self._owed:
            buckets = self._owed.pop()
            try:
                await self._database.budgets.give_back(buckets)
            except StorageTrouble:
                self._owed.append(buckets)
                raise

    async def buckets(self, payer: Payer) -> list[Bucket]:
        """All that one request of theirs is paid from."""
        own = await self._database.guild_rates.get(payer.guild_id)
        member = own.get("member", self._limits.member)
        guild = strictest((*self._limits.guild, *own.get("guild", ())))
        return [
            *(Bucket("member", payer.guild_id, payer.member_id, rate) for rate in member),
            *(Bucket("guild", payer.guild_id, 0, rate) for rate in guild),
            *(Bucket("key", 0, 0, rate) for rate in self._limits.key),
        ]

    async def _refusal(self, payer: Payer, buckets: Sequence[Bucket], now: float) -> BudgetSpent:
        moments = await self._database.budgets.full_at(buckets, now)
        waits = (
            (bucket.rate.next_at(full_at) - now, bucket.scope)
            for bucket, full_at in zip(buckets, moments, strict=True)
        )
        wait, scope = max(waits)
        count_refusal(scope)
        is_told = self._told.get(payer, 0.0) > now
        if not is_told:
            self._told[payer] = now + wait
        return BudgetSpent(scope, retry_at=self._wall() + wait, is_told=is_told)


class Payment:
    """What was taken for one request, from the buckets as they were then; it can be given back once."""

    def __init__(self, buckets: Sequence[Bucket], owe: Callable[[Sequence[Bucket]], Awaitable[None]]) -> None:
        self._buckets = buckets
        self._owe = owe

    async def give_back(self) -> None:
        """Never raises: what can't be given back now is, before the next payment."""
        buckets, self._buckets = self._buckets, ()
        if buckets:
            await self._owe(buckets)

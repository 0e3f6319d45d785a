"""RequestAttempts: the attempts at one API request, each allowed, paid for, and refunded if it fails."""

import asyncio
import logging
from types import TracebackType

from bot.budgets.circuit_breaker import CircuitBreaker
from bot.budgets.rate_limiter import Payment, RateLimiter
from bot.errors import AudioScapeError, BotError
from bot.models.requester import Requester

_log = logging.getLogger(__name__)


class RequestAttempts:
    """Async context manager, entered once per attempt after `pay` or `pay_for_retry`."""

    def __init__(self, breaker: CircuitBreaker, rate_limiter: RateLimiter, requester: Requester) -> None:
        self._breaker = breaker
        self._rate_limiter = rate_limiter
        self._requester = requester
        self._payment: Payment | None = None
        self._started_at = 0.0
        self._failure: AudioScapeError | None = None

    async def pay(self) -> None:
        """Pay for the first attempt. Raises BudgetSpent, RateLimited or KeyRefused."""
        with self._breaker.claim_probe():
            # Both read the database: together, they take one turn of its queue.
            _, buckets = await asyncio.gather(
                self._breaker.before_call(), self._rate_limiter.buckets(self._requester)
            )
            self._payment = await self._rate_limiter.pay(self._requester, buckets)
        self._started_at = self._breaker.start_call()

    async def pay_for_retry(self) -> None:
        """Pay for an attempt after a failed one. Raises the last failure if it can't be paid for."""
        if self._failure is not None:
            try:
                await self.pay()
            except BotError as error:
                raise self._failure from error

    async def __aenter__(self) -> None:
        pass

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            await self._breaker.record_success(self._started_at)
            return
        if self._payment is not None:
            await self._payment.refund()
        if isinstance(error, AudioScapeError):
            _log.warning("AudioScape: %s (%s)", type(error).__name__, error.detail)
            self._failure = await self._breaker.record_failure(error, self._started_at)
            raise self._failure from error

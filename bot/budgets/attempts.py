"""The tries at one request: each is let in and paid for, and given back where it brings no answer."""

import asyncio
import logging
from types import TracebackType

from bot.budgets.circuit_breaker import CircuitBreaker
from bot.budgets.rate_limiter import Payment, RateLimiter
from bot.errors import AudioScapeError, BotError
from bot.models.requester import Requester

_log = logging.getLogger(__name__)


class RequestAttempts:
    """Enter it for each; a try that fails leaves its reason, which stands when there can be no other."""

    def __init__(self, breaker: CircuitBreaker, rate_limiter: RateLimiter, requester: Requester) -> None:
        self._breaker = breaker
        self._rate_limiter = rate_limiter
        self._payer = requester
        self._payment: Payment | None = None
        self._entered_at = 0.0
        self._failure: AudioScapeError | None = None

    async def pay(self) -> None:
        # What both have to look up, they look up together.
        _, buckets = await asyncio.gather(
            self._breaker.before_call(), self._rate_limiter.buckets(self._payer)
        )
        self._payment = await self._rate_limiter.pay(self._payer, buckets)
        self._entered_at = self._breaker.start_call()

    async def pay_for_retry(self) -> None:
        """Pay for a try after one that failed; where that can't be, the failure is still the reason."""
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
            await self._breaker.record_success(self._entered_at)
            return
        if self._payment is not None:
            await self._payment.refund()
        if isinstance(error, AudioScapeError):
            _log.warning("AudioScape: %s (%s)", type(error).__name__, error.detail)
            self._failure = await self._breaker.record_failure(error, self._entered_at)
            raise self._failure from error

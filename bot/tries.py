"""The tries at one request: each is let in and paid for, and given back where it brings no answer."""

import asyncio
import logging
from types import TracebackType

from bot.door import Door
from bot.errors import AudioScapeError, BotError
from bot.limiter import Limiter, Payer, Payment

_log = logging.getLogger(__name__)


class Tries:
    """Enter it for each; a try that fails leaves its reason, which stands when there can be no other."""

    def __init__(self, door: Door, limiter: Limiter, payer: Payer) -> None:
        self._door = door
        self._limiter = limiter
        self._payer = payer
        self._payment: Payment | None = None
        self._entered_at = 0.0
        self._failure: AudioScapeError | None = None

    async def pay(self) -> None:
        # What both have to look up, they look up together.
        _, buckets = await asyncio.gather(self._door.check(), self._limiter.buckets(self._payer))
        self._payment = await self._limiter.pay(self._payer, buckets)
        self._entered_at = self._door.enter()

    async def pay_again(self) -> None:
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
            await self._door.answered(self._entered_at)
            return
        if self._payment is not None:
            await self._payment.give_back()
        if isinstance(error, AudioScapeError):
            _log.warning("AudioScape: %s (%s)", type(error).__name__, error.detail)
            self._failure = await self._door.refused(error, self._entered_at)
            raise self._failure from error

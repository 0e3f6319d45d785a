"""Errors: every failure, with the sentences that the person concerned reads.

BotError                     a member reads it, as the reply to a command, button, menu or modal
├── Refused                  invalid input, or a button that is not for the member; nothing was requested
├── BudgetSpent              the member, the server or the API key has no searches left for now
├── StorageError             the database could not be read or written
└── AudioScapeError          the search service failed, or refused the request
    ├── QueryRefused         400
    ├── KeyRefused           401 and 403
    ├── RateLimited          429
    ├── ServiceFailed        5xx
    ├── UnexpectedStatus     any other status that is not 200
    ├── Unreachable          no connection, or one that broke before the response
    ├── TooSlow              no complete response in time
    ├── CutShort             the response ended early
    ├── TooLarge             the response exceeds the size limit
    ├── Unreadable           the response is not JSON
    ├── WrongShape           JSON, but not as the API documents it
    └── ShuttingDown         the bot is closing while a response is pending
OperatorError                the operator reads it on the terminal, as the bot exits
"""

from math import ceil
from typing import ClassVar, Final, Literal


class BotError(Exception):
    """Its text is the reply: what happened, and what to do now. It shows nothing internal."""

    retryable: ClassVar[bool] = False
    """True if pressing the same button again may help."""


class Refused(BotError):
    """Raised before any network request, so that the reply can be private."""


class BudgetSpent(BotError):
    """No API request can be paid for until `retry_at`, in seconds since the epoch."""

    retryable = True

    def __init__(self, scope: Literal["member", "guild", "key"], retry_at: float, *, is_repeat: bool) -> None:
        """`is_repeat` shortens the notice for a member who has received it during the same wait."""
        self.scope = scope
        self.retry_at = retry_at
        sentence = _REPEATED_NOTICE if is_repeat else _NOTICES[scope]
        super().__init__(sentence.format(when=f"<t:{ceil(retry_at)}:R>"))


_NOTICES: Final = {
    "member": "You have used up your searches for now. Your next one is ready {when}. "
    "You can still page through earlier results.",
    "guild": "This server has used up its searches for now. The next one is ready {when}. "
    "You can still page through earlier results.",
    "key": "All servers together have used up this bot's searches for now. The next one is ready {when}. "
    "You can still page through earlier results.",
}
_REPEATED_NOTICE: Final = "Not yet: the next search is ready {when}."


class StorageError(BotError):
    """The database failed; the reason is in `__cause__`, and in the log."""

    retryable = True

    def __init__(self) -> None:
        super().__init__("My database isn't available right now. Please try again in a minute.")


class AudioScapeError(BotError):
    """Base class of the search service's failures; each has its own sentence."""

    retryable = True
    is_outage: ClassVar[bool] = True
    """True if earlier results may be shown instead."""

    sentence: ClassVar[str]
    """The reply if there is nothing to show."""

    reason: ClassVar[str] = "AudioScape is having problems right now."
    """The sentence above earlier results that are shown instead."""

    def __init__(self, detail: str = "") -> None:
        """`detail` is for the log; the member reads the class's sentence."""
        self.detail = detail
        super().__init__(self.sentence)


class QueryRefused(AudioScapeError):
    retryable = False
    is_outage = False
    sentence = "AudioScape couldn't make sense of that search. Please try other, simpler words."


class KeyRefused(AudioScapeError):
    sentence = (
        "AudioScape doesn't accept this bot's API key, so I can't search right now. "
        "Please tell the bot's operator: the key needs to be replaced."
    )
    reason = "AudioScape doesn't accept this bot's API key: the bot's operator needs to replace it."


class RateLimited(AudioScapeError):
    """`retry_after` is in seconds, `retry_at` in seconds since the epoch; None if unknown."""

    sentence = (
        "AudioScape is getting more searches from this bot than it allows. Please try again in a minute."
    )
    reason = "AudioScape isn't taking more searches from this bot right now."

    def __init__(
        self, detail: str = "", retry_after: float | None = None, retry_at: float | None = None
    ) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        if retry_at is not None:
            self.args = (_RATE_LIMITED_UNTIL.format(when=f"<t:{ceil(retry_at)}:R>"),)


_RATE_LIMITED_UNTIL: Final = (
    "AudioScape is getting more searches from this bot than it allows. Please try again {when}."
)


class ServiceFailed(AudioScapeError):
    sentence = (
        "AudioScape has trouble on its side and couldn't search. That often passes quickly: please try again."
    )


class UnexpectedStatus(AudioScapeError):
    sentence = (
        "AudioScape answered in a way that I don't understand. "
        "Please try again. If it keeps happening, please tell the bot's operator."
    )


class Unreachable(AudioScapeError):
    sentence = "I can't get through to AudioScape right now. Please try again in a moment."
    reason = "I can't get through to AudioScape right now."


class TooSlow(AudioScapeError):
    sentence = "AudioScape is taking too long to answer. Please try again in a moment."
    reason = "AudioScape is taking too long to answer."


class CutShort(AudioScapeError):
    sentence = "AudioScape's answer broke off in the middle. Trying again usually helps."


class TooLarge(AudioScapeError):
    sentence = (
        "AudioScape's answer was far too large, so I stopped reading it. A more specific search may help."
    )


class Unreadable(AudioScapeError):
    sentence = "AudioScape's answer wasn't readable. Please try again in a moment."


class WrongShape(AudioScapeError):
    sentence = "AudioScape's answer wasn't what I expected, so I can't show it. Please try again later."


class ShuttingDown(AudioScapeError):
    is_outage = False
    sentence = "I'm being restarted right now. Please try again in a few seconds."


class OperatorError(Exception):
    """One sentence for the terminal; it names a setting, never a secret value."""

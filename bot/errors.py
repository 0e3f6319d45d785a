"""Everything that can go wrong, in words for the person who reads them.

BotError                     a member reads it, in reply to a command or a button
├── Refused                  the words typed or the button pressed can't be used; nobody was asked
├── BudgetSpent              the member, the server or everybody has used up the searches for now
├── StorageError           SQLite could not read or write
└── AudioScapeError          the search service let us down
    ├── QueryRefused         400
    ├── KeyRefused           401 and 403
    ├── RateLimited          429
    ├── ServiceFailed        5xx
    ├── UnexpectedStatus     any other status that is not 200
    ├── Unreachable          no connection, or one that broke before an answer came
    ├── TooSlow              no whole answer in time
    ├── CutShort             the answer ended in the middle
    ├── TooLarge             the answer is larger than we read
    ├── Unreadable           the answer is no JSON
    ├── WrongShape           JSON, but not what the contract promises
    └── ShuttingDown         we are closing while the answer is on its way
OperatorError                the operator reads it, on the terminal, as the bot exits
"""

from math import ceil
from typing import ClassVar, Final, Literal


class BotError(Exception):
    """Its text is the reply: what happened, and what to do now. It shows nothing internal."""

    retryable: ClassVar[bool] = False
    """Whether pressing the same button again may help."""


class Refused(BotError):
    """Raised before anything is asked of the network, so that the reply can be private."""


class BudgetSpent(BotError):
    """No API request can be paid for until `retry_at`, in seconds since the epoch."""

    retryable = True

    def __init__(self, scope: Literal["member", "guild", "key"], retry_at: float, *, is_told: bool) -> None:
        """`is_told` says that the member has read the whole notice already, for the same wait."""
        self.scope = scope
        self.retry_at = retry_at
        when = f"<t:{ceil(retry_at)}:R>"
        notice = (
            f"{_SPENT[scope]} The next one is possible {when}; what was found before still turns its pages."
        )
        super().__init__(f"Not yet: {when}." if is_told else notice)


_SPENT: Final = {
    "member": "You have used up your searches for the moment.",
    "guild": "This server has used up its searches for the moment.",
    "key": "All servers together have used up this bot's searches for the moment.",
}


class StorageError(BotError):
    """SQLite refused; the cause hangs on it as `__cause__` and stands in the log."""

    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "I can't get at my notes right now, so I can't look that up. Please try again in a minute."
        )


class AudioScapeError(BotError):
    """The family of what the search service does to us; each has a sentence of its own."""

    retryable = True
    is_outage: ClassVar[bool] = True
    """Whether what is remembered may be shown in place of an answer."""

    sentence: ClassVar[str]
    reason: ClassVar[str] = "AudioScape is in trouble right now"
    """Why something remembered is shown instead."""

    def __init__(self, detail: str = "") -> None:
        """`detail` is for the log alone; the member reads the class's sentence."""
        self.detail = detail
        super().__init__(self.sentence)


class QueryRefused(AudioScapeError):
    retryable = False
    is_outage = False
    sentence = "AudioScape couldn't make sense of that search. Try it in other, simpler words."


class KeyRefused(AudioScapeError):
    sentence = (
        "AudioScape doesn't accept this bot's key, so it can't search at all. "
        "Please tell whoever runs the bot: the key needs to be replaced."
    )
    reason = "AudioScape doesn't accept this bot's key; whoever runs the bot needs to replace it"


class RateLimited(AudioScapeError):
    """`retry_after` is in seconds, `retry_at` in seconds since the epoch; None where nobody knows yet."""

    sentence = "AudioScape is getting more searches from this bot than it allows."
    reason = "AudioScape takes no more searches for the moment"

    def __init__(
        self, detail: str = "", retry_after: float | None = None, retry_at: float | None = None
    ) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        when = "in a minute" if retry_at is None else f"<t:{ceil(retry_at)}:R>"
        self.args = (f"{self.sentence} Please try again {when}.",)


class ServiceFailed(AudioScapeError):
    sentence = (
        "AudioScape has trouble on its side and couldn't search. It often passes quickly: please try again."
    )


class UnexpectedStatus(AudioScapeError):
    sentence = (
        "AudioScape answered in a way I don't know. "
        "Please try again; if it stays like this, tell whoever runs the bot."
    )


class Unreachable(AudioScapeError):
    sentence = "I can't get through to AudioScape right now. Please try again in a moment."
    reason = "I can't get through to AudioScape right now"


class TooSlow(AudioScapeError):
    sentence = "AudioScape is taking too long to answer. Please try again in a moment."
    reason = "AudioScape is taking too long to answer"


class CutShort(AudioScapeError):
    sentence = "AudioScape's answer broke off in the middle. Trying again usually helps."


class TooLarge(AudioScapeError):
    sentence = "AudioScape's answer was far too large, so I stopped reading. A more specific search may help."


class Unreadable(AudioScapeError):
    sentence = "AudioScape's answer wasn't readable. Please try again in a moment."


class WrongShape(AudioScapeError):
    sentence = "AudioScape's answer wasn't what I expected, so I can't show it. Please try again later."


class ShuttingDown(AudioScapeError):
    is_outage = False
    sentence = "I'm being restarted this very moment. Please try again in a few seconds."


class OperatorError(Exception):
    """One sentence for the terminal; it names a setting, never a setting's secret value."""

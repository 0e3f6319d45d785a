"""What stands in the log, how it is written, and what never may be in it."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Final

import msgspec

from bot.telemetry.redaction import Redaction

_LIBRARIES: Final = ("discord", "aiohttp", "aiosqlite", "asyncio", "httpcore")

_log = logging.getLogger(__name__)


class _Readable(logging.Formatter):
    """A line a record, with its trace below it where it has one."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__("{asctime} {levelname:<8} {name}: {message}", style="{")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


class _Json(logging.Formatter):
    """One JSON object a record, on one line; what is logged as an object with `fields` has them beside it."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": self._redact(record.getMessage()),
        }
        if record.exc_info:
            line["trace"] = self._redact(self.formatException(record.exc_info))
        line |= getattr(record.msg, "fields", {})
        return self._redact(msgspec.json.encode(line).decode())


def _without_trace(record: logging.LogRecord) -> bool:
    """discord.py notes an autocomplete that failed with its trace and with who typed; its cause is enough."""
    if record.exc_info is not None and record.exc_info[1] is not None:
        record.msg, record.args = "A suggestion could not be given: %r", (record.exc_info[1],)
        record.exc_info = None
    return True


def _not_about_voice(record: logging.LogRecord) -> bool:
    """False for discord.py's warning at every start that it can't do voice."""
    return not record.getMessage().endswith("voice will NOT be supported")


def set_up_logging(level: str, log_format: str = "text", *, secrets: Iterable[str] = ()) -> None:
    """Lines on the standard error, readable or as JSON, without `secrets`.

    Libraries stay at INFO: at DEBUG they write tokens and bodies.
    """
    redact = Redaction(secrets)
    handler = logging.StreamHandler()
    handler.setFormatter(_Json(redact) if log_format == "json" else _Readable(redact))
    logging.basicConfig(level=level, handlers=[handler])
    for library in _LIBRARIES:
        logging.getLogger(library).setLevel(max(logging.INFO, logging.getLogger().level))
    logging.getLogger("discord.app_commands.tree").addFilter(_without_trace)
    logging.getLogger("discord.client").addFilter(_not_about_voice)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it has a line for each request
    logging.getLogger("stamina").setLevel(logging.ERROR)  # each failed try has a line of ours
    logging.getLogger("discord.state").setLevel(logging.ERROR)  # it warns of missing intents; none is meant


def log_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A `sys.excepthook`: what ends the process goes through the log, and so through its redaction."""
    _log.critical("Needledrop ended because of an error", exc_info=(kind, error, trace))

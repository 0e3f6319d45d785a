"""The log: its two formats (text and JSON), which libraries write to it, and the redaction of every line."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Final

import msgspec

from bot.telemetry.redaction import Redaction

_LIBRARIES: Final = ("discord", "aiohttp", "aiosqlite", "asyncio", "httpcore")

_log = logging.getLogger(__name__)


class _TextFormatter(logging.Formatter):
    """One line for each record, followed by its traceback if it has one."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__("{asctime} {levelname:<8} {name}: {message}", style="{")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


class _JsonFormatter(logging.Formatter):
    """One JSON object for each record, on one line.

    A message that is an object with `fields`, such as an InteractionRecord, adds them to the JSON object.
    """

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


def _drop_autocomplete_traceback(record: logging.LogRecord) -> bool:
    """discord.py logs a failed autocomplete with its traceback and the member; the error itself is enough."""
    if record.exc_info is not None and record.exc_info[1] is not None:
        record.msg, record.args = "Autocomplete failed: %r", (record.exc_info[1],)
        record.exc_info = None
    return True


def _not_about_voice(record: logging.LogRecord) -> bool:
    """False for discord.py's warning at every start that it can't do voice."""
    return not record.getMessage().endswith("voice will NOT be supported")


def set_up_logging(level: str, log_format: str = "text", *, secrets: Iterable[str] = ()) -> None:
    """Log to standard error as `text` or `json`, with `secrets` redacted.

    Libraries stay at INFO: at DEBUG they write tokens and bodies.
    """
    redact = Redaction(secrets)
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonFormatter(redact) if log_format == "json" else _TextFormatter(redact))
    logging.basicConfig(level=level, handlers=[handler])
    for library in _LIBRARIES:
        logging.getLogger(library).setLevel(max(logging.INFO, logging.getLogger().level))
    logging.getLogger("discord.app_commands.tree").addFilter(_drop_autocomplete_traceback)
    logging.getLogger("discord.client").addFilter(_not_about_voice)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it has a line for each request
    logging.getLogger("stamina").setLevel(logging.ERROR)  # the bot logs each failed attempt itself
    logging.getLogger("discord.state").setLevel(logging.ERROR)  # it warns of missing intents; none is needed


def log_uncaught_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log the error that ends the process; a `sys.excepthook`, so that the traceback is redacted too."""
    _log.critical("Needledrop stopped because of an unexpected error", exc_info=(kind, error, trace))

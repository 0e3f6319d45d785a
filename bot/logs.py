"""What stands in the log, and what never may."""

import logging
from typing import Final

_LIBRARIES: Final = ("discord", "aiohttp", "aiosqlite", "asyncio")


def _without_trace(record: logging.LogRecord) -> bool:
    """discord.py notes an autocomplete that failed with its trace and with who typed; its cause is enough."""
    if record.exc_info is not None and record.exc_info[1] is not None:
        record.msg, record.args = "A suggestion could not be given: %r", (record.exc_info[1],)
        record.exc_info = None
    return True


def set_up_logging(level: str) -> None:
    """Readable lines on the standard error. Libraries stay at INFO: at DEBUG they write tokens and bodies."""
    logging.basicConfig(level=level, format="{asctime} {levelname:<8} {name}: {message}", style="{")
    for library in _LIBRARIES:
        logging.getLogger(library).setLevel(max(logging.INFO, logging.getLogger().level))
    logging.getLogger("discord.app_commands.tree").addFilter(_without_trace)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it has a line for each request
    logging.getLogger("stamina").setLevel(logging.ERROR)  # each failed try has a line of ours
    logging.getLogger("discord.state").setLevel(logging.ERROR)  # it warns of missing intents; none is meant

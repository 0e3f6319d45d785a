"""What stands in the log, and what never may."""

import logging
from typing import Final

import discord

_LIBRARIES: Final = ("discord", "aiohttp", "aiosqlite", "asyncio", "stamina")


def set_up_logging(level: str) -> None:
    """Readable lines on the standard error. Libraries stay at INFO: at DEBUG they write tokens and bodies."""
    wanted = logging.getLevelNamesMapping()[level]
    discord.utils.setup_logging(level=wanted)
    for library in _LIBRARIES:
        logging.getLogger(library).setLevel(max(logging.INFO, wanted))
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it has a line for each request
    logging.getLogger("discord.state").setLevel(logging.ERROR)  # it warns of missing intents; none is meant

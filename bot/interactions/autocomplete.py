"""Choices of autocomplete, within what Discord takes."""

from collections.abc import Iterable
from typing import Final

from discord.app_commands import Choice

from bot.text import clean, truncate

MAX_CHOICES: Final = 25
"""https://docs.discord.com/developers/interactions/application-commands#autocomplete"""

_LONGEST: Final = 100


def choice(name: str, value: str) -> Choice[str]:
    """Shows `name`, and types `value` where it is chosen."""
    return Choice(name=truncate(name, _LONGEST) or "…", value=value[:_LONGEST])


def genre_choices(typed: str, genres: Iterable[str]) -> list[Choice[str]]:
    """`genres`, behind what has been typed so far, which need not be one of them."""
    names = dict.fromkeys(name for name in (clean(typed), *genres) if name)
    return [choice(name, name) for name in names][:MAX_CHOICES]

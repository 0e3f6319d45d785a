"""Autocomplete: choices within Discord's limits."""

from collections.abc import Iterable
from typing import Final

from discord.app_commands import Choice

from bot.text import clean, cut

MAX_CHOICES: Final = 25
"""https://docs.discord.com/developers/interactions/application-commands#autocomplete"""

_MAX_LENGTH: Final = 100
"""Characters of a choice's name and of its value, from the same page."""


def choice(name: str, value: str) -> Choice[str]:
    """A choice that shows `name` and sends `value`, both cut to Discord's limits."""
    return Choice(name=cut(name, _MAX_LENGTH) or "…", value=value[:_MAX_LENGTH])


def genre_choices(typed: str, genres: Iterable[str]) -> list[Choice[str]]:
    """The text typed, as it may be a genre not seen yet, and then `genres`."""
    names = dict.fromkeys(name for name in (clean(typed), *genres) if name)
    return [choice(name, name) for name in names][:MAX_CHOICES]

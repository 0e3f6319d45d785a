"""What the embeds and menus of all packages share."""

from typing import Any, Final

import discord

NEUTRAL_COLOUR: Final = discord.Colour(0x5B6270)
"""Of embeds that are not about one genre."""


class SerialiseOnce:
    """Mixin for embeds and options that are cached: `to_dict` runs once, so they must never change."""

    _serialised: Any = None

    def to_dict(self) -> Any:
        self._serialised = self._serialised or super().to_dict()  # type: ignore[misc]  # the class beside it
        return self._serialised.copy()

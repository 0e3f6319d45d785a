"""What our buttons and menus have in common: ids that outlive a restart, and an answer to every error."""

import re
from collections.abc import Iterable
from typing import Any, TypeAlias, TypeVar

import discord
from discord import ui

from bot.replies import answer_error

_Item = TypeVar("_Item", bound=ui.Item[Any])


class Pressable(ui.DynamicItem[_Item], template=r"(?!)"):
    """A button or a menu whose custom id says all it needs, so that a later process knows it again.

    The id is input: `pressed` takes the guild, the channel and the member from the interaction.
    """

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        try:
            await self.pressed(interaction)
        except Exception as error:  # noqa: BLE001 (discord.py would only log it, and the member wait in vain)
            await answer_error(interaction, error)

    async def pressed(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the press. Whatever is raised becomes a reply."""
        raise NotImplementedError


AnyPressable: TypeAlias = type[Pressable[Any]]


def is_one_of(kinds: Iterable[AnyPressable], custom_id: str) -> bool:
    """Whether `custom_id` is of one of `kinds`."""
    patterns: Iterable[re.Pattern[str]] = (kind.__discord_ui_compiled_template__ for kind in kinds)
    return any(pattern.fullmatch(custom_id) for pattern in patterns)

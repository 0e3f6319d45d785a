"""Post editor: edits a shortlist's post through a recent interaction, or as the bot."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, Literal, TypeAlias

import discord
import msgspec
from cachetools import TTLCache

from bot.interactions.responses import DISCORD_ERRORS
from bot.interactions.services import Interaction
from bot.models.shortlists import Post

_INTERACTION_SECONDS: Final = 14 * 60.0
"""An interaction can edit its own message for 15 minutes, also in a channel that the bot can't see.

https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages
"""

_MAX_INTERACTIONS: Final = 1_000

EditOutcome: TypeAlias = Literal["edited", "gone", "refused", "failed"]
"""Of an edit: "gone" if the message was deleted, "refused" for good, "failed" if a later try may succeed."""


class PostContent(msgspec.Struct, frozen=True):
    """The text, embeds and components of a post."""

    content: str
    embeds: list[discord.Embed]
    view: discord.ui.View | None

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of discord.py's methods that edit a message."""
        return {"content": self.content, "embeds": self.embeds, "view": self.view}

    @property
    def digest(self) -> int:
        """A hash of everything that is visible, valid in this process only."""
        embeds = [embed.to_dict() for embed in self.embeds]
        components = None if self.view is None else self.view.to_components()
        return hash(msgspec.json.encode((self.content, embeds, components)))


class PostEditor:
    """Edits a post through the interaction that pressed it last, if that is recent; else as the bot."""

    def __init__(
        self, *, clock: Callable[[], float], get_channel: Callable[[int], discord.PartialMessageable]
    ) -> None:
        """`get_channel` returns the channel of an id, without a request to Discord."""
        self._get_channel = get_channel
        self._interactions: TTLCache[int, Interaction] = TTLCache(
            _MAX_INTERACTIONS, _INTERACTION_SECONDS, timer=clock
        )

    def keep(self, message_id: int, interaction: Interaction) -> None:
        """Keep an interaction whose own message is the post `message_id`."""
        self._interactions[message_id] = interaction

    def evict(self, member_id: int) -> None:
        """Remove the interactions of a member."""
        for message_id in list(self._interactions):
            interaction = self._interactions.get(message_id)
            if interaction is not None and interaction.user.id == member_id:
                self._interactions.pop(message_id, None)

    async def edit(self, post: Post, content: PostContent) -> tuple[EditOutcome, Exception | None]:
        """Edit `post` to show `content`. Returns the outcome, and the error that explains it."""
        interaction = self._interactions.get(post.message_id)
        if interaction is not None:
            try:
                await interaction.edit_original_response(**content.arguments)
            except DISCORD_ERRORS as error:
                if _outcome_of(error) == "failed":
                    return "failed", error
                if self._interactions.get(post.message_id) is interaction:
                    self._interactions.pop(post.message_id, None)
            else:
                return "edited", None
        try:
            message = self._get_channel(post.channel_id).get_partial_message(post.message_id)
            await message.edit(**content.arguments)
        except DISCORD_ERRORS as error:
            return _outcome_of(error), error
        return "edited", None


def _outcome_of(error: Exception) -> EditOutcome:
    if isinstance(error, discord.NotFound):
        return "gone"
    if isinstance(error, discord.HTTPException) and (
        HTTPStatus.BAD_REQUEST <= error.status < HTTPStatus.INTERNAL_SERVER_ERROR
        and error.status != HTTPStatus.TOO_MANY_REQUESTS
    ):
        return "refused"
    return "failed"

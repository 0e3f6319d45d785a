"""Pens: what a shortlist's messages are edited with, and whether an edit that failed is worth repeating."""

from collections.abc import Callable
from typing import Any, Final, Literal, TypeAlias

import discord
import msgspec
from cachetools import TTLCache

from bot.interactions.client import Interaction
from bot.interactions.responses import DISCORD_ERRORS
from bot.models.shortlists import Post

_PEN_SECONDS: Final = 14 * 60.0
"""Discord lets an interaction's own message be edited for 15 minutes, also where we can't see the channel."""

_PENS: Final = 1_000
_TOO_MANY: Final = 429
_SERVERS_FAULT: Final = 500

EditOutcome: TypeAlias = Literal["taken", "gone", "refused", "failed"]
"""Of an edit; "refused" would be refused again, and what has "failed" may succeed another time."""


class PostContent(msgspec.Struct, frozen=True):
    """What a post is to show."""

    content: str
    embeds: list[discord.Embed]
    view: discord.ui.View | None

    @property
    def changes(self) -> dict[str, Any]:
        return {"content": self.content, "embeds": self.embeds, "view": self.view}

    @property
    def digest(self) -> int:
        """The same for all that look the same; for as long as the process lives."""
        embeds = [embed.to_dict() for embed in self.embeds]
        components = None if self.view is None else self.view.to_components()
        return hash(msgspec.json.encode((self.content, embeds, components)))


class PostEditor:
    """A press that isn't old yet can edit the post pressed; without one, we edit it as any bot would."""

    def __init__(
        self, *, clock: Callable[[], float], channel: Callable[[int], discord.PartialMessageable]
    ) -> None:
        self._channel = channel
        self._editor: TTLCache[int, Interaction] = TTLCache(_PENS, _PEN_SECONDS, timer=clock)

    def take(self, message_id: int, interaction: Interaction) -> None:
        """Keep an interaction whose own message is that post."""
        self._editor[message_id] = interaction

    def forget(self, member_id: int) -> None:
        """Put away the interactions of a member."""
        for message_id in list(self._editor):
            pen = self._editor.get(message_id)
            if pen is not None and pen.user.id == member_id:
                self._editor.pop(message_id, None)

    async def edit(self, post: Post, sheet: PostContent) -> tuple[EditOutcome, Exception | None]:
        """Let the post show `sheet`; what became of that, and why."""
        pen = self._editor.get(post.message_id)
        if pen is not None:
            try:
                await pen.edit_original_response(**sheet.changes)
            except DISCORD_ERRORS as error:
                if _fate(error) == "failed":
                    return "failed", error
                if self._editor.get(post.message_id) is pen:
                    self._editor.pop(post.message_id, None)
            else:
                return "taken", None
        try:
            message = self._channel(post.channel_id).get_partial_message(post.message_id)
            await message.edit(**sheet.changes)
        except DISCORD_ERRORS as error:
            return _fate(error), error
        return "taken", None


def _fate(error: Exception) -> EditOutcome:
    if isinstance(error, discord.NotFound):
        return "gone"
    if isinstance(error, discord.HTTPException) and error.status not in {0, _TOO_MANY}:
        return "failed" if error.status >= _SERVERS_FAULT else "refused"
    return "failed"

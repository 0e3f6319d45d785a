"""What is kept of members and servers, and the buttons that delete it."""

import asyncio
import re
from collections.abc import Callable
from typing import Any, ClassVar, Final, Self

import discord
from discord import ui

from bot import watch
from bot.buttons import AnyPressable, Pressable
from bot.database import Database
from bot.filters.desk import HISTORY_SECONDS
from bot.filters.rulebook import Rulebook
from bot.finder import PATIENCE_SECONDS
from bot.limiter import Limiter
from bot.place import payer_of, require_moderator
from bot.shortlists.posts import Posts
from bot.sweeper import CHANGE_SECONDS, POST_SECONDS, SEARCH_SECONDS

_DAY: Final = 24 * 60 * 60

_SHORTLISTS: Final = (
    "Shortlists, where they are open, and their tracks: who made or added them, and with which "
    "search unless it was private; until they are deleted."
)
_POSTS: Final = f"Where they are shown, for {POST_SECONDS / _DAY:.0f} days after that was last used."
_OPINIONS: Final = "Your votes and notes on their tracks, for as long."

KEPT: Final = {
    "searches": "Of each search: what was asked, who asked in which channel and server, and the page reached,"
    f" for {SEARCH_SECONDS / _DAY:.0f} days.",
    "buckets": "How much of your budget and of this server's is used, until it is full again.",
    "guild_rates": "The budgets that this server's moderators set, for as long as they hold.",
    "guild_rate_changes": f"Which moderator set them, for {CHANGE_SECONDS / _DAY:.0f} days.",
    "rules": "The filters that this server's moderators set, for as long as they hold.",
    "rule_versions": "A number that tells whether those have changed.",
    "rule_changes": f"Which moderator changed those, for {HISTORY_SECONDS / _DAY:.0f} days.",
    "shortlists": _SHORTLISTS,
    "current_shortlists": _SHORTLISTS,
    "shortlist_posts": _POSTS,
    "shortlist_tracks": _SHORTLISTS,
    "shortlist_votes": _OPINIONS,
    "shortlist_notes": _OPINIONS,
}
"""In words, by the table that holds it; nothing else names a member, a channel or a server."""

_LONGEST_COMMAND_SECONDS: Final = PATIENCE_SECONDS + 3
"""How long a deletion waits for what is under way, so that nothing is written down after it."""


class Privacy:
    """Deletes what is kept. Who and where is taken from the interaction."""

    def __init__(
        self,
        *,
        database: Database,
        limiter: Limiter,
        rulebook: Rulebook,
        posts: Posts,
        now: Callable[[], float],
    ) -> None:
        self._database = database
        self._limiter = limiter
        self._rulebook = rulebook
        self._posts = posts
        self._now = now

    async def forget_member(self, interaction: discord.Interaction[Any]) -> None:
        """Delete what names the member, in every server. Raises StorageTrouble, with nothing deleted."""
        member_id = interaction.user.id
        await _settle(watch.others(member_id=member_id))
        await self._database.privacy.forget_member(member_id, self._now())
        self._limiter.forget(lambda payer: payer.member_id == member_id)
        self._posts.forget(member_id)
        await self._posts.catch_up()  # without the member's votes and notes

    async def forget_guild(self, interaction: discord.Interaction[Any]) -> None:
        """Delete what names the server. Raises MissingPermissions, and StorageTrouble."""
        require_moderator(interaction)
        guild_id = payer_of(interaction).guild_id
        await _settle(watch.others(guild_id=guild_id))
        await self._database.privacy.forget_guild(guild_id, self._now())
        self._limiter.forget(lambda payer: payer.guild_id == guild_id)
        self._rulebook.forget(guild_id)


async def _settle(under_way: set[asyncio.Task[Any]]) -> None:
    if under_way:
        await asyncio.wait(under_way, timeout=_LONGEST_COMMAND_SECONDS)


class DeleteButton(Pressable[ui.Button[Any]], template=r"(?!)"):
    """Deletes something, or asks once more before it does."""

    custom_id: ClassVar[str]
    text: ClassVar[str]

    def __init__(self) -> None:
        style = discord.ButtonStyle.danger
        super().__init__(ui.Button(label=self.text, style=style, custom_id=self.custom_id))

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], ___: re.Match[str], /
    ) -> Self:
        return cls()


class DeleteMineButton(DeleteButton, template=r"delete:mine"):
    custom_id = "delete:mine"
    text = "Delete all that is kept of me"

    async def pressed(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()
        await interaction.client.privacy.forget_member(interaction)
        await interaction.edit_original_response(content=_MINE_GONE, view=None)


class DeleteServersButton(DeleteButton, template=r"delete:server"):
    custom_id = "delete:server"
    text = "Delete all of this server"

    async def pressed(self, interaction: discord.Interaction[Any]) -> None:
        require_moderator(interaction)
        await interaction.response.edit_message(content=_SURE, view=_view(DeleteServersSurelyButton()))


class DeleteServersSurelyButton(DeleteButton, template=r"delete:server:surely"):
    custom_id = "delete:server:surely"
    text = "Yes, delete all of this server"

    async def pressed(self, interaction: discord.Interaction[Any]) -> None:
        require_moderator(interaction)
        await interaction.response.defer()
        await interaction.client.privacy.forget_guild(interaction)
        await interaction.edit_original_response(content=_SERVERS_GONE, view=None)


BUTTONS: Final[tuple[AnyPressable, ...]] = (DeleteMineButton, DeleteServersButton, DeleteServersSurelyButton)

_MINE_GONE: Final = (
    "Done: nothing that I keep names you any more, in any server. "
    "Buttons under your old answers no longer work.\n"
    "-# A budget that you have drawn on is kept until it is full again, and then forgotten too."
)
_SERVERS_GONE: Final = (
    "Done: nothing that I keep names this server any more. The bot's own budgets hold again, and no filter.\n"
    "-# A budget that was drawn on is kept until it is full again, and then forgotten too."
)
_SURE: Final = (
    "This deletes every member's searches in this server, its budgets, filters and shortlists, and who "
    "made them. Buttons under old answers will no longer work. It can't be undone. Are you sure?"
)


def privacy_text() -> str:
    kept = "\n".join(f"- {sentence}" for sentence in dict.fromkeys(KEPT.values()))
    return (
        f"**What I keep**\n{kept}\n\n"
        "What AudioScape answered is kept without a name. I read no messages, and I tell AudioScape what is "
        "searched for but not by whom.\n"
        "**Deleting** works at once and in every server; only a budget that you have drawn on stays until it "
        "is full again, because deleting it would give you new searches. What belongs to the team, such as a "
        "shortlist that you made, stays without your name. My answers are Discord's to delete."
    )


def privacy_view(*, is_moderator: bool) -> ui.View:
    return _view(DeleteMineButton(), *([DeleteServersButton()] if is_moderator else []))


def _view(*buttons: DeleteButton) -> ui.View:
    view = ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view

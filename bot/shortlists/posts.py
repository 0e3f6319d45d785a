"""Posts: messages that show a ranking, kept up to date for everybody, one edit in two seconds at most."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

import discord
from cachetools import LRUCache
from discord.utils import MISSING

from bot.database import Database
from bot.errors import StorageTrouble
from bot.place import payer_of, ruled_channel_id
from bot.shortlists.buttons import ranking_view
from bot.shortlists.embeds import ranking_words
from bot.shortlists.models import Post, Shortlist
from bot.shortlists.pens import TROUBLE, Pens, Sheet
from bot.shortlists.ranking import Ranking
from bot.shortlists.shelf import Shelf
from bot.shortlists.turns import Setbacks, Turns

_SHEETS: Final = 10_000

_GONE: Final = "-# This shortlist was deleted."
_REPLACED: Final = "-# Not kept up to date any more: `/shortlist show` posts the ranking as it is now."

_log = logging.getLogger(__name__)


class Posts:
    """A vote is stored before a post hears of it: an edit that fails is one line in the log, and no more."""

    def __init__(
        self,
        *,
        shelf: Shelf,
        database: Database,
        now: Callable[[], float],
        channel: Callable[[int], discord.PartialMessageable],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """`channel` gives the channel of an id, without asking Discord; `sleep` takes seconds."""
        self._shelf = shelf
        self._database = database
        self._now = now
        self._pens = Pens(now=now, channel=channel)
        self._turns = Turns(self._write, sleep=sleep)
        self._shown: LRUCache[int, int] = LRUCache(_SHEETS)
        self._touched: set[int] = set()
        self._setbacks = Setbacks()
        self._deleted: dict[int, Post] = {}

    async def show(self, interaction: discord.Interaction[Any], shortlist: Shortlist) -> None:
        """Answer with a new post, on its first page."""
        sheet = _sheet(await self._shelf.ranking(interaction, shortlist), 1)
        await interaction.response.send_message(
            sheet.content, embeds=sheet.embeds, view=sheet.view or MISSING
        )
        try:
            message = await interaction.original_response()
            self._turns.rest(message.id)
            self._pens.take(message.id, interaction)
            post = _post(interaction, message.id, shortlist, 1)
            await self._database.posts.sent(post, version=shortlist.version, now=self._now())
        except (*TROUBLE, StorageTrouble) as error:
            _log.warning("A post will be kept up to date only once it is pressed: %r", error)
            return
        self._shown[message.id] = sheet.digest
        await self.changed(shortlist.shortlist_id)  # with what was voted while it was being sent

    async def turn(self, interaction: discord.Interaction[Any], shortlist_id: int, page: int) -> None:
        """Turn the post that was pressed to its page. Raises Refused where the shortlist is gone."""
        shortlist = await self._shelf.get(interaction, shortlist_id)
        await interaction.response.defer()
        await self._pressed(interaction, shortlist, page, turns=True)

    async def pressed(self, interaction: discord.Interaction[Any], shortlist: Shortlist, page: int) -> None:
        """Keep a post up to date on whose `page` something was chosen; that must have been answered.

        What fails is in the log alone.
        """
        try:
            await self._pressed(interaction, shortlist, page, turns=False)
        except StorageTrouble as error:
            _log.error("That a post was pressed could not be kept: %r", error.__cause__)

    async def _pressed(
        self, interaction: discord.Interaction[Any], shortlist: Shortlist, page: int, *, turns: bool
    ) -> None:
        if interaction.message is None:
            return
        message_id = interaction.message.id
        self._pens.take(message_id, interaction)
        post = _post(interaction, message_id, shortlist, max(1, page))
        await self._database.posts.pressed(post, turns=turns, now=self._now())
        self._touched.add(message_id)
        self._turns.want(message_id)

    async def changed(self, shortlist_id: int) -> None:
        """Let all posts of that shortlist show what has changed. What fails is caught up with later."""
        try:
            self._want(await self._database.posts.behind(shortlist_id))
        except StorageTrouble as error:
            _log.error("Posts could not be read: %r", error.__cause__)

    async def deleting(self, shortlist_id: int) -> Callable[[], None]:
        """Remember its posts; call what is returned once the shortlist is gone."""
        posts = {post.message_id: post for post in await self._database.posts.of(shortlist_id)}

        def deleted() -> None:
            self._deleted.update(posts)
            self._want(posts.values())

        return deleted

    async def catch_up(self) -> None:
        """Bring every post up to date that is behind: after a restart, a failure, or a change elsewhere."""
        try:
            behind = await self._database.posts.behind()
        except StorageTrouble as error:
            _log.error("Posts that are behind could not be read: %r", error.__cause__)
        else:
            self._want(post for post in behind if self._setbacks.are_over(post.message_id))

    def forget(self, member_id: int) -> None:
        """Put away the interactions of a member, by which their posts could be edited."""
        self._pens.forget(member_id)

    def close(self) -> None:
        """Stop editing; what is left is caught up with after the next start."""
        self._turns.stop()

    def _want(self, posts: Iterable[Post]) -> None:
        for post in posts:
            self._turns.want(post.message_id)

    async def _write(self, message_id: int) -> None:
        try:
            deleted = self._deleted.pop(message_id, None)
            if deleted is not None:
                await self._edit(deleted, Sheet(_GONE, [], None))
                return
            post = await self._database.posts.get(message_id)
            if post is not None:
                await self._write_post(post)
        except StorageTrouble as error:
            _log.error("A post could not be brought up to date yet: %r", error.__cause__)
            self._turns.want(message_id)

    async def _write_post(self, post: Post) -> None:
        shortlist = await self._database.shortlists.get(post.shortlist_id, guild_id=post.guild_id)
        if shortlist is None:
            return
        sheet = _sheet(await self._shelf.ranking_in(post.rules_id, shortlist), post.page)
        if post.is_replaced:
            await self._edit(post, Sheet(f"{sheet.content}\n{_REPLACED}", sheet.embeds, None))
        elif self._is_shown(post, sheet) or await self._edit(post, sheet):
            self._shown[post.message_id] = sheet.digest
            await self._database.posts.shown(post, shortlist.version)

    def _is_shown(self, post: Post, sheet: Sheet) -> bool:
        """Whether an edit can be spared, as nobody would see it.

        A menu shows what was chosen last until its message is edited, be it to the same.
        """
        shown = self._shown.pop(post.message_id, None)
        is_touched = post.message_id in self._touched
        self._touched.discard(post.message_id)
        return shown == sheet.digest and not is_touched

    async def _edit(self, post: Post, sheet: Sheet) -> bool:
        """Whether the post shows `sheet` now. Where it doesn't, the log says so."""
        fate, error = await self._pens.edit(post, sheet)
        if error is not None:
            _log.warning("Discord did not take the edit of a post: %r", error)
        if fate == "failed":
            self._setbacks.add(post.message_id)
            return False
        self._setbacks.clear(post.message_id)
        if fate == "gone" or post.is_replaced:
            await self._database.posts.drop(post.message_id)
        elif fate == "refused":
            await self._database.posts.block(post.message_id)
        return fate == "taken"


def _sheet(ranking: Ranking, page: int) -> Sheet:
    content, embed = ranking_words(ranking, page)
    return Sheet(content, [embed], ranking_view(ranking, page))


def _post(interaction: discord.Interaction[Any], message_id: int, shortlist: Shortlist, page: int) -> Post:
    return Post(
        message_id=message_id,
        channel_id=interaction.channel_id or 0,
        rules_id=ruled_channel_id(interaction),
        guild_id=payer_of(interaction).guild_id,
        shortlist_id=shortlist.shortlist_id,
        page=page,
    )

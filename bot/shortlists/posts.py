"""Posts: messages that show a ranking, kept up to date for everybody, one edit in two seconds at most."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

import aiohttp
import discord
import msgspec
from cachetools import LRUCache

from bot.database import Database
from bot.errors import StorageTrouble
from bot.place import payer_of, ruled_channel_id
from bot.shortlists.buttons import ranking_view
from bot.shortlists.embeds import ranking_words
from bot.shortlists.models import Post, Shortlist
from bot.shortlists.shelf import Shelf
from bot.shortlists.turns import Turns

_PEN_SECONDS: Final = 14 * 60.0
"""Discord lets an interaction's own message be edited for 15 minutes, also where we can't see the channel."""

_PENS: Final = 1_000
_TROUBLE: Final = (discord.HTTPException, aiohttp.ClientError, OSError)
_GONE: Final = "-# This shortlist was deleted."

_log = logging.getLogger(__name__)


class _Pen(msgspec.Struct, frozen=True):
    """An interaction whose own message is a certain post."""

    interaction: discord.Interaction[Any]
    taken_at: float


class _Sheet(msgspec.Struct, frozen=True):
    """What a post is to show."""

    content: str
    embeds: list[discord.Embed]
    view: discord.ui.View | None


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
        self._channel = channel
        self._turns = Turns(self._write, sleep=sleep)
        self._pens: LRUCache[int, _Pen] = LRUCache(_PENS)
        self._deleted: dict[int, Post] = {}

    async def show(self, interaction: discord.Interaction[Any], shortlist: Shortlist) -> None:
        """Answer with a new post, on its first page."""
        ranking = await self._shelf.ranking(interaction, shortlist)
        content, embed = ranking_words(ranking, 1)
        await interaction.response.send_message(content, embed=embed, view=ranking_view(ranking, 1))
        try:
            message = await interaction.original_response()
        except _TROUBLE as error:
            _log.warning("A post will be kept up to date only once it is pressed: %r", error)
            return
        self._turns.rest(message.id)
        await self._use(interaction, message.id, shortlist, 1, version=shortlist.version)
        await self.catch_up()  # with what was voted while it was being sent

    async def turn(self, interaction: discord.Interaction[Any], shortlist_id: int, page: int) -> None:
        """Turn the post that was pressed to its page. Raises Refused where the shortlist is gone."""
        shortlist = await self._shelf.get(interaction, shortlist_id)
        await interaction.response.defer()
        await self._pressed(interaction, shortlist, page)

    async def pressed(self, interaction: discord.Interaction[Any], shortlist: Shortlist) -> None:
        """Keep a post that was pressed up to date; the press must have been deferred."""
        await self._pressed(interaction, shortlist, None)

    async def _pressed(
        self, interaction: discord.Interaction[Any], shortlist: Shortlist, page: int | None
    ) -> None:
        message = interaction.message
        if message is None:
            return
        known = await self._database.posts.get(message.id)
        is_new_page = page is not None and (known is None or page != known.page)
        number = page or (1 if known is None else known.page)
        # What a post that we had forgotten shows is unknown, and so are the changes since.
        await self._use(interaction, message.id, shortlist, max(1, number), version=-1)
        if known is None or is_new_page:
            self._turns.want(message.id)

    async def _use(
        self,
        interaction: discord.Interaction[Any],
        message_id: int,
        shortlist: Shortlist,
        page: int,
        *,
        version: int,
    ) -> None:
        self._pens[message_id] = _Pen(interaction, self._now())
        post = Post(
            message_id=message_id,
            channel_id=interaction.channel_id or 0,
            rules_id=ruled_channel_id(interaction),
            guild_id=payer_of(interaction).guild_id,
            shortlist_id=shortlist.shortlist_id,
            page=page,
        )
        await self._database.posts.use(post, version=version, now=self._now())

    async def changed(self, shortlist_id: int) -> None:
        """Let all posts of that shortlist show what has changed. What fails is caught up with later."""
        try:
            self._want(await self._database.posts.of(shortlist_id))
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
            self._want(await self._database.posts.behind())
        except StorageTrouble as error:
            _log.error("Posts that are behind could not be read: %r", error.__cause__)

    def forget(self, member_id: int) -> None:
        """Put away the interactions of a member, by which their posts could be edited."""
        for message_id, pen in list(self._pens.items()):
            if pen.interaction.user.id == member_id:
                del self._pens[message_id]

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
                await self._edit(deleted, _Sheet(_GONE, [], None))
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
        ranking = await self._shelf.ranking_in(post.rules_id, shortlist)
        content, embed = ranking_words(ranking, post.page)
        sheet = _Sheet(content, [embed], ranking_view(ranking, post.page))
        if await self._edit(post, sheet):
            await self._database.posts.shown(post.message_id, shortlist.version)

    async def _edit(self, post: Post, sheet: _Sheet) -> bool:
        """Whether that settles it, as Discord took the edit or never will.

        It is made by a press that isn't old yet, if there is one; else as any bot edits its messages, for
        which it must see the channel.
        """
        pen = self._pens.get(post.message_id)
        changes: dict[str, Any] = {"content": sheet.content, "embeds": sheet.embeds, "view": sheet.view}
        if pen is not None and self._now() - pen.taken_at < _PEN_SECONDS:
            try:
                await pen.interaction.edit_original_response(**changes)
            except _TROUBLE:
                del self._pens[post.message_id]
            else:
                return True
        try:
            message = self._channel(post.channel_id).get_partial_message(post.message_id)
            await message.edit(**changes)
        except _TROUBLE as error:
            _log.warning("Discord did not take the edit of a post: %r", error)
            if isinstance(error, discord.NotFound):
                await self._database.posts.forget(post.message_id)
            return isinstance(error, discord.Forbidden | discord.NotFound)
        return True

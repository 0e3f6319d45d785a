"""Posts: messages that show a ranking, kept up to date for everybody, one edit in two seconds at most."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import discord
from cachetools import LRUCache
from discord.utils import MISSING

from bot.database import Database
from bot.errors import StorageError
from bot.interactions.client import Interaction
from bot.interactions.context import filter_channel_id, requester_of
from bot.interactions.responses import DISCORD_ERRORS, defer
from bot.models.shortlists import Post, Shortlist
from bot.shortlists.actions import PostActions
from bot.shortlists.components import ranking_view
from bot.shortlists.embeds import ranking_words
from bot.shortlists.lookup import ShortlistLookup
from bot.shortlists.post_editor import PostContent, PostEditor
from bot.shortlists.ranking import Ranking
from bot.shortlists.throttle import Backoff, Throttle

_SHEETS: Final = 10_000

_GONE: Final = "-# This shortlist was deleted."
_REPLACED: Final = "-# Not kept up to date any more: `/shortlist show` posts the ranking as it is now."

_log = logging.getLogger(__name__)


class ShortlistPosts(PostActions):
    """A vote is stored before a post hears of it: an edit that fails is one line in the log, and no more."""

    def __init__(
        self,
        *,
        lookup: ShortlistLookup,
        database: Database,
        clock: Callable[[], float],
        channel: Callable[[int], discord.PartialMessageable],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """`channel` gives the channel of an id, without asking Discord; `sleep` takes seconds."""
        self._lookup = lookup
        self._database = database
        self._clock = clock
        self._editor = PostEditor(clock=clock, channel=channel)
        self._throttle = Throttle(self._write, sleep=sleep)
        self._shown: LRUCache[int, int] = LRUCache(_SHEETS)
        self._touched: set[int] = set()
        self._backoff = Backoff()
        self._deleted: dict[int, Post] = {}

    async def show(self, interaction: Interaction, shortlist: Shortlist) -> None:
        """Answer with a new post, on its first page."""
        sheet = _sheet(await self._lookup.rank(interaction, shortlist), 1)
        await interaction.response.send_message(
            sheet.content, embeds=sheet.embeds, view=sheet.view or MISSING
        )
        try:
            message = await interaction.original_response()
            self._throttle.hold_off(message.id)
            self._editor.take(message.id, interaction)
            post = _post(interaction, message.id, shortlist, 1)
            await self._database.posts.add(post, version=shortlist.version, now=self._clock())
        except (*DISCORD_ERRORS, StorageError) as error:
            _log.warning("A post will be kept up to date only once it is pressed: %r", error)
            return
        self._shown[message.id] = sheet.digest
        await self.schedule_updates(shortlist.shortlist_id)  # with what was voted while it was being sent

    async def show_page(self, interaction: Interaction, shortlist_id: int, page: int) -> None:
        """Turn the post that was pressed to its page. Raises Refused where the shortlist is gone."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        await defer(interaction)
        await self._pressed(interaction, shortlist, page, turns=True)

    async def touch(self, interaction: Interaction, shortlist: Shortlist, page: int) -> None:
        """Keep a post up to date on whose `page` something was chosen; that must have been answered.

        What fails is in the log alone.
        """
        try:
            await self._pressed(interaction, shortlist, page, turns=False)
        except StorageError as error:
            _log.error("That a post was pressed could not be kept: %r", error.__cause__)

    async def _pressed(
        self, interaction: Interaction, shortlist: Shortlist, page: int, *, turns: bool
    ) -> None:
        if interaction.message is None:
            return
        message_id = interaction.message.id
        self._editor.take(message_id, interaction)
        post = _post(interaction, message_id, shortlist, max(1, page))
        await self._database.posts.touch(post, turns=turns, now=self._clock())
        self._touched.add(message_id)
        self._throttle.schedule(message_id)

    async def schedule_updates(self, shortlist_id: int) -> None:
        """Let all posts of that shortlist show what has changed. What fails is caught up with later."""
        try:
            self._want(await self._database.posts.list_outdated(shortlist_id))
        except StorageError as error:
            _log.error("Posts could not be read: %r", error.__cause__)

    async def deleting(self, shortlist_id: int) -> Callable[[], None]:
        """Remember its posts; call what is returned once the shortlist is gone."""
        posts = {post.message_id: post for post in await self._database.posts.list_by_shortlist(shortlist_id)}

        def deleted() -> None:
            self._deleted.update(posts)
            self._want(posts.values())

        return deleted

    async def schedule_outdated(self) -> None:
        """Bring every post up to date that is behind: after a restart, a failure, or a change elsewhere."""
        try:
            behind = await self._database.posts.list_outdated()
        except StorageError as error:
            _log.error("Posts that are behind could not be read: %r", error.__cause__)
        else:
            self._want(post for post in behind if self._backoff.are_over(post.message_id))

    def evict(self, member_id: int) -> None:
        """Put away the interactions of a member, by which their posts could be edited."""
        self._editor.forget(member_id)

    def stop(self) -> None:
        """Stop editing; what is left is caught up with after the next start."""
        self._throttle.stop()

    def _want(self, posts: Iterable[Post]) -> None:
        for post in posts:
            self._throttle.schedule(post.message_id)

    async def _write(self, message_id: int) -> None:
        try:
            deleted = self._deleted.pop(message_id, None)
            if deleted is not None:
                await self._edit(deleted, PostContent(_GONE, [], None))
                return
            post = await self._database.posts.get(message_id)
            if post is not None:
                await self._write_post(post)
        except StorageError as error:
            _log.error("A post could not be brought up to date yet: %r", error.__cause__)
            self._throttle.schedule(message_id)

    async def _write_post(self, post: Post) -> None:
        shortlist = await self._database.shortlists.get(post.shortlist_id, guild_id=post.guild_id)
        if shortlist is None:
            return
        sheet = _sheet(await self._lookup.rank_in_channel(post.rules_id, shortlist), post.page)
        if post.is_replaced:
            await self._edit(post, PostContent(f"{sheet.content}\n{_REPLACED}", sheet.embeds, None))
        elif self._is_shown(post, sheet) or await self._edit(post, sheet):
            self._shown[post.message_id] = sheet.digest
            await self._database.posts.mark_shown(post, shortlist.version)

    def _is_shown(self, post: Post, sheet: PostContent) -> bool:
        """Whether an edit can be spared, as nobody would see it.

        A menu shows what was chosen last until its message is edited, be it to the same.
        """
        shown = self._shown.pop(post.message_id, None)
        is_touched = post.message_id in self._touched
        self._touched.discard(post.message_id)
        return shown == sheet.digest and not is_touched

    async def _edit(self, post: Post, sheet: PostContent) -> bool:
        """Whether the post shows `sheet` now. Where it doesn't, the log says so."""
        fate, error = await self._editor.edit(post, sheet)
        if error is not None:
            _log.warning("Discord did not take the edit of a post: %r", error)
        if fate == "failed":
            self._backoff.add(post.message_id)
            return False
        self._backoff.clear(post.message_id)
        if fate == "gone" or post.is_replaced:
            await self._database.posts.remove(post.message_id)
        elif fate == "refused":
            await self._database.posts.mark_blocked(post.message_id)
        return fate == "taken"


def _sheet(ranking: Ranking, page: int) -> PostContent:
    content, embed = ranking_words(ranking, page)
    return PostContent(content, [embed], ranking_view(ranking, page))


def _post(interaction: Interaction, message_id: int, shortlist: Shortlist, page: int) -> Post:
    return Post(
        message_id=message_id,
        channel_id=interaction.channel_id or 0,
        rules_id=filter_channel_id(interaction),
        guild_id=requester_of(interaction).guild_id,
        shortlist_id=shortlist.shortlist_id,
        page=page,
    )

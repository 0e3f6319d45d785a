"""Shortlist posts: messages that show a ranking, each edited at most once in two seconds."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

import discord
from cachetools import LRUCache
from discord.utils import MISSING

from bot.database import Database
from bot.errors import StorageError
from bot.interactions.context import filter_channel_id, requester_of
from bot.interactions.responses import DISCORD_ERRORS, defer
from bot.interactions.services import Interaction
from bot.models.shortlists import Post, Shortlist
from bot.shortlists.actions import PostActions
from bot.shortlists.components import ranking_view
from bot.shortlists.embeds import ranking_message
from bot.shortlists.lookup import ShortlistLookup
from bot.shortlists.post_editor import PostContent, PostEditor
from bot.shortlists.ranking import Ranking
from bot.shortlists.throttle import Backoff, Throttle

_MAX_DIGESTS: Final = 10_000

_DELETED: Final = "-# This shortlist was deleted."
_REPLACED: Final = "-# This post isn't updated any more. `/shortlist show` posts the current ranking."

_log = logging.getLogger(__name__)


class ShortlistPosts(PostActions):
    """Sends posts and keeps them up to date. An edit that fails is one line in the log: votes are stored."""

    def __init__(
        self,
        *,
        lookup: ShortlistLookup,
        database: Database,
        clock: Callable[[], float],
        get_channel: Callable[[int], discord.PartialMessageable],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """`get_channel` returns the channel of an id, without a request to Discord; `sleep` takes seconds."""
        self._lookup = lookup
        self._database = database
        self._clock = clock
        self._editor = PostEditor(clock=clock, get_channel=get_channel)
        self._throttle = Throttle(self._update, sleep=sleep)
        self._backoff = Backoff()
        self._digests: LRUCache[int, int] = LRUCache(_MAX_DIGESTS)
        """Of the content of each post, by message id."""
        self._forced: dict[int, Post] = {}
        """Posts to edit even if their content is the same, or their row is gone with their shortlist.

        A pressed one is among them, because a menu shows its last choice until its message is edited.
        """

    async def show(self, interaction: Interaction, shortlist: Shortlist) -> None:
        """Answer with a new post, on its first page."""
        content = _content_of(await self._lookup.rank(interaction, shortlist), 1)
        await interaction.response.send_message(
            content.content, embeds=content.embeds, view=content.view or MISSING
        )
        try:
            message = await interaction.original_response()
            self._throttle.hold_off(message.id)
            self._editor.keep(message.id, interaction)
            post = _post_of(interaction, message.id, shortlist, 1)
            is_stored = await self._database.posts.add(post, version=shortlist.version, now=self._clock())
        except (*DISCORD_ERRORS, StorageError) as error:
            _log.warning(
                "A post is updated only once it is pressed, because it could not be stored: %r", error
            )
            return
        self._digests[message.id] = content.digest
        if is_stored:
            await self.schedule_updates(shortlist.shortlist_id)  # votes may have come while it was being sent
        else:
            self.schedule_deleted([post])  # unless it was pressed already, and so is stored

    async def show_page(self, interaction: Interaction, shortlist_id: int, page: int) -> None:
        """Turn the pressed post to a page of its ranking. Raises Refused if the shortlist is gone."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        await defer(interaction)
        await self._record_press(interaction, shortlist, page, turns=True)

    async def touch(self, interaction: Interaction, shortlist: Shortlist, page: int) -> None:
        """Update a post after a choice on its `page`. Errors are only logged: the choice is answered."""
        try:
            await self._record_press(interaction, shortlist, page, turns=False)
        except StorageError as error:
            _log.error("The press of a post could not be stored: %r", error.__cause__)

    async def _record_press(
        self, interaction: Interaction, shortlist: Shortlist, page: int, *, turns: bool
    ) -> None:
        if interaction.message is None:
            return
        message_id = interaction.message.id
        self._editor.keep(message_id, interaction)
        post = _post_of(interaction, message_id, shortlist, max(1, page))
        await self._database.posts.touch(post, turns=turns, now=self._clock())
        self._forced[message_id] = post
        self._throttle.schedule(message_id)

    async def schedule_updates(self, shortlist_id: int) -> None:
        """Update the shortlist's outdated posts soon. Errors are logged; `schedule_outdated` catches up."""
        try:
            self._schedule(await self._database.posts.list_outdated(shortlist_id))
        except StorageError as error:
            _log.error("The posts of a shortlist could not be read: %r", error.__cause__)

    def schedule_deleted(self, posts: Sequence[Post]) -> None:
        """Let the posts of a shortlist that has been deleted say so."""
        for post in posts:
            self._forced[post.message_id] = post
        self._schedule(posts)

    async def schedule_outdated(self) -> None:
        """Update every outdated post, once a minute: after a restart, a failed edit or a new filter."""
        try:
            outdated = await self._database.posts.list_outdated()
        except StorageError as error:
            _log.error("Outdated posts could not be read: %r", error.__cause__)
        else:
            self._schedule(post for post in outdated if self._backoff.count_round(post.message_id))

    def evict(self, member_id: int) -> None:
        """Remove the interactions of a member, which edit the posts that they pressed."""
        self._editor.evict(member_id)

    def stop(self) -> None:
        """Stop editing. Outdated posts are updated after the next start."""
        self._throttle.stop()

    def _schedule(self, posts: Iterable[Post]) -> None:
        for post in posts:
            self._throttle.schedule(post.message_id)

    async def _update(self, message_id: int) -> None:
        try:
            post = await self._database.posts.get(message_id)
            await (self._update_unknown(message_id) if post is None else self._update_post(post))
        except StorageError as error:
            _log.error("A post could not be updated yet: %r", error.__cause__)
            self._throttle.schedule(message_id)

    async def _update_unknown(self, message_id: int) -> None:
        """Update a post without a row: its shortlist was deleted, or newer posts have taken its place."""
        post = self._forced.get(message_id)
        if post is None:
            return
        shortlist = await self._database.shortlists.get(post.shortlist_id, guild_id=post.guild_id)
        self._forced.pop(message_id, None)
        if shortlist is None:
            await self._edit(post, PostContent(_DELETED, [], None))

    async def _update_post(self, post: Post) -> None:
        shortlist = await self._database.shortlists.get(post.shortlist_id, guild_id=post.guild_id)
        if shortlist is None:
            return
        content = _content_of(
            await self._lookup.rank_in_channel(post.filter_channel_id, shortlist), post.page
        )
        shown_digest = self._take_digest(post.message_id)
        if post.is_replaced:
            await self._edit(post, PostContent(f"{content.content}\n{_REPLACED}", content.embeds, None))
        elif shown_digest == content.digest or await self._edit(post, content):
            self._digests[post.message_id] = content.digest
            await self._database.posts.mark_shown(post, shortlist.version)

    def _take_digest(self, message_id: int) -> int | None:
        """Remove and return the digest of a post's content; None if the post must be edited anyway."""
        digest = self._digests.pop(message_id, None)
        is_forced = self._forced.pop(message_id, None) is not None
        return None if is_forced else digest

    async def _edit(self, post: Post, content: PostContent) -> bool:
        """Edit a post, and record the outcome. Returns True if it shows `content` now."""
        outcome, error = await self._editor.edit(post, content)
        if error is not None:
            _log.warning("Discord did not take the edit of a post: %r", error)
        if outcome == "failed":
            self._backoff.record_failure(post.message_id)
            return False
        self._backoff.record_success(post.message_id)
        if outcome == "gone" or post.is_replaced:
            await self._database.posts.remove(post.message_id)
        elif outcome == "refused":
            await self._database.posts.mark_blocked(post.message_id)
        return outcome == "edited"


def _content_of(ranking: Ranking, page: int) -> PostContent:
    content, embed = ranking_message(ranking, page)
    return PostContent(content, [embed], ranking_view(ranking, page))


def _post_of(interaction: Interaction, message_id: int, shortlist: Shortlist, page: int) -> Post:
    return Post(
        message_id=message_id,
        channel_id=interaction.channel_id or 0,
        filter_channel_id=filter_channel_id(interaction),
        guild_id=requester_of(interaction).guild_id,
        shortlist_id=shortlist.shortlist_id,
        page=page,
    )

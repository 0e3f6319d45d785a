"""Pager: answers an interaction with a page, and remembers how far a search got."""

import logging
from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from bot.database import Database
from bot.errors import BudgetSpent, Refused, StorageError
from bot.filters.cache import FilterCache
from bot.filters.matching import Filters
from bot.interactions.client import Interaction
from bot.interactions.context import filter_channel_id, requester_of
from bot.interactions.responses import Reply, is_press, offer_retry
from bot.models.search import PAGE_SIZE, Page, SavedSearch, Search
from bot.search.actions import SearchActions
from bot.search.components import TrackMenu, again_view, page_view, retry_view
from bot.search.embeds import headline, track_embeds
from bot.search.finder import Finder
from bot.search.similar import search_like

_FORGOTTEN: Final = "I don't remember that search any more. Please search again."

_log = logging.getLogger(__name__)


class SearchService(SearchActions):
    """Who asks, and where, is taken from the interaction, never from what a button's id says."""

    def __init__(
        self,
        *,
        finder: Finder,
        filter_cache: FilterCache,
        database: Database,
        clock: Callable[[], float],
        menus: Sequence[TrackMenu],
    ) -> None:
        """`menus` are shown below every answer, one of each."""
        self._finder = finder
        self._filter_cache = filter_cache
        self._database = database
        self._clock = clock
        self._menus = menus

    async def search(
        self, interaction: Interaction, search: Search, *, private: bool, is_new: bool = False
    ) -> None:
        """Answer with the first page of a new search, in a message of its own where `is_new` asks for it."""
        offer_retry(
            interaction, lambda: again_view(lambda press: self.search(press, search, private=private))
        )
        if search.genre is not None:
            search = await self._with_genre(interaction, search, search.genre)
        saved = await self._database.searches.add(
            search,
            guild_id=requester_of(interaction).guild_id,
            channel_id=interaction.channel_id or 0,
            member_id=interaction.user.id,
            private=private,
            now=self._clock(),
        )
        # Pressed under a message that one alone sees, a search for all is shown to all.
        await self._show(interaction, saved, is_new=is_new or (is_press(interaction) and not private))

    async def search_similar(self, interaction: Interaction, search_id: int, asset_id: str) -> None:
        """Answer with a new search that starts from a track of the answer pressed. Raises BotError."""
        saved = await self._database.searches.get(search_id, guild_id=requester_of(interaction).guild_id)
        if saved is None or (saved.private and saved.member_id != interaction.user.id):
            raise Refused(_FORGOTTEN)
        tracks = await self._database.tracks.get_many([asset_id])
        if not tracks:
            raise Refused("I don't remember that track any more. Please search again.")
        if (await self._filters(interaction)).hiding_rule(tracks[0]) is not None:
            raise Refused("This server's filters hide that track by now. Choose another, or search anew.")
        search = search_like(tracks[0], saved.search)
        await self.search(interaction, search, private=saved.private, is_new=True)

    async def _with_genre(self, interaction: Interaction, search: Search, genre: str) -> Search:
        """`search` with its genre as the service spells it. Raises Refused where filters hide all of it."""
        (await self._filters(interaction)).require_visible(search)
        spellings = await self._database.genres.get_canonical_names([genre])
        return replace(search, genre=next(iter(spellings.values()), genre))

    async def _filters(self, interaction: Interaction, version: int | None = None) -> Filters:
        guild_id = requester_of(interaction).guild_id
        return await self._filter_cache.get(guild_id, filter_channel_id(interaction), version=version)

    async def show_next_page(self, interaction: Interaction) -> None:
        """Answer with the page after the one shown last. Raises BotError."""
        requester = requester_of(interaction)
        saved = await self._database.searches.claim_next_page(
            guild_id=requester.guild_id, channel_id=interaction.channel_id or 0, member_id=requester.member_id
        )
        if saved is None:
            raise Refused("There is nothing to go on with in this channel yet. Start with `/music`.")
        await self._show(interaction, saved)

    async def show_page(self, interaction: Interaction, search_id: int, number: int) -> None:
        """Put page `number` in the place of the message whose button was pressed. Raises BotError."""
        await self._show(interaction, await self._turned(interaction, search_id, number))

    async def retry_page(self, interaction: Interaction, search_id: int, number: int) -> None:
        """As `turn`; but what all may see is not shown in place of a message that one alone sees."""
        saved = await self._turned(interaction, search_id, number)
        is_private = interaction.message is not None and interaction.message.flags.ephemeral
        await self._show(interaction, saved, is_new=is_private and not saved.private)

    async def _turned(self, interaction: Interaction, search_id: int, number: int) -> SavedSearch:
        """The search, turned to that page. Raises Refused where it is not theirs."""
        requester = requester_of(interaction)
        saved = await self._database.searches.set_page(
            search_id, max(1, number), guild_id=requester.guild_id, member_id=requester.member_id
        )
        if saved is None:
            raise Refused(_FORGOTTEN)
        return saved

    async def _show(self, interaction: Interaction, saved: SavedSearch, *, is_new: bool = False) -> None:
        """Answer with the page that `saved` was turned to.

        That is written down already: once seen it is behind us, even if we are killed. What could not be
        shown is taken back.
        """
        offer_retry(interaction, lambda: retry_view(saved.search_id, saved.page))
        answer = Reply(interaction, private=saved.private, is_new=is_new)
        reached = saved.page
        is_shown = False
        try:
            page = await self._nearest_page(interaction, saved, answer)
            reached = await self._reach(saved, page)
            await answer.send(
                headline(page), track_embeds(page), page_view(saved.search_id, page, self._menus)
            )
            is_shown = True
        finally:
            if not is_shown:
                await self._leave(saved, reached, saved.page_before)

    async def _reach(self, saved: SavedSearch, page: Page) -> int:
        """Turn the search to where /more goes on from once `page` is shown, if it isn't there."""
        reached = _reached(page, saved.page_before)
        if reached != saved.page:
            await self._leave(saved, saved.page, reached)
        return reached

    async def _leave(self, saved: SavedSearch, page: int, to: int) -> None:
        """A page is not lost because its number can't be stored: only /more will show it again."""
        try:
            await self._database.searches.move_page(saved.search_id, page, to)
        except StorageError as error:
            _log.error("The position of a search could not be stored: %r", error.__cause__)

    async def _nearest_page(self, interaction: Interaction, saved: SavedSearch, answer: Reply) -> Page:
        """The page; for a press beyond the last page, the last one."""
        page = await self._page(interaction, saved, saved.page, answer)
        nearest = _nearest(page)
        if nearest == saved.page:
            return page
        if not is_press(interaction):
            raise Refused("That was the last page. For more, search in other words.")
        return await self._page(interaction, saved, nearest, answer)

    async def _page(self, interaction: Interaction, saved: SavedSearch, number: int, answer: Reply) -> Page:
        """The page as the rules have it that hold when it has been found."""
        version: int | None = saved.rules_version
        while True:
            changes = self._filter_cache.change_count
            filters = await self._filters(interaction, version)
            filters.require_visible(saved.search)
            page = await self._found(interaction, saved, number, answer, filters)
            if changes == self._filter_cache.change_count:
                return page
            version = None

    async def _found(
        self,
        interaction: Interaction,
        saved: SavedSearch,
        number: int,
        answer: Reply,
        filters: Filters,
    ) -> Page:
        try:
            return await self._finder.page(
                saved, number, requester=requester_of(interaction), filters=filters, while_asking=answer.defer
            )
        except BudgetSpent:
            await self._leave(saved, saved.page, saved.page_before)
            shown = await self._latest(interaction, least_page=1)
            offer_retry(interaction, lambda: retry_view(saved.search_id, number, back_to=shown))
            raise

    async def _latest(self, interaction: Interaction, *, least_page: int) -> SavedSearch | None:
        requester = requester_of(interaction)
        return await self._database.searches.get_latest(
            guild_id=requester.guild_id,
            channel_id=interaction.channel_id or 0,
            member_id=requester.member_id,
            min_page=least_page,
        )


def _reached(page: Page, before: int) -> int:
    """The page that /more goes on from.

    One that isn't full yet is not done with; one put together from memory is no page of the search at all.
    """
    if page.fallback is not None and page.fallback.fetched_at is None:
        return before
    return page.number - 1 if page.more == "further" else page.number


def _nearest(page: Page) -> int:
    """The page that is worth showing when `page` was asked for: itself, unless it lies beyond the end."""
    if page.tracks:
        return page.number
    full, rest = divmod(page.found, PAGE_SIZE)
    last = full + bool(rest) if page.more == "none" else full + 1
    return min(page.number, max(1, last))

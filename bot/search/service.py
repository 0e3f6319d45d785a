"""SearchService: answers interactions with pages of searches, and stores the position of each search."""

from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from bot.database import Database
from bot.errors import BudgetSpent, Refused
from bot.filters.cache import FilterCache
from bot.filters.matching import Filters
from bot.interactions.context import filter_channel_id, requester_of
from bot.interactions.responses import Reply, is_press, offer_retry
from bot.interactions.services import Interaction
from bot.models.search import PAGE_SIZE, Page, SavedSearch, Search
from bot.search.actions import SearchActions
from bot.search.components import TrackMenu, page_view, retry_view, temporary_retry_view
from bot.search.embeds import track_embeds
from bot.search.finder import Finder
from bot.search.headline import headline
from bot.search.position import StoredPosition
from bot.search.similar import similar_search

_UNKNOWN_SEARCH: Final = "I don't remember that search any more. Please search again."


class SearchService(SearchActions):
    """Guild, channel and member come from the interaction, never from a button's custom id."""

    def __init__(
        self,
        *,
        finder: Finder,
        filter_cache: FilterCache,
        database: Database,
        clock: Callable[[], float],
        menus: Sequence[TrackMenu],
    ) -> None:
        """`menus` are shown under every page with tracks, one of each."""
        self._finder = finder
        self._filter_cache = filter_cache
        self._database = database
        self._clock = clock
        self._menus = menus

    async def search(
        self, interaction: Interaction, search: Search, *, private: bool, is_new: bool = False
    ) -> None:
        """Answer with the first page of a new search; `is_new` asks for a new message. Raises BotError."""
        offer_retry(
            interaction,
            lambda: temporary_retry_view(lambda press: self.search(press, search, private=private)),
        )
        if search.genre is not None:
            search = await self._with_canonical_genre(interaction, search, search.genre)
        saved = await self._database.searches.add(
            search,
            guild_id=requester_of(interaction).guild_id,
            channel_id=interaction.channel_id or 0,
            member_id=interaction.user.id,
            private=private,
            now=self._clock(),
        )
        # A public search that is retried under an ephemeral message gets a public message.
        await self._show(interaction, saved, is_new=is_new or (is_press(interaction) and not private))

    async def search_similar(self, interaction: Interaction, search_id: int, asset_id: str) -> None:
        """Answer with a new search for tracks similar to a track of a page. Raises BotError."""
        saved = await self._database.searches.get(search_id, guild_id=requester_of(interaction).guild_id)
        if saved is None or (saved.private and saved.member_id != interaction.user.id):
            raise Refused(_UNKNOWN_SEARCH)
        tracks = await self._database.tracks.get_many([asset_id])
        if not tracks:
            raise Refused("I don't remember that track any more. Please search again.")
        if (await self._filters(interaction)).hiding_rule(tracks[0]) is not None:
            raise Refused(
                "This server's filters hide that track now. Please choose another one, or start a new search."
            )
        search = similar_search(tracks[0], saved.search)
        await self.search(interaction, search, private=saved.private, is_new=True)

    async def _with_canonical_genre(self, interaction: Interaction, search: Search, genre: str) -> Search:
        """`search` with its genre in the service's spelling. Raises Refused if filters hide the genre."""
        (await self._filters(interaction)).require_visible(search)
        spellings = await self._database.genres.get_canonical_names([genre])
        return replace(search, genre=next(iter(spellings.values()), genre))

    async def _filters(self, interaction: Interaction, version: int | None = None) -> Filters:
        guild_id = requester_of(interaction).guild_id
        return await self._filter_cache.get(guild_id, filter_channel_id(interaction), version=version)

    async def show_next_page(self, interaction: Interaction) -> None:
        """Answer with the next page of the member's latest search, else of the channel's. Raises BotError."""
        requester = requester_of(interaction)
        saved = await self._database.searches.claim_next_page(
            guild_id=requester.guild_id, channel_id=interaction.channel_id or 0, member_id=requester.member_id
        )
        if saved is None:
            raise Refused("There is no search to continue in this channel yet. Start one with `/music`.")
        await self._show(interaction, saved)

    async def show_page(self, interaction: Interaction, search_id: int, number: int) -> None:
        """Replace the message of the pressed button by page `number`. Raises BotError."""
        await self._show(interaction, await self._at_page(interaction, search_id, number))

    async def retry_page(self, interaction: Interaction, search_id: int, number: int) -> None:
        """As `show_page`, but a public page gets a new message if the pressed one is ephemeral."""
        saved = await self._at_page(interaction, search_id, number)
        is_ephemeral = interaction.message is not None and interaction.message.flags.ephemeral
        await self._show(interaction, saved, is_new=is_ephemeral and not saved.private)

    async def _at_page(self, interaction: Interaction, search_id: int, number: int) -> SavedSearch:
        """The search with its position set to page `number`. Raises Refused if the member may not see it."""
        requester = requester_of(interaction)
        saved = await self._database.searches.set_page(
            search_id, max(1, number), guild_id=requester.guild_id, member_id=requester.member_id
        )
        if saved is None:
            raise Refused(_UNKNOWN_SEARCH)
        return saved

    async def _show(self, interaction: Interaction, saved: SavedSearch, *, is_new: bool = False) -> None:
        """Answer with the current page of `saved`."""
        offer_retry(interaction, lambda: retry_view(saved.search_id, saved.page))
        reply = Reply(interaction, private=saved.private, is_new=is_new)
        try:
            async with StoredPosition(self._database, saved) as position:
                page = await self._nearest_page(interaction, saved, reply)
                await position.move_to(_position_after(page, saved.previous_page))
                await reply.send(
                    headline(page), track_embeds(page), page_view(saved.search_id, page, self._menus)
                )
        except BudgetSpent:
            await self._offer_way_back(interaction, saved)
            raise

    async def _offer_way_back(self, interaction: Interaction, saved: SavedSearch) -> None:
        """Offer the latest page that was shown in the channel, beside the retry: it needs no budget."""
        shown = await self._latest_shown(interaction)
        offer_retry(interaction, lambda: retry_view(saved.search_id, saved.page, back_to=shown))

    async def _nearest_page(self, interaction: Interaction, saved: SavedSearch, reply: Reply) -> Page:
        """The current page of `saved`; for a button beyond the last page, the last page.

        Raises Refused for a command beyond the last page.
        """
        page = await self._page(interaction, saved, saved.page, reply)
        number = _nearest_number(page)
        if number == saved.page:
            return page
        if not is_press(interaction):
            raise Refused("That was the last page. To find more, search in other words.")
        return await self._page(interaction, saved, number, reply)

    async def _page(self, interaction: Interaction, saved: SavedSearch, number: int, reply: Reply) -> Page:
        """Page `number` under the filter rules that are in force once it has been found."""
        version: int | None = saved.rules_version
        requester = requester_of(interaction)
        while True:
            changes = self._filter_cache.change_count
            filters = await self._filters(interaction, version)
            filters.require_visible(saved.search)
            page = await self._finder.page(
                saved, number, requester=requester, filters=filters, defer=reply.defer
            )
            if changes == self._filter_cache.change_count:
                return page
            version = None

    async def _latest_shown(self, interaction: Interaction) -> SavedSearch | None:
        requester = requester_of(interaction)
        return await self._database.searches.get_latest(
            guild_id=requester.guild_id,
            channel_id=interaction.channel_id or 0,
            member_id=requester.member_id,
            min_page=1,
        )


def _position_after(page: Page, previous_page: int) -> int:
    """The position after `page` is shown: /more shows the page after it.

    A page that can still be filled is shown again. A page of cached tracks belongs to no position.
    """
    if page.fallback is not None and page.fallback.fetched_at is None:
        return previous_page
    return page.number - 1 if page.continuation == "keep looking" else page.number


def _nearest_number(page: Page) -> int:
    """The number of `page`, or of the last page if `page` is beyond it."""
    if page.tracks:
        return page.number
    full, rest = divmod(page.found, PAGE_SIZE)
    last = full + bool(rest) if page.continuation == "end" else full + 1
    return max(1, last)

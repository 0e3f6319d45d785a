"""Pager: answers an interaction with a page, and remembers how far a search got."""

import logging
from collections.abc import Callable
from typing import Any

import discord
from msgspec.structs import replace

from bot.database import Database
from bot.embeds import headline, track_embeds
from bot.errors import BudgetSpent, Refused, StorageTrouble
from bot.finder import Finder
from bot.limiter import Payer
from bot.models import Page, SavedSearch, Search
from bot.replies import Answer, offer_retry
from bot.views import page_view, retry_view

_log = logging.getLogger(__name__)


class Pager:
    """Who asks, and where, is taken from the interaction, never from what a button's id says."""

    def __init__(self, *, finder: Finder, database: Database, now: Callable[[], float]) -> None:
        self._finder = finder
        self._database = database
        self._now = now

    async def begin(self, interaction: discord.Interaction[Any], search: Search, *, private: bool) -> None:
        """Answer with the first page of a new search. Raises BotError."""
        if search.genre is not None:
            spelling = await self._database.genres.spelling(search.genre)
            search = replace(search, genre=spelling or search.genre)
        saved = await self._database.searches.add(
            search,
            guild_id=payer_of(interaction).guild_id,
            channel_id=interaction.channel_id or 0,
            member_id=interaction.user.id,
            private=private,
            now=self._now(),
        )
        await self._show(interaction, saved, 1)

    async def go_on(self, interaction: discord.Interaction[Any]) -> None:
        """Answer with the page after the one shown last. Raises BotError."""
        saved = await self._latest(interaction, least_page=0)
        if saved is None:
            raise Refused("There is nothing to go on with in this channel yet. Start with `/music`.")
        await self._show(interaction, saved, saved.page + 1)

    async def turn(self, interaction: discord.Interaction[Any], search_id: int, number: int) -> None:
        """Put page `number` in the place of the message whose button was pressed. Raises BotError."""
        saved = await self._database.searches.get(search_id, guild_id=payer_of(interaction).guild_id)
        if saved is None or (saved.private and saved.member_id != interaction.user.id):
            raise Refused("I don't remember that search any more. Please search again.")
        await self._show(interaction, saved, max(1, number))

    async def _show(self, interaction: discord.Interaction[Any], saved: SavedSearch, number: int) -> None:
        offer_retry(interaction, lambda: retry_view(saved.search_id, number))
        answer = Answer(interaction, private=saved.private)
        page = await self._page(interaction, saved, number, answer)
        if not page.tracks and page.more == "none" and number > 1:
            raise Refused("That was the last page. For more, search in other words.")
        # Moved before it is shown, so that a page once seen is behind us even if we are killed right then.
        # A page that isn't full yet is not done with: /more looks further for it.
        await self._move(saved, number - 1 if page.more == "further" else number)
        try:
            await answer.send(headline(page), track_embeds(page), page_view(saved.search_id, page))
        except BaseException:
            await self._move(saved, saved.page)
            raise

    async def _page(
        self, interaction: discord.Interaction[Any], saved: SavedSearch, number: int, answer: Answer
    ) -> Page:
        payer = payer_of(interaction)
        try:
            return await self._finder.page(saved, number, payer=payer, before_asking=answer.defer)
        except BudgetSpent:
            shown = await self._latest(interaction, least_page=1)
            offer_retry(interaction, lambda: retry_view(saved.search_id, number, back_to=shown))
            raise

    async def _latest(self, interaction: discord.Interaction[Any], *, least_page: int) -> SavedSearch | None:
        payer = payer_of(interaction)
        return await self._database.searches.latest(
            guild_id=payer.guild_id,
            channel_id=interaction.channel_id or 0,
            member_id=payer.member_id,
            least_page=least_page,
        )

    async def _move(self, saved: SavedSearch, number: int) -> None:
        try:
            await self._database.searches.move(saved.search_id, number)
        except StorageTrouble as error:  # the member gets the page: only /more will show it again
            _log.error("The position of a search could not be stored: %r", error.__cause__)


def payer_of(interaction: discord.Interaction[Any]) -> Payer:
    """Who asks, and in which guild. Raises Refused outside of guilds."""
    if interaction.guild_id is None:
        raise Refused("I only work in servers: please use me in one of their channels.")
    return Payer(interaction.guild_id, interaction.user.id)

"""Steps that tests of searches have in common."""

from collections.abc import Awaitable, Callable
from typing import Any

import simcord
from simcord import ResponseMessage

from bot.bot import Bot
from bot.errors import BotError
from bot.filters.matching import Filters
from bot.models.requester import Requester
from bot.models.search import Page, SavedSearch, Search
from tests.support.members import shown
from tests.support.world import World


async def search(world: World, query: str = "calm", **options: Any) -> ResponseMessage:
    """The answer to mika's /music."""
    return shown(await world.mika.slash(world.channel, "music", query=query, **options))


async def failed_search(world: World, query: str = "calm", **options: Any) -> simcord.InteractionResult:
    """Mika's /music, which must end in a BotError."""
    result = await world.mika.slash(world.channel, "music", query=query, **options)
    simcord.assert_error(world.env, BotError)
    return result


async def ignore_defer() -> None:
    """The `defer` of a lookup that nobody waits for."""


async def find_page(
    bot: Bot,
    search: Search,
    number: int = 1,
    *,
    filters: Filters | None = None,
    made_before: float = 0,
    defer: Callable[[], Awaitable[None]] = ignore_defer,
) -> Page:
    """The page from the finder alone, for tests of concurrency: the simulated Discord delivers one by one.

    The search was made `made_before` seconds ago by member 1 of guild 1.
    """
    saved = SavedSearch.unsaved(search, guild_id=1, member_id=1, now=bot.clock() - made_before)
    return await bot.finder.page(
        saved, number, requester=Requester(1, 1), filters=filters or Filters(), defer=defer
    )

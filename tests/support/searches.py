"""Steps that tests of searches have in common."""

from typing import Any

import simcord
from simcord import ResponseMessage

from bot.errors import BotError
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

"""Steps that tests of shortlists have in common."""

import re

from simcord import ResponseMessage

from bot.bot import Bot
from bot.models.search import Track
from tests.support.members import choose, shown
from tests.support.world import World


async def collected(world: World, *asset_ids: str) -> ResponseMessage:
    """A shortlist that is open in the channel, with tracks of an answer, which is returned."""
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight", brief="130 to 150 BPM")
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await choose(world.mika, answer, "add", *(asset_ids or ("1000", "1001", "1002")))
    return answer


async def posted(world: World) -> ResponseMessage:
    return shown(await world.mika.slash(world.channel, "shortlist show"))


def ranked(post: ResponseMessage) -> str:
    """What a post says in its embed, without the addresses."""
    lines = (post.embeds[0].description or "").splitlines()
    return "\n".join(
        line.replace("(<https://create.roblox.com/store/asset/", "(").replace(">)", ")") for line in lines
    )


def tallies(post: ResponseMessage) -> list[str]:
    """👍 and 👎 of each track, in the order of the ranking."""
    return re.findall(r"👍 \d+ · 👎 \d+", post.embeds[0].description or "")


def bot_of(world: World) -> Bot:
    assert isinstance(world.env.bot, Bot)
    return world.env.bot


async def fill(world: World, count: int) -> None:
    """Put `count` more tracks on the first shortlist."""
    tracks = [Track(str(10_000 + number), f"Filler {number}") for number in range(count)]
    await bot_of(world).database.entries.add(1, tracks, member_id=1, now=1, found_by=None)

"""Steps that tests of shortlists share."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from simcord import MemberActor, ResponseMessage

from bot.bot import Bot
from bot.models.search import Track
from bot.models.shortlists import Entry, Shortlist
from bot.shortlists.ranking import Ranking
from tests.support.members import choose, press, shown
from tests.support.world import Service, World, track

SHORTLIST = Shortlist(1, 1, "Boss fight: \U0001f525", "130 to 150 BPM", 1, 1.0, None, 0)

DELETE_SHORTLIST = "DELETE FROM shortlists"
CLOSE_SHORTLIST = "UPDATE shortlists SET closed_at = 1"
REMOVE_TRACKS = "DELETE FROM shortlist_tracks"

IN_BETWEEN = pytest.mark.parametrize(
    ("sql", "reply"),
    [
        (DELETE_SHORTLIST, "That shortlist is gone"),
        (CLOSE_SHORTLIST, "This shortlist is closed"),
        (REMOVE_TRACKS, "That track isn't on the shortlist any more"),
    ],
)
"""Changes that another process makes, and the reply to a member whose vote, note or removal comes after."""

METAL = [track(0), track(1, genre="Metal"), track(2), track(3, genre="Metal")]
"""A catalogue with two tracks of Metal among Lo-Fi."""

EDIT_BY_INTERACTION = "/webhooks/*/*/messages/@original"
EDIT_BY_BOT = "/channels/*/messages/*"


async def collect_tracks(world: World, *asset_ids: str) -> ResponseMessage:
    """Open a shortlist in the channel and add tracks from a search. Returns the search's message."""
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight", brief="130 to 150 BPM")
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await choose(world.mika, answer, "add", *(asset_ids or ("1000", "1001", "1002")))
    return answer


async def add_fillers(world: World, count: int) -> None:
    """Add `count` more tracks to the first shortlist."""
    tracks = [Track(str(10_000 + number), f"Filler {number}") for number in range(count)]
    await bot_of(world).database.entries.add(1, tracks, member_id=1, now=1, found_by=None)


async def post_ranking(world: World) -> ResponseMessage:
    return shown(await world.mika.slash(world.channel, "shortlist show"))


async def long_post(world: World) -> ResponseMessage:
    """A post with three pages, whose pause is over."""
    await collect_tracks(world, "1000")
    await add_fillers(world, 25)
    post = await post_ranking(world)
    await world.env.advance_time(4)
    return post


async def open_ballot(who: MemberActor, post: ResponseMessage, asset_id: str) -> ResponseMessage:
    return (await choose(who, post, "ballot", asset_id)).followups[0]


def add_members(world: World, count: int) -> list[MemberActor]:
    return [world.guild.add_member(world.env.create_user(f"member{number}")) for number in range(count)]


async def vote_on_metal(world: World, service: Service) -> None:
    """A shortlist of two Lo-Fi tracks and a Metal track, 1001, that has the only vote."""
    service.catalogue = METAL
    await collect_tracks(world)
    await press(world.noor, await open_ballot(world.noor, await post_ranking(world), "1001"), "👍")
    await world.env.advance_time(4)


async def block_metal(world: World) -> None:
    await world.sam.slash(world.channel, "filters block", genre="metal")


def ranking_text(post: ResponseMessage) -> str:
    """The embed of a post, with asset ids in place of addresses."""
    lines = (post.embeds[0].description or "").splitlines()
    return "\n".join(
        line.replace("(<https://create.roblox.com/store/asset/", "(").replace(">)", ")") for line in lines
    )


def tallies(post: ResponseMessage) -> list[str]:
    """👍 and 👎 of each track, in the order of the ranking."""
    return re.findall(r"👍 \d+ · 👎 \d+", post.embeds[0].description or "")


def edits(world: World) -> list[str]:
    """The kind of each edit of a post: "webhooks" through an interaction, "channels" as the bot."""
    return [
        request.path.split("/")[1]
        for request in world.sent()
        if request.method == "PATCH" and str((request.json or {}).get("content")).startswith("📋")
    ]


def fail_edits(world: World, status: int, code: int = 0) -> None:
    """Let every edit of a post fail."""
    for path in (EDIT_BY_INTERACTION, EDIT_BY_BOT):
        world.env.inject_error("PATCH", path, status=status, code=code, times=10**6)


def run_sql(path: Path, sql: str) -> None:
    """Run one statement on the database at `path`, as another process would."""
    with closing(sqlite3.connect(path)) as other:
        other.execute(sql)
        other.commit()


def change_before(monkeypatch: pytest.MonkeyPatch, store: Any, method: str, path: Path, sql: str) -> None:
    """Let another process run `sql` on the database at `path` just before each call of a store's method."""
    original = getattr(store, method)

    async def changed(*args: Any, **kwargs: Any) -> Any:
        run_sql(path, sql)
        return await original(*args, **kwargs)

    monkeypatch.setattr(store, method, changed)


def bot_of(world: World) -> Bot:
    assert isinstance(world.env.bot, Bot)
    return world.env.bot


def ranking_of(*tracks: Track) -> Ranking:
    """A ranking of `tracks`, each with two 👍 and one 👎."""
    return Ranking(SHORTLIST, [Entry(track, 1, 1.0, "dark", 2, 1, 0, None) for track in tracks], 0)

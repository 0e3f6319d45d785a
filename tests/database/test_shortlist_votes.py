"""VoteStore: one vote per member and track, with the right tallies, while the shortlist is open."""

import asyncio
import random

import pytest

from bot.database import Database, shortlist_votes
from tests.support.stores import GONE_ID, TRACKS, add_entries, add_shortlist


async def test_random_votes_at_once_leave_the_right_tallies(database: Database) -> None:
    shortlist = await add_shortlist(database)
    await add_entries(database, shortlist, *TRACKS)
    chance = random.Random(7)  # noqa: S311 (not a secret)
    last: dict[tuple[str, int], int] = {}

    async def act(asset_id: str, member_id: int, vote: int) -> None:
        place = shortlist.shortlist_id, asset_id
        if vote == 0:
            await database.votes.remove(*place, member_id=member_id)
        elif vote == 1:
            assert await database.votes.vote(*place, member_id=member_id, vote=1)
        else:
            assert await database.votes.vote(*place, member_id=member_id, vote=-1)

    acts = []
    for _ in range(1000):
        where = chance.choice(TRACKS).asset_id, chance.randrange(50)
        last[where] = chance.choice((-1, 0, 1))
        acts.append(act(*where, last[where]))
    await asyncio.gather(*acts)

    for entry in await database.entries.list_all(shortlist.shortlist_id):
        own = [vote for (asset_id, _), vote in last.items() if asset_id == entry.track.asset_id]
        assert (entry.likes, entry.dislikes) == (own.count(1), own.count(-1))
    mine = await database.votes.list_by_member(shortlist.shortlist_id, member_id=3)
    assert mine == {asset_id: vote for (asset_id, member), vote in last.items() if member == 3 and vote}


async def test_a_vote_is_withdrawn_once(database: Database, place: tuple[int, str]) -> None:
    await database.votes.vote(*place, member_id=1, vote=1)
    withdrawn = [await database.votes.remove(*place, member_id=1) for _ in range(2)]

    assert withdrawn == [True, False]
    assert await database.votes.get(*place, member_id=1) is None


async def test_votes_and_notes_of_a_closed_shortlist_are_frozen(
    database: Database, place: tuple[int, str]
) -> None:
    await database.votes.vote(*place, member_id=1, vote=1)
    await database.notes.put(*place, "loops well", member_id=1, now=1)
    await database.shortlists.close(place[0], 2)
    changes = [
        await database.votes.vote(*place, member_id=1, vote=-1),
        await database.votes.remove(*place, member_id=1),
        await database.notes.put(*place, "too loud", member_id=1, now=2),
        await database.notes.remove(*place, member_id=1),
    ]
    entry = await database.entries.get(*place)
    await database.shortlists.reopen(place[0])

    assert changes == [False] * 4
    assert entry is not None
    assert (entry.likes, entry.dislikes, entry.note) == (1, 0, "loops well")
    assert await database.votes.vote(*place, member_id=1, vote=-1)


@pytest.mark.parametrize("where", ["shortlist", "track"])
async def test_votes_and_notes_on_a_missing_shortlist_or_track_are_refused(
    database: Database, place: tuple[int, str], where: str
) -> None:
    gone = (GONE_ID, place[1]) if where == "shortlist" else (place[0], "gone")

    assert not await database.votes.vote(*gone, member_id=1, vote=1)
    assert not await database.votes.remove(*gone, member_id=1)
    assert not await database.notes.put(*gone, "x", member_id=1, now=1)
    assert not await database.notes.remove(*gone, member_id=1)


async def test_votes_of_a_member_are_found_by_index(database: Database) -> None:
    plan = await database.votes._execute(  # noqa: SLF001 (the plan of the store's own statement)
        f"EXPLAIN QUERY PLAN {shortlist_votes._LIST_BY_MEMBER}",  # noqa: SLF001
        {"shortlist_id": 1, "member_id": 1},
    )

    assert "INDEX shortlist_votes_by_member" in plan[0][3]

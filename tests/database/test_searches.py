"""SearchStore: positions that hold when several members page on at once."""

import asyncio

from bot.database import Database
from bot.models.search import Search

PLACE = {"guild_id": 1, "channel_id": 1, "member_id": 1}


async def add(database: Database, *, member_id: int = 1, private: bool = False, now: float = 1) -> int:
    saved = await database.searches.add(
        Search("calm"), guild_id=1, channel_id=1, member_id=member_id, private=private, now=now
    )
    return saved.search_id


async def test_of_many_who_page_on_at_once_each_gets_a_page_of_its_own(database: Database) -> None:
    await add(database)
    claimed = await asyncio.gather(*(database.searches.claim_next_page(**PLACE) for _ in range(20)))

    assert [saved.page for saved in claimed if saved is not None] == list(range(2, 22))


async def test_no_page_is_claimed_where_there_is_no_search(database: Database) -> None:
    assert await database.searches.claim_next_page(**PLACE) is None
    assert await database.searches.get_latest(**PLACE) is None


async def test_latest_search_is_the_members_own_then_a_public_one(database: Database) -> None:
    own = await add(database, member_id=1)
    public = await add(database, member_id=2)
    await add(database, member_id=3, private=True)
    latest = [
        await database.searches.get_latest(guild_id=1, channel_id=1, member_id=member_id)
        for member_id in (1, 9)
    ]

    assert [saved and saved.search_id for saved in latest] == [own, public]
    assert await database.searches.get_latest(**PLACE, min_page=2) is None


async def test_private_search_of_another_member_or_guild_is_not_moved(database: Database) -> None:
    search_id = await add(database, member_id=1, private=True)
    moved = [
        await database.searches.set_page(search_id, 4, guild_id=guild_id, member_id=member_id)
        for guild_id, member_id in ((1, 2), (2, 1), (1, 1))
    ]

    assert [saved and saved.page for saved in moved] == [None, None, 4]
    assert await database.searches.get(search_id, guild_id=2) is None


async def test_positions_survive_overlapping_failures(database: Database) -> None:
    search_id = await add(database)
    claimed = [await database.searches.claim_next_page(**PLACE) for _ in range(3)]
    taken_back = [
        await database.searches.move_page(search_id, page, new_page)
        for page, new_page in ((2, 1), (4, 3))  # another member has gone on from page 2
    ]
    again = await database.searches.claim_next_page(**PLACE)

    assert [saved.page for saved in claimed if saved is not None] == [2, 3, 4]
    assert taken_back == [False, True]
    assert again is not None
    assert (again.page, again.page_before) == (4, 3)


async def test_searches_expire(database: Database) -> None:
    for now in (10, 20):
        await add(database, now=now)
    removed = await database.searches.expire(15, 100)

    assert removed == 1
    assert await database.searches.get(1, guild_id=1) is None
    assert await database.searches.get(2, guild_id=1) is not None
    assert not await database.searches.move_page(1, 1, 2)

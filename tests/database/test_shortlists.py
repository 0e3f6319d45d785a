"""ShortlistStore: limits and names that hold, and answers that tell of a deleted shortlist."""

import asyncio

import pytest

from bot.database import Database
from bot.models.shortlists import Post
from tests.support.stores import GONE_ID, TRACKS, add_entries, add_shortlist


async def test_of_many_shortlists_added_at_once_a_hundred_succeed(database: Database) -> None:
    results = await asyncio.gather(
        *(
            database.shortlists.add(f"List {n}", "", guild_id=1, channel_id=1, maker_id=1, now=1)
            for n in range(105)
        )
    )

    assert sum(result is not None for result in results) == 100
    assert await add_shortlist(database, guild_id=2)


async def test_a_name_is_taken_in_any_spelling(database: Database) -> None:
    await add_shortlist(database, "Boss fight")
    again = await database.shortlists.add("ＢＯＳＳ  Fight", "", guild_id=1, channel_id=1, maker_id=1, now=1)

    assert again is None
    assert await database.shortlists.get_by_name("boss fight", guild_id=1) is not None
    assert await database.shortlists.get_by_name("boss fight", guild_id=2) is None


async def test_rename_tells_a_taken_name_from_a_deleted_shortlist(database: Database) -> None:
    first = await add_shortlist(database, "Boss fight")
    second = await add_shortlist(database, "Menu")
    results = [
        await database.shortlists.rename(second.shortlist_id, "boss FIGHT"),
        await database.shortlists.rename(first.shortlist_id, "BOSS fight"),
        await database.shortlists.rename(GONE_ID, "Credits"),
        await database.shortlists.rename(GONE_ID, "Menu"),
    ]
    names = await database.shortlists.suggest_names("", guild_id=1, limit=9)

    assert results == ["taken", "renamed", "gone", "gone"]
    assert names == ["Menu", "BOSS fight"]


async def test_set_current_tells_of_a_deleted_shortlist(database: Database) -> None:
    shortlist = await add_shortlist(database)
    set_current = await database.shortlists.set_current(shortlist.shortlist_id, channel_id=5)
    await database.shortlists.delete(shortlist.shortlist_id)

    assert set_current
    assert not await database.shortlists.set_current(shortlist.shortlist_id, channel_id=5)
    assert await database.shortlists.get_current(guild_id=1, channel_id=5) is None


@pytest.mark.parametrize("channel_id", [1, 5])
async def test_the_shortlist_opened_last_is_current(database: Database, channel_id: int) -> None:
    first = await add_shortlist(database, "A")
    await add_shortlist(database, "B")
    await database.shortlists.set_current(first.shortlist_id, channel_id=channel_id)
    current = await database.shortlists.get_current(guild_id=1, channel_id=channel_id)

    assert current == first
    assert await database.shortlists.get_current(guild_id=2, channel_id=channel_id) is None


async def test_close_and_reopen_succeed_once_and_never_on_a_deleted_shortlist(database: Database) -> None:
    shortlist_id = (await add_shortlist(database)).shortlist_id
    closed = [await database.shortlists.close(each, 2) for each in (shortlist_id, shortlist_id, GONE_ID)]
    reopened = [await database.shortlists.reopen(each) for each in (shortlist_id, shortlist_id, GONE_ID)]

    assert closed == [True, False, False]
    assert reopened == [True, False, False]


async def test_delete_leaves_nothing_and_succeeds_once(database: Database) -> None:
    shortlist = await add_shortlist(database)
    place = shortlist.shortlist_id, TRACKS[0].asset_id
    await add_entries(database, shortlist, *TRACKS)
    await database.votes.vote(*place, member_id=1, vote=1)
    await database.notes.put(*place, "x", member_id=1, now=1)
    await database.posts.add(Post(5, 1, 1, 1, shortlist.shortlist_id, 1), version=0, now=1)
    deleted = [await database.shortlists.delete(shortlist.shortlist_id) for _ in range(2)]

    assert deleted == [True, False]
    assert await database.shortlists.get(shortlist.shortlist_id, guild_id=1) is None
    assert await database.shortlists.get_current(guild_id=1, channel_id=1) is None
    assert await database.entries.list_all(shortlist.shortlist_id) == []
    assert await database.votes.list_by_member(shortlist.shortlist_id, member_id=1) == {}
    assert await database.notes.list_by_track(*place) == []
    assert await database.posts.get(5) is None


async def test_summaries_are_in_order_with_sizes_and_leaders(database: Database) -> None:
    first, _, third = [await add_shortlist(database, name) for name in ("A", "B", "C")]
    await add_entries(database, first, *TRACKS)
    await database.votes.vote(first.shortlist_id, TRACKS[2].asset_id, member_id=1, vote=1)
    await database.shortlists.close(third.shortlist_id, 1)

    summaries = await database.shortlists.list_summaries(guild_id=1)

    assert [summary.shortlist.name for summary in summaries] == ["B", "A", "C"]
    assert [summary.size for summary in summaries] == [0, 4, 0]
    assert summaries[1].leaders == (TRACKS[2], TRACKS[0], TRACKS[1], TRACKS[3])


async def test_names_that_begin_with_the_text_are_suggested_first(database: Database) -> None:
    for name in ("Boss fight", "Final boss", "Boss rush", "Menu"):
        await add_shortlist(database, name)

    assert await database.shortlists.suggest_names("BOSS", guild_id=1, limit=9) == [
        "Boss rush",
        "Boss fight",
        "Final boss",
    ]
    assert await database.shortlists.suggest_names("boss", guild_id=1, limit=1) == ["Boss rush"]
    assert await database.shortlists.suggest_names("boss", guild_id=2, limit=9) == []

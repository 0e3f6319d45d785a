"""Shortlists as they are kept: limits, once, and tallies that hold when everybody comes at once."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.database import Database, open_database, posts, votes
from bot.models.search import Track
from bot.models.shortlists import Post, Shortlist
from bot.privacy.retention import POST_SECONDS, delete_expired

TRACKS = [Track(str(2**53 + number), f"Track {number}") for number in range(1, 5)]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(str(tmp_path / "test.db")) as database:
        yield database


async def made(database: Database, name: str = "Boss fight", *, guild_id: int = 1) -> Shortlist:
    shortlist = await database.shortlists.add(
        name, "", guild_id=guild_id, channel_id=guild_id, maker_id=1, now=1
    )
    assert shortlist is not None
    return shortlist


async def add(database: Database, shortlist: Shortlist, *tracks: Track) -> set[str]:
    return await database.entries.add(shortlist.shortlist_id, tracks, member_id=1, now=1, found_by=None)


async def test_of_many_who_make_a_shortlist_at_once_a_hundred_succeed(database: Database) -> None:
    results = await asyncio.gather(
        *(
            database.shortlists.add(f"List {n}", "", guild_id=1, channel_id=1, maker_id=1, now=1)
            for n in range(105)
        )
    )

    assert sum(result is not None for result in results) == 100
    assert await made(database, guild_id=2)


async def test_a_name_is_taken_however_it_is_written(database: Database) -> None:
    first = await made(database, "Boss fight")
    second = await made(database, "Menu")
    again = await database.shortlists.add("ＢＯＳＳ  Fight", "", guild_id=1, channel_id=1, maker_id=1, now=1)

    assert again is None
    assert not await database.shortlists.rename(second.shortlist_id, "boss FIGHT")
    assert await database.shortlists.rename(first.shortlist_id, "BOSS fight")
    found = await database.shortlists.get_by_name("boss fight", guild_id=1)
    assert found is not None
    assert found.name == "BOSS fight"
    assert await database.shortlists.get_by_name("boss fight", guild_id=2) is None


async def test_a_track_is_added_once_though_fifty_add_it_at_once(database: Database) -> None:
    shortlist = await made(database)
    added = await asyncio.gather(*(add(database, shortlist, *TRACKS) for _ in range(50)))

    assert sorted(map(len, added)) == [0] * 49 + [4]
    assert [entry.track for entry in await database.entries.list_all(shortlist.shortlist_id)] == TRACKS


async def test_the_thousandth_track_is_the_last(database: Database) -> None:
    shortlist = await made(database)
    await add(database, shortlist, *(Track(str(number), "x") for number in range(998)))
    added = await asyncio.gather(
        *(
            add(database, shortlist, *(Track(str(number + n), "x") for n in range(5)))
            for number in (2000, 3000)
        )
    )

    assert added == [{"2000", "2001"}, set()]


async def test_random_votes_at_once_leave_the_right_tallies(database: Database) -> None:
    shortlist = await made(database)
    await add(database, shortlist, *TRACKS)
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


async def test_what_is_closed_is_frozen_and_goes_on_when_reopened(database: Database) -> None:
    shortlist = await made(database)
    place = shortlist.shortlist_id, TRACKS[0].asset_id
    await add(database, shortlist, TRACKS[0])
    await database.votes.vote(*place, member_id=1, vote=1)
    assert await database.shortlists.close(shortlist.shortlist_id, 2)
    assert not await database.shortlists.close(shortlist.shortlist_id, 3)

    assert await add(database, shortlist, TRACKS[1]) == set()
    assert not await database.votes.vote(*place, member_id=2, vote=1)
    await database.votes.remove(*place, member_id=1)
    assert not await database.notes.put(*place, "x", member_id=1, now=1)
    assert not await database.entries.remove(*place)
    entry = await database.entries.get(*place)
    assert entry is not None
    assert entry.likes == 1
    assert await database.shortlists.reopen(shortlist.shortlist_id)
    assert await database.votes.vote(*place, member_id=2, vote=1)


async def test_what_is_deleted_leaves_nothing(database: Database) -> None:
    shortlist = await made(database)
    place = shortlist.shortlist_id, TRACKS[0].asset_id
    await add(database, shortlist, *TRACKS)
    await database.votes.vote(*place, member_id=1, vote=1)
    await database.notes.put(*place, "x", member_id=1, now=1)
    await database.posts.add(Post(5, 1, 1, 1, shortlist.shortlist_id, 1), version=0, now=1)
    assert await database.shortlists.delete(shortlist.shortlist_id)

    assert await database.shortlists.get_current(guild_id=1, channel_id=1) is None
    assert await database.entries.list_all(shortlist.shortlist_id) == []
    assert await database.votes.list_by_member(shortlist.shortlist_id, member_id=1) == {}
    assert await database.notes.list_by_track(*place) == []
    assert await database.posts.get(5) is None
    assert not await database.votes.vote(*place, member_id=1, vote=1)


async def test_a_post_is_behind_until_it_shows_its_page_and_all_that_was_voted(database: Database) -> None:
    shortlist = await made(database)
    post = Post(5, 1, 1, 1, shortlist.shortlist_id, 1)
    await add(database, shortlist, *TRACKS)
    await database.posts.add(post, version=4, now=1)
    assert await database.posts.list_outdated() == []
    await vote_on(database, shortlist)
    behind = await database.posts.list_outdated()
    await database.posts.mark_shown(post, 5)
    caught_up = await database.posts.list_outdated()
    await database.posts.touch(replace(post, page=2), turns=True, now=2)
    await database.posts.mark_shown(post, 5)
    turned = await database.posts.list_outdated()
    await database.posts.mark_shown(replace(post, page=2), 5)

    assert behind == [post]
    assert caught_up == []
    assert turned == [replace(post, page=2)]
    assert await database.posts.list_outdated() == []


async def vote_on(database: Database, shortlist: Shortlist) -> None:
    assert await database.votes.vote(shortlist.shortlist_id, TRACKS[0].asset_id, member_id=1, vote=1)


async def test_a_choice_turns_no_page_and_lets_a_blocked_post_be_edited_again(database: Database) -> None:
    shortlist = await made(database)
    post = Post(5, 1, 1, 1, shortlist.shortlist_id, 2)
    await add(database, shortlist, *TRACKS)
    await database.posts.touch(post, turns=True, now=1)
    await database.posts.mark_blocked(5)
    await vote_on(database, shortlist)
    blocked = await database.posts.list_outdated(shortlist.shortlist_id)
    await database.posts.touch(replace(post, page=1), turns=False, now=2)

    assert blocked == []
    assert await database.posts.list_outdated(shortlist.shortlist_id) == [post]
    assert await database.posts.list_outdated(shortlist.shortlist_id + 1) == []


async def test_a_vote_that_was_cast_already_leaves_no_post_behind(database: Database) -> None:
    shortlist = await made(database)
    await add(database, shortlist, *TRACKS)
    await vote_on(database, shortlist)
    await database.posts.add(Post(5, 1, 1, 1, shortlist.shortlist_id, 1), version=5, now=1)
    await vote_on(database, shortlist)

    assert await database.posts.list_outdated() == []


async def test_in_each_channel_the_five_posts_used_last_are_kept_up_to_date(database: Database) -> None:
    shortlist = await made(database)
    for number in range(12):
        channel_id = 1 + number % 2
        post = Post(number, channel_id, 1, 1, shortlist.shortlist_id, 1)
        await database.posts.add(post, version=0, now=number)

    known = await database.posts.list_by_shortlist(shortlist.shortlist_id)
    assert sorted(post.message_id for post in known if post.is_replaced) == [0, 1]
    assert [post.message_id for post in await database.posts.list_outdated()] == [1, 0]


async def test_posts_that_nobody_used_for_long_are_forgotten(database: Database) -> None:
    shortlist = await made(database)
    for number in range(3):
        post = Post(number, number, 1, 1, shortlist.shortlist_id, 1)
        await database.posts.add(post, version=0, now=number)
    await database.posts.touch(Post(0, 0, 1, 1, shortlist.shortlist_id, 1), turns=False, now=9)
    await delete_expired(database, POST_SECONDS + 2)

    assert [post.message_id for post in await database.posts.list_by_shortlist(shortlist.shortlist_id)] == [
        0,
        2,
    ]


@pytest.mark.parametrize(
    ("question", "index"),
    [
        (posts._BEHIND, "shortlist_posts_behind"),  # noqa: SLF001
        (votes._OF, "shortlist_votes_by_member"),  # noqa: SLF001
    ],
)
async def test_what_is_asked_often_has_an_index(database: Database, question: str, index: str) -> None:
    plan = await database.posts._run(f"EXPLAIN QUERY PLAN {question}", {"shortlist_id": 1, "member_id": 1})  # noqa: SLF001

    assert f"INDEX {index}" in plan[0][3]


async def test_the_list_is_in_order_with_sizes_and_leaders(database: Database) -> None:
    first, second, third = [await made(database, name) for name in ("A", "B", "C")]
    await add(database, first, *TRACKS)
    await database.votes.vote(first.shortlist_id, TRACKS[2].asset_id, member_id=1, vote=1)
    await database.shortlists.close(third.shortlist_id, 1)

    summaries = await database.shortlists.list_summaries(guild_id=1)

    assert [summary.shortlist.name for summary in summaries] == ["B", "A", "C"]
    assert [summary.size for summary in summaries] == [0, 4, 0]
    assert summaries[1].leaders[:2] == (TRACKS[2], TRACKS[0])
    assert await database.shortlists.suggest_names("b", guild_id=1, most=5) == ["B"]
    assert second.name == "B"

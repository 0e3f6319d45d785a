"""PostStore: which messages are outdated, blocked or replaced."""

from msgspec.structs import replace

from bot.database import Database, shortlist_posts
from bot.models.shortlists import Post
from tests.support.stores import GONE_ID, TRACKS, add_entries, add_shortlist, upvote_first


async def test_a_post_is_outdated_until_it_shows_its_page_and_every_vote(database: Database) -> None:
    shortlist = await add_shortlist(database)
    post = Post(5, 1, 1, 1, shortlist.shortlist_id, 1)
    await add_entries(database, shortlist, *TRACKS)
    await database.posts.add(post, version=4, now=1)
    assert await database.posts.list_outdated() == []
    await upvote_first(database, shortlist)
    outdated = await database.posts.list_outdated()
    await database.posts.mark_shown(post, 5)
    caught_up = await database.posts.list_outdated()
    await database.posts.touch(replace(post, page=2), turns=True, now=2)
    await database.posts.mark_shown(post, 5)
    turned = await database.posts.list_outdated()
    await database.posts.mark_shown(replace(post, page=2), 5)

    assert outdated == [post]
    assert caught_up == []
    assert turned == [replace(post, page=2)]
    assert await database.posts.list_outdated() == []


async def test_a_choice_turns_no_page_and_lets_a_blocked_post_be_edited_again(database: Database) -> None:
    shortlist = await add_shortlist(database)
    post = Post(5, 1, 1, 1, shortlist.shortlist_id, 2)
    await add_entries(database, shortlist, *TRACKS)
    await database.posts.touch(post, turns=True, now=1)
    await database.posts.mark_blocked(5)
    await upvote_first(database, shortlist)
    blocked = await database.posts.list_outdated(shortlist.shortlist_id)
    await database.posts.touch(replace(post, page=1), turns=False, now=2)

    assert blocked == []
    assert await database.posts.list_outdated(shortlist.shortlist_id) == [post]
    assert await database.posts.list_outdated(shortlist.shortlist_id + 1) == []


async def test_a_vote_that_changes_nothing_leaves_no_post_outdated(database: Database) -> None:
    shortlist = await add_shortlist(database)
    await add_entries(database, shortlist, *TRACKS)
    await upvote_first(database, shortlist)
    await database.posts.add(Post(5, 1, 1, 1, shortlist.shortlist_id, 1), version=5, now=1)
    await upvote_first(database, shortlist)

    assert await database.posts.list_outdated() == []


async def test_in_each_channel_the_five_posts_used_last_are_kept_up_to_date(database: Database) -> None:
    shortlist = await add_shortlist(database)
    for number in range(12):
        channel_id = 1 + number % 2
        post = Post(number, channel_id, 1, 1, shortlist.shortlist_id, 1)
        await database.posts.add(post, version=0, now=number)

    known = await database.posts.list_by_shortlist(shortlist.shortlist_id)
    assert sorted(post.message_id for post in known if post.is_replaced) == [0, 1]
    assert [post.message_id for post in await database.posts.list_outdated()] == [1, 0]


async def test_a_post_of_a_deleted_shortlist_is_not_stored(database: Database) -> None:
    post = Post(5, 1, 1, 1, GONE_ID, 1)

    assert not await database.posts.add(post, version=0, now=1)
    assert not await database.posts.touch(post, turns=True, now=1)
    assert await database.posts.get(5) is None


async def test_a_post_is_added_once(database: Database) -> None:
    shortlist = await add_shortlist(database)
    post = Post(5, 1, 1, 1, shortlist.shortlist_id, 1)
    added = [await database.posts.add(post, version=0, now=1) for _ in range(2)]

    assert added == [True, False]
    assert await database.posts.get(5) == post


async def test_changes_of_a_post_that_is_not_stored_say_so(database: Database) -> None:
    shortlist = await add_shortlist(database)
    post = Post(5, 1, 1, 1, shortlist.shortlist_id, 1)
    await database.posts.add(post, version=0, now=1)

    async def change() -> list[bool]:
        return [
            await database.posts.mark_shown(post, 0),
            await database.posts.mark_blocked(5),
            await database.posts.remove(5),
        ]

    assert await change() == [True] * 3
    assert await change() == [False] * 3


async def test_posts_expire_after_they_were_used_last(database: Database) -> None:
    shortlist = await add_shortlist(database)
    for number in range(3):
        post = Post(number, number, 1, 1, shortlist.shortlist_id, 1)
        await database.posts.add(post, version=0, now=number)
    await database.posts.touch(Post(0, 0, 1, 1, shortlist.shortlist_id, 1), turns=False, now=9)
    removed = await database.posts.expire(2, 100)
    left = await database.posts.list_by_shortlist(shortlist.shortlist_id)

    assert removed == 1
    assert [post.message_id for post in left] == [0, 2]


async def test_outdated_posts_are_found_by_index(database: Database) -> None:
    plan = await database.posts._execute(f"EXPLAIN QUERY PLAN {shortlist_posts._OUTDATED}")  # noqa: SLF001

    assert "INDEX shortlist_posts_behind" in plan[0][3]

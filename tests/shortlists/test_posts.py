"""Posts of shortlists: they show what is known whatever becomes of an edit, in no more edits than needed."""

import pytest
import simcord
from simcord import ResponseMessage

from tests.shortlists.test_voting import ballot, edits
from tests.support.members import choose, labels, options, press, shown
from tests.support.shortlists import bot_of, collected, fill, posted, tallies
from tests.support.world import Clock, World

BY_PRESS = "/webhooks/*/*/messages/@original"
BY_BOT = "/channels/*/messages/*"


async def long_post(world: World) -> ResponseMessage:
    """A post with three pages, which has rested."""
    await collected(world, "1000")
    await fill(world, 25)
    post = await posted(world)
    await world.env.advance_time(4)
    return post


def fail(world: World, status: int, code: int = 0) -> None:
    for path in (BY_PRESS, BY_BOT):
        world.env.inject_error("PATCH", path, status=status, code=code, times=10**6)


def tried(world: World) -> int:
    return len([request for request in world.sent() if request.method == "PATCH"])


@pytest.mark.parametrize("status", [400, 403, 500])
async def test_a_turn_whose_edit_failed_goes_through_when_it_is_pressed_again(
    world: World, status: int
) -> None:
    post = await long_post(world)
    fail(world, status)
    await press(world.noor, post, "▶")
    await world.env.advance_time(50)
    assert "page 1 of 3" in post.content
    world.env.backend.faults.clear()
    await press(world.noor, post, "▶")
    await world.env.advance_time(4)

    assert "page 2 of 3" in post.content


async def test_a_turn_within_the_pause_is_caught_up_with_after_a_restart(world: World) -> None:
    post = await long_post(world)
    await press(world.noor, post, "▶")
    await press(world.noor, post, "▶")
    await world.restart()
    await world.env.advance_time(4)

    assert labels(post) == [("◀", True), ("▶", False)]
    assert "page 3 of 3" in post.content


async def test_a_choice_on_the_old_page_does_not_turn_it_back(world: World) -> None:
    post = await long_post(world)
    await press(world.noor, post, "▶")
    await press(world.noor, post, "▶")
    await ballot(world.sam, post, options(post, "ballot")[0])
    await world.env.advance_time(4)

    assert "page 3 of 3" in post.content


async def test_posts_elsewhere_leave_a_post_up_to_date(world: World, clock: Clock) -> None:
    await collected(world)
    post = await posted(world)
    paper = await ballot(world.noor, post, "1000")
    elsewhere = world.guild.create_text_channel("elsewhere")
    for _ in range(6):
        clock.now += 1
        await world.mika.slash(elsewhere, "shortlist show", name="Boss fight")
    await press(world.noor, paper, "👍")
    await world.env.advance_time(4)

    assert tallies(post)[0] == "👍 1 · 👎 0"


async def test_a_post_that_gives_way_to_newer_ones_says_so(world: World, clock: Clock) -> None:
    post = await long_post(world)
    for _ in range(5):
        clock.now += 1
        await posted(world)
    await world.env.advance_time(4)

    assert "Not kept up to date any more" in post.content
    assert post.components == []


async def test_a_forgotten_post_keeps_its_page_when_something_is_chosen(world: World, clock: Clock) -> None:
    post = await long_post(world)
    for page in (2, 3):
        await press(world.noor, post, "▶")
        await world.env.advance_time(4)
        assert f"page {page} of 3" in post.content
    await bot_of(world).database.posts.remove(post.id)
    clock.now += 20 * 60
    paper = await ballot(world.noor, post, options(post, "ballot")[0])
    await press(world.noor, paper, "👎")
    await world.env.advance_time(4)

    assert "page 3 of 3" in post.content
    assert tallies(post)[-1] == "👍 0 · 👎 1"


async def test_every_post_rests_first_after_a_restart(world: World) -> None:
    post = await long_post(world)
    papers = [await ballot(who, post, "1000") for who in (world.noor, world.sam)]
    await world.env.advance_time(4)
    before = len(edits(world))
    for who, paper in zip((world.noor, world.sam), papers, strict=True):
        await press(who, paper, "👍")
    await world.restart()
    await world.env.advance_time(1)
    assert len(edits(world)) == before + 1
    await world.env.advance_time(3)

    assert len(edits(world)) == before + 2
    assert tallies(post)[0] == "👍 2 · 👎 0"


async def test_a_press_makes_up_for_what_was_refused(world: World, clock: Clock) -> None:
    post = await long_post(world)
    paper = await ballot(world.noor, post, "1000")
    await world.env.advance_time(4)
    clock.now += 20 * 60
    world.env.inject_error("PATCH", BY_BOT, status=403, code=50001, times=10**6)
    await press(world.noor, paper, "👍")
    await world.env.advance_time(4)
    assert tallies(post)[0] == "👍 0 · 👎 0"
    await ballot(world.sam, post, "1000")
    await world.env.advance_time(4)

    assert tallies(post)[0] == "👍 1 · 👎 0"


@pytest.mark.parametrize(("status", "code", "most"), [(403, 50001, 1), (400, 50083, 1), (500, 0, 6)])
async def test_an_edit_that_never_succeeds_is_tried_less_and_less(
    world: World, caplog: pytest.LogCaptureFixture, status: int, code: int, most: int
) -> None:
    post = await long_post(world)
    paper = await ballot(world.noor, post, "1000")
    await world.env.advance_time(4)
    fail(world, status, code)
    await press(world.noor, paper, "👍")
    for _ in range(40):
        await world.env.advance_time(60)
    lines = [r.getMessage() for r in caplog.records if r.name == "bot.shortlists.posts"]

    assert 1 <= len(lines) <= most
    world.env.backend.faults.clear()
    await ballot(world.noor, post, "1000")
    await world.env.advance_time(4)
    assert tallies(post)[0] == "👍 1 · 👎 0"


async def test_what_changes_nothing_that_is_seen_is_no_edit(world: World) -> None:
    post = await long_post(world)
    paper = await ballot(world.noor, post, "1000")
    await press(world.noor, paper, "👍")
    await world.env.advance_time(4)
    before = len(edits(world))
    await press(world.noor, paper, "👍")
    await world.sam.slash(world.channel, "filters block", genre="metal")
    await world.env.advance_time(70)

    assert len(edits(world)) == before


async def test_a_choice_is_followed_by_one_edit_so_that_the_menu_forgets_it(world: World) -> None:
    post = await long_post(world)
    for kind in ("ballot", "copy"):
        before = len(edits(world))
        await choose(world.noor, post, kind, "1000")
        await world.env.advance_time(10)
        assert len(edits(world)) == before + 1


async def test_a_choice_is_answered_once_though_the_post_can_not_be_kept(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    post = await long_post(world)
    for act in ("INSERT", "UPDATE"):
        await bot_of(world).database.posts._execute(  # noqa: SLF001 (these alone are to fail)
            f"CREATE TRIGGER no_{act} BEFORE {act} ON shortlist_posts BEGIN SELECT raise(ABORT, 'no'); END"
        )
    result = await choose(world.noor, post, "ballot", "1000")
    again = await world.noor.slash(world.channel, "shortlist show")
    simcord.assert_no_errors(world.env)

    assert ["your vote" in message.content for message in result.followups] == [True]
    assert "page 1 of 3" in shown(again).content
    assert "could not be kept" in caplog.text

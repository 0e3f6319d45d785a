"""Edits of posts that Discord refuses, delays or has no message for."""

import logging

import pytest

from tests.support.members import press, shown
from tests.support.shortlists import (
    EDIT_BY_BOT,
    EDIT_BY_INTERACTION,
    bot_of,
    collect_tracks,
    edits,
    fail_edits,
    long_post,
    open_ballot,
    post_ranking,
    ranking_text,
    tallies,
)
from tests.support.world import Clock, World


async def test_an_interaction_older_than_fifteen_minutes_is_not_used(world: World, clock: Clock) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    ballot = await open_ballot(world.noor, post, "1001")
    await world.env.advance_time(4)
    clock.now += 20 * 60
    await press(world.noor, ballot, "👍")
    await world.env.advance_time(2)

    assert tallies(post)[0] == "👍 1 · 👎 0"
    assert edits(world) == ["webhooks", "channels"]


async def test_a_new_post_is_edited_through_the_interaction_that_sent_it(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    await world.noor.slash(world.channel, "shortlist note", track="1000", text="loops well")
    await world.env.advance_time(4)

    assert edits(world) == ["webhooks"]
    assert "loops well" in ranking_text(post)


async def test_a_refused_edit_is_one_line_in_the_log_and_loses_no_vote(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    ballot = await open_ballot(world.noor, post, "1001")
    world.env.inject_error("PATCH", EDIT_BY_INTERACTION, status=401, code=50027)
    world.env.inject_error("PATCH", EDIT_BY_BOT, status=403, code=50001, message="injected")
    await press(world.noor, ballot, "👍")
    await world.env.advance_time(200)
    lines = [r.getMessage() for r in caplog.records if r.name == "bot.shortlists.posts"]
    again = shown(await world.mika.slash(world.channel, "shortlist show"))

    assert len(lines) == 1
    assert "did not take the edit of a post" in lines[0]
    assert not any(r.exc_info for r in caplog.records if r.levelno > logging.INFO)
    assert "your vote: 👍" in ballot.content
    assert tallies(again)[0] == "👍 1 · 👎 0"


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_edit_that_failed_for_a_while_is_repeated(world: World, status: int) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    ballot = await open_ballot(world.noor, post, "1001")
    fail_edits(world, status)
    await press(world.noor, ballot, "👍")
    await world.env.advance_time(10)
    assert tallies(post)[0] == "👍 0 · 👎 0"
    world.env.backend.faults.clear()
    await world.env.advance_time(70)

    assert tallies(post)[0] == "👍 1 · 👎 0"


async def test_an_edit_without_an_interaction_that_discord_limits_is_repeated(
    world: World, clock: Clock
) -> None:
    post = await long_post(world)
    ballot = await open_ballot(world.noor, post, "1000")
    await world.env.advance_time(4)
    clock.now += 20 * 60
    world.env.inject_error("PATCH", EDIT_BY_BOT, status=429, times=10**6)
    await press(world.noor, ballot, "👍")
    await world.env.advance_time(4)
    world.env.backend.faults.clear()
    await world.env.advance_time(70)

    assert tallies(post)[0] == "👍 1 · 👎 0"
    assert edits(world)[-1] == "channels"


async def test_a_limited_edit_through_an_interaction_is_not_repeated_as_the_bot(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    ballot = await open_ballot(world.noor, post, "1001")
    world.env.inject_error("PATCH", EDIT_BY_INTERACTION, status=429, times=10**6)
    await press(world.noor, ballot, "👍")
    await world.env.advance_time(10)

    assert set(edits(world)) == {"webhooks"}
    assert tallies(post)[0] == "👍 0 · 👎 0"


async def test_an_interaction_that_discord_refuses_is_not_used_again(world: World) -> None:
    post = await long_post(world)
    ballot = await open_ballot(world.noor, post, "1000")
    await world.env.advance_time(4)
    before = len(edits(world))
    world.env.inject_error("PATCH", EDIT_BY_INTERACTION, status=401, code=50027, times=10**6)
    for label in ("👎", "👍"):
        await press(world.noor, ballot, label)
        await world.env.advance_time(4)

    assert edits(world)[before:] == ["webhooks", "channels", "channels"]
    assert tallies(post)[0] == "👍 1 · 👎 0"


async def test_a_deleted_post_is_edited_no_more(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    ballot = await open_ballot(world.noor, post, "1001")
    world.env.backend.delete_message(post.channel_id, post.id)
    for label in ("👍", "👎", "👍"):
        await press(world.noor, ballot, label)
        await world.env.advance_time(4)
    lines = [r.getMessage() for r in caplog.records if r.name == "bot.shortlists.posts"]

    assert "your vote: 👍" in ballot.content
    assert len(lines) == 1
    assert await bot_of(world).database.posts.get(post.id) is None


async def test_the_interactions_of_a_member_are_not_used_after_they_are_evicted(world: World) -> None:
    post = await long_post(world)
    ballots = [await open_ballot(who, post, "1000") for who in (world.sam, world.noor)]
    await world.env.advance_time(4)
    bot_of(world).shortlist_posts.evict(world.sam.id)
    await press(world.sam, ballots[0], "👍")
    await world.env.advance_time(4)
    bot_of(world).shortlist_posts.evict(world.noor.id)
    await press(world.noor, ballots[1], "👍")
    await world.env.advance_time(4)

    assert edits(world)[-2:] == ["webhooks", "channels"]
    assert tallies(post)[0] == "👍 2 · 👎 0"


@pytest.mark.parametrize("status", [400, 403, 500])
async def test_a_page_whose_edit_failed_is_shown_after_the_next_press(world: World, status: int) -> None:
    post = await long_post(world)
    fail_edits(world, status)
    await press(world.noor, post, "▶")
    await world.env.advance_time(50)
    assert "page 1 of 3" in post.content
    world.env.backend.faults.clear()
    await press(world.noor, post, "▶")
    await world.env.advance_time(4)

    assert "page 2 of 3" in post.content


async def test_a_choice_repeats_a_refused_edit(world: World, clock: Clock) -> None:
    post = await long_post(world)
    ballot = await open_ballot(world.noor, post, "1000")
    await world.env.advance_time(4)
    clock.now += 20 * 60
    world.env.inject_error("PATCH", EDIT_BY_BOT, status=403, code=50001, times=10**6)
    await press(world.noor, ballot, "👍")
    await world.env.advance_time(4)
    assert tallies(post)[0] == "👍 0 · 👎 0"
    await open_ballot(world.sam, post, "1000")
    await world.env.advance_time(4)

    assert tallies(post)[0] == "👍 1 · 👎 0"


@pytest.mark.parametrize(
    ("status", "code", "tries"), [(403, 50001, 1), (400, 50083, 1), (429, 0, 5), (500, 0, 5)]
)
async def test_a_refused_edit_is_tried_once_and_a_failing_one_five_times_in_forty_minutes(
    world: World, caplog: pytest.LogCaptureFixture, status: int, code: int, tries: int
) -> None:
    post = await long_post(world)
    ballot = await open_ballot(world.noor, post, "1000")
    await world.env.advance_time(4)
    fail_edits(world, status, code)
    await press(world.noor, ballot, "👍")
    for _ in range(40):
        await world.env.advance_time(60)
    lines = [r.getMessage() for r in caplog.records if r.name == "bot.shortlists.posts"]

    assert len(lines) == tries
    world.env.backend.faults.clear()
    await open_ballot(world.noor, post, "1000")
    await world.env.advance_time(4)
    assert tallies(post)[0] == "👍 1 · 👎 0"

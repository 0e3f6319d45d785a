"""Posts of shortlists show every stored vote, in as few edits as possible."""

import random
from itertools import pairwise
from pathlib import Path

import pytest
import simcord

from tests.support.members import choose, labels, options, press, shown
from tests.support.shortlists import (
    DELETE_SHORTLIST,
    add_members,
    block_metal,
    bot_of,
    change_before,
    collect_tracks,
    edits,
    long_post,
    open_ballot,
    post_ranking,
    run_sql,
    tallies,
)
from tests.support.world import Clock, World


async def test_votes_of_fifty_members_are_shown_in_one_edit(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    ballots = [(who, await open_ballot(who, post, "1001")) for who in add_members(world, 50)]
    for number, (who, ballot) in enumerate(ballots):
        await press(who, ballot, "👎" if number % 5 == 0 else "👍")
        await press(who, ballot, "👎" if number % 5 == 0 else "👍")
    assert edits(world) == []
    await world.env.advance_time(2)

    assert edits(world) == ["webhooks"]
    assert tallies(post) == ["👍 40 · 👎 10", "👍 0 · 👎 0", "👍 0 · 👎 0"]
    await world.env.advance_time(60)
    assert edits(world) == ["webhooks"]


async def test_a_post_is_edited_at_most_once_in_two_seconds_and_shows_the_last_vote(
    world: World,
) -> None:
    chance = random.Random(11)  # noqa: S311 (not a secret)
    await collect_tracks(world)
    post = await post_ranking(world)
    ballots = [(who, await open_ballot(who, post, "1001")) for who in add_members(world, 8)]
    began_at = world.env.now()
    moments: list[float] = []
    votes: dict[int, str] = {}
    for _ in range(120):
        number = chance.randrange(len(ballots))
        votes[number] = chance.choice("👍👎")
        await press(*ballots[number], votes[number])
        await world.env.advance_time(chance.choice((0, 0, 0.25, 0.5)))
        if len(edits(world)) > len(moments):
            assert len(edits(world)) == len(moments) + 1
            assert tally_of(votes) in tallies(post)
            moments.append((world.env.now() - began_at).total_seconds())
    await world.env.advance_time(2)

    # The time moves on by up to half a second at once, so that is how exact the moments are.
    assert min(later - sooner for sooner, later in pairwise(moments)) >= 2 - 0.5
    assert len(moments) <= (world.env.now() - began_at).total_seconds() / 2
    assert tally_of(votes) in tallies(post)


def tally_of(votes: dict[int, str]) -> str:
    counts = list(votes.values())
    return f"👍 {counts.count('👍')} · 👎 {counts.count('👎')}"


async def test_a_vote_after_a_quiet_time_is_shown_at_once(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    ballot = await open_ballot(world.noor, post, "1001")
    await world.env.advance_time(10)
    await press(world.noor, ballot, "👍")

    assert tallies(post)[0] == "👍 1 · 👎 0"


async def test_a_page_turned_just_before_a_restart_is_shown_after_it(world: World) -> None:
    post = await long_post(world)
    await press(world.noor, post, "▶")
    await press(world.noor, post, "▶")
    await world.restart()
    await world.env.advance_time(4)

    assert labels(post) == [("◀", True), ("▶", False)]
    assert "page 3 of 3" in post.content


async def test_a_choice_on_an_old_page_does_not_turn_the_post_back(world: World) -> None:
    post = await long_post(world)
    await press(world.noor, post, "▶")
    await press(world.noor, post, "▶")
    await open_ballot(world.sam, post, options(post, "ballot")[0])
    await world.env.advance_time(4)

    assert "page 3 of 3" in post.content


async def test_newer_posts_in_other_channels_leave_a_post_up_to_date(world: World, clock: Clock) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    ballot = await open_ballot(world.noor, post, "1000")
    elsewhere = world.guild.create_text_channel("elsewhere")
    for _ in range(6):
        clock.now += 1
        await world.mika.slash(elsewhere, "shortlist show", name="Boss fight")
    await press(world.noor, ballot, "👍")
    await world.env.advance_time(4)

    assert tallies(post)[0] == "👍 1 · 👎 0"


async def test_a_post_that_newer_posts_replace_says_so(world: World, clock: Clock) -> None:
    post = await long_post(world)
    for _ in range(5):
        clock.now += 1
        await post_ranking(world)
    await world.env.advance_time(4)

    assert "This post isn't updated any more" in post.content
    assert post.components == []
    before = len(edits(world))
    await world.env.advance_time(130)
    assert len(edits(world)) == before


async def test_an_expired_post_keeps_its_page_after_a_choice(world: World, clock: Clock) -> None:
    post = await long_post(world)
    for page in (2, 3):
        await press(world.noor, post, "▶")
        await world.env.advance_time(4)
        assert f"page {page} of 3" in post.content
    await bot_of(world).database.posts.remove(post.id)
    clock.now += 20 * 60
    ballot = await open_ballot(world.noor, post, options(post, "ballot")[0])
    await press(world.noor, ballot, "👎")
    await world.env.advance_time(4)

    assert "page 3 of 3" in post.content
    assert tallies(post)[-1] == "👍 0 · 👎 1"


async def test_no_post_is_edited_in_the_first_two_seconds_after_a_restart(world: World) -> None:
    post = await long_post(world)
    ballots = [await open_ballot(who, post, "1000") for who in (world.noor, world.sam)]
    await world.env.advance_time(4)
    before = len(edits(world))
    for who, ballot in zip((world.noor, world.sam), ballots, strict=True):
        await press(who, ballot, "👍")
    await world.restart()
    await world.env.advance_time(1)
    assert len(edits(world)) == before + 1
    await world.env.advance_time(3)

    assert len(edits(world)) == before + 2
    assert tallies(post)[0] == "👍 2 · 👎 0"


async def test_a_post_from_before_a_restart_shows_later_votes(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    await press(world.noor, await open_ballot(world.noor, post, "1001"), "👍")
    await world.env.advance_time(2)
    await world.restart()
    await press(world.sam, await open_ballot(world.sam, post, "1001"), "👍")
    await world.env.advance_time(2)

    assert tallies(post)[0] == "👍 2 · 👎 0"


async def test_a_vote_just_before_a_restart_is_shown_after_it(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    await press(world.noor, await open_ballot(world.noor, post, "1001"), "👍")
    assert tallies(post)[0] == "👍 0 · 👎 0"
    await world.restart()
    await world.env.advance_time(2)

    assert tallies(post)[0] == "👍 1 · 👎 0"
    assert edits(world) == ["channels"]


async def test_a_post_that_is_up_to_date_is_not_edited_after_a_restart(world: World) -> None:
    post = await long_post(world)
    await press(world.noor, await open_ballot(world.noor, post, "1000"), "👍")
    await world.env.advance_time(10)
    before = len(edits(world))
    await world.restart()
    await world.env.advance_time(70)

    assert len(edits(world)) == before


async def test_a_change_that_is_not_visible_causes_no_edit(world: World) -> None:
    post = await long_post(world)
    ballot = await open_ballot(world.noor, post, "1000")
    await press(world.noor, ballot, "👍")
    await world.env.advance_time(4)
    before = len(edits(world))
    await press(world.noor, ballot, "👍")
    await block_metal(world)
    await world.env.advance_time(70)

    assert len(edits(world)) == before


async def test_a_new_post_is_not_edited_for_a_change_that_is_not_visible(world: World) -> None:
    await collect_tracks(world)
    await post_ranking(world)
    await world.env.advance_time(4)
    await block_metal(world)
    await world.env.advance_time(70)

    assert edits(world) == []


async def test_a_post_that_could_not_be_read_is_updated_two_seconds_later(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    post = await long_post(world)
    ballot = await open_ballot(world.noor, post, "1000")
    await press(world.noor, ballot, "👍")
    run_sql(tmp_path / "test.db", "ALTER TABLE shortlist_posts RENAME TO unreadable")
    await world.env.advance_time(2)
    run_sql(tmp_path / "test.db", "ALTER TABLE unreadable RENAME TO shortlist_posts")
    await world.env.advance_time(2)

    assert "A post could not be updated yet" in caplog.text
    assert tallies(post)[0] == "👍 1 · 👎 0"


async def test_a_post_that_expires_just_after_a_press_is_not_called_deleted(world: World) -> None:
    post = await long_post(world)
    for _ in range(2):
        await press(world.noor, post, "▶")
    await bot_of(world).database.posts.remove(post.id)
    await world.env.advance_time(4)

    assert "page 2 of 3" in post.content


async def test_a_choice_is_followed_by_one_edit_that_resets_the_menu(world: World) -> None:
    post = await long_post(world)
    for kind in ("ballot", "copy"):
        before = len(edits(world))
        await choose(world.noor, post, kind, "1000")
        await world.env.advance_time(10)
        assert len(edits(world)) == before + 1


async def test_a_choice_is_answered_once_if_the_post_cannot_be_stored(
    world: World, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    post = await long_post(world)
    for act in ("INSERT", "UPDATE"):
        run_sql(
            tmp_path / "test.db",
            f"CREATE TRIGGER no_{act} BEFORE {act} ON shortlist_posts BEGIN SELECT raise(ABORT, 'no'); END",
        )
    result = await choose(world.noor, post, "ballot", "1000")
    again = await world.noor.slash(world.channel, "shortlist show")
    simcord.assert_no_errors(world.env)

    assert ["your vote" in message.content for message in result.followups] == [True]
    assert "page 1 of 3" in shown(again).content
    assert "could not be stored" in caplog.text


@pytest.mark.parametrize("method", ["add", "touch"])
async def test_a_post_whose_shortlist_is_deleted_while_it_is_sent_or_turned_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, method: str
) -> None:
    post = await long_post(world)
    store = bot_of(world).database.posts
    change_before(monkeypatch, store, method, tmp_path / "test.db", DELETE_SHORTLIST)
    if method == "add":
        post = await post_ranking(world)
    else:
        await press(world.noor, post, "▶")
    await world.env.advance_time(4)

    assert post.content == "-# This shortlist was deleted."
    assert post.components == []

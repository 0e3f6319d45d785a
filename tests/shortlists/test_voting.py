"""Votes: one a member and track, at once for the voter, and soon for everybody, however many come at once."""

import logging
import random
from itertools import pairwise

import discord
import pytest
import simcord
from simcord import MemberActor, ResponseMessage

from bot.errors import BotError
from tests.support.members import choose, labels, options, press, shown
from tests.support.shortlists import bot_of, collected, posted, ranked, tallies
from tests.support.world import Clock, World


def edits(world: World) -> list[str]:
    """To what each edit of a post was sent: for a while the press's own message, else the channel."""
    return [
        request.path.split("/")[1]
        for request in world.sent()
        if request.method == "PATCH" and str((request.json or {}).get("content")).startswith("📋")
    ]


def crowd(world: World, size: int) -> list[MemberActor]:
    return [world.guild.add_member(world.env.create_user(f"member{number}")) for number in range(size)]


async def ballot(who: MemberActor, post: ResponseMessage, asset_id: str) -> ResponseMessage:
    return (await choose(who, post, "ballot", asset_id)).followups[0]


async def test_fifty_members_at_once_count_once_each_and_the_post_is_edited_once(world: World) -> None:
    await collected(world)
    post = await posted(world)
    ballots = [(who, await ballot(who, post, "1001")) for who in crowd(world, 50)]
    for number, (who, paper) in enumerate(ballots):
        await press(who, paper, "👎" if number % 5 == 0 else "👍")
        await press(who, paper, "👎" if number % 5 == 0 else "👍")
    assert edits(world) == []
    await world.env.advance_time(2)

    assert edits(world) == ["webhooks"]
    assert tallies(post) == ["👍 40 · 👎 10", "👍 0 · 👎 0", "👍 0 · 👎 0"]
    await world.env.advance_time(60)
    assert edits(world) == ["webhooks"]


async def test_there_is_never_more_than_one_edit_in_two_seconds_and_the_last_vote_is_shown(
    world: World,
) -> None:
    chance = random.Random(11)  # noqa: S311 (not a secret)
    await collected(world)
    post = await posted(world)
    ballots = [(who, await ballot(who, post, "1001")) for who in crowd(world, 8)]
    began, seen, moments = world.env.now(), 0, []
    votes: dict[int, str] = {}
    for _ in range(120):
        number = chance.randrange(len(ballots))
        votes[number] = chance.choice("👍👎")
        await press(*ballots[number], votes[number])
        await world.env.advance_time(chance.choice((0, 0, 0.25, 0.5)))
        if len(edits(world)) > seen:
            assert len(edits(world)) == seen + 1
            seen += 1
            moments.append((world.env.now() - began).total_seconds())
    await world.env.advance_time(2)

    assert len(moments) > 5
    assert min(later - sooner for sooner, later in pairwise(moments)) >= 2 - 0.5
    assert len(moments) <= (world.env.now() - began).total_seconds() / 2
    counts = list(votes.values())
    assert f"👍 {counts.count('👍')} · 👎 {counts.count('👎')}" in tallies(post)


async def test_a_vote_after_a_quiet_time_is_shown_at_once(world: World) -> None:
    await collected(world)
    post = await posted(world)
    paper = await ballot(world.noor, post, "1001")
    await world.env.advance_time(10)
    await press(world.noor, paper, "👍")

    assert tallies(post)[0] == "👍 1 · 👎 0"


async def test_a_vote_can_be_changed_and_withdrawn(world: World) -> None:
    await collected(world)
    paper = await ballot(world.noor, await posted(world), "1001")
    said = []
    for label in ("👍", "👎", "Withdraw my vote"):
        await press(world.noor, paper, label)
        said.append(
            (
                paper.content.splitlines()[0].split("vote: ")[1],
                (paper.embeds[0].description or "").splitlines()[2],
            )
        )

    assert said == [("👍", "👍 1 · 👎 0"), ("👎", "👍 0 · 👎 1"), ("none yet", "👍 0 · 👎 0")]
    assert ("Withdraw my vote", False) in labels(paper)


async def test_a_ballot_is_seen_by_its_member_alone_and_answered_in_one_callback(world: World) -> None:
    await collected(world)
    post = await posted(world)
    paper = await ballot(world.noor, post, "1001")
    sent = len(world.sent())
    result = await press(world.noor, paper, "👍")

    assert paper.ephemeral
    assert result.acknowledged
    assert [(request.json or {}).get("type") for request in world.sent()[sent:]] == [
        discord.InteractionResponseType.message_update.value
    ]


async def test_the_next_track_without_my_vote_follows_until_there_is_none(world: World) -> None:
    await collected(world)
    paper = await ballot(world.noor, await posted(world), "1000")
    seen = []
    for _ in range(3):
        await press(world.noor, paper, "👍")
        seen.append(paper.embeds[0].title)
        last = await press(world.noor, paper, "Next without my vote")

    assert seen == ["Track 0", "Track 1", "Track 2"]
    assert "voted on every track" in shown(last).content


async def test_the_next_track_without_my_vote_moves_past_those_left_out(world: World) -> None:
    await collected(world)
    paper = await ballot(world.noor, await posted(world), "1000")
    seen = []
    for _ in range(4):
        await press(world.noor, paper, "Next without my vote")
        seen.append(paper.embeds[0].title)
    for _ in range(2):
        await press(world.noor, paper, "👍")
        await press(world.noor, paper, "Next without my vote")
    last = await press(world.noor, paper, "Next without my vote")

    assert seen == ["Track 1", "Track 2", "Track 0", "Track 1"]
    assert "the only track left" in shown(last).content


@pytest.mark.parametrize("table", ["shortlist_votes", "shortlist_notes"])
async def test_a_track_that_is_removed_at_the_same_moment_is_not_called_closed(
    world: World, table: str
) -> None:
    await collected(world)
    paper = await ballot(world.noor, await posted(world), "1000")
    await bot_of(world).database.posts._execute(  # noqa: SLF001 (between two statements of the bot)
        f"CREATE TRIGGER gone BEFORE INSERT ON {table} BEGIN SELECT raise(IGNORE); END"
    )
    if table == "shortlist_votes":
        result = await press(world.noor, paper, "👍")
    else:
        result = await world.noor.slash(world.channel, "shortlist note", track="1000", text="x")
        simcord.assert_error(world.env, BotError)

    assert "isn't on the shortlist any more" in shown(result).content


async def test_a_note_is_counted_as_discord_counts_and_is_whole_on_the_ballot(world: World) -> None:
    await collected(world)
    result = await world.noor.slash(world.channel, "shortlist note", track="1000", text="🔥" * 101)
    simcord.assert_error(world.env, BotError)
    note = "*" * 199 + "!"
    for who in crowd(world, 7):
        await who.slash(world.channel, "shortlist note", track="1000", text=note)
    paper = await ballot(world.sam, await posted(world), "1000")

    assert "up to 200 characters, and yours has 202" in shown(result).content
    assert paper.content.count("\\*" * 199 + "!") == 4
    assert "and 3 more notes" in paper.content
    assert len(paper.content) <= 2000


async def test_a_note_is_read_by_all_replaced_and_taken_back(world: World) -> None:
    await collected(world)
    post = await posted(world)
    paper = await ballot(world.noor, post, "1001")
    form = await press(world.noor, paper, "Note …")
    await world.noor.submit_modal(form, {"note": "too **sad** after the drop"})
    await world.mika.slash(world.channel, "shortlist note", track="1001", text="loops well")
    assert f"<@{world.noor.id}>: too \\*\\*sad\\*\\* after the drop" in paper.content
    await world.env.advance_time(4)
    first = ranked(post)
    form = await press(world.noor, paper, "Note …")
    assert form.modal is not None
    assert form.modal["components"][0]["component"]["value"] == "too **sad** after the drop"
    await world.noor.submit_modal(form, {"note": ""})
    await world.env.advance_time(4)

    assert "(+1)" in first
    assert "💬 *loops well*" in ranked(post)
    assert "(+1)" not in ranked(post)


async def test_a_note_that_is_too_long_says_how_long(world: World) -> None:
    await collected(world)
    result = await world.noor.slash(world.channel, "shortlist note", track="1001", text="x" * 201)
    simcord.assert_error(world.env, BotError)

    assert "up to 200 characters, and yours has 201" in shown(result).content
    await world.noor.slash(world.channel, "shortlist note", track="1001", text="y" * 200)
    assert "yyy" in ranked(await posted(world))


async def test_ten_stand_on_a_page_and_pages_turn_for_everybody(world: World) -> None:
    answer = await collected(world, "1000", "1001", "1002", "1003", "1004")
    for _ in range(2):
        await press(world.mika, answer, "▶")
        await choose(world.mika, answer, "add", *options(answer, "add"))
    post = await posted(world)
    assert len(tallies(post)) == 10
    await press(world.noor, post, "▶")
    await world.env.advance_time(2)

    assert "page 2 of 2" in post.content
    assert len(tallies(post)) == 5
    assert labels(post) == [("◀", True), ("▶", False)]
    assert options(post, "ballot") == ["1010", "1011", "1012", "1013", "1014"]


async def test_turning_pages_fast_is_one_edit_too(world: World) -> None:
    answer = await collected(world, "1000", "1001", "1002", "1003", "1004")
    for _ in range(2):
        await press(world.mika, answer, "▶")
        await choose(world.mika, answer, "add", *options(answer, "add"))
    post = await posted(world)
    for _ in range(10):
        result = await press(world.noor, post, "▶")
        assert result.acknowledged
    await world.env.advance_time(2)

    assert edits(world) == ["webhooks"]


class TestAfterARestart:
    async def test_votes_are_there_and_the_old_post_takes_more(self, world: World) -> None:
        await collected(world)
        post = await posted(world)
        await press(world.noor, await ballot(world.noor, post, "1001"), "👍")
        await world.env.advance_time(2)
        await world.restart()
        await press(world.sam, await ballot(world.sam, post, "1001"), "👍")
        await world.env.advance_time(2)

        assert tallies(post)[0] == "👍 2 · 👎 0"

    async def test_a_vote_that_the_post_did_not_show_yet_is_caught_up_with(self, world: World) -> None:
        await collected(world)
        post = await posted(world)
        await press(world.noor, await ballot(world.noor, post, "1001"), "👍")
        assert tallies(post)[0] == "👍 0 · 👎 0"
        await world.restart()
        await world.env.advance_time(2)

        assert tallies(post)[0] == "👍 1 · 👎 0"
        assert edits(world) == ["channels"]

    async def test_an_old_ballot_still_votes(self, world: World) -> None:
        await collected(world)
        post = await posted(world)
        paper = await ballot(world.noor, post, "1001")
        await world.restart()
        await press(world.noor, paper, "👍")
        await world.env.advance_time(2)

        assert "your vote: 👍" in paper.content
        assert tallies(post)[0] == "👍 1 · 👎 0"


class TestWhenDiscordDoesNotTakeAnEdit:
    async def test_after_fifteen_minutes_the_bot_edits_as_itself(self, world: World, clock: Clock) -> None:
        await collected(world)
        post = await posted(world)
        paper = await ballot(world.noor, post, "1001")
        await world.env.advance_time(4)
        clock.now += 20 * 60
        await press(world.noor, paper, "👍")
        await world.env.advance_time(2)

        assert tallies(post)[0] == "👍 1 · 👎 0"
        assert edits(world) == ["webhooks", "channels"]

    async def test_a_refused_edit_is_one_line_and_no_vote_is_lost(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        await collected(world)
        post = await posted(world)
        paper = await ballot(world.noor, post, "1001")
        world.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=401, code=50027)
        world.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50001, message="injected")
        await press(world.noor, paper, "👍")
        await world.env.advance_time(200)
        lines = [r.getMessage() for r in caplog.records if r.name == "bot.shortlists.posts"]
        again = shown(await world.mika.slash(world.channel, "shortlist show"))

        assert len(lines) == 1
        assert "did not take the edit of a post" in lines[0]
        assert not any(r.exc_info for r in caplog.records if r.levelno > logging.INFO)
        assert "your vote: 👍" in paper.content
        assert tallies(again)[0] == "👍 1 · 👎 0"

    async def test_an_edit_that_failed_for_a_while_is_made_up_for(self, world: World) -> None:
        await collected(world)
        post = await posted(world)
        paper = await ballot(world.noor, post, "1001")
        world.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=500, times=9)
        world.env.inject_error("PATCH", "/channels/*/messages/*", status=500, times=9)
        await press(world.noor, paper, "👍")
        await world.env.advance_time(10)
        world.env.backend.faults.clear()
        await world.env.advance_time(70)

        assert tallies(post)[0] == "👍 1 · 👎 0"

    async def test_a_post_that_was_deleted_is_forgotten(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        await collected(world)
        post = await posted(world)
        paper = await ballot(world.noor, post, "1001")
        world.env.backend.delete_message(post.channel_id, post.id)
        for label in ("👍", "👎", "👍"):
            await press(world.noor, paper, label)
            await world.env.advance_time(4)
        lines = [r.getMessage() for r in caplog.records if r.name == "bot.shortlists.posts"]

        assert "your vote: 👍" in paper.content
        assert len(lines) == 1

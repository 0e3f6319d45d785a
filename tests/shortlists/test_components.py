"""Buttons and menus of posts, ballots and lists."""

import discord

from tests.support.members import choose, labels, options, press, shown
from tests.support.shortlists import (
    collect_tracks,
    edits,
    open_ballot,
    post_ranking,
    tallies,
)
from tests.support.world import World


async def test_a_page_has_ten_tracks_and_turns_for_everybody(world: World) -> None:
    answer = await collect_tracks(world, "1000", "1001", "1002", "1003", "1004")
    for _ in range(2):
        await press(world.mika, answer, "▶")
        await choose(world.mika, answer, "add", *options(answer, "add"))
    post = await post_ranking(world)
    assert len(tallies(post)) == 10
    await press(world.noor, post, "▶")
    await world.env.advance_time(2)

    assert "page 2 of 2" in post.content
    assert len(tallies(post)) == 5
    assert labels(post) == [("◀", True), ("▶", False)]
    assert options(post, "ballot") == ["1010", "1011", "1012", "1013", "1014"]


async def test_pages_turned_fast_are_one_edit(world: World) -> None:
    answer = await collect_tracks(world, "1000", "1001", "1002", "1003", "1004")
    for _ in range(2):
        await press(world.mika, answer, "▶")
        await choose(world.mika, answer, "add", *options(answer, "add"))
    post = await post_ranking(world)
    for _ in range(10):
        result = await press(world.noor, post, "▶")
        assert result.acknowledged
    await world.env.advance_time(2)

    assert edits(world) == ["webhooks"]


async def test_the_copy_menu_sends_the_id_to_the_member_alone(world: World) -> None:
    await collect_tracks(world)
    (copied,) = (await choose(world.noor, await post_ranking(world), "copy", "1001")).followups

    assert copied.ephemeral
    assert copied.content == "```\nrbxassetid://1001\n```"


async def test_a_ballot_is_ephemeral_and_a_vote_is_answered_in_one_callback(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    ballot = await open_ballot(world.noor, post, "1001")
    sent = len(world.sent())
    result = await press(world.noor, ballot, "👍")

    assert ballot.ephemeral
    assert result.acknowledged
    assert [(request.json or {}).get("type") for request in world.sent()[sent:]] == [
        discord.InteractionResponseType.message_update.value
    ]


async def test_a_ballot_from_before_a_restart_still_votes(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    ballot = await open_ballot(world.noor, post, "1001")
    await world.restart()
    await press(world.noor, ballot, "👍")
    await world.env.advance_time(2)

    assert "your vote: 👍" in ballot.content
    assert tallies(post)[0] == "👍 1 · 👎 0"


async def test_a_forged_delete_button_is_refused(world: World) -> None:
    await collect_tracks(world)
    await world.noor.slash(world.channel, "shortlist new", name="Mine")
    own = shown(await world.noor.slash(world.channel, "shortlist delete", name="Mine"))
    stored = world.env.backend.get_message(own.channel_id, own.id)
    stored.components[0]["components"][0]["custom_id"] = "delete:1"
    result = await world.noor.click(own.message, custom_id="delete:1")

    assert "Only the member who made" in shown(result).content
    await world.mika.slash(world.channel, "shortlist open", name="Boss fight")
    assert "3 tracks" in (await post_ranking(world)).content


async def test_a_ballot_of_a_closed_shortlist_only_copies_and_turns(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    await press(world.noor, await open_ballot(world.noor, post, "1000"), "👍")
    await world.mika.slash(world.channel, "shortlist close")
    ballot = await open_ballot(world.noor, post, "1000")

    assert "🔒 closed · your vote: 👍" in ballot.content
    assert [label for label, is_enabled in labels(ballot) if is_enabled] == [
        "Copy id",
        "Next without my vote",
    ]
    assert len(labels(ballot)) == 6

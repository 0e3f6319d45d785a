"""What a server's filters forbid stands on no shortlist that is seen, and comes back when they allow it."""

import pytest
from simcord import assert_error

from bot.errors import BotError
from tests.support.members import choose, options, press, shown
from tests.support.shortlists import collected, posted, ranked, tallies
from tests.support.world import Service, World, track


@pytest.fixture(autouse=True)
def catalogue(service: Service) -> None:
    service.catalogue = [track(0), track(1, genre="Metal"), track(2), track(3, genre="Metal")]


async def forbid_metal(world: World) -> None:
    await world.sam.slash(world.channel, "filters block", genre="metal")


async def voted(world: World) -> None:
    await collected(world, "1000", "1001", "1002")
    ballot = (await choose(world.noor, await posted(world), "ballot", "1001")).followups[0]
    await press(world.noor, ballot, "👍")
    await world.env.advance_time(4)


async def test_a_forbidden_track_cannot_be_added_in_any_way(world: World) -> None:
    answer = await collected(world, "1000")
    await forbid_metal(world)
    chosen = await choose(world.noor, answer, "add", "1001", "1002")
    by_id = await world.noor.slash(world.channel, "shortlist add", asset_id="1003")
    await world.sam.slash(world.channel, "filters remove", rule="no genre metal")

    assert "Added to 📋 **Boss fight**: **Track 2**" in shown(chosen).content
    assert "Not added, as this server's filters forbid it: 1 track" in shown(chosen).content
    assert "filters forbid it" in shown(by_id).content
    assert options(await posted(world), "ballot") == ["1000", "1002"]


async def test_it_disappears_from_everywhere_when_the_rule_is_made(world: World) -> None:
    await voted(world)
    post = await posted(world)
    ballot = (await choose(world.sam, post, "ballot", "1001")).followups[0]
    await forbid_metal(world)
    await world.env.advance_time(4)

    assert "Track 1" not in ranked(post)
    assert "1 hidden by this server's filters" in post.content
    assert options(post, "ballot") == options(post, "copy") == ["1000", "1002"]
    assert "hide it" in shown(await press(world.sam, ballot, "👍")).content
    assert "hide it" in shown(await press(world.sam, ballot, "Copy id")).content
    listed = shown(await world.mika.slash(world.channel, "shortlist list"))
    assert "ahead: Track 0" in (listed.embeds[0].description or "")
    choices = await world.mika.autocomplete(world.channel, "shortlist remove", "track", "")
    assert [choice["value"] for choice in choices] == ["1000", "1002"]
    compared = await world.mika.slash(world.channel, "shortlist compare", first="1000", second="1001")
    assert_error(world.env, BotError)
    assert "hide it" in shown(compared).content
    for form in ("luau", "csv", "json", "ids"):
        file = shown(await world.mika.slash(world.channel, "shortlist export", format=form)).attachments[0]
        assert b"1001" not in await file.read()
        assert b"1002" in await file.read()
    closed = shown(await world.mika.slash(world.channel, "shortlist close"))
    assert "none has won" in closed.content


async def test_it_comes_back_with_its_votes_when_the_rule_goes(world: World) -> None:
    await voted(world)
    post = await posted(world)
    await forbid_metal(world)
    await world.env.advance_time(4)
    assert tallies(post) == ["👍 0 · 👎 0"] * 2
    await world.sam.slash(world.channel, "filters remove", rule="no genre metal")
    await world.env.advance_time(4)

    assert tallies(post) == ["👍 1 · 👎 0", "👍 0 · 👎 0", "👍 0 · 👎 0"]
    assert "hidden" not in post.content


async def test_a_rule_for_one_channel_holds_there_alone_and_in_its_threads(world: World) -> None:
    await voted(world)
    await world.sam.slash(world.channel, "filters block", genre="metal", channel=world.channel)
    elsewhere = world.guild.create_text_channel("elsewhere")
    world.env.backend.create_thread(world.channel.id, "a thread", world.mika.id)
    (thread,) = world.channel.threads
    here = await posted(world)
    below = shown(await world.mika.slash(thread, "shortlist show", name="Boss fight"))
    there = shown(await world.mika.slash(elsewhere, "shortlist show", name="Boss fight"))
    await world.noor.slash(world.channel, "shortlist note", track="1000", text="fine")
    await world.env.advance_time(4)

    assert "fine" in ranked(below)
    assert "Track 1" not in ranked(here)
    assert "Track 1" not in ranked(below)
    assert "Track 1" in ranked(there)


async def test_a_form_adds_no_forbidden_track(world: World) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    form = await choose(world.mika, answer, "add", "1001", "1002")
    await forbid_metal(world)
    await world.mika.submit_modal(form, {"name": "Boss fight"})

    assert options(await posted(world), "ballot") == ["1002"]


async def test_where_all_is_hidden_that_is_said_everywhere(world: World) -> None:
    await voted(world)
    await world.sam.slash(world.channel, "filters block", genre="lo-fi")
    await forbid_metal(world)
    post = await posted(world)
    export = await world.mika.slash(world.channel, "shortlist export", format="csv")
    assert_error(world.env, BotError)
    closed = shown(await world.mika.slash(world.channel, "shortlist close"))

    assert "filters hide all" in (post.embeds[0].description or "")
    assert "filters hide all that is on 📋 **Boss fight**" in shown(export).content
    assert "3 hidden by this server's filters" in closed.content


async def test_a_hidden_track_can_be_removed(world: World) -> None:
    await voted(world)
    await forbid_metal(world)
    removed = await world.mika.slash(world.channel, "shortlist remove", track="1001")
    again = await world.mika.slash(world.channel, "shortlist remove", track="1001")
    assert_error(world.env, BotError)

    assert "**1001** is off" in shown(removed).content
    assert "isn't on the shortlist" in shown(again).content
    assert "hidden" not in (await posted(world)).content


async def test_a_vote_on_a_hidden_track_is_not_kept(world: World) -> None:
    await voted(world)
    paper = (await choose(world.sam, await posted(world), "ballot", "1001")).followups[0]
    await forbid_metal(world)
    await press(world.sam, paper, "👍")
    await world.sam.slash(world.channel, "filters remove", rule="no genre metal")

    assert tallies(await posted(world))[0] == "👍 1 · 👎 0"

"""Shortlists are found by channel, name and server, and filters hide their tracks."""

from pathlib import Path

import discord
import pytest
import simcord
from simcord import assert_error

from bot.errors import BotError
from tests.support.members import choose, options, press, shown
from tests.support.shortlists import (
    block_metal,
    collect_tracks,
    post_ranking,
    ranking_text,
    run_sql,
    tallies,
    vote_on_metal,
)
from tests.support.world import Service, World


async def test_each_channel_has_a_shortlist_of_its_own(world: World) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    elsewhere = world.guild.create_text_channel("elsewhere")
    result = await world.mika.slash(elsewhere, "shortlist show")
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "No shortlist is open in this channel" in shown(result).content


async def test_another_server_finds_no_shortlist_by_name_or_by_a_forged_id(world: World) -> None:
    await collect_tracks(world)
    other = world.env.create_guild("Other server")
    channel = other.create_text_channel("music")
    stranger = other.add_member(world.env.create_user("stranger"))
    names = await stranger.autocomplete(channel, "shortlist open", "name", "boss")
    await stranger.slash(channel, "shortlist new", name="Boss fight")
    answer = shown(await stranger.slash(channel, "music", query="calm"))
    await choose(stranger, answer, "add", "1000")
    post = shown(await stranger.slash(channel, "shortlist show"))
    stored = world.env.backend.get_message(post.channel_id, post.id)
    stored.components[0]["components"][0]["custom_id"] = "ballot:1:1"
    result = await stranger.select(post.message, ["1000"], custom_id="ballot:1:1")

    assert names == []
    assert result.ephemeral
    assert "gone" in shown(result).content


async def test_a_track_that_a_new_filter_hides_disappears_everywhere(world: World, service: Service) -> None:
    await vote_on_metal(world, service)
    post = await post_ranking(world)
    ballot = (await choose(world.sam, post, "ballot", "1001")).followups[0]
    await block_metal(world)
    copied = await choose(world.noor, post, "copy", "1001")
    await world.env.advance_time(4)

    assert "hide it" in shown(copied).content
    assert "Track 1" not in ranking_text(post)
    assert "1 track is hidden by this server's filters" in post.content
    assert options(post, "ballot") == options(post, "copy") == ["1000", "1002"]
    assert "hide it" in shown(await press(world.sam, ballot, "👍")).content
    assert "hide it" in shown(await press(world.sam, ballot, "Copy id")).content
    listed = shown(await world.mika.slash(world.channel, "shortlist list"))
    assert "in the lead: Track 0" in (listed.embeds[0].description or "")
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


async def test_a_hidden_track_comes_back_with_its_votes(world: World, service: Service) -> None:
    await vote_on_metal(world, service)
    post = await post_ranking(world)
    await block_metal(world)
    await world.env.advance_time(4)
    assert tallies(post) == ["👍 0 · 👎 0"] * 2
    await world.sam.slash(world.channel, "filters remove", rule="no genre metal")
    await world.env.advance_time(4)

    assert tallies(post) == ["👍 1 · 👎 0", "👍 0 · 👎 0", "👍 0 · 👎 0"]
    assert "hidden" not in post.content


async def test_a_filter_of_one_channel_applies_there_and_in_its_threads_only(
    world: World, service: Service
) -> None:
    await vote_on_metal(world, service)
    await world.sam.slash(world.channel, "filters block", genre="metal", channel=world.channel)
    elsewhere = world.guild.create_text_channel("elsewhere")
    world.env.backend.create_thread(world.channel.id, "a thread", world.mika.id)
    (thread,) = world.channel.threads
    here = await post_ranking(world)
    below = shown(await world.mika.slash(thread, "shortlist show", name="Boss fight"))
    there = shown(await world.mika.slash(elsewhere, "shortlist show", name="Boss fight"))
    await world.noor.slash(world.channel, "shortlist note", track="1000", text="fine")
    await world.env.advance_time(4)

    assert "fine" in ranking_text(below)
    assert "Track 1" not in ranking_text(here)
    assert "Track 1" not in ranking_text(below)
    assert "Track 1" in ranking_text(there)


async def test_post_export_and_decision_say_that_all_tracks_are_hidden(
    world: World, service: Service
) -> None:
    await vote_on_metal(world, service)
    await world.sam.slash(world.channel, "filters block", genre="lo-fi")
    await block_metal(world)
    post = await post_ranking(world)
    export = await world.mika.slash(world.channel, "shortlist export", format="csv")
    assert_error(world.env, BotError)
    closed = shown(await world.mika.slash(world.channel, "shortlist close"))

    assert "filters hide all" in (post.embeds[0].description or "")
    assert "filters hide all tracks on 📋 **Boss fight**" in shown(export).content
    assert "3 tracks are hidden by this server's filters" in closed.content


async def test_a_vote_on_a_hidden_track_is_not_stored(world: World, service: Service) -> None:
    await vote_on_metal(world, service)
    ballot = (await choose(world.sam, await post_ranking(world), "ballot", "1001")).followups[0]
    await block_metal(world)
    await press(world.sam, ballot, "👍")
    await world.sam.slash(world.channel, "filters remove", rule="no genre metal")

    assert tallies(await post_ranking(world))[0] == "👍 1 · 👎 0"


async def test_a_shortlist_is_found_by_its_name_however_it_is_written(world: World) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    elsewhere = world.guild.create_text_channel("elsewhere")
    found = await world.noor.slash(elsewhere, "shortlist show", name=" BOSS\u200b  fight ")
    missing = await world.noor.slash(elsewhere, "shortlist show", name="Menu")
    assert_error(world.env, BotError)

    assert "**Boss fight**" in shown(found).content
    assert missing.ephemeral
    assert "There is no shortlist with that name" in shown(missing).content


async def test_a_list_names_the_first_visible_track_of_each_shortlist(world: World, service: Service) -> None:
    await vote_on_metal(world, service)
    await block_metal(world)
    await world.mika.slash(world.channel, "shortlist new", name="Menu")
    listed = shown(await world.noor.slash(world.channel, "shortlist list"))
    rows = (listed.embeds[0].description or "").splitlines()

    assert rows[0].startswith("📋 **Menu** · 0 tracks · <t:")
    assert rows[1].startswith("📋 **Boss fight** · 3 tracks · in the lead: Track 0 · <t:")


async def test_autocomplete_offers_nothing_if_the_database_fails(
    world: World, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    await collect_tracks(world)
    run_sql(tmp_path / "test.db", "ALTER TABLE shortlists RENAME TO unreadable")
    names = await world.mika.autocomplete(world.channel, "shortlist open", "name", "boss")
    tracks = await world.mika.autocomplete(world.channel, "shortlist remove", "track", "")

    assert (names, tracks) == ([], [])
    assert [(request.json or {}).get("type") for request in world.sent()[-2:]] == [
        discord.InteractionResponseType.autocomplete_result.value
    ] * 2
    assert "could not read the names of shortlists" in caplog.text
    assert "could not read a shortlist's tracks" in caplog.text


async def test_a_filter_of_one_channel_keeps_tracks_out_of_its_threads(
    world: World, service: Service
) -> None:
    await vote_on_metal(world, service)
    await world.sam.slash(world.channel, "filters block", genre="metal", channel=world.channel)
    world.env.backend.create_thread(world.channel.id, "a thread", world.mika.id)
    (thread,) = world.channel.threads
    await world.mika.slash(thread, "shortlist open", name="Boss fight")
    result = await world.mika.slash(thread, "shortlist add", asset_id="1003")

    assert shown(result).content == "1 track was not added, because this server's filters hide it."


async def test_a_closed_shortlist_that_becomes_current_is_called_closed(world: World) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    await world.mika.slash(world.channel, "shortlist close")
    closed = shown(await world.mika.slash(world.channel, "shortlist open", name="Boss fight"))
    await world.mika.slash(world.channel, "shortlist reopen")
    reopened = shown(await world.mika.slash(world.channel, "shortlist open", name="Boss fight"))

    assert closed.content == (
        "📋 **Boss fight** is this channel's shortlist now. "
        "It is closed: `/shortlist reopen` opens it for tracks and votes."
    )
    assert reopened.content == "📋 **Boss fight** is this channel's shortlist now."

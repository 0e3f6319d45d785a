"""Shortlists are created, opened, listed, closed, renamed, deleted and exported."""

import json

import pytest
import simcord
from lupa import lua51
from simcord import assert_error

from bot.errors import BotError
from bot.shortlists import service
from tests.support.members import choose, labels, press, shown
from tests.support.shortlists import (
    block_metal,
    collect_tracks,
    open_ballot,
    post_ranking,
    ranking_text,
    vote_on_metal,
)
from tests.support.world import Service, World


async def test_a_new_shortlist_is_open_in_the_channel_until_another_is_opened(world: World) -> None:
    new = await world.mika.slash(world.channel, "shortlist new", name="Boss fight", brief="130 to 150 BPM")
    await world.noor.slash(world.channel, "shortlist new", name="Menu")
    second = shown(await world.mika.slash(world.channel, "shortlist show"))
    await world.noor.slash(world.channel, "shortlist open", name="BOSS  fight")
    first = shown(await world.mika.slash(world.channel, "shortlist show"))

    assert "**Boss fight** is open in this channel" in shown(new).content
    assert "130 to 150 BPM" in shown(new).content
    assert not new.ephemeral
    assert "**Menu**" in second.content
    assert "**Boss fight** · 0 tracks" in first.content


@pytest.mark.parametrize("name", ["boss FIGHT", "ＢＯＳＳ fight", " Boss\u200b fight "])
async def test_a_name_that_is_taken_is_refused_however_it_is_written(world: World, name: str) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    result = await world.noor.slash(world.channel, "shortlist new", name=name)
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "called **Boss fight** already" in shown(result).content


async def test_the_hundred_and_first_shortlist_is_refused_and_the_list_has_five_pages(world: World) -> None:
    for number in range(100):
        await world.mika.slash(world.channel, "shortlist new", name=f"List {number}")
    result = await world.mika.slash(world.channel, "shortlist new", name="One more")
    simcord.assert_error(world.env, BotError)
    listed = shown(await world.mika.slash(world.channel, "shortlist list"))

    assert "100 shortlists, which is the limit" in shown(result).content
    assert "page 1 of 5" in listed.content
    names = []
    for _ in range(5):
        names += [line.split("**")[1] for line in (listed.embeds[0].description or "").splitlines()]
        if labels(listed)[1][1]:
            await press(world.noor, listed, "▶")
    assert names == [f"List {number}" for number in reversed(range(100))]


async def test_the_list_names_size_leader_and_age(world: World) -> None:
    await collect_tracks(world)
    message = shown(await world.noor.slash(world.channel, "shortlist list"))

    assert (
        message.embeds[0].description
        == "📋 **Boss fight** · 3 tracks · in the lead: Track 0 · <t:1800000000:R>"
    )


async def test_closing_names_the_winners_and_adds_no_more_tracks(world: World) -> None:
    answer = await collect_tracks(world)
    ballot = (await choose(world.noor, await post_ranking(world), "ballot", "1001")).followups[0]
    await press(world.noor, ballot, "👍")
    closed = shown(await world.mika.slash(world.channel, "shortlist close"))
    vote = await press(world.sam, await open_ballot(world.sam, await post_ranking(world), "1001"), "Copy id")
    added = await choose(world.noor, answer, "add", "1004")

    assert "🥇 [Track 1](" in closed.content
    assert "🥈" not in closed.content
    assert "rbxassetid://1001" in shown(vote).content
    assert "is closed" in shown(added).content
    assert "🏆" in ranking_text(await post_ranking(world)).splitlines()[0]


async def test_without_a_vote_nobody_wins(world: World) -> None:
    await collect_tracks(world)

    assert "none has won" in shown(await world.mika.slash(world.channel, "shortlist close")).content


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("close", {}),
        ("reopen", {}),
        ("delete", {}),
        ("rename", {"to": "x"}),
        ("remove", {"track": "1000"}),
    ],
)
async def test_a_shortlist_is_changed_only_by_its_maker_and_moderators(
    world: World, command: str, given: dict[str, str]
) -> None:
    await collect_tracks(world)
    if command == "reopen":
        await world.mika.slash(world.channel, "shortlist close")
    refused = await world.noor.slash(world.channel, f"shortlist {command}", **given)
    simcord.assert_error(world.env, BotError)
    allowed = await world.sam.slash(world.channel, f"shortlist {command}", **given)

    assert "Only the member who made this shortlist, or a moderator" in shown(refused).content
    assert "Only" not in shown(allowed).content


async def test_deleting_asks_for_confirmation(world: World) -> None:
    await collect_tracks(world)
    question = await world.mika.slash(world.channel, "shortlist delete")
    assert question.ephemeral
    assert "3 tracks" in shown(question).content
    assert "3 tracks" in (await post_ranking(world)).content
    deleted = await press(world.mika, shown(question), "Delete it")
    gone = await world.mika.slash(world.channel, "shortlist show")
    simcord.assert_error(world.env, BotError)

    assert "is deleted" in shown(deleted).content
    assert "No shortlist is open" in shown(gone).content


async def test_the_post_of_a_deleted_shortlist_says_so(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    question = await world.mika.slash(world.channel, "shortlist delete")
    await press(world.mika, shown(question), "Delete it")
    await world.env.advance_time(4)

    assert "deleted" in post.content
    assert post.components == []


async def test_a_track_is_removed_with_its_votes(world: World) -> None:
    await collect_tracks(world)
    await press(world.noor, await open_ballot(world.noor, await post_ranking(world), "1000"), "👍")
    await world.mika.slash(world.channel, "shortlist remove", track="1000")
    await world.noor.slash(world.channel, "shortlist add", asset_id="1000")

    assert ranking_text(await post_ranking(world)).splitlines()[4:] == [
        "**3.** [Track 0](1000) · Artist 0",
        "👍 0 · 👎 0 · 80 BPM · 2:30 · Lo-Fi",
    ]


async def test_a_hidden_track_can_be_removed(world: World, service: Service) -> None:
    await vote_on_metal(world, service)
    await block_metal(world)
    removed = await world.mika.slash(world.channel, "shortlist remove", track="1001")
    again = await world.mika.slash(world.channel, "shortlist remove", track="1001")
    assert_error(world.env, BotError)

    assert "**1001** is off" in shown(removed).content
    assert "isn't on the shortlist" in shown(again).content
    assert "hidden" not in (await post_ranking(world)).content


async def test_an_export_is_attached_best_first(world: World) -> None:
    await collect_tracks(world)
    await press(world.noor, await open_ballot(world.noor, await post_ranking(world), "1002"), "👍")
    files = {}
    for form in ("luau", "csv", "json", "ids"):
        message = shown(await world.noor.slash(world.channel, "shortlist export", format=form))
        files[message.attachments[0].filename] = (await message.attachments[0].read()).decode("utf-8-sig")

    assert set(files) == {"boss-fight.luau", "boss-fight.csv", "boss-fight.json", "boss-fight.txt"}
    assert files["boss-fight.txt"].split() == ["1002", "1000", "1001"]
    table = lua51.LuaRuntime().execute(files["boss-fight.luau"])
    assert table["Track 2"]["id"] == "rbxassetid://1002"
    assert table["Track 2"]["rank"] == 1
    assert json.loads(files["boss-fight.json"])["tracks"][0]["likes"] == 1


async def test_an_export_of_an_empty_shortlist_is_refused(world: World) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    result = await world.mika.slash(world.channel, "shortlist export", format="csv")
    simcord.assert_error(world.env, BotError)

    assert "nothing on" in shown(result).content


async def test_a_file_that_discord_would_not_take_is_refused_in_private(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await collect_tracks(world)
    monkeypatch.setattr(service, "export", lambda *_: ("large.csv", b"x" * (200 * 2**20)))
    result = await world.mika.slash(world.channel, "shortlist export", format="csv")
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "larger than Discord takes" in shown(result).content

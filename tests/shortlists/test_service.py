"""Shortlists are created, opened, listed, closed, renamed, deleted and exported."""

from pathlib import Path

import pytest
import simcord
from simcord import assert_error

from bot.errors import BotError
from tests.support.members import choose, labels, press, shown
from tests.support.shortlists import (
    CLOSE_SHORTLIST,
    DELETE_SHORTLIST,
    IN_BETWEEN,
    block_metal,
    bot_of,
    change_before,
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


@pytest.mark.parametrize(
    ("command", "options", "content"),
    [
        ("close", {}, "📋 **Boss fight** · 3 tracks · 🔒 closed <t:1800000000:R>"),
        ("reopen", {}, "📋 **Boss fight** · 3 tracks"),
        ("rename", {"to": "Final boss"}, "📋 **Final boss** · 3 tracks"),
        ("remove", {"track": "1000"}, "📋 **Boss fight** · 2 tracks"),
    ],
)
async def test_a_change_is_shown_on_the_post_after_seconds(
    world: World, command: str, options: dict[str, str], content: str
) -> None:
    await collect_tracks(world)
    if command == "reopen":
        await world.mika.slash(world.channel, "shortlist close")
    post = await post_ranking(world)
    await world.mika.slash(world.channel, f"shortlist {command}", **options)
    await world.env.advance_time(4)

    assert post.content.splitlines()[0] == content


async def test_a_rename_to_a_taken_name_is_refused(world: World) -> None:
    for name in ("Boss fight", "Menu"):
        await world.mika.slash(world.channel, "shortlist new", name=name)
    refused = await world.mika.slash(world.channel, "shortlist rename", to="boss FIGHT")
    simcord.assert_error(world.env, BotError)
    renamed = await world.mika.slash(world.channel, "shortlist rename", to="MENU")

    assert "called **Boss fight** already" in shown(refused).content
    assert shown(renamed).content == "📋 **Menu** is called **MENU** now."


@pytest.mark.parametrize(
    ("command", "options", "method"),
    [
        ("open", {"name": "Boss fight"}, "set_current"),
        ("close", {}, "close"),
        ("reopen", {}, "reopen"),
        ("rename", {"to": "Final boss"}, "rename"),
    ],
)
async def test_a_shortlist_that_is_deleted_during_a_command_is_called_gone(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: str,
    options: dict[str, str],
    method: str,
) -> None:
    await collect_tracks(world)
    if command == "reopen":
        await world.mika.slash(world.channel, "shortlist close")
    store = bot_of(world).database.shortlists
    change_before(monkeypatch, store, method, tmp_path / "test.db", DELETE_SHORTLIST)
    result = await world.mika.slash(world.channel, f"shortlist {command}", **options)
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "That shortlist is gone" in shown(result).content


async def test_a_shortlist_that_is_deleted_before_the_confirmation_is_called_gone(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await collect_tracks(world)
    question = await world.mika.slash(world.channel, "shortlist delete")
    store = bot_of(world).database.shortlists
    change_before(monkeypatch, store, "delete", tmp_path / "test.db", DELETE_SHORTLIST)
    result = await press(world.mika, shown(question), "Delete it")

    assert "That shortlist is gone" in shown(result).content


@pytest.mark.parametrize(
    ("command", "sql", "reply"),
    [
        ("close", CLOSE_SHORTLIST, "📋 **Boss fight** is closed already."),
        ("reopen", "UPDATE shortlists SET closed_at = NULL", "📋 **Boss fight** is open already."),
    ],
)
async def test_a_shortlist_that_another_process_closes_or_reopens_first_is_called_so(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, sql: str, reply: str
) -> None:
    await collect_tracks(world)
    store = bot_of(world).database.shortlists
    change_before(monkeypatch, store, command, tmp_path / "test.db", sql)
    result = await world.mika.slash(world.channel, f"shortlist {command}")
    simcord.assert_error(world.env, BotError)

    assert shown(result).content == reply


@IN_BETWEEN
async def test_a_track_is_not_called_removed_if_its_shortlist_changes_first(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sql: str, reply: str
) -> None:
    await collect_tracks(world)
    change_before(monkeypatch, bot_of(world).database.entries, "remove", tmp_path / "test.db", sql)
    result = await world.mika.slash(world.channel, "shortlist remove", track="1000")
    simcord.assert_error(world.env, BotError)

    assert reply in shown(result).content


async def test_a_new_shortlist_whose_name_becomes_free_at_the_same_moment_can_be_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await collect_tracks(world)
    store = bot_of(world).database.shortlists
    change_before(monkeypatch, store, "get_by_name", tmp_path / "test.db", DELETE_SHORTLIST)
    result = await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    simcord.assert_error(world.env, BotError)

    assert "Please try again" in shown(result).content

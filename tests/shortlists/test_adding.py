"""Tracks are added from a search's menu, or by their id."""

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import simcord

from bot.errors import BotError
from bot.models.rates import Limits, parse_rates
from bot.shortlists.lookup import SHORTLIST_GONE
from tests.support.members import choose, options, press, private_reply, shown
from tests.support.shortlists import (
    CLOSE_SHORTLIST,
    DELETE_SHORTLIST,
    METAL,
    REMOVE_TRACKS,
    add_fillers,
    block_metal,
    bot_of,
    change_before,
    collect_tracks,
    post_ranking,
    ranking_text,
)
from tests.support.world import Service, World, answer, track


async def test_several_tracks_are_added_in_order_and_each_once(world: World) -> None:
    answer = await collect_tracks(world, "1000", "1003")
    again = await choose(world.noor, answer, "add", "1003", "1004")
    post = await post_ranking(world)

    assert options(answer, "add") == ["1000", "1001", "1002", "1003", "1004"]
    assert again.ephemeral
    assert shown(again).content == (
        "Added to 📋 **Boss fight**: **Track 4**\nAlready on 📋 **Boss fight**: **Track 3**"
    )
    assert [line for line in ranking_text(post).splitlines() if line.startswith("**")] == [
        "**1.** [Track 0](1000) · Artist 0",
        "**2.** [Track 3](1003) · Artist 3",
        "**3.** [Track 4](1004) · Artist 4",
    ]


async def test_an_added_track_is_shown_on_the_post_after_seconds(world: World) -> None:
    answer = await collect_tracks(world, "1000")
    post = await post_ranking(world)
    await choose(world.noor, answer, "add", "1001")
    await world.env.advance_time(4)

    assert "· 2 tracks" in post.content


async def test_a_ballot_says_who_added_the_track_when_and_from_which_search(world: World) -> None:
    await collect_tracks(world)
    ballot = (await choose(world.noor, await post_ranking(world), "ballot", "1000")).followups[0]

    assert f"Added by <@{world.mika.id}> <t:1800000000:R> from 🔎 calm" in ballot.content


async def test_the_query_of_a_private_search_is_not_shown(world: World) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    answer = shown(await world.mika.slash(world.channel, "music", query="secret", private=True))
    await choose(world.mika, answer, "add", "1000")
    ballot = (await choose(world.noor, await post_ranking(world), "ballot", "1000")).followups[0]

    assert f"Added by <@{world.mika.id}>" in ballot.content
    assert "secret" not in ballot.content


async def test_a_forged_menu_shows_no_query_of_another_server(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="secret")
    other = world.env.create_guild("Other server")
    channel = other.create_text_channel("music")
    stranger = other.add_member(world.env.create_user("stranger"))
    await stranger.slash(channel, "shortlist new", name="Boss fight")
    own = shown(await stranger.slash(channel, "music", query="calm"))
    stored = world.env.backend.get_message(own.channel_id, own.id)
    stored.components[1]["components"][0]["custom_id"] = "add:1:1"
    await stranger.select(own.message, ["1000"], custom_id="add:1:1")
    post = shown(await stranger.slash(channel, "shortlist show"))
    ballot = (await choose(stranger, post, "ballot", "1000")).followups[0]

    assert f"Added by <@{stranger.id}>" in ballot.content
    assert "secret" not in ballot.content


async def test_the_menu_works_after_a_restart_and_costs_no_request(world: World, service: Service) -> None:
    answer = await collect_tracks(world, "1000")
    await world.restart()
    await choose(world.noor, answer, "add", "1004")

    assert "2 tracks" in (await post_ranking(world)).content
    assert len(service.requests) == 1


async def test_the_thousand_and_first_track_is_not_added(world: World, service: Service) -> None:
    service.catalogue = [track(number) for number in range(5)]
    answer = await collect_tracks(world, "1000", "1001")
    await add_fillers(world, 997)
    result = await choose(world.noor, answer, "add", "1002", "1003")

    assert "Added to 📋 **Boss fight**: **Track 2**" in shown(result).content
    assert "a shortlist holds 1,000 tracks at most: **Track 3**" in shown(result).content
    assert "1,000 tracks · page 1 of 100" in (await post_ranking(world)).content


async def test_a_hidden_track_is_not_added_from_a_menu_or_by_id(world: World, service: Service) -> None:
    service.catalogue = METAL
    answer = await collect_tracks(world, "1000")
    await block_metal(world)
    chosen = await choose(world.noor, answer, "add", "1001", "1002")
    by_id = await world.noor.slash(world.channel, "shortlist add", asset_id="1003")
    await world.sam.slash(world.channel, "filters remove", rule="no genre metal")

    assert "Added to 📋 **Boss fight**: **Track 2**" in shown(chosen).content
    assert "1 track was not added, because this server's filters hide it." in shown(chosen).content
    assert "filters hide it" in shown(by_id).content
    assert options(await post_ranking(world), "ballot") == ["1000", "1002"]


@pytest.mark.parametrize(
    "written",
    [
        "1007",
        " rbxassetid://1007 ",
        "https://create.roblox.com/store/asset/1007/Some-Name-2",
        "https://www.roblox.com/library/1007/x",
        "http://www.roblox.com/asset/?id=1007",
        "https://www.roblox.com/asset?version=1&ID=1007",
        "https://create.roblox.com/dashboard/creations/store/1007/configure",
        "00001007",
        "１００７\u200b",
    ],
)
async def test_a_known_track_is_added_by_any_form_of_its_id_without_a_request(
    world: World, service: Service, written: str
) -> None:
    await collect_tracks(world)
    result = await world.noor.slash(world.channel, "shortlist add", asset_id=written)

    assert shown(result).content == "Added to 📋 **Boss fight**: **Track 7**"
    assert len(service.requests) == 1


async def test_an_unknown_track_is_looked_up_with_one_request(world: World, service: Service) -> None:
    asset_id = str(2**60 + 1)
    service.catalogue = [track(1, asset_id=asset_id, name="Far away")]
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    result = await world.noor.slash(world.channel, "shortlist add", asset_id=asset_id)

    assert result.ephemeral
    assert "**Far away**" in shown(result).content
    assert [asked["query"] for asked in service.asked] == [asset_id]


async def test_an_id_that_audioscape_does_not_know_adds_nothing(world: World, service: Service) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    result = await world.noor.slash(world.channel, "shortlist add", asset_id="99999")
    simcord.assert_error(world.env, BotError)

    assert "knows no track with the id 99999" in private_reply(result).content
    assert len(service.requests) == 1
    assert "0 tracks" in (await post_ranking(world)).content


@pytest.mark.parametrize(
    "written",
    [
        "boss fight",
        "https://example.com/1007",
        "https://www.roblox.com/games/5?userid=7",
        "https://www.roblox.com/bundles/5/x?id=9",
        "1" * 30,
        "-5",
        "000",
    ],
)
async def test_a_text_without_an_id_is_refused_without_a_request(
    world: World, service: Service, written: str
) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    result = await world.noor.slash(world.channel, "shortlist add", asset_id=written)
    simcord.assert_error(world.env, BotError)

    assert "can't find an asset id in that" in shown(result).content
    assert service.requests == []


async def test_a_look_up_that_failed_can_be_tried_again(world: World, service: Service) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    service.reply(500)
    failed = await world.noor.slash(world.channel, "shortlist add", asset_id="1007")
    simcord.assert_error(world.env, BotError)
    service.recover()
    service.catalogue = [track(7)]
    message = shown(failed)
    await press(world.noor, message, "Try again")

    assert message.content == "Added to 📋 **Boss fight**: **Track 7**"


async def test_a_shortlist_that_is_closed_during_a_look_up_takes_no_track(
    world: World, service: Service, tmp_path: Path
) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")

    def close(_: httpx.Request) -> httpx.Response:
        with closing(sqlite3.connect(tmp_path / "test.db")) as sqlite:
            sqlite.execute("UPDATE shortlists SET closed_at = 1")
            sqlite.commit()
        return httpx.Response(200, json=answer([track(1)]))

    service.handler = close
    result = await world.noor.slash(world.channel, "shortlist add", asset_id="1001")

    assert shown(result).content == "Not added, because 📋 **Boss fight** has just been closed: **Track 1**"


async def test_a_closed_shortlist_is_refused_without_a_request(world: World, service: Service) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    await world.mika.slash(world.channel, "shortlist close")
    result = await world.noor.slash(world.channel, "shortlist add", asset_id="1001")
    simcord.assert_error(world.env, BotError)

    assert "is closed" in shown(result).content
    assert service.requests == []


class TestOnASmallBudget:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(member=parse_rates("1/hour"), guild=parse_rates("9/hour"), key=parse_rates("9/hour"))

    async def test_a_look_up_is_paid_from_the_members_budget(self, world: World, service: Service) -> None:
        service.catalogue = [track(1), track(2)]
        await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
        await world.noor.slash(world.channel, "shortlist add", asset_id="99999")
        again = await world.noor.slash(world.channel, "shortlist add", asset_id="77777")
        simcord.assert_error(world.env, BotError)
        other = await world.sam.slash(world.channel, "shortlist add", asset_id="1001")

        assert again.ephemeral
        assert "used up your searches" in shown(again).content
        assert "**Track 1**" in shown(other).content
        assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("method", "sql", "reply"),
    [
        ("add", DELETE_SHORTLIST, SHORTLIST_GONE),
        ("list_present_ids", DELETE_SHORTLIST, SHORTLIST_GONE),
        ("add", CLOSE_SHORTLIST, "Not added, because 📋 **Boss fight** has just been closed: **Track 1**"),
        (
            "list_present_ids",
            REMOVE_TRACKS,
            "**Track 1**\nRemoved from 📋 **Boss fight** a moment ago: **Track 0**",
        ),
    ],
)
async def test_the_reply_tells_what_another_process_changed_while_tracks_were_added(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, method: str, sql: str, reply: str
) -> None:
    answer = await collect_tracks(world, "1000")
    change_before(monkeypatch, bot_of(world).database.entries, method, tmp_path / "test.db", sql)
    result = await choose(world.noor, answer, "add", "1000", "1001")

    assert result.ephemeral
    assert shown(result).content.endswith(reply)

"""SearchService: paging in order, after a restart, by everyone who may, and not beyond the end."""

import sqlite3
from contextlib import closing
from pathlib import Path

import discord
import pytest
import simcord

from bot.errors import BotError
from tests.support.members import forged_press, labels, press, private_reply, shown, titles
from tests.support.searches import failed_search
from tests.support.world import Pauses, Service, World, track


async def test_twenty_pages_cost_one_request(world: World, service: Service) -> None:
    service.catalogue = [track(number) for number in range(100)]
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    for _ in range(9):
        message = shown(await world.mika.slash(world.channel, "more"))
    for _ in range(10):
        message = shown(await press(world.noor, message, "▶"))

    assert message.content.endswith("page 20 of 20")
    assert titles(message) == [f"Track {number}" for number in range(95, 100)]
    assert labels(message) == [("◀", True), ("▶", False)]
    assert len(service.requests) == 1


async def test_a_known_page_is_answered_in_one_callback_without_a_defer(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    unknown = len(world.sent())
    await world.noor.slash(world.channel, "music", query="  CALM ")
    more = await world.noor.slash(world.channel, "more")
    await press(world.noor, shown(more), "▶")

    assert [(sent.method, (sent.json or {}).get("type")) for sent in world.sent()[unknown:]] == [
        ("POST", discord.InteractionResponseType.channel_message.value),
        ("POST", discord.InteractionResponseType.channel_message.value),
        ("POST", discord.InteractionResponseType.message_update.value),
    ]


async def test_more_continues_the_members_own_search_else_the_channels(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    await world.noor.slash(world.channel, "music", query="loud")

    mine = shown(await world.mika.slash(world.channel, "more"))
    channels = shown(await world.sam.slash(world.channel, "more"))

    assert "**calm**" in mine.content
    assert "page 2" in mine.content
    assert "**loud**" in channels.content
    assert "page 2" in channels.content


async def test_more_does_not_continue_a_search_of_another_channel(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    elsewhere = world.guild.create_text_channel("elsewhere")

    result = await world.mika.slash(elsewhere, "more")
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "no search to continue" in shown(result).content


async def test_a_private_search_is_seen_and_continued_only_by_its_member(world: World) -> None:
    private = await world.mika.slash(world.channel, "music", query="secret", private=True)
    mine = await world.mika.slash(world.channel, "more")
    others = await world.noor.slash(world.channel, "more")
    simcord.assert_error(world.env, BotError)

    assert private.ephemeral
    assert mine.ephemeral
    assert "page 2" in shown(mine).content
    assert "no search to continue" in shown(others).content


async def test_more_after_the_last_page_is_refused_privately(world: World, service: Service) -> None:
    service.catalogue = service.catalogue[:3]
    await world.mika.slash(world.channel, "music", query="calm")

    result = await world.mika.slash(world.channel, "more")
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert shown(result).content == "That was the last page. To find more, search in other words."


async def test_buttons_and_positions_work_after_a_restart(world: World, service: Service) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await press(world.noor, message, "▶")
    await world.restart()

    turned = shown(await press(world.noor, message, "▶"))
    more = shown(await world.mika.slash(world.channel, "more"))

    assert turned.content.endswith("page 3 of 8")
    assert more.content.endswith("page 4 of 8")
    assert len(service.requests) == 1


async def test_page_button_of_another_guild_is_refused(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    other = world.env.create_guild("Other server")
    channel = other.create_text_channel("music")
    stranger = other.add_member(world.env.create_user("stranger"))
    own = shown(await stranger.slash(channel, "music", query="other"))

    result = await forged_press(world, stranger, own, "page:1:2")

    assert result.ephemeral
    assert shown(result).content == "I don't remember that search any more. Please search again."
    assert titles(own) == [f"Track {number}" for number in range(5)]


async def test_page_button_of_another_members_private_search_is_refused(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="secret", private=True)
    own = shown(await world.noor.slash(world.channel, "music", query="other"))

    result = await forged_press(world, world.noor, own, "page:1:2")

    assert result.ephemeral
    assert shown(result).content == "I don't remember that search any more. Please search again."


async def test_page_button_before_the_first_page_shows_the_first(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    message = shown(await press(world.mika, message, "▶"))
    first = shown(await forged_press(world, world.mika, message, "page:1:0"))

    assert first.content.endswith("page 1 of 8")


@pytest.mark.parametrize("custom_id", ["x", "page:1", "page:-1:1", "page:1:1:1", f"page:{9**40}:1"])
async def test_an_unknown_button_is_refused_privately(world: World, custom_id: str) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    result = await forged_press(world, world.mika, message, custom_id)
    await world.env.advance_time(2)

    assert result.ephemeral
    assert "again" in shown(result).content


async def test_a_tempo_is_searched_in_three_windows_at_most(world: World, service: Service) -> None:
    service.catalogue = [track(number, bpm=140 if number % 100 == 0 else 90) for number in range(1000)]

    message = shown(await world.mika.slash(world.channel, "music", query="calm", tempo="over 130"))

    assert titles(message) == ["Track 0", "Track 100", "Track 200"]
    assert [asked["offset"] for asked in service.asked] == [0, 100, 200]
    assert "Looked through the first 300 of 1,000 matches" in message.content
    message = shown(await press(world.mika, message, "Keep looking"))
    assert titles(message) == ["Track 0", "Track 100", "Track 200", "Track 300", "Track 400"]
    assert [asked["offset"] for asked in service.asked[3:]] == [300, 400]


async def test_more_fills_a_page_that_is_not_full(world: World, service: Service) -> None:
    service.catalogue = [track(number, bpm=140 if number % 100 == 0 else 90) for number in range(1000)]
    await world.mika.slash(world.channel, "music", query="calm", tempo="over 130")

    message = shown(await world.mika.slash(world.channel, "more"))

    assert titles(message) == ["Track 0", "Track 100", "Track 200", "Track 300", "Track 400"]


async def test_keep_looking_ends_at_the_last_match(world: World, service: Service) -> None:
    service.catalogue = [track(number, bpm=140 if number < 5 else 90) for number in range(700)]
    message = shown(await world.mika.slash(world.channel, "music", query="calm", tempo="over 130"))
    assert labels(message) == [("◀", False), ("▶", True)]
    message = shown(await press(world.noor, message, "▶"))
    assert "5 found, no more yet" in message.content
    message = shown(await press(world.noor, message, "Keep looking"))

    assert titles(message) == [f"Track {number}" for number in range(5)]
    assert labels(message) == [("◀", False), ("▶", False)]
    assert "Looked through all 700 matches" in message.content
    assert len(service.requests) == 7


async def test_a_page_far_beyond_the_end_shows_the_nearest_page_within_reach(
    world: World, service: Service
) -> None:
    service.catalogue = [track(number) for number in range(1000)]
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    nearest = shown(await forged_press(world, world.noor, message, "page:1:9000000"))
    content, offsets = nearest.content, [asked["offset"] for asked in service.asked]
    more = shown(await world.mika.slash(world.channel, "more"))

    assert offsets == [0, 100, 200, 300, 400]  # three for the page asked for, one to fill the nearest
    assert content.endswith("page 81 of 200")
    assert more.content.endswith("page 82 of 200")


@pytest.mark.parametrize("is_slow", [False, True])
async def test_more_beyond_the_end_is_refused_privately_after_a_request(
    world: World, service: Service, pauses: Pauses, *, is_slow: bool
) -> None:
    if is_slow:
        pauses.defer_every_search()
    service.catalogue = [track(number) for number in range(100)]
    service.meta = {"total": 500}
    await world.mika.slash(world.channel, "music", query="calm")
    for _ in range(19):
        await world.mika.slash(world.channel, "more")
    history = len(world.channel.history(viewer=world.noor))
    result = await world.mika.slash(world.channel, "more")
    simcord.assert_error(world.env, BotError)

    message = private_reply(result)
    assert "last page" in message.content
    assert message.ephemeral
    assert len(world.channel.history(viewer=world.noor)) == history


async def test_without_a_total_the_matches_are_counted_as_they_are_found(
    world: World, service: Service
) -> None:
    service.catalogue = [track(number) for number in range(150)]
    service.meta = {"total": None}
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    assert message.content.endswith("100+ matches · page 1")
    await forged_press(world, world.mika, message, "page:1:30")

    assert message.content.endswith("150 matches · page 30 of 30")


async def test_the_last_page_counts_the_usable_tracks(world: World, service: Service) -> None:
    service.catalogue = [track(number) if number % 4 else {} for number in range(40)]
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await forged_press(world, world.mika, message, "page:1:6")

    assert message.content.endswith("30 matches · page 6 of 6")
    assert labels(message)[1] == ("▶", False)


async def test_more_does_not_continue_a_search_that_filters_refused(world: World) -> None:
    await world.sam.slash(world.channel, "filters block", genre="Rock")
    await world.mika.slash(world.channel, "music", query="calm")
    await failed_search(world, "loud", genre="rock")
    more = shown(await world.mika.slash(world.channel, "more"))

    assert "**calm** · 40 matches · page 2" in more.content


@pytest.mark.parametrize("private", [False, True])
async def test_a_retry_replaces_the_error_if_only_one_member_may_see_the_page(
    world: World, service: Service, *, private: bool
) -> None:
    service.reply(404)
    error = shown(await failed_search(world, private=private))
    service.recover()
    page = shown(await press(world.mika, error, "Try again"))

    assert "page 1 of 8" in page.content
    assert (page.id == error.id, page.ephemeral) == (private, private)


@pytest.mark.parametrize("private", [False, True])
async def test_a_search_that_could_not_be_stored_is_retried_in_the_same_way(
    world: World, tmp_path: Path, *, private: bool
) -> None:
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        error = shown(await failed_search(world, private=private))
    page = shown(await press(world.mika, error, "Try again"))

    assert "page 1 of 8" in page.content
    assert (page.id == error.id, page.ephemeral) == (private, private)

"""Turning pages: in order, full, after a restart, and no further than they go."""

import discord
import pytest
import simcord

from bot.errors import BotError
from tests.support.members import forged_press, labels, press, shown, titles, told
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


async def test_more_goes_on_with_my_own_search_else_with_the_channels(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    await world.noor.slash(world.channel, "music", query="loud")

    mine = shown(await world.mika.slash(world.channel, "more"))
    channels = shown(await world.sam.slash(world.channel, "more"))

    assert "**calm**" in mine.content
    assert "page 2" in mine.content
    assert "**loud**" in channels.content
    assert "page 2" in channels.content


async def test_more_knows_no_other_channel(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    elsewhere = world.guild.create_text_channel("elsewhere")

    result = await world.mika.slash(elsewhere, "more")
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "nothing to go on with" in shown(result).content


async def test_a_private_search_is_seen_and_continued_by_its_member_alone(world: World) -> None:
    private = await world.mika.slash(world.channel, "music", query="secret", private=True)
    mine = await world.mika.slash(world.channel, "more")
    others = await world.noor.slash(world.channel, "more")
    simcord.assert_error(world.env, BotError)

    assert private.ephemeral
    assert mine.ephemeral
    assert "page 2" in shown(mine).content
    assert "nothing to go on with" in shown(others).content


async def test_more_after_the_last_page_says_so_privately(world: World, service: Service) -> None:
    service.catalogue = service.catalogue[:3]
    await world.mika.slash(world.channel, "music", query="calm")

    result = await world.mika.slash(world.channel, "more")
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "last page" in shown(result).content


async def test_old_buttons_and_positions_work_after_a_restart(world: World, service: Service) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await press(world.noor, message, "▶")
    await world.restart()

    turned = shown(await press(world.noor, message, "▶"))
    more = shown(await world.mika.slash(world.channel, "more"))

    assert turned.content.endswith("page 3 of 8")
    assert more.content.endswith("page 4 of 8")
    assert len(service.requests) == 1


async def test_a_button_of_another_servers_search_is_refused(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    other = world.env.create_guild("Other server")
    channel = other.create_text_channel("music")
    stranger = other.add_member(world.env.create_user("stranger"))
    own = shown(await stranger.slash(channel, "music", query="other"))

    result = await forged_press(world, stranger, own, "page:1:2")

    assert result.ephemeral
    assert "don't remember" in shown(result).content
    assert titles(own) == [f"Track {number}" for number in range(5)]


async def test_a_button_of_somebody_elses_private_search_is_refused(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="secret", private=True)
    own = shown(await world.noor.slash(world.channel, "music", query="other"))

    result = await forged_press(world, world.noor, own, "page:1:2")

    assert result.ephemeral
    assert "secret" not in shown(result).content


@pytest.mark.parametrize("custom_id", ["x", "page:1", "page:-1:1", "page:1:1:1", f"page:{9**40}:1"])
async def test_an_unknown_button_is_answered(world: World, custom_id: str) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    result = await forged_press(world, world.mika, message, custom_id)
    await world.env.advance_time(2)

    assert result.acknowledged
    assert result.ephemeral


async def test_tempo_is_filtered_over_as_many_windows_as_it_takes_three_at_most(
    world: World, service: Service
) -> None:
    service.catalogue = [track(number, bpm=140 if number % 100 == 0 else 90) for number in range(1000)]

    message = shown(await world.mika.slash(world.channel, "music", query="calm", tempo="over 130"))

    assert titles(message) == ["Track 0", "Track 100", "Track 200"]
    assert [asked["offset"] for asked in service.asked] == [0, 100, 200]
    assert "Looked through the first 300 of 1,000 matches" in message.content
    message = shown(await press(world.mika, message, "Keep looking"))
    assert titles(message) == ["Track 0", "Track 100", "Track 200", "Track 300", "Track 400"]
    assert [asked["offset"] for asked in service.asked[3:]] == [300, 400]


async def test_more_keeps_looking_for_a_page_that_is_not_full(world: World, service: Service) -> None:
    service.catalogue = [track(number, bpm=140 if number % 100 == 0 else 90) for number in range(1000)]
    await world.mika.slash(world.channel, "music", query="calm", tempo="over 130")

    message = shown(await world.mika.slash(world.channel, "more"))

    assert titles(message) == ["Track 0", "Track 100", "Track 200", "Track 300", "Track 400"]


async def test_keep_looking_ends_on_the_last_page(world: World, service: Service) -> None:
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


async def test_a_page_far_beyond_the_end_shows_the_last_and_keeps_the_position(
    world: World, service: Service
) -> None:
    service.catalogue = [track(number) for number in range(1000)]
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await forged_press(world, world.noor, message, "page:1:9000000")
    more = shown(await world.mika.slash(world.channel, "more"))

    assert len(service.requests) <= 5
    assert int(more.content.split("page ")[1].split()[0]) < 100


@pytest.mark.parametrize("is_slow", [False, True])
async def test_more_beyond_the_end_is_private_though_it_had_to_look(
    world: World, service: Service, pauses: Pauses, *, is_slow: bool
) -> None:
    if is_slow:
        pauses.end_before_answers()
    service.catalogue = [track(number) for number in range(100)]
    service.meta = {"total": 500}
    await world.mika.slash(world.channel, "music", query="calm")
    for _ in range(19):
        await world.mika.slash(world.channel, "more")
    history = len(world.channel.history(viewer=world.noor))
    result = await world.mika.slash(world.channel, "more")
    simcord.assert_error(world.env, BotError)

    message = told(result)
    assert "last page" in message.content
    assert message.ephemeral
    assert len(world.channel.history(viewer=world.noor)) == history


async def test_a_service_that_does_not_count_is_not_put_words_in_its_mouth(
    world: World, service: Service
) -> None:
    service.catalogue = [track(number) for number in range(150)]
    service.meta = {"total": None}
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    assert message.content.endswith("100+ matches · page 1")
    await forged_press(world, world.mika, message, "page:1:30")

    assert message.content.endswith("150 matches · page 30 of 30")


async def test_the_last_page_counts_what_was_usable(world: World, service: Service) -> None:
    service.catalogue = [track(number) if number % 4 else {} for number in range(40)]
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await forged_press(world, world.mika, message, "page:1:6")

    assert message.content.endswith("30 matches · page 6 of 6")
    assert labels(message)[1] == ("▶", False)

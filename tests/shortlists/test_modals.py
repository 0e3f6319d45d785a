"""The modal for a new shortlist and the modal for a note."""

import simcord

from bot.errors import BotError
from tests.support.members import choose, options, press, shown
from tests.support.shortlists import (
    METAL,
    block_metal,
    bot_of,
    collect_tracks,
    open_ballot,
    post_ranking,
)
from tests.support.world import Service, World


async def test_a_choice_in_a_channel_without_a_shortlist_opens_the_modal(world: World) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    modal = await choose(world.mika, answer, "add", "1000", "1001")
    made = await world.mika.submit_modal(modal, {"name": "Boss fight", "brief": "fast"})

    assert modal.modal is not None
    assert bot_of(world).open_modals == set()
    assert "**Boss fight** is open in this channel" in shown(made).content
    assert "**Track 0**, **Track 1**" in shown(made).content
    assert "2 tracks" in (await post_ranking(world)).content


async def test_a_modal_with_a_taken_name_is_refused(world: World) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    modal = await choose(world.mika, answer, "add", "1000")
    elsewhere = world.guild.create_text_channel("elsewhere")
    await world.noor.slash(elsewhere, "shortlist new", name="Boss fight")
    result = await world.mika.submit_modal(modal, {"name": "boss fight"})
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "already" in shown(result).content


async def test_the_second_of_two_modals_adds_to_the_shortlist_of_the_first(world: World) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    first = await choose(world.mika, answer, "add", "1000")
    second = await choose(world.noor, answer, "add", "1001")
    await world.mika.submit_modal(first, {"name": "Boss fight"})
    added = await world.noor.submit_modal(second, {"name": "Boss"})

    assert shown(added).content == "Added to 📋 **Boss fight**: **Track 1**"
    assert "**1 shortlist**" in shown(await world.mika.slash(world.channel, "shortlist list")).content


async def test_a_modal_creates_a_shortlist_if_that_of_another_member_is_closed(world: World) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    modal = await choose(world.mika, answer, "add", "1000")
    await world.noor.slash(world.channel, "shortlist new", name="Menu")
    await world.noor.slash(world.channel, "shortlist close")
    made = await world.mika.submit_modal(modal, {"name": "Boss fight"})

    assert "**Boss fight** is open in this channel" in shown(made).content


async def test_a_modal_for_expired_tracks_creates_no_shortlist(world: World) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    modal = await choose(world.mika, answer, "add", "1000")
    await bot_of(world).database.tracks.expire(9e12, 1000)
    result = await world.mika.submit_modal(modal, {"name": "Boss fight"})
    simcord.assert_error(world.env, BotError)
    await world.mika.slash(world.channel, "shortlist list")
    simcord.assert_error(world.env, BotError)

    assert "don't remember those tracks" in shown(result).content


async def test_a_modal_from_before_a_restart_is_refused(world: World) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    modal = await choose(world.mika, answer, "add", "1000")
    await world.restart()
    result = await world.mika.submit_modal(modal, {"name": "Boss fight"})
    await world.env.advance_time(2)

    assert result.ephemeral
    assert "This form is out of date" in shown(result).content


async def test_a_modal_adds_no_hidden_track(world: World, service: Service) -> None:
    service.catalogue = METAL
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    modal = await choose(world.mika, answer, "add", "1001", "1002")
    await block_metal(world)
    await world.mika.submit_modal(modal, {"name": "Boss fight"})

    assert options(await post_ranking(world), "ballot") == ["1002"]


async def test_a_modal_that_was_open_for_more_than_an_hour_is_answered(world: World) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    modal = await choose(world.mika, answer, "add", "1000")
    assert len(bot_of(world).open_modals) == 1
    await world.env.advance_time(60 * 60 + 1)
    result = await world.mika.submit_modal(modal, {"name": "Boss fight"})
    await world.env.advance_time(2)

    assert bot_of(world).open_modals == set()
    assert result.ephemeral
    assert "This form is out of date" in shown(result).content


async def test_a_note_of_a_ballot_is_in_the_modal_and_on_the_ballot(world: World) -> None:
    await collect_tracks(world)
    ballot = await open_ballot(world.noor, await post_ranking(world), "1001")
    await world.mika.slash(world.channel, "shortlist note", track="1001", text="not hers")
    first = await press(world.noor, ballot, "Note …")
    await world.noor.submit_modal(first, {"note": "loops well"})
    second = await press(world.noor, ballot, "Note …")

    assert first.modal is not None
    assert "value" not in first.modal["components"][0]["component"]
    assert second.modal is not None
    assert second.modal["components"][0]["component"]["value"] == "loops well"
    assert f"<@{world.noor.id}>: loops well" in ballot.content

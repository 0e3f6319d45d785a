"""Buttons under `/privacy`."""

from pathlib import Path

import simcord

from bot.errors import Refused
from tests.support.members import button, labels, press, shown
from tests.support.privacy import CONFIRM_SERVER, DELETE_MINE, DELETE_SERVER, delete, tables_with
from tests.support.world import World


async def test_page_button_of_an_erased_search_is_refused(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await delete(world.mika, world, DELETE_MINE)
    result = await press(world.noor, message, "▶")
    more = await world.noor.slash(world.channel, "more")
    simcord.assert_error(world.env, Refused)

    assert "don't remember that search" in shown(result).content
    assert "nothing to go on with" in shown(more).content


async def test_forged_server_button_of_a_member_is_refused(world: World, database_path: Path) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    message = shown(await world.mika.slash(world.channel, "privacy"))
    stored = world.env.backend.get_message(message.channel_id, message.id)
    for forged in ("delete:server", "delete:server:surely"):
        stored.components[0]["components"][0]["custom_id"] = forged
        result = await world.mika.click(message.message, custom_id=forged)
        assert "Only moderators can do this" in shown(result).content

    assert labels(message) == [(DELETE_MINE, True)]
    assert "searches" in tables_with(database_path, world.guild.id)


async def test_erasure_of_a_server_is_confirmed_first(world: World, database_path: Path) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    message = shown(await world.sam.slash(world.channel, "privacy"))
    offered = labels(message)
    await press(world.sam, message, DELETE_SERVER)

    assert offered == [(DELETE_MINE, True), (DELETE_SERVER, True)]
    assert message.content.endswith("It can't be undone. Are you sure?")
    assert labels(message) == [(CONFIRM_SERVER, True)]
    assert "searches" in tables_with(database_path, world.guild.id)


async def test_button_works_after_a_restart(world: World, database_path: Path) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    message = shown(await world.mika.slash(world.channel, "privacy"))
    await world.restart()
    result = await world.mika.click(message.message, custom_id=button(message, DELETE_MINE))

    assert shown(result).content.startswith("Done: your data is deleted, in every server.")
    assert shown(result).components == []
    assert "searches" not in tables_with(database_path, world.mika.id)

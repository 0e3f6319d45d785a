"""/about and /help: what the bot says of itself is what it is."""

import re
from typing import Any

import simcord
from discord import app_commands

from bot import __version__
from bot.bot import Bot
from bot.errors import ServiceFailed
from cogs.about import required_permissions
from tests.support.members import shown
from tests.support.world import Service, World


def commands(world: World) -> list[app_commands.Command[Any, ..., Any]]:
    assert isinstance(world.env.bot, Bot)
    known = world.env.bot.tree.walk_commands()
    return [each for each in known if isinstance(each, app_commands.Command)]


async def test_every_command_has_an_example_that_it_takes(world: World) -> None:
    for command in commands(world):
        example = command.extras.get("example", "")
        words = f"/{command.qualified_name}"
        assert example == words or example.startswith(f"{words} "), (
            f'give it one: @app_commands.command(extras={{"example": "{words} ..."}})'
        )
        named = set(re.findall(r"(?:^| )([a-z_-]+):", example))
        assert named <= {parameter.display_name for parameter in command.parameters}
        assert named >= {parameter.display_name for parameter in command.parameters if parameter.required}


async def test_help_shows_every_command_to_a_moderator_and_a_member_those_for_all(world: World) -> None:
    member = shown(await world.mika.slash(world.channel, "help"))
    moderator = shown(await world.sam.slash(world.channel, "help"))
    seen = [" ".join(str(embed.description) for embed in message.embeds) for message in (member, moderator)]

    for command in commands(world):
        line = f"**/{command.qualified_name}** — {command.description}\n> `{command.extras['example']}`"
        assert line in seen[1]
        assert (line in seen[0]) == (required_permissions(command) is None)
    assert "/budget-set" not in seen[0]


async def test_help_fits_into_a_message(world: World) -> None:
    embeds = shown(await world.sam.slash(world.channel, "help")).embeds

    assert sum(map(len, embeds)) <= 6000
    assert all(len(str(embed.description)) <= 4096 for embed in embeds), "spread help over several embeds"


async def test_about_says_which_bot_this_is_and_how_the_service_is(world: World, service: Service) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    well = shown(await world.mika.slash(world.channel, "about")).content
    service.reply(500)
    await world.mika.slash(world.channel, "music", query="something else")
    simcord.assert_error(world.env, ServiceFailed)
    trouble = shown(await world.mika.slash(world.channel, "about")).content
    service.heal()
    await world.mika.slash(world.channel, "music", query="yet something else")
    healed = shown(await world.mika.slash(world.channel, "about")).content

    assert __version__ in well
    assert str(world.env.bot.application_id) in well
    assert "working; it last answered" in well
    assert "in trouble" in trouble
    assert "in trouble" not in healed


async def test_what_the_bot_says_of_itself_is_for_who_asked_alone(world: World) -> None:
    assert all(
        [(await world.mika.slash(world.channel, name)).ephemeral for name in ("about", "help", "privacy")]
    )

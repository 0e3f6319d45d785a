"""/about and /help: the bot's state and its commands."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import simcord
from discord import app_commands
from simcord import ResponseMessage

from bot import __version__
from bot.bot import Bot
from bot.errors import ServiceFailed
from bot.telemetry.metrics import SERVICE_STATUS
from cogs.about import required_permissions
from tests.support.members import shown
from tests.support.world import Service, World


def commands(world: World) -> list[app_commands.Command[Any, ..., Any]]:
    assert isinstance(world.env.bot, Bot)
    known = world.env.bot.tree.walk_commands()
    return [each for each in known if isinstance(each, app_commands.Command)]


def states(message: ResponseMessage) -> list[str]:
    """The states of Discord and of AudioScape in a reply to /about, without times."""
    lines = re.sub(r"<t:\d+:R>|\d+\.\d(?= s)", "…", message.content).split("\n")
    return [line.split(": ", 1)[1] for line in lines[1:3]]


async def test_every_command_has_an_example_with_its_own_parameters(world: World) -> None:
    for command in commands(world):
        example = command.extras.get("example", "")
        words = f"/{command.qualified_name}"
        assert example == words or example.startswith(f"{words} "), (
            f'give it one: @app_commands.command(extras={{"example": "{words} ..."}})'
        )
        named = set(re.findall(r"(?:^| )([a-z_-]+):", example))
        assert named <= {parameter.display_name for parameter in command.parameters}
        assert named >= {parameter.display_name for parameter in command.parameters if parameter.required}


async def test_help_lists_all_commands_to_a_moderator_and_the_public_ones_to_a_member(world: World) -> None:
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


async def test_about_names_the_version_and_has_a_link_to_invite_the_bot(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "about"))
    (link,) = re.findall(r"\[Invite me to your server\]\(<(.+?)>\)", message.content)

    assert message.content.startswith(f"**Needledrop** {__version__} finds music by how it should sound.\n")
    assert parse_qs(urlsplit(link).query) == {
        "client_id": [str(world.env.bot.application_id)],
        "permissions": ["0"],
        "scope": ["bot applications.commands"],
    }


async def test_about_says_whether_audioscape_works_and_since_when_it_does_not(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    for moment in ("answered_at", "failed_at"):
        monkeypatch.setattr(SERVICE_STATUS, moment, None)
    seen = [shown(await world.mika.slash(world.channel, "about"))]
    await world.mika.slash(world.channel, "music", query="calm")
    seen.append(shown(await world.mika.slash(world.channel, "about")))
    service.reply(500)
    await world.mika.slash(world.channel, "music", query="something else")
    simcord.assert_error(world.env, ServiceFailed)
    seen.append(shown(await world.mika.slash(world.channel, "about")))
    service.recover()
    await world.mika.slash(world.channel, "music", query="yet something else")
    seen.append(shown(await world.mika.slash(world.channel, "about")))

    assert [states(message)[1] for message in seen] == [
        "not asked yet since I was last started",
        "working; it last answered …, in … s",
        "not working; the problems began …. I show results that I have found before.",
        "working; it last answered …, in … s",
    ]
    for message in seen[1:]:
        (moment,) = re.findall(r"<t:(\d+):R>", message.content)
        assert abs(int(moment) - 1_800_000_000) <= 60


@pytest.mark.parametrize(
    ("latency", "state"),
    [
        (0.0421, "connected; the response time is 42 ms"),
        (float("nan"), "connected; the response time is not measured yet"),
        (float("inf"), "connected; the response time is not measured yet"),
    ],
)
async def test_about_says_how_fast_discord_answers_once_that_is_measured(
    world: World, monkeypatch: pytest.MonkeyPatch, latency: float, state: str
) -> None:
    monkeypatch.setattr(Bot, "latency", latency)

    assert states(shown(await world.mika.slash(world.channel, "about")))[0] == state


async def test_replies_about_the_bot_are_seen_only_by_the_member_who_asked(world: World) -> None:
    before = len(world.channel.history(viewer=world.noor))
    messages = [shown(await world.mika.slash(world.channel, name)) for name in ("about", "help", "privacy")]

    assert all(message.ephemeral for message in messages)
    assert len(world.channel.history(viewer=world.noor)) == before
    assert len(world.channel.history(viewer=world.mika)) == before + 3

"""/filters: what moderators can type, and who may."""

import logging

import discord
import pytest
import simcord

from tests.support.filters import bot_of, filters, music, refusal, rules_of
from tests.support.members import shown
from tests.support.world import Service, World, track


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("block", {}, "Say what to hide"),
        ("block", {"word": "!!!"}, "no letters or digits"),
        ("block", {"genre": "  "}, "no letters or digits"),
        ("length", {}, "Say how long"),
        ("length", {"min": "3:00", "max": "2:00"}, "must not be above"),
        ("length", {"max": "soon"}, "can't read"),
        ("length", {"min": "0"}, "Say how long"),
        ("try", {"query": "  "}, "no words in that search"),
    ],
)
async def test_text_that_cannot_be_a_rule_is_refused(
    world: World, name: str, options: dict[str, str], words: str
) -> None:
    assert words in await refusal(world, await world.sam.slash(world.channel, f"filters {name}", **options))


async def test_remove_offers_rules_that_contain_what_was_typed(world: World) -> None:
    await filters(world, "block", genre="Rock", word="dark side")
    choices = await world.sam.autocomplete(world.channel, "filters remove", "rule", "DARK")
    assert [choice["name"] for choice in choices] == ["Hidden words: dark side"]
    await filters(world, "remove", rule=choices[0]["value"])

    assert rules_of(await filters(world, "show")) == ["The genre **Rock** is hidden in this server."]


@pytest.mark.parametrize("typed", ["Hidden genre: Rock", "no genre rock", "ROCK", "rule:1"])
async def test_remove_takes_names_that_are_typed_and_those_of_earlier_versions(
    world: World, typed: str
) -> None:
    await filters(world, "block", genre="Rock")
    message = await filters(world, "remove", rule=typed)

    assert message.content == "I removed the rule that hid the genre **Rock** in this server."


async def test_remove_tells_a_channels_rule_from_the_servers_by_its_whole_name(world: World) -> None:
    other = world.guild.create_text_channel("other")
    for options in ({}, {"channel": world.channel}, {"channel": other}):
        await filters(world, "block", genre="Rock", **options)
    choices = await world.sam.autocomplete(world.channel, "filters remove", "rule", "rock")
    names = [choice["name"] for choice in choices]
    replies = [(await filters(world, "remove", rule=name)).content for name in names]

    assert names == [
        "Hidden genre: Rock",
        "Hidden genre in this channel: Rock",
        f"Hidden genre in channel {other.id}: Rock",
    ]
    assert replies == [
        "I removed the rule that hid the genre **Rock** in this server.",
        f"I removed the rule that hid the genre **Rock** in <#{world.channel.id}>.",
        f"I removed the rule that hid the genre **Rock** in <#{other.id}>.",
    ]


async def test_remove_offers_the_rules_in_force_here_first(world: World) -> None:
    other = world.guild.create_text_channel("other")
    await filters(world, "block", word="elsewhere", channel=other)
    await filters(world, "block", word="here", channel=world.channel)
    choices = await world.sam.autocomplete(world.channel, "filters remove", "rule", "")

    assert [choice["value"] for choice in choices] == ["rule:2", "rule:1"]


async def test_block_offers_genres_with_the_most_frequent_first(world: World, service: Service) -> None:
    service.catalogue = [track(n, genre=g) for n, g in enumerate(("Indie Rock", "Rock", "Rock", "Jazz"))]
    await music(world)
    choices = await world.sam.autocomplete(world.channel, "filters block", "genre", "ro")

    assert [choice["value"] for choice in choices] == ["ro", "Rock", "Indie Rock"]


async def test_member_without_the_permission_does_not_see_the_command(world: World) -> None:
    with pytest.raises(simcord.SetupError):
        await world.mika.slash(world.channel, "filters show")


async def test_member_whom_discord_lets_use_the_command_is_refused_and_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await filters(world, "block", genre="Rock")
    bot = bot_of(world)
    (command,) = [each for each in await bot.tree.fetch_commands() if each.name == "filters"]
    world.guild.set_command_permissions(command, {world.mika: True})
    choices = await world.mika.autocomplete(world.channel, "filters remove", "rule", "")
    assert choices == []
    assert await world.mika.autocomplete(world.channel, "filters allow", "genre", "") == []
    with caplog.at_level(logging.WARNING):
        result = await world.mika.slash(world.channel, "filters show")
    simcord.assert_error(world.env, discord.app_commands.MissingPermissions)

    assert shown(result).ephemeral
    assert "Only moderators can do this" in shown(result).content
    assert "refused to a member who is no moderator" in caplog.text

"""Command sync: our commands compared with those that Discord has registered."""

import copy
from typing import Any

import pytest

from bot.interactions.command_sync import digest, fetch_payloads, list_changes, payloads
from tests.support.world import World


async def test_nothing_has_changed_right_after_a_sync(world: World) -> None:
    tree = world.bot.tree

    assert list_changes(payloads(tree), await fetch_payloads(tree)) == []


def change_description(commands: list[Any]) -> None:
    commands[0]["description"] = "Another description"


def change_permission(commands: list[Any]) -> None:
    next(each for each in commands if each["name"] == "filters")["default_member_permissions"] = 8


def change_option(commands: list[Any]) -> None:
    next(each for each in commands if each["name"] == "music")["options"][0]["max_length"] = 99


def make_optional(commands: list[Any]) -> None:
    next(each for each in commands if each["name"] == "artist")["options"][0]["required"] = False


def change_subcommand(commands: list[Any]) -> None:
    shortlist = next(each for each in commands if each["name"] == "shortlist")
    shortlist["options"][0]["options"][0]["description"] = "Another description"


def change_choice(commands: list[Any]) -> None:
    shortlist = next(each for each in commands if each["name"] == "shortlist")
    export = next(each for each in shortlist["options"] if each["name"] == "export")
    export["options"][0]["choices"][0]["value"] = "lua"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (change_description, "~music"),
        (change_permission, "~filters"),
        (change_option, "~music"),
        (make_optional, "~artist"),
        (change_subcommand, "~shortlist"),
        (change_choice, "~shortlist"),
    ],
)
async def test_a_change_is_named(world: World, change: Any, expected: str) -> None:
    registered = await fetch_payloads(world.bot.tree)
    ours = copy.deepcopy(payloads(world.bot.tree))
    change(ours)

    assert list_changes(ours, registered) == [expected]


async def test_new_and_removed_commands_are_named(world: World) -> None:
    ours = payloads(world.bot.tree)
    registered = await fetch_payloads(world.bot.tree)
    without = [command for command in ours if command["name"] != "more"]

    assert list_changes(ours, [each for each in registered if each["name"] != "more"]) == ["+more"]
    assert list_changes(without, registered) == ["-more"]


async def test_the_digest_changes_with_any_payload_and_not_with_the_order_of_keys(world: World) -> None:
    commands = payloads(world.bot.tree)
    reordered = [dict(reversed(command.items())) for command in commands]
    changed = copy.deepcopy(commands)
    change_option(changed)

    assert digest(reordered) == digest(commands)
    assert digest(changed) != digest(commands)


async def test_a_restart_with_the_same_commands_syncs_nothing(world: World) -> None:
    await world.restart()

    assert sum(request.method == "PUT" for request in world.env.http_requests) == 1

"""Rules exported to a file, and imported from one."""

import json
from typing import Any

import pytest

from bot.errors import Refused
from bot.models.rules import Rule
from bot.moderation.import_export import MAX_FILE_BYTES, decode_rules_file, encode_rules_file
from tests.support.filters import (
    exported,
    filters,
    import_file,
    moderator_elsewhere,
    refusal,
    rules_file,
    rules_of,
)
from tests.support.members import press, shown, titles
from tests.support.world import Service, World, track


async def test_exported_rules_hold_in_another_server_without_those_of_channels(
    world: World, service: Service
) -> None:
    service.catalogue = [
        track(0, genre="Rock"),
        track(1, artist="Drake"),
        track(2),
        track(3, duration=600),
    ]
    await filters(world, "block", genre="Rock", artist="Drake")
    await filters(world, "length", max="5:00")
    await filters(world, "block", word="secret", channel=world.channel)
    content = await exported(await filters(world, "copy"))
    there, channel = await moderator_elsewhere(world)
    result = await there.slash(channel, "filters paste", file=("filters.json", content))
    assert shown(result).content == (
        "3 rules added.\nI left out 1 rule, which is for a single channel of another server."
    )

    assert titles(shown(await there.slash(channel, "music", query="calm"))) == ["Track 2"]


async def test_exported_file_restores_all_rules_of_its_server(world: World) -> None:
    await filters(world, "block", genre="Rock", word="a b", channel=world.channel)
    await filters(world, "length", min="1:00")
    await filters(world, "length", max="5:00", channel=world.channel)
    content = await exported(await filters(world, "copy"))
    before = rules_of(await filters(world, "show"))
    await press(world.sam, await filters(world, "reset"), "Remove all 4 rules")
    await import_file(world, content)

    assert rules_of(await filters(world, "show")) == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "can't read that file"),
        (b"\xff\xfe", "can't read that file"),
        ([], "can't read that file"),
        (b'{"needledrop_filters": 1, "guild_id": "\xff", "rules": []}', "can't read that file"),
        (b'{"rules": ' + b"[" * 200_000, "can't read that file"),
        (b'{"rules": [{"x": ' + b'{"x": ' * 40_000, "can't read that file"),
        (rules_file([], version=2), "another version"),
        (rules_file([{"rule": "x"}]), "Rule 1 of that file"),
        (rules_file([{"rule": "block word", "text": 5}]), "can't read that file"),
        (
            rules_file([{"rule": "block word", "text": "fine"}, {"rule": "length", "min": 5, "max": 1}]),
            "Rule 2 of that file",
        ),
        (rules_file([{"rule": "length"}]), "Rule 1 of that file"),
        (rules_file([{"rule": "length", "max": 9, "text": "x"}]), "and no text"),
        (rules_file([{"rule": "block genre", "max": 9, "text": "x"}]), "Only a length"),
        (rules_file([{"rule": "length", "max": 9}, {"rule": "length", "max": 8}]), "two lengths"),
        (rules_file([{"rule": "length", "max": 1e-5}]), "Rule 1 of that file"),
        (rules_file([{"rule": "block word", "text": "a" * 101}]), "Rule 1 of that file"),
        (
            rules_file([{"rule": "block word", "text": "a", "channel_id": "x"}], "here"),
            "not the id of a channel",
        ),
        (rules_file([{"rule": "block word", "text": "a"}] * 501), "more than 500"),
    ],
)
async def test_file_with_any_error_is_refused_and_changes_nothing(
    world: World, content: Any, words: str
) -> None:
    await filters(world, "block", genre="Rock")
    assert words in await refusal(world, await import_file(world, content))

    assert rules_of(await filters(world, "show")) == ["The genre **Rock** is hidden in this server."]


async def test_rule_repeated_in_a_file_is_added_once_and_said_to_be_repeated(world: World) -> None:
    rules = [{"rule": "block word", "text": words} for words in ("a", "A", "b")]
    result = await import_file(world, rules_file(rules))

    assert shown(result).content == "2 rules added.\n1 rule of the file repeats another one."


async def test_file_that_is_too_large_is_refused(world: World) -> None:
    assert "too large" in await refusal(world, await import_file(world, b" " * (300 * 1024)))


async def test_export_says_how_many_rules_the_file_has(world: World) -> None:
    await filters(world, "block", genre="Rock")
    one = await filters(world, "copy")
    await filters(world, "block", genre="Pop")
    two = await filters(world, "copy")

    assert one.content == "Here is your server's one rule. `/filters paste` adds it to another server."
    assert two.content == "Here are your server's 2 rules. `/filters paste` adds them to another server."


async def test_import_of_known_rules_says_that_they_were_here_and_leaves_no_change(world: World) -> None:
    await filters(world, "block", word="a")
    await filters(world, "block", word="b")
    rules = [{"rule": "block word", "text": text} for text in ("A", "b", "c")]
    message = shown(await import_file(world, rules_file(rules)))
    await import_file(world, rules_file(rules))
    history = (await filters(world, "history")).embeds[0].description or ""

    assert message.content == "1 rule added.\n2 rules were here already."
    assert len(history.split("\n")) == 3


async def test_import_of_an_empty_file_says_that_nothing_changed(world: World) -> None:
    message = shown(await import_file(world, rules_file([])))

    assert message.content == "That file has no rules in it. Nothing has changed."


async def test_import_of_rules_for_single_channels_elsewhere_leaves_them_all_out(world: World) -> None:
    rules = [{"rule": "block word", "text": text, "channel_id": "5"} for text in ("a", "b")]
    message = shown(await import_file(world, rules_file(rules)))

    assert message.content == ("I left out 2 rules, which are for single channels of another server.")
    assert "no filters" in (await filters(world, "show")).content


async def test_import_that_replaces_a_length_names_both(world: World) -> None:
    await filters(world, "length", max="5:00")
    message = shown(await import_file(world, rules_file([{"rule": "length", "max": 240}])))

    assert message.content == (
        "This server now shows only tracks of up to **4:00**. "
        "This replaces an earlier rule: Only tracks of up to **5:00** are shown in this server."
    )


async def test_import_that_replaces_many_lengths_names_the_first_and_counts_the_others(
    world: World,
) -> None:
    for maximum in (300, 240):
        rules = [{"rule": "length", "max": maximum, "channel_id": str(10**18 + n)} for n in range(40)]
        message = shown(await import_file(world, rules_file(rules, "here")))
    *replaced, last = message.content.split("\n")

    assert [line.split(" now ")[0] for line in replaced] == [f"<#{10**18 + n}>" for n in range(5)]
    assert last == "35 more lengths were replaced. `/filters history` shows them."


@pytest.mark.parametrize("channel_id", ["0", "-1", "²", "9223372036854775808", "9" * 5000, ""])
def test_channel_id_that_discord_cannot_have_given_is_refused(channel_id: str) -> None:
    content = rules_file([{"rule": "block word", "text": "a", "channel_id": channel_id}])

    with pytest.raises(Refused, match="not the id of a channel"):
        decode_rules_file(json.dumps(content).encode(), 1)


def test_largest_channel_id_and_500_rules_are_read() -> None:
    entry = {"rule": "block word", "text": "a", "channel_id": str(2**63 - 1)}
    imported = decode_rules_file(json.dumps(rules_file([entry] * 500)).encode(), 1)

    assert imported == ([Rule("block word", "a", 2**63 - 1)] * 500, 0)


def test_500_of_the_longest_rules_fit_into_a_file_that_is_taken_back() -> None:
    rules = [Rule("block artist", "𝕏" * 96 + f" {number:03}", 10**18) for number in range(500)]
    content = encode_rules_file(1, rules)

    assert len(content) <= MAX_FILE_BYTES
    assert list(decode_rules_file(content, 1).rules) == rules

"""Searches that the filters refuse, because everything that they can find is hidden."""

from typing import Any

import pytest

from bot.errors import Refused
from bot.filters.matching import Filters
from bot.models.ranges import Span
from bot.models.rules import Rule
from bot.models.search import Search
from tests.support.filters import filters, refusal
from tests.support.world import Service, World


def refused(rules: list[Rule], **search: Any) -> str:
    """The reply to a search under `rules`."""
    with pytest.raises(Refused) as error:
        Filters(rules).require_visible(Search("calm", **search))
    return str(error.value)


async def test_search_for_a_hidden_genre_is_refused_with_the_rule_and_not_sent(
    world: World, service: Service
) -> None:
    await filters(world, "block", genre="Rock")
    words = await refusal(world, await world.mika.slash(world.channel, "music", query="calm", genre="ROCK"))
    assert "The genre **Rock** is hidden in this server" in words
    await filters(world, "allow", genre="Jazz")
    words = await refusal(
        world, await world.mika.slash(world.channel, "artist", name="somebody", genre="Pop")
    )
    assert "not allowed here. Try one that is: **Jazz**." in words
    assert service.requests == []


@pytest.mark.parametrize(
    ("rules", "options", "words"),
    [
        ([("allow", {"genre": "Jazz"}), ("block", {"genre": "Jazz"})], {}, "nothing is left to show"),
        (
            [("length", {"min": "5:00"})],
            {"length": "under 2:00"},
            "Only tracks of **5:00** or longer are shown in this server.",
        ),
        (
            [("length", {"min": "5:00"}), ("length", {"max": "2:00", "channel": True})],
            {},
            "Only tracks of up to **2:00** are shown in <#",
        ),
    ],
)
async def test_search_that_can_find_nothing_visible_is_refused_and_not_sent(
    world: World, service: Service, rules: list[Any], options: dict[str, str], words: str
) -> None:
    for name, typed in rules:
        await filters(world, name, **{k: world.channel if v is True else v for k, v in typed.items()})
    result = await world.mika.slash(world.channel, "music", query="calm", **options)

    assert words in await refusal(world, result)
    assert service.requests == []


def test_hidden_genre_is_named_in_the_moderators_spelling_and_with_its_channel() -> None:
    assert refused([Rule("block genre", "Rock", 7)], genre="ROCK") == (
        "The genre **Rock** is hidden in <#7>. Try another genre, or search without one."
    )


def test_genre_not_on_the_list_is_refused_with_the_list() -> None:
    rules = [Rule("allow genre", "Jazz"), Rule("allow genre", "*Pop*")]

    assert refused(rules, genre="Ro_ck") == (
        r"The genre **Ro\_ck** is not allowed here. Try one that is: **Jazz**, **\*Pop\***."
    )


def test_long_list_of_allowed_genres_is_named_in_part() -> None:
    ten = [Rule("allow genre", f"Genre {number}") for number in range(10)]
    named = ", ".join(f"**{rule.text}**" for rule in ten)

    assert refused(ten, genre="Rock") == (
        f"The genre **Rock** is not allowed here. Try one that is: {named}."
    )
    assert refused([*ten, Rule("allow genre", "Genre 10")], genre="Rock") == (
        "The genre **Rock** is not allowed here. Try one that is, or search without a genre. "
        f"Some allowed genres: {named}."
    )


@pytest.mark.parametrize("genre", ["Pop", None])
def test_list_whose_genres_are_all_hidden_leaves_nothing(genre: str | None) -> None:
    rules = [Rule("allow genre", "Jazz"), Rule("block genre", "jazz")]

    assert refused(rules, genre=genre) == (
        "Other rules hide all the genres that this server allows here, so nothing is left to show. "
        "A moderator can change that with `/filters show`."
    )


def test_length_that_the_rules_exclude_is_refused_with_all_of_them() -> None:
    rules = [Rule("length", "60-300"), Rule("length", "-240", 7)]

    assert refused(rules, length=Span(270, None)) == (
        "No track of that length can be shown here. Try another length, or search without one.\n"
        "- Only tracks of **1:00–5:00** are shown in this server.\n"
        "- Only tracks of up to **4:00** are shown in <#7>."
    )


@pytest.mark.parametrize("length", [None, Span(60, 120)])
def test_lengths_that_contradict_each_other_are_blamed_and_not_the_search(length: Span | None) -> None:
    rules = [Rule("length", "300-"), Rule("length", "-240", 7)]

    assert refused(rules, length=length) == (
        "This server's filters contradict each other here, so no track can be shown. "
        "A moderator can change that with `/filters show`.\n"
        "- Only tracks of **5:00** or longer are shown in this server.\n"
        "- Only tracks of up to **4:00** are shown in <#7>."
    )


@pytest.mark.parametrize(
    ("rules", "search"),
    [
        ([Rule("length", "60-300"), Rule("length", "300-", 7)], {}),
        ([Rule("length", "60-300")], {"length": Span(300, None)}),
        ([Rule("length", "60-300")], {"length": Span(None, 60)}),
        ([Rule("allow genre", "Jazz")], {"genre": "JAZZ"}),
        ([Rule("block genre", "Jazz")], {"genre": "Jazz Fusion"}),
        ([Rule("allow genre", "Jazz"), Rule("allow genre", "Pop"), Rule("block genre", "Pop")], {}),
    ],
)
def test_search_that_can_find_something_is_not_refused(rules: list[Rule], search: dict[str, Any]) -> None:
    Filters(rules).require_visible(Search("calm", **search))

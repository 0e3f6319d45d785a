"""Sentences that say what a rule does."""

import pytest

from bot.filters.wording import hiding_reason, rule_sentence
from bot.models.rules import Rule, RuleKind


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("allow genre", "Lo-Fi", "The genre **Lo-Fi** is allowed in {place}."),
        ("block genre", "R&B", "The genre **R&B** is hidden in {place}."),
        ("block artist", "*NSYNC", r"The artist **\*NSYNC** is hidden in {place}."),
        (
            "block word",
            "dark side",
            "Tracks with **dark side** in their title, artist or album are hidden in {place}.",
        ),
        ("length", "60-", "Only tracks of **1:00** or longer are shown in {place}."),
        ("length", "-3600", "Only tracks of up to **1:00:00** are shown in {place}."),
        ("length", "60-300", "Only tracks of **1:00–5:00** are shown in {place}."),
        ("length", "60-60", "Only tracks of **1:00** are shown in {place}."),
    ],
)
def test_sentence_names_the_effect_and_the_place(kind: RuleKind, text: str, sentence: str) -> None:
    assert rule_sentence(Rule(kind, text)) == sentence.format(place="this server")
    assert rule_sentence(Rule(kind, text, 7)) == sentence.format(place="<#7>")


def test_long_text_is_cut() -> None:
    assert rule_sentence(Rule("block word", "a" * 100)) == (
        f"Tracks with **{'a' * 79}…** in their title, artist or album are hidden in this server."
    )


def test_braces_in_a_rule_are_shown_as_they_are() -> None:
    assert rule_sentence(Rule("block word", "{channel} x")) == (
        "Tracks with **{channel} x** in their title, artist or album are hidden in this server."
    )


def test_reason_of_an_allow_list_names_its_genres_and_that_of_any_other_rule_is_its_sentence() -> None:
    blocked = Rule("block genre", "Rock", 7)

    assert hiding_reason(Rule("allow genre", "Jazz, Pop")) == "Only these genres are allowed: **Jazz, Pop**."
    assert hiding_reason(blocked) == rule_sentence(blocked)

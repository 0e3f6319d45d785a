"""Rules parsed from what moderators type, and compared with each other."""

import pytest

from bot.errors import Refused
from bot.filters.parsing import (
    MAX_RULE_LENGTH,
    length_rule,
    parse_length_rule,
    parse_rule,
    rule_key,
    span_of,
)
from bot.models.ranges import Span
from bot.models.rules import WHOLE_SERVER, Rule


@pytest.mark.parametrize("kind", ["allow genre", "block genre", "block artist", "block word"])
def test_text_is_cleaned_and_kept_in_its_spelling(kind: str) -> None:
    assert parse_rule(kind, "  Dark \n\u200bSide ", 7) == Rule(kind, "Dark Side", 7)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "text", "reply"),
    [
        ("length", "60-300", "I don't know the kind of rule “length”."),
        ("block *album*", "x", r"I don't know the kind of rule “block \*album\*”."),
        ("block word", "!!!", "I found no letters or digits in that to compare with. Try a name or a word."),
        ("block artist", " ", "I found no letters or digits in that to compare with. Try a name or a word."),
        ("block artist", "a" * 101, "That is too long for a rule. Please use at most 100 characters."),
    ],
)
def test_text_that_cannot_be_a_rule_is_refused(kind: str, text: str, reply: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_rule(kind, text, WHOLE_SERVER)

    assert str(refusal.value) == reply


def test_artist_of_symbols_and_the_longest_text_are_accepted() -> None:
    assert parse_rule("block artist", "!!!", WHOLE_SERVER).text == "!!!"
    assert len(parse_rule("block word", "a" * MAX_RULE_LENGTH, WHOLE_SERVER).text) == MAX_RULE_LENGTH


@pytest.mark.parametrize(
    ("minimum", "maximum", "text", "span"),
    [
        ("1:00", "5 min", "60-300", Span(60, 300)),
        ("45S", None, "45-", Span(45, None)),
        (None, " 1:30 ", "-90", Span(None, 90)),
        ("0", "1:00", "-60", Span(None, 60)),
        ("1s", "24 h", "1-86400", Span(1, 86_400)),
        ("2:00", "2:00", "120-120", Span(120, 120)),
    ],
)
def test_length_is_the_same_when_read_back(
    minimum: str | None, maximum: str | None, text: str, span: Span
) -> None:
    rule = parse_length_rule(minimum, maximum, 7)

    assert rule == Rule("length", text, 7)
    assert span_of(rule) == span


@pytest.mark.parametrize("seconds", [90.125, 86_399.999])
def test_fraction_of_a_second_is_kept(seconds: float) -> None:
    assert span_of(length_rule(Span(seconds, None), 7)) == Span(seconds, None)


@pytest.mark.parametrize(
    ("minimum", "maximum", "reply"),
    [
        (None, None, "Say how long a track may be: `min`, `max` or both"),
        ("0", None, "Say how long a track may be: `min`, `max` or both"),
        (None, "0", "Please choose a length between one second and 24 hours."),
        (None, "0.5 s", "Please choose a length between one second and 24 hours."),
        ("25 h", None, "Please choose a length between one second and 24 hours."),
        ("3:00", "2:59", "No track can be that long: `min` must not be above `max`."),
        ("soon", None, "I can't read “soon” as a length. Write a length like"),
        (None, "*", r"I can't read “\*” as a length. Write a length like"),
    ],
)
def test_length_that_no_track_can_have_is_refused(
    minimum: str | None, maximum: str | None, reply: str
) -> None:
    with pytest.raises(Refused) as refusal:
        parse_length_rule(minimum, maximum, WHOLE_SERVER)

    assert str(refusal.value).startswith(reply)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Rule("block genre", "Lo-Fi"), Rule("block genre", "lofi")),
        (Rule("allow genre", "R&B"), Rule("allow genre", "r and b")),
        (Rule("block artist", "Beyoncé"), Rule("block artist", "BEYONCÉ")),
        (Rule("block word", "Dark, Side"), Rule("block word", "dark side")),
        (Rule("length", "60-"), Rule("length", "-300")),
    ],
)
def test_rules_that_mean_the_same_have_one_key(one: Rule, other: Rule) -> None:
    assert rule_key(one) == rule_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Rule("block genre", "Rock"), Rule("block genre", "Rockabilly")),
        (Rule("block artist", "Lo-Fi"), Rule("block artist", "lofi")),
        (Rule("block word", "darkside"), Rule("block word", "dark side")),
    ],
)
def test_rules_that_mean_different_things_have_different_keys(one: Rule, other: Rule) -> None:
    assert rule_key(one) != rule_key(other)

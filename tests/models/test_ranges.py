"""Ranges: parsing tempos and lengths as musicians write them, and describing them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.models.ranges import (
    Span,
    describe_length,
    describe_tempo,
    format_duration,
    parse_length,
    parse_tempo,
    suggest_lengths,
    suggest_tempos,
)


@pytest.mark.parametrize(
    ("text", "span", "words"),
    [
        ("128", Span(128, 128), "128 BPM"),
        ("128 bpm", Span(128, 128), "128 BPM"),
        ("127.5", Span(127, 128), "127–128 BPM"),
        ("120-130", Span(120, 130), "120–130 BPM"),
        ("120 – 130 BPM", Span(120, 130), "120–130 BPM"),
        ("between 120 and 130", Span(120, 130), "120–130 BPM"),
        ("128±4", Span(124, 132), "124–132 BPM"),
        ("128 +/- 4", Span(124, 132), "124–132 BPM"),
        ("over 140", Span(low=141), "141 BPM and faster"),
        (">= 140", Span(low=140), "140 BPM and faster"),
        ("140+", Span(low=140), "140 BPM and faster"),
        ("Under 90", Span(high=89), "89 BPM and slower"),
        ("up to 90", Span(high=90), "90 BPM and slower"),
    ],
)
def test_a_tempo_is_parsed_and_described(text: str, span: Span, words: str) -> None:
    assert parse_tempo(text) == span
    assert describe_tempo(parse_tempo(text)) == words


@pytest.mark.parametrize(
    ("text", "span", "words"),
    [
        ("2:30", Span(135, 165), "2:15–2:45"),
        ("90", Span(81, 99), "1:21–1:39"),
        ("1m30s", Span(81, 99), "1:21–1:39"),
        ("1:00-3:00", Span(60, 180), "1:00–3:00"),
        ("1-3 min", Span(60, 180), "1:00–3:00"),
        ("under 90s", Span(high=90), "1:30 and shorter"),
        ("over 4 min", Span(low=240), "4:00 and longer"),
        ("1:30 or less", Span(high=90), "1:30 and shorter"),
        ("2:00 ± 10s", Span(110, 130), "1:50–2:10"),
        ("over 1:00:00", Span(low=3600), "1:00:00 and longer"),
    ],
)
def test_a_length_is_parsed_and_described(text: str, span: Span, words: str) -> None:
    assert parse_length(text) == span
    assert describe_length(parse_length(text)) == words


@pytest.mark.parametrize(
    "text", ["", "fast", "130-120", "0", "1000", "-5", "12-", "1000±1", "9" * 50, "over"]
)
def test_an_invalid_tempo_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_tempo(text)


@pytest.mark.parametrize("text", ["", "long", "3:00-1:00", "0", "0:75", "under 0", "over 30h", "::"])
def test_an_invalid_length_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_length(text)


@given(st.text(max_size=50))
def test_any_text_is_parsed_or_refused_and_its_suggestions_can_be_parsed(text: str) -> None:
    for parse, suggest in ((parse_tempo, suggest_tempos), (parse_length, suggest_lengths)):
        with suppress(Refused):
            parse(text)
        for suggestion in suggest(text):
            parse(suggestion)


@given(st.integers(9, 990))
def test_a_typed_tempo_is_suggested_with_a_tolerance(beats: int) -> None:
    assert parse_tempo(suggest_tempos(str(beats))[0]) == Span(beats - 4, beats + 4)


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (59.6, "1:00"), (61, "1:01"), (3661, "1:01:01")])
def test_a_duration_is_formatted_as_minutes_and_seconds(seconds: float, shown: str) -> None:
    assert format_duration(seconds) == shown

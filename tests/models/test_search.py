"""Searches: the tracks that match, the cache key of a query, and the stored form."""

from typing import Any

import msgspec
import pytest

from bot.models.ranges import Span
from bot.models.search import Query, Search, Track, Window, is_asset_id

STORED_SEARCH = (
    b"\x87\xa4text\xa4calm\xa4kind\xa6artist\xa5genre\xa5Lo-Fi\xa5tempo\x82\xa3low\xcc\x8c\xa4high\xcc\x8c"
    b"\xa6length\x82\xa3low<\xa4high\xc0\xabhalf_double\xc3\xa7besides\xa41000"
)
STORED_WINDOW = (
    b"\x87\xa6tracks\x91\x88\xa8asset_id\xa11\xa4name\xa1x\xa6artist\xa1a\xa5album\xa1b\xa5genre\xa1c\xa3bpmx"
    b"\xa8durationZ\xadthumbnail_url\xb3https://e.com/x.png\xa5start\x00\xa3end\x01\xa5total\x07\xa6method"
    b"\xa4text\xaematched_artist\xa1A\xaafetched_at\xcb?\xf8\x00\x00\x00\x00\x00\x00"
)


@pytest.mark.parametrize(
    ("stored", "decoded"),
    [
        (
            STORED_SEARCH,
            Search("calm", "artist", "Lo-Fi", Span(140, 140), Span(60), half_double=True, excluded_id="1000"),
        ),
        (
            STORED_WINDOW,
            Window(
                (Track("1", "x", "a", "b", "c", 120, 90, "https://e.com/x.png"),), 0, 1, 7, "text", "A", 1.5
            ),
        ),
        (
            msgspec.msgpack.encode({"text": "calm", "tempo": {"low": 140, "high": 140}}),
            Search("calm", tempo=Span(140, 140)),
        ),
    ],
)
def test_stored_rows_keep_their_form(stored: bytes, decoded: Any) -> None:
    assert msgspec.msgpack.decode(stored, type=type(decoded)) == decoded
    assert msgspec.msgpack.encode(decoded) == stored


@pytest.mark.parametrize(("bpm", "feel"), [(70, "half"), (140.4, "full"), (279.6, "double"), (139, None)])
def test_time_feel_follows_the_displayed_tempo(bpm: float, feel: str | None) -> None:
    search = Search("x", tempo=Span(140, 140), half_double=True)

    assert search.time_feel_of(Track("1", "x", bpm=bpm)) == feel
    assert search.matches(Track("1", "x", bpm=bpm)) == (feel is not None)


@pytest.mark.parametrize(
    ("tempo", "bpm", "feel"),
    [
        (Span(141, None), 70, None),
        (Span(141, None), 71, "half"),
        (Span(None, 89), 178, "double"),
        (Span(None, 89), 179, None),
        (Span(141, 143), 70, None),
        (Span(141, 143), 72, None),
    ],
)
def test_a_scaled_range_is_rounded_inward(tempo: Span, bpm: float, feel: str | None) -> None:
    assert Search("calm", tempo=tempo, half_double=True).time_feel_of(Track("1", "x", bpm=bpm)) == feel


@pytest.mark.parametrize(
    ("bpm", "feel"), [(70, "half"), (71, "half"), (141, "full"), (282, "double"), (72, None)]
)
def test_a_scaled_single_tempo_is_rounded_outward(bpm: float, feel: str | None) -> None:
    search = Search("calm", tempo=Span(141, 141), half_double=True)

    assert search.time_feel_of(Track("1", "x", bpm=bpm)) == feel


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        (Search("x"), True),
        (Search("x", tempo=Span(high=80)), False),
        (Search("x", tempo=Span(80)), False),
        (Search("x", length=Span(high=90)), False),
        (Search("x", genre="Jazz"), False),
        (Search("x", excluded_id="1"), False),
        (Search("x", excluded_id="2"), True),
    ],
)
def test_an_unknown_tempo_length_or_genre_meets_no_criterion(search: Search, *, expected: bool) -> None:
    assert search.matches(Track("1", "x")) == expected
    assert search.has_criteria or expected


def test_a_tempo_of_zero_is_unknown() -> None:
    assert not Search("x", tempo=Span(high=80)).matches(Track("1", "x", bpm=0.4))


def test_queries_that_the_service_answers_alike_share_a_digest() -> None:
    query = Query("Calm  Piano", ("Lo-Fi", "Jazz"))

    assert query.digest == Query("calm piano", ("jazz", "lofi")).digest
    for other in (
        Query("calm piano"),
        Query("calm piano", ("jazz",)),
        Query("piano", query.genres),
        Query(query.text, query.genres, Span(60)),
    ):
        assert other.digest != query.digest


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window((), 0, 0, total=500), True),
        (Window((), 0, 100, total=500), False),
        (Window((), 400, 500, total=500), True),
        (Window((), 0, 100), False),
        (Window((), 100, 199), True),
    ],
)
def test_a_window_is_the_last_if_it_is_empty_or_reaches_the_total_or_is_short(
    window: Window, *, expected: bool
) -> None:
    assert window.is_last == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", True), ("1" * 20, True), ("1" * 21, False), ("", False), ("x1", False), ("١", False)],
)
def test_an_asset_id_is_up_to_20_ascii_digits(text: str, *, expected: bool) -> None:
    assert is_asset_id(text) == expected

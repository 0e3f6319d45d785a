"""Decoding: the fast and the tolerant way agree, and one bad track loses no other."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.audioscape import decoding
from bot.errors import CutShort, Unreadable, WrongShape
from bot.models.search import Track, Window
from tests.support.world import answer, track

TEXT = st.text(max_size=30) | st.none() | st.sampled_from(["", " ", "\u202e", "7", "A  b"])
NUMBER = st.none() | st.integers(-5, 10**6) | st.floats(-5, 10**6, allow_nan=False)
TRACKS = st.lists(
    st.fixed_dictionaries(
        {"asset_id": st.text(max_size=5) | st.sampled_from(["1", "9040000000007920"])},
        optional={
            **dict.fromkeys(("name", "artist", "album", "genre", "thumbnail_url"), TEXT),
            **dict.fromkeys(("bpm", "duration"), NUMBER),
            "score": st.floats() | st.none(),
            "genre_slug": TEXT,
        },
    ),
    max_size=8,
)


def outcome(read: Any, *arguments: Any) -> Any:
    try:
        return read(*arguments)
    except Exception as error:  # noqa: BLE001 (both must raise the same)
        return type(error)


@given(TRACKS, NUMBER, TEXT)
def test_the_fast_and_the_tolerant_decoding_agree(
    tracks: list[Any], total: float | None, matched: str | None
) -> None:
    body = msgspec.json.encode(answer(tracks, total=total, matched_artist=matched))
    tolerant = outcome(decoding._tolerant_window, msgspec.json.decode(body), 100)  # noqa: SLF001

    assert outcome(decoding.decode_window, body, 100) == tolerant


def test_a_track_of_another_shape_loses_no_other() -> None:
    sent = [track(1), track(2, bpm="120", name=None), {"asset_id": []}, track(3, asset_id=4)]
    window = decoding.decode_window(msgspec.json.encode(answer(sent)), 0)

    assert [each.asset_id for each in window.tracks] == ["1001", "1002", "4"]
    assert window.tracks[1] == Track(
        "1002", "Untitled", "Artist 2", "First Light", "Lo-Fi", 120, 152, "https://covers.example.com/2.png"
    )
    assert window.end == 4


def tolerant(body: bytes) -> Window:
    return decoding._tolerant_window(msgspec.json.decode(body), 0)  # noqa: SLF001 (the fast way must agree)


@pytest.mark.parametrize("decode", [lambda body: decoding.decode_window(body, 0), tolerant])
@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"asset_id": 9040000000007920}, {"asset_id": "9040000000007920"}),
        ({"name": None}, {"name": "Untitled"}),
        ({"name": " \u200b "}, {"name": "Untitled"}),
        ({"name": True}, {"name": "Untitled"}),
        ({"name": 1999}, {"name": "1999"}),
        ({"name": 1.5}, {"name": "Untitled"}),
        ({"name": "x" * 600}, {"name": "x" * 500}),
        ({"name": ["x"]}, {"name": "Untitled"}),
        ({"artist": ""}, {"artist": None}),
        ({"bpm": 0}, {"bpm": None}),
        ({"bpm": 999}, {"bpm": 999}),
        ({"bpm": 1000}, {"bpm": None}),
        ({"bpm": True}, {"bpm": None}),
        ({"bpm": "128"}, {"bpm": 128}),
        ({"bpm": {}}, {"bpm": None}),
        ({"duration": 86400}, {"duration": 86400}),
        ({"duration": 86401}, {"duration": None}),
        ({"duration": -1}, {"duration": None}),
        ({"thumbnail_url": "https://é.example.com"}, {"thumbnail_url": None}),
        ({"thumbnail_url": "x" * 2048}, {"thumbnail_url": "x" * 2048}),
        ({"thumbnail_url": "x" * 2049}, {"thumbnail_url": None}),
    ],
)
def test_each_field_is_decoded_or_left_out(
    decode: Callable[[bytes], Window], sent: dict[str, Any], fields: dict[str, Any]
) -> None:
    (found,) = decode(msgspec.json.encode(answer([track(1, **sent)]))).tracks

    assert {name: getattr(found, name) for name in fields} == fields


@pytest.mark.parametrize("decode", [lambda body: decoding.decode_window(body, 0), tolerant])
@pytest.mark.parametrize(
    ("meta", "fields"),
    [
        ({"total": 7.2}, {"total": 8}),
        ({"total": 0}, {"total": None}),
        ({"total": "many"}, {"total": None}),
        ({"total": 10**12}, {"total": 10**12}),
        ({"total": 10**12 + 1}, {"total": None}),
        ({"search_method": None}, {"method": "semantic"}),
        ({"search_method": "text"}, {"method": "text"}),
        ({"matched_artist": "  A  B "}, {"matched_artist": "A B"}),
        ({"matched_artist": ""}, {"matched_artist": None}),
    ],
)
def test_the_counts_and_the_method_are_decoded(
    decode: Callable[[bytes], Window], meta: dict[str, Any], fields: dict[str, Any]
) -> None:
    window = decode(msgspec.json.encode(answer([track(1)], **meta)))

    assert {name: getattr(window, name) for name in fields} == fields


@pytest.mark.parametrize("name", ["x", ["of another shape"]])
def test_more_than_a_window_of_tracks_is_cut(name: Any) -> None:
    sent = [track(number, name=name) for number in range(120)]
    window = decoding.decode_window(msgspec.json.encode(answer(sent)), 300)

    assert (len(window.tracks), window.start, window.end) == (100, 300, 400)


def test_unusable_tracks_are_left_out_counted_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    sent = [track(1), {}, None, track(2, asset_id=""), track(3)]
    window = decoding.decode_window(msgspec.json.encode(answer(sent)), 0)

    assert [each.asset_id for each in window.tracks] == ["1001", "1003"]
    assert window.end == 5
    assert [record.getMessage() for record in caplog.records] == ["3 of 5 tracks were unusable and left out"]


def test_usable_tracks_of_another_shape_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    decoding.decode_window(msgspec.json.encode(answer([track(1, bpm="120")])), 0)

    assert caplog.records == []


@pytest.mark.parametrize(
    "body", [b'{"tracks": [], "meta": {}}', b'{"tracks": []}', b'{"tracks": [], "meta": 1}']
)
def test_a_response_without_tracks_is_an_empty_window(body: bytes) -> None:
    window = decoding.decode_window(body, 100)

    assert (window.tracks, window.start, window.end) == ((), 100, 100)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", CutShort),
        (b" \n", CutShort),
        (b'{"tracks": [', CutShort),
        (b"<h1>Hello</h1>", Unreadable),
        (b"[" * 100_000 + b"]" * 100_000, Unreadable),
        (b"{}", WrongShape),
        (b"[]", WrongShape),
        (b'{"tracks": {}}', WrongShape),
        (b'{"tracks": [{}], "meta": {}}', WrongShape),
        (b'{"tracks": [NaN]}', WrongShape),
    ],
)
def test_an_unusable_response_is_an_error(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        decoding.decode_window(body, 0)


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"9" * 5000])
def test_a_number_beyond_json_loses_only_its_field(number: bytes) -> None:
    body = b'{"tracks": [{"asset_id": "1", "name": "x", "bpm": %b}], "meta": {}}' % number

    assert decoding.decode_window(body, 0).tracks == (Track("1", "x"),)


def test_a_byte_that_is_no_utf_8_loses_only_its_letter() -> None:
    body = b'{"tracks": [{"asset_id": "1", "name": "a\xffb"}], "meta": {}}'

    assert decoding.decode_window(body, 0).tracks == (Track("1", "a\ufffdb"),)

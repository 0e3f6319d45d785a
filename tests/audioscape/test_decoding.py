"""Decoding: the fast and the tolerant way agree, and one bad track loses no other."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from bot.audioscape import decoding
from bot.models.search import Track
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

"""The headline of a page: its counts, its notes, and its advice."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models.ranges import Span
from bot.models.rules import Rule
from bot.models.search import Fallback, HiddenTrack, Search, Track
from bot.search.headline import genres_in_words, headline
from tests.support.pages import page

TRACK = Track("1", "x")
ARTIST = Search("X_Y", kind="artist")
FILTERED = Search("calm", tempo=Span(120, 130), length=Span(high=90), genre="Lo-Fi")
HIDDEN = HiddenTrack(TRACK, Rule("block word", "x"))
END: dict[str, Any] = {"continuation": "end"}
KEEP_LOOKING: dict[str, Any] = {"continuation": "keep looking"}


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        ({}, "12 matches · page 1 of 3"),
        ({"total": 7, "found": 12, "number": 2}, "12 matches · page 2 of 3"),
        ({"total": 1234}, "1,234 matches · page 1 of 247"),
        ({"total": None, "found": 100}, "100+ matches · page 1"),
        ({"total": 99, "found": 1, **END}, "1 match · page 1 of 1"),
        ({"total": None, "found": 6, "number": 2, **END}, "6 matches · page 2 of 2"),
    ],
)
def test_matches_and_pages_are_counted(facts: dict[str, Any], counts: str) -> None:
    assert headline(page(TRACK, **facts)) == f"🔎 **calm** · {counts}"


@pytest.mark.parametrize(
    ("facts", "rest"),
    [
        (
            {"total": 2500, "found": 7, "examined": 300, **KEEP_LOOKING},
            "7 found so far · page 1\n-# Looked through the first 300 of 2,500 matches.",
        ),
        (
            {"total": None, "found": 5, "examined": 200},
            "5 found so far · page 1\n-# Looked through the first 200 matches so far.",
        ),
        (
            {"total": 40, "found": 7, "examined": 40, **END},
            "7 found · page 1\n-# Looked through all 40 matches.",
        ),
        (
            {"total": 1, "found": 1, "examined": 1, **END},
            "1 found · page 1\n-# Looked through the only match.",
        ),
    ],
)
def test_a_narrowed_page_says_how_many_matches_were_examined(facts: dict[str, Any], rest: str) -> None:
    criteria = "🔎 **calm** · **Lo-Fi** · **120–130 BPM** · **1:30 and shorter**"

    assert headline(page(TRACK, search=FILTERED, **facts)) == f"{criteria} · {rest}"


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        ({"found": 0, **END}, "nothing found"),
        ({"found": 0, **KEEP_LOOKING}, "nothing found yet"),
        ({"found": 5, "number": 2, **END}, "5 found"),
        ({"found": 5, "number": 2, **KEEP_LOOKING}, "5 found, no more yet"),
    ],
)
def test_an_empty_page_says_what_was_found(facts: dict[str, Any], count: str) -> None:
    assert headline(page(**facts)).splitlines()[0] == f"🔎 **calm** · {count}"


@pytest.mark.parametrize(
    ("facts", "note"),
    [
        ({"method": "text"}, "Keyword matches only: AudioScape's semantic search is unavailable right now."),
        ({"matched_artist": "X_Y"}, "In the style of **X\\_Y**."),
        (
            {"matched_artist": "X_Y", "featured_count": 2},
            "In the style of **X\\_Y**. Tracks by the artist come first, marked ★.",
        ),
        ({"search": ARTIST, "featured_count": 2}, "Tracks by the artist come first, marked ★."),
        ({"search": ARTIST}, "No artist of that name was recognised. These are the closest matches."),
        (
            {"fallback": Fallback("It failed.", 99.9)},
            "It failed. These are earlier results, from <t:99:R>.",
        ),
        (
            {"fallback": Fallback("It failed.", None), "method": "text"},
            "It failed. These tracks are from earlier searches.",
        ),
    ],
)
def test_the_origin_of_the_tracks_is_noted(facts: dict[str, Any], note: str) -> None:
    assert headline(page(TRACK, **facts)).splitlines()[1:] == [f"-# {note}"]


def test_stale_keyword_matches_have_both_notes() -> None:
    lines = headline(page(TRACK, method="text", fallback=Fallback("It failed.", 1))).splitlines()

    assert lines[1:] == [
        "-# It failed. These are earlier results, from <t:1:R>.",
        "-# Keyword matches only: AudioScape's semantic search is unavailable right now.",
    ]


@pytest.mark.parametrize(
    ("hidden", "note"),
    [
        ((HIDDEN,), "1 track is hidden by this server's filters."),
        ((HIDDEN, HIDDEN), "2 tracks are hidden by this server's filters."),
    ],
)
def test_hidden_tracks_are_counted(hidden: tuple[HiddenTrack, ...], note: str) -> None:
    assert headline(page(TRACK, hidden=hidden, **END)).splitlines()[1] == f"-# {note}"


@pytest.mark.parametrize(
    ("facts", "advice"),
    [
        ({}, "Try fewer or simpler words: a mood, a genre, an instrument."),
        ({"search": ARTIST}, "Try the artist's full name, or describe their sound with `/music`."),
        (
            {"search": FILTERED, "examined": 0},
            (
                "Try a wider tempo. Try another length. Try it without a genre, or with a related one. "
                "Try fewer or simpler words: a mood, a genre, an instrument."
            ),
        ),
        (
            KEEP_LOOKING,
            "There are more matches to look through. Press **Keep looking**, or widen your search.",
        ),
        (
            {"allowed_genres": ("Jazz", "Lo_Fi")},
            "This server's filters allow only **Jazz**, **Lo\\_Fi**. Try other words.",
        ),
        (
            {"allowed_genres": ("Jazz",), **KEEP_LOOKING},
            "There are more matches to look through. Press **Keep looking**, or widen your search.",
        ),
        (
            {"hidden": (HIDDEN,)},
            "Everything that matches is hidden by this server's filters. Try other words.",
        ),
        (
            {"hidden": (HIDDEN,), **KEEP_LOOKING},
            (
                "Every match up to here is hidden by this server's filters. "
                "Press **Keep looking**, or try other words."
            ),
        ),
        (
            {"hidden": (HIDDEN,), "found": 5, "number": 2},
            "Try fewer or simpler words: a mood, a genre, an instrument.",
        ),
    ],
)
def test_an_empty_page_advises_what_to_try(facts: dict[str, Any], advice: str) -> None:
    assert headline(page(**{"found": 0, **END, **facts})).splitlines()[-1] == f"-# {advice}"


def test_half_double_is_named_with_the_tempo() -> None:
    search = Search("calm", tempo=Span(140, 140), half_double=True)

    assert "**140 BPM, also at half and double time**" in headline(page(TRACK, search=search))


@pytest.mark.parametrize(
    ("count", "ending"), [(1, "**0**"), (5, "**4**"), (6, "**4** and 1 other"), (9, "**4** and 4 others")]
)
def test_a_long_list_of_genres_is_shortened(count: int, ending: str) -> None:
    assert genres_in_words([str(number) for number in range(count)]).endswith(ending)


@given(st.text(max_size=600), st.lists(st.text(max_size=600), max_size=9))
def test_the_longest_headline_fits_into_a_message(query: str, genres: list[str]) -> None:
    search = Search(query, genre=query, tempo=Span(1, 999), length=Span(1, 86400))
    facts: dict[str, Any] = {"search": search, "matched_artist": query, "found": 10**9, "total": 10**12}
    hidden = (HIDDEN,)

    assert len(headline(page(TRACK, hidden=hidden, **facts))) <= 2000
    assert len(headline(page(hidden=hidden, allowed_genres=tuple(genres), **facts | END))) <= 2000

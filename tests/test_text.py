"""Text from outside never formats, links, mentions or breaks a line, whatever it holds."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import clean, escape, fold, genre_key, truncate

ACTIVE = re.compile(r"(?<!\\)(?:\\\\)*[*_~`|\[\]<>@#]")
LINK = re.compile(r"\w+://|\w\.\w+/")


def is_visible(character: str) -> bool:
    """Whether it shows, or joins emoji; those newer than Python's tables have no category yet."""
    is_new_emoji = "\U0001f000" <= character <= "\U0001faff"
    return unicodedata.category(character)[0] not in "CZ" or character in " \u200d" or is_new_emoji


@given(st.text(), st.integers(10, 300))
def test_whatever_is_shown_is_inert_on_one_line_and_within_its_limit(text: str, limit: int) -> None:
    shown = escape(text, limit)

    assert len(shown.encode("utf-16-le")) // 2 <= limit
    assert not ACTIVE.search(shown)
    assert not LINK.search(shown)
    assert shown == shown.strip()
    assert all(is_visible(character) for character in shown)


@given(st.text(alphabet="*_\\`@a", min_size=20), st.integers(5, 15))
def test_no_escape_is_cut_in_half(text: str, limit: int) -> None:
    shown = escape(text, limit).removesuffix("…")

    assert len(re.search(r"\\*$", shown)[0]) % 2 == 0  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Plain (Remix) - 2:30, Pt. 2", "Plain (Remix) - 2:30, Pt. 2"),
        ("@everyone", r"\@everyone"),
        ("<@123> <#4> <:a:5>", r"\<\@123\> \<\#4\> \<:a:5\>"),
        ("[x](http://y)", r"\[x\](http\://y)"),
        ("discord.gg/abc", r"discord\.gg/abc"),
        ("||hidden|| `code` **bold**", r"\|\|hidden\|\| \`code\` \*\*bold\*\*"),
        ("# heading", r"\# heading"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("left\u202eright\u2066", "leftright"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("two\nlines\r\nor\u2028three", "two lines or three"),
        ("👩‍🚀 flies", "👩‍🚀 flies"),
        ("join\u200ders", "joiners"),
        ("Z" + "\u0335" * 50, "Z" + "\u0335" * 3),
        ("\u3164\u2800", ""),
        ("\ud800lone", "lone"),
        ("x" * 5000, "x" * 29 + "…"),
    ],
)
def test_it_is_shown_as_it_was_meant(text: str, shown: str) -> None:
    assert escape(text, 30 if len(text) > 100 else 200) == shown


@given(st.text(), st.integers(3, 50))
def test_places_without_markdown_get_it_clean_and_short(text: str, limit: int) -> None:
    assert len(truncate(text, limit).encode("utf-16-le")) // 2 <= limit


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_two_spellings_of_the_same_words_are_one_search() -> None:
    assert fold("  Café\tDEL  Mar ") == fold("cafe\u0301 del mar")
    assert fold("Straße") == fold("STRASSE")


@pytest.mark.parametrize(
    "spellings",
    [
        ("Lo-Fi", "lofi", "lo fi", "LO-FI"),
        ("Hip Hop / Rap", "hip-hop-rap"),
        ("Drum & Bass", "drum and bass", "drum-bass"),
    ],
)
def test_a_genre_is_one_however_it_is_written(spellings: tuple[str, ...]) -> None:
    assert len({genre_key(spelling) for spelling in spellings}) == 1


def test_a_genre_is_not_another_that_begins_like_it() -> None:
    assert genre_key("Rock") != genre_key("Rockabilly")
    assert genre_key("!!!") != genre_key("???")

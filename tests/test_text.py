"""Text from outside: escaped, it never formats, links, mentions or breaks a line; folded, it compares."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import clean, escape, fold, genre_key, truncate

ACTIVE = re.compile(r"(?<!\\)(?:\\\\)*[*_~`|\[\]<>@#]")
LINK = re.compile(r"\w+://|\w\.\w+/")


def is_visible(character: str) -> bool:
    """True if it is visible or joins emoji; emoji newer than Python's tables have no category."""
    is_new_emoji = "\U0001f000" <= character <= "\U0001faff"
    return unicodedata.category(character)[0] not in "CZ" or character in " \u200d" or is_new_emoji


@given(st.text(), st.integers(10, 300))
def test_escaped_text_is_literal_on_one_line_and_within_its_limit(text: str, limit: int) -> None:
    shown = escape(text, limit)

    assert len(shown.encode("utf-16-le")) // 2 <= limit
    assert not ACTIVE.search(shown)
    assert not LINK.search(shown)
    assert shown == shown.strip()
    assert all(is_visible(character) for character in shown)


@given(st.text(alphabet="*_\\`@a", min_size=20), st.integers(5, 15))
def test_truncation_never_cuts_an_escape_in_half(text: str, limit: int) -> None:
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
def test_text_is_escaped_as_expected(text: str, shown: str) -> None:
    assert escape(text, 30 if len(text) > 100 else 200) == shown


@given(st.text(), st.integers(3, 50))
def test_truncated_text_is_within_its_limit(text: str, limit: int) -> None:
    assert len(truncate(text, limit).encode("utf-16-le")) // 2 <= limit


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_spellings_of_the_same_words_fold_alike() -> None:
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
def test_the_spellings_of_a_genre_share_a_key(spellings: tuple[str, ...]) -> None:
    assert len({genre_key(spelling) for spelling in spellings}) == 1


def test_different_genres_have_different_keys() -> None:
    assert genre_key("Rock") != genre_key("Rockabilly")
    assert genre_key("!!!") != genre_key("???")

"""Text from outside: cleaning, escaping, truncating, folding, and splitting into words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Final

# Ranges of characters that are invisible, but not in a category of such: fillers, joiners, selectors.
_INVISIBLE: Final = (
    ("\u034f", "\u034f"),
    ("\u115f", "\u1160"),
    ("\u17b4", "\u17b5"),
    ("\u180b", "\u180f"),
    ("\u2800", "\u2800"),
    ("\u3164", "\u3164"),
    ("\ufe00", "\ufe0f"),
    ("\uffa0", "\uffa0"),
    ("\U00016fe4", "\U00016fe4"),
    ("\U0001d159", "\U0001d159"),
    ("\U000e0000", "\U000e0fff"),
)
_EMOJI_STYLE: Final = "\ufe0f"
_KEYCAPS: Final = frozenset("0123456789#*")
_ZERO_WIDTH_JOINER: Final = "\u200d"
_MAX_MARKS: Final = 3
"""Combining marks on one letter: no writing system needs more."""


def clean(text: str) -> str:
    """`text` on one line, without invisible characters, direction overrides and stacks of marks."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(_visible(text)).split())


def _visible(text: str) -> Iterator[str]:
    marks = 0
    previous = ""
    for index, character in enumerate(text):
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if character == _ZERO_WIDTH_JOINER:
            keep = _is_emoji(previous) and _is_emoji(text[index + 1 : index + 2])
        elif character == _EMOJI_STYLE:
            keep = _is_emoji(previous) or previous in _KEYCAPS
        else:
            keep = _is_emoji(character) or (
                category[0] not in "CZ" and not _is_invisible(character) and marks <= _MAX_MARKS
            )
        if keep:
            yield character
        elif category[0] == "Z" or category == "Cc":
            yield " "
        previous = character


def _is_emoji(character: str) -> bool:
    """True if `character` is an emoji or ends one; the range covers those newer than Python's tables."""
    if not character or character < "\u2000" or character == _ZERO_WIDTH_JOINER:
        return False
    return (
        character == _EMOJI_STYLE
        or "\U0001f000" <= character <= "\U0001faff"
        or (unicodedata.category(character) == "So" and not _is_invisible(character))
    )


def _is_invisible(character: str) -> bool:
    return any(first <= character <= last for first, last in _INVISIBLE)


@lru_cache(maxsize=4096)
def escape(text: str, limit: int) -> str:
    """`text` cleaned and escaped, so that Discord shows it literally: no format, link, mention or heading.

    The result has at most `limit` UTF-16 code units, the strictest way in which Discord counts. A truncated
    result ends in an ellipsis, and never in half an escape.
    """
    escaped = _SPECIAL.sub(_with_backslash, clean(text))
    return escaped if utf16_length(escaped) <= limit else _truncate(_PIECE.findall(escaped), limit)


def truncate(text: str, limit: int) -> str:
    """`text` cleaned and at most `limit` UTF-16 code units long, for places without Markdown."""
    text = clean(text)
    return text if utf16_length(text) <= limit else _truncate(text, limit)


# Markdown and mentions anywhere; the start of a list item; and the punctuation of a scheme, or of a domain
# with a path, that makes Discord show a link or an invitation.
_SPECIAL: Final = re.compile(r"[\\*_~`|\[\]<>@#]|\A\d*[-+]|\A\d+\.|[:.](?=//|\w+/)")
_PIECE: Final = re.compile(r"\\?.")


def _with_backslash(special: re.Match[str]) -> str:
    return f"{special[0][:-1]}\\{special[0][-1]}"


def _truncate(pieces: Iterable[str], limit: int) -> str:
    """As many whole `pieces` as fit, and an ellipsis."""
    kept: list[str] = []
    room = limit - 1
    for piece in pieces:
        room -= utf16_length(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip(" " + _ZERO_WIDTH_JOINER) + "…"


def utf16_length(text: str) -> int:
    """The length of `text` in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`text` for comparison: equal for all Unicode forms, letter cases and white space of the same words."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(_folded(text).split())


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    # The Turkish letters without a counterpart in the other case.
    return folded.replace("i\u0307", "i").replace("\u0131", "i")


# A Chinese character is a word of its own: there are no spaces between them.
_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ASCII_WORD: Final = re.compile(r"[a-z0-9]+|\n")
_SYMBOLS: Final = re.compile(r"[^\w\s]+")


@cache
def _word(han: str = "") -> re.Pattern[str]:
    """The pattern of a word, with its vowel signs and other marks, though `\\w` leaves them out.

    With "+" for `han`, adjacent Chinese characters are one word.
    """
    marks = "".join(
        chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in {"Mn", "Mc"}
    )
    letter = rf"[^\W_{_HAN}]"
    return re.compile(rf"[{_HAN}]{han}|{letter}(?:{letter}|[{marks}])*|\n")


@lru_cache(maxsize=2048)
def words(text: str) -> tuple[str, ...]:
    """The words of `text`, folded; if it has none, its runs of symbols: "!!!" is an artist's name."""
    line = " ".join(text.split())
    return tuple(words_of_all((line,)) or _SYMBOLS.findall(fold(line)))


def words_of_all(texts: Iterable[str]) -> list[str]:
    """The words of all `texts`, folded, with "\\n" between two texts, so that no phrase spans both."""
    joined = "\n".join(texts).replace("&", " and ")
    if joined.isascii():
        return _ASCII_WORD.findall(joined.lower())
    return _word().findall(_folded(joined))


_STOP_WORDS: Final = frozenset(
    (  # noqa: SIM905 (a sentence of words reads better than a column of them)
        "a an and are for from i in is it like me music my of on or please some song songs sound sounds "
        "that the this to track tracks tune tunes want with"
    ).split()
)


def keywords(text: str) -> list[str]:
    """The distinctive words of `text`, folded, each once; all its words if none is distinctive."""
    found = dict.fromkeys(word for word in words(text) if word[0].isalnum())
    return [word for word in found if word not in _STOP_WORDS] or list(found)


def search_words(text: str) -> list[str]:
    """As `keywords`, but adjacent Chinese characters stay one word, as the service searches for them."""
    line = _folded(" ".join(text.split()).replace("&", " and "))
    found = dict.fromkeys(_word("+").findall(line))
    return [word for word in found if word not in _STOP_WORDS] or list(found)


@lru_cache(maxsize=4096)
def genre_key(name: str) -> str:
    """The key of a genre, equal for its spellings: "Lo-Fi" and "lofi", "Drum & Bass" and "drum and bass"."""
    return "".join(word for word in words(name) if word != "and") or fold(name)


def mention(member_id: int) -> str:
    """The mention of a member; "somebody" for 0, a member whose data was deleted."""
    return f"<@{member_id}>" if member_id else "somebody"

"""Text from outside, made safe to show and fair to compare."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Final

# What takes up room, or a place among the letters, and shows nothing: fillers, joiners, variation selectors.
_BLANKS: Final = (
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
# Marks pile up on one letter without bound; no writing system needs more than a few.
_MOST_MARKS: Final = 3


def clean(text: str) -> str:
    """`text` on one line, without what can't be seen, turns the line around or climbs out of it."""
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
                category[0] not in "CZ" and not _is_blank(character) and marks <= _MOST_MARKS
            )
        if keep:
            yield character
        elif category[0] == "Z" or category == "Cc":
            yield " "
        previous = character


def _is_emoji(character: str) -> bool:
    """Whether `character` is, or ends, an emoji; one newer than this Python's tables counts by its place."""
    if not character or character < "\u2000" or character == _ZERO_WIDTH_JOINER:
        return False
    return (
        character == _EMOJI_STYLE
        or "\U0001f000" <= character <= "\U0001faff"
        or (unicodedata.category(character) == "So" and not _is_blank(character))
    )


def _is_blank(character: str) -> bool:
    return any(first <= character <= last for first, last in _BLANKS)


@lru_cache(maxsize=4096)
def escape(text: str, limit: int) -> str:
    """`text` cleaned and escaped so that Discord shows it as it is: no format, link, mention or heading.

    The answer is at most `limit` long in UTF-16 code units, the stricter of the ways Discord's clients
    and servers count; what is cut ends in an ellipsis, and no escape is cut in half.
    """
    escaped = _SPECIAL.sub(_with_backslash, clean(text))
    return escaped if length(escaped) <= limit else _shortened(_PIECE.findall(escaped), limit)


def cut(text: str, limit: int) -> str:
    """`text` cleaned and at most `limit` UTF-16 code units long, for places that show no Markdown."""
    text = clean(text)
    return text if length(text) <= limit else _shortened(text, limit)


# Markdown and mentions anywhere; what makes a line an item of a list; and the sign in a scheme, or in a
# domain with a path after it, that would make Discord turn it into a link or an invitation.
_SPECIAL: Final = re.compile(r"[\\*_~`|\[\]<>@#]|\A\d*[-+]|\A\d+\.|[:.](?=//|\w+/)")
_PIECE: Final = re.compile(r"\\?.")


def _with_backslash(special: re.Match[str]) -> str:
    return f"{special[0][:-1]}\\{special[0][-1]}"


def _shortened(pieces: Iterable[str], limit: int) -> str:
    """As many of `pieces` as fit, whole ones, and an ellipsis."""
    kept: list[str] = []
    room = limit - 1
    for piece in pieces:
        room -= length(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip(" " + _ZERO_WIDTH_JOINER) + "…"


def length(text: str) -> int:
    """In UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """What two spellings of the same words have in common: Unicode form, letter case, white space."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(_folded(text).split())


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    # The Turkish letters that have no counterpart of their own in the other case.
    return folded.replace("i\u0307", "i").replace("\u0131", "i")


# Chinese characters stand for words by themselves: nothing sets them apart in a line.
_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ASCII_WORD: Final = re.compile(r"[a-z0-9]+|\n")
_SYMBOLS: Final = re.compile(r"[^\w\s]+")


@cache
def _word(han: str = "") -> re.Pattern[str]:
    """Vowel signs and the like belong to the word they stand in, though `\\w` leaves them out.

    With "+" for `han`, Chinese characters that stand together are one word.
    """
    marks = "".join(
        chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in {"Mn", "Mc"}
    )
    letter = rf"[^\W_{_HAN}]"
    return re.compile(rf"[{_HAN}]{han}|{letter}(?:{letter}|[{marks}])*|\n")


@lru_cache(maxsize=2048)
def words(text: str) -> tuple[str, ...]:
    """The words of `text`, folded; where it has none, its runs of symbols: "!!!" is an artist's name."""
    line = " ".join(text.split())
    return tuple(words_apart((line,)) or _SYMBOLS.findall(fold(line)))


def words_apart(texts: Iterable[str]) -> list[str]:
    """The words of `texts` one after the other, with a line break between two, where no phrase goes on."""
    joined = "\n".join(texts).replace("&", " and ")
    if joined.isascii():
        return _ASCII_WORD.findall(joined.lower())
    return _word().findall(_folded(joined))


_UNSPOKEN: Final = frozenset(
    (  # noqa: SIM905 (a sentence of words reads better than a column of them)
        "a an and are for from i in is it like me music my of on or please some song songs sound sounds "
        "that the this to track tracks tune tunes want with"
    ).split()
)


def keywords(text: str) -> list[str]:
    """The words of `text` that tell one search from another, folded, each once."""
    found = dict.fromkeys(word for word in words(text) if word[0].isalnum())
    return [word for word in found if word not in _UNSPOKEN] or list(found)


def spoken(text: str) -> list[str]:
    """As `keywords`, to be searched for: Chinese characters stay joined as they are written."""
    line = _folded(" ".join(text.split()).replace("&", " and "))
    found = dict.fromkeys(_word("+").findall(line))
    return [word for word in found if word not in _UNSPOKEN] or list(found)


@lru_cache(maxsize=4096)
def genre_key(name: str) -> str:
    """The same for every way one genre is written: "Lo-Fi" and "lofi", "Drum & Bass" and "drum and bass"."""
    return "".join(word for word in words(name) if word != "and") or fold(name)


def mention(member_id: int) -> str:
    """Names a member; 0 stands for one who had what was kept of them deleted."""
    return f"<@{member_id}>" if member_id else "somebody"

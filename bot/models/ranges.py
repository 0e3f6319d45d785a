"""Reads tempos and lengths as musicians write them, and says how it understood them."""

import re
from collections.abc import Callable
from math import ceil, floor
from typing import Final, Literal

import msgspec

from bot.errors import Refused


class Span(msgspec.Struct, frozen=True):
    """From `low` to `high`, both included; None leaves that side open."""

    low: float | None = None
    high: float | None = None

    def __contains__(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def times(self, factor: float) -> "Span":
        """Both ends multiplied, and to whole numbers: outward where it is a single one, else inward.

        141 BPM at half time are 70 to 71; over 141 BPM are over 71.
        """
        down, up = (floor, ceil) if self.low == self.high else (ceil, floor)
        low = None if self.low is None else down(self.low * factor)
        return Span(low, None if self.high is None else up(self.high * factor))


MIN_BPM: Final = 1
MAX_BPM: Final = 999
LONGEST: Final = 24 * 60 * 60

_TEMPO_IDEAS: Final = ("under 80", "80-100", "100-120", "120-130", "130-150", "over 150")
_LENGTH_IDEAS: Final = ("under 60s", "1:00-2:00", "2:00-3:00", "3:00-5:00", "over 5:00")

_NEAR: Final = (("", "±4"), ("", "±8"), ("over ", ""), ("under ", ""))
"""How a single tempo may be meant: before it, and behind it."""

TEMPO_HELP: Final = "Write a tempo like `128`, `120-130`, `128±4`, `over 140` or `under 90`."
LENGTH_HELP: Final = "Write a length like `2:30`, `1:00-3:00`, `under 90s` or `over 4 min`."

# What leaves one side open, which side it bounds, and whether the number itself is left out.
_OPEN_ENDED: Final[tuple[tuple[re.Pattern[str], Literal["low", "high"], bool], ...]] = (
    (re.compile(r"(?:at least|from|min|>=|≥)\s*(.+)"), "low", False),
    (re.compile(r"(.+?)\s*(?:\+|or more|and up)"), "low", False),
    (re.compile(r"(?:over|above|faster than|longer than|more than|>)\s*(.+)"), "low", True),
    (re.compile(r"(?:at most|up to|max|<=|≤)\s*(.+)"), "high", False),
    (re.compile(r"(.+?)\s*or less"), "high", False),
    (re.compile(r"(?:under|below|slower than|shorter than|less than|<)\s*(.+)"), "high", True),
)
_AROUND: Final = re.compile(r"(.+?)\s*(?:±|\+/-|\+-)\s*(.+)")
_BETWEEN: Final = re.compile(r"(?:between\s+|from\s+)?(.+?)\s*(?:[-‐‑–—−…]|\.\.+|\bto\b|\band\b)\s*(.+)")
_UNIT: Final = re.compile(r"[a-z'′’\"″”]+$")

_NUMBER: Final = r"\d{1,6}(?:[.,]\d{1,2})?"
_BARE: Final = re.compile(_NUMBER)
_BEATS: Final = re.compile(rf"({_NUMBER})(?:\s*bpm)?")
_CLOCK: Final = re.compile(
    r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?:\s*(?:min|minutes))?|(\d{1,3})[.,]([0-5]\d)"
)
_SPOKEN: Final = re.compile(
    rf"(?:({_NUMBER})\s*(?:h|hours?))?\s*(?:({_NUMBER})\s*(?:m|min|mins|minutes?|['′’]))?"
    rf"\s*(?:({_NUMBER})\s*(?:s|sec|secs|seconds?|[\"″”])?)?"
)


def read_tempo(text: str) -> Span:
    """The range of whole beats per minute that `text` means.

    Raises Refused where it can't be read, runs backwards, or is nothing that music is played at.
    """
    span = _read(text, _beats, _same_beat, TEMPO_HELP, whole=True)
    if (span.low or 0) > MAX_BPM or not MIN_BPM <= (MAX_BPM if span.high is None else span.high) <= MAX_BPM:
        raise Refused(f"A tempo lies between {MIN_BPM} and {MAX_BPM} BPM. {TEMPO_HELP}")
    return span


def read_length(text: str) -> Span:
    """The range of seconds that `text` means; a single length means about that long.

    Raises Refused where it can't be read, runs backwards, or is no length that a track can have.
    """
    span = _read(text, seconds_in, _about, LENGTH_HELP, whole=False)
    if any(edge is not None and not 0 <= edge <= LONGEST for edge in (span.low, span.high)) or span.high == 0:
        raise Refused(f"A length lies between a second and 24 hours. {LENGTH_HELP}")
    return span


def _read(
    text: str,
    read: Callable[[str], float | None],
    alone: Callable[[float], Span],
    help_text: str,
    *,
    whole: bool,
) -> Span:
    """`read` reads one value, `alone` says what it means by itself, `whole` that values are whole numbers."""
    words = " ".join(text.casefold().split())
    value = read(words)
    if value is not None:
        return alone(value)
    span = _open_ended(words, read, whole=whole) or _two_ended(words, read)
    if span is None:
        raise Refused(f"I can't read that. {help_text}")
    if span.low is not None and span.high is not None and span.low > span.high:
        raise Refused(f"That runs backwards: the smaller number comes first. {help_text}")
    return span


def _open_ended(words: str, read: Callable[[str], float | None], *, whole: bool) -> Span | None:
    for pattern, side, is_left_out in _OPEN_ENDED:
        match = pattern.fullmatch(words)
        edge = read(match[1]) if match else None
        if edge is None:
            continue
        skip = is_left_out and whole
        if side == "low":
            return Span(low=floor(edge) + 1 if skip else edge)
        return Span(high=ceil(edge) - 1 if skip else edge)
    return None


def _two_ended(words: str, read: Callable[[str], float | None]) -> Span | None:
    if match := _AROUND.fullmatch(words):
        middle, spread = read(_in_unit_of(match[2], match[1])), read(_in_unit_of(match[1], match[2]))
        return None if middle is None or spread is None else Span(max(0, middle - spread), middle + spread)
    if match := _BETWEEN.fullmatch(words):
        low, high = _in_unit_of(match[2], match[1]), _in_unit_of(match[1], match[2])
        ends = read(_on_clock_of(match[2], low)), read(_on_clock_of(match[1], high))
        return None if None in ends else Span(*ends)
    return None


def _in_unit_of(other: str, words: str) -> str:
    """The 1 of "1-3 min" is in minutes too."""
    unit = _UNIT.search(other)
    return words + unit[0] if unit and _BARE.fullmatch(words) else words


def _on_clock_of(other: str, words: str) -> str:
    """The 1 of "1-3:00" is 1:00."""
    return f"{words}:00" if ":" in other and words.isdecimal() else words


def _beats(words: str) -> float | None:
    match = _BEATS.fullmatch(words)
    return _number(match[1]) if match else None


def seconds_in(words: str) -> float | None:
    """A span of time in folded words, such as "1:30" or "15 min", in seconds; None where it is none."""
    if match := _CLOCK.fullmatch(words):
        minutes, seconds = match[2] or match[4], match[3] or match[5]
        return _number(match[1]) * 3600 + _number(minutes) * 60 + _number(seconds)
    if (match := _SPOKEN.fullmatch(words)) and words:
        return _number(match[1]) * 3600 + _number(match[2]) * 60 + _number(match[3])
    return None


def _number(digits: str | None) -> float:
    return float((digits or "0").replace(",", "."))


def _same_beat(beats: float) -> Span:
    return Span(floor(beats), ceil(beats))


def _about(seconds: float) -> Span:
    """Within a tenth, and never closer than five seconds."""
    spread = max(5, round(seconds / 10)) if seconds else 0
    return Span(max(0, seconds - spread), seconds + spread)


def tempo_ideas(typed: str) -> tuple[str, ...]:
    """Tempos worth offering to someone who has typed so much; each can be read."""
    beats = _beats(typed.casefold().strip())
    if beats is None or not MIN_BPM + 8 <= beats <= MAX_BPM - 8:
        return _TEMPO_IDEAS
    return tuple(f"{form}{beats:g}{spread}" for form, spread in _NEAR) + _TEMPO_IDEAS


def length_ideas(typed: str) -> tuple[str, ...]:
    """Lengths worth offering to someone who has typed so much; each can be read."""
    seconds = seconds_in(typed.casefold().strip())
    if seconds is None or not 1 < seconds < LONGEST:
        return _LENGTH_IDEAS
    return (f"under {clock(seconds)}", f"over {clock(seconds)}", *_LENGTH_IDEAS)


def describe_tempo(span: Span) -> str:
    return _in_words(span, lambda beats: f"{beats:g}", " BPM", ("slower", "faster"))


def describe_length(span: Span) -> str:
    return _in_words(span, clock, "", ("shorter", "longer"))


def _in_words(span: Span, shown: Callable[[float], str], unit: str, beyond: tuple[str, str]) -> str:
    low, high = (None if edge is None else shown(edge) for edge in (span.low, span.high))
    if low is None or high is None:
        return f"{low or high}{unit} and {beyond[0] if low is None else beyond[1]}"
    return f"{low}{unit}" if low == high else f"{low}–{high}{unit}"


def clock(seconds: float) -> str:
    """`seconds` as m:ss, or h:mm:ss from an hour on."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

"""Ranges of tempo and length: parsing what members type, and describing ranges in words."""

import re
from collections.abc import Callable
from math import ceil, floor
from typing import Final, Literal, NamedTuple

import msgspec

from bot.errors import Refused


class Span(msgspec.Struct, frozen=True):
    """A range from `low` to `high`, both inclusive; None for an open end."""

    low: float | None = None
    high: float | None = None

    def __contains__(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def scaled(self, factor: float) -> "Span":
        """Both ends multiplied and rounded to whole numbers: outward for a single value, else inward.

        141 BPM at half time is 70 to 71; 141 BPM and faster is 71 and faster.
        """
        down, up = (floor, ceil) if self.low == self.high else (ceil, floor)
        low = None if self.low is None else down(self.low * factor)
        return Span(low, None if self.high is None else up(self.high * factor))


MIN_BPM: Final = 1
MAX_BPM: Final = 999
MAX_LENGTH_SECONDS: Final = 24 * 60 * 60

_TEMPO_SUGGESTIONS: Final = ("under 80", "80-100", "100-120", "120-130", "130-150", "over 150")
_LENGTH_SUGGESTIONS: Final = ("under 60s", "1:00-2:00", "2:00-3:00", "3:00-5:00", "over 5:00")

_TEMPO_VARIANTS: Final = (("", "±4"), ("", "±8"), ("over ", ""), ("under ", ""))
"""Prefix and suffix of the ranges suggested for a single tempo."""

TEMPO_HELP: Final = "Write a tempo like `128`, `120-130`, `128±4`, `over 140` or `under 90`."
LENGTH_HELP: Final = "Write a length like `2:30`, `1:00-3:00`, `under 90s` or `over 4 min`."

# Patterns of ranges with one open end: which end the number bounds, and whether it excludes the number.
_OPEN_RANGES: Final[tuple[tuple[re.Pattern[str], Literal["low", "high"], bool], ...]] = (
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


def parse_tempo(text: str) -> Span:
    """The range of whole beats per minute that `text` describes.

    Raises Refused if it can't be parsed, is reversed, or lies outside MIN_BPM to MAX_BPM.
    """
    span = _parse_span(text, _parse_beats, _exact_beats, TEMPO_HELP, whole=True)
    if (span.low or 0) > MAX_BPM or not MIN_BPM <= (MAX_BPM if span.high is None else span.high) <= MAX_BPM:
        raise Refused(f"A tempo must be between {MIN_BPM} and {MAX_BPM} BPM. {TEMPO_HELP}")
    return span


def parse_length(text: str) -> Span:
    """The range of seconds that `text` describes; a single length means about that length.

    Raises Refused if it can't be parsed, is reversed, or exceeds MAX_LENGTH_SECONDS.
    """
    span = _parse_span(text, parse_duration, _approximate_length, LENGTH_HELP, whole=False)
    if (
        any(edge is not None and not 0 <= edge <= MAX_LENGTH_SECONDS for edge in (span.low, span.high))
        or span.high == 0
    ):
        raise Refused(f"A length must be between one second and 24 hours. {LENGTH_HELP}")
    return span


def _parse_span(
    text: str,
    parse: Callable[[str], float | None],
    single: Callable[[float], Span],
    help_text: str,
    *,
    whole: bool,
) -> Span:
    """`parse` parses one value, `single` makes its range; `whole` if values are whole numbers."""
    words = " ".join(text.casefold().split())
    value = parse(words)
    if value is not None:
        return single(value)
    span = _open_range(words, parse, whole=whole) or _closed_range(words, parse)
    if span is None:
        raise Refused(f"I can't read that. {help_text}")
    if span.low is not None and span.high is not None and span.low > span.high:
        raise Refused(f"That range runs backwards: the smaller number comes first. {help_text}")
    return span


def _open_range(words: str, parse: Callable[[str], float | None], *, whole: bool) -> Span | None:
    for pattern, side, is_exclusive in _OPEN_RANGES:
        match = pattern.fullmatch(words)
        edge = parse(match[1]) if match else None
        if edge is None:
            continue
        skip = is_exclusive and whole
        if side == "low":
            return Span(low=floor(edge) + 1 if skip else edge)
        return Span(high=ceil(edge) - 1 if skip else edge)
    return None


def _closed_range(words: str, parse: Callable[[str], float | None]) -> Span | None:
    if match := _AROUND.fullmatch(words):
        middle, spread = parse(_with_unit_of(match[2], match[1])), parse(_with_unit_of(match[1], match[2]))
        return None if middle is None or spread is None else Span(max(0, middle - spread), middle + spread)
    if match := _BETWEEN.fullmatch(words):
        low, high = _with_unit_of(match[2], match[1]), _with_unit_of(match[1], match[2])
        ends = parse(_in_minutes_like(match[2], low)), parse(_in_minutes_like(match[1], high))
        return None if None in ends else Span(*ends)
    return None


def _with_unit_of(other: str, words: str) -> str:
    """`words` with the unit of `other`: the 1 of "1-3 min" is in minutes too."""
    unit = _UNIT.search(other)
    return words + unit[0] if unit and _BARE.fullmatch(words) else words


def _in_minutes_like(other: str, words: str) -> str:
    """`words` in minutes if `other` is: the 1 of "1-3:00" is 1:00."""
    return f"{words}:00" if ":" in other and words.isdecimal() else words


def _parse_beats(words: str) -> float | None:
    match = _BEATS.fullmatch(words)
    return _parse_number(match[1]) if match else None


def parse_duration(words: str) -> float | None:
    """The seconds of a casefolded duration such as "1:30" or "15 min", or None if it isn't one."""
    if match := _CLOCK.fullmatch(words):
        minutes, seconds = match[2] or match[4], match[3] or match[5]
        return _parse_number(match[1]) * 3600 + _parse_number(minutes) * 60 + _parse_number(seconds)
    if (match := _SPOKEN.fullmatch(words)) and words:
        return _parse_number(match[1]) * 3600 + _parse_number(match[2]) * 60 + _parse_number(match[3])
    return None


def _parse_number(digits: str | None) -> float:
    return float((digits or "0").replace(",", "."))


def _exact_beats(beats: float) -> Span:
    return Span(floor(beats), ceil(beats))


def _approximate_length(seconds: float) -> Span:
    """The range within a tenth of `seconds`, and at least five seconds, of it."""
    spread = max(5, round(seconds / 10)) if seconds else 0
    return Span(max(0, seconds - spread), seconds + spread)


def suggest_tempos(typed: str) -> tuple[str, ...]:
    """Tempos that complete `typed`, for autocomplete; `parse_tempo` accepts each."""
    beats = _parse_beats(typed.casefold().strip())
    if beats is None or not MIN_BPM + 8 <= beats <= MAX_BPM - 8:
        return _TEMPO_SUGGESTIONS
    return tuple(f"{form}{beats:g}{spread}" for form, spread in _TEMPO_VARIANTS) + _TEMPO_SUGGESTIONS


def suggest_lengths(typed: str) -> tuple[str, ...]:
    """Lengths that complete `typed`, for autocomplete; `parse_length` accepts each."""
    seconds = parse_duration(typed.casefold().strip())
    if seconds is None or not 1 < seconds < MAX_LENGTH_SECONDS:
        return _LENGTH_SUGGESTIONS
    return (f"under {format_duration(seconds)}", f"over {format_duration(seconds)}", *_LENGTH_SUGGESTIONS)


class _RangeWords(NamedTuple):
    """The wordings of a range, by which of its ends are set; `{low}` and `{high}` are filled in."""

    single: str
    closed: str
    from_low: str
    up_to_high: str


_TEMPO_WORDS: Final = _RangeWords(
    "{low} BPM", "{low}–{high} BPM", "{low} BPM and faster", "{high} BPM and slower"
)
_LENGTH_WORDS: Final = _RangeWords("{low}", "{low}–{high}", "{low} and longer", "{high} and shorter")


def describe_tempo(span: Span) -> str:
    return _describe(span, "{:g}".format, _TEMPO_WORDS)


def describe_length(span: Span) -> str:
    return _describe(span, format_duration, _LENGTH_WORDS)


def _describe(span: Span, format_value: Callable[[float], str], words: _RangeWords) -> str:
    low, high = (None if end is None else format_value(end) for end in (span.low, span.high))
    if low is None:
        return words.up_to_high.format(high=high)
    if high is None:
        return words.from_low.format(low=low)
    return (words.single if low == high else words.closed).format(low=low, high=high)


def format_duration(seconds: float) -> str:
    """`seconds` as m:ss, or as h:mm:ss from one hour."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

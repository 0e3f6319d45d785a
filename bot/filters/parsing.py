"""Parses the rules that moderators type, and compares rules."""

from typing import Final, get_args

from bot.errors import Refused
from bot.models.ranges import LENGTH_HELP, LONGEST, Span, seconds_in
from bot.models.rules import Rule, RuleKind
from bot.text import clean, escape, genre_key, words

MAX_RULES: Final = 500
"""Rules of one server, its channels' rules included."""

MAX_RULE_LENGTH: Final = 100
"""Characters of the name or the words in a rule."""

_MIN_SECONDS: Final = 1
_MAX_SHOWN: Final = 80
"""UTF-16 code units of a refused text that the reply repeats."""


def parse_rule(kind: str, text: str, channel_id: int) -> Rule:
    """The rule for a name or words. Raises Refused if there is nothing in `text` to compare with."""
    cleaned = clean(text)
    if kind not in get_args(RuleKind) or kind == "length":
        raise Refused(f"I don't know the kind of rule “{escape(kind, _MAX_SHOWN)}”.")
    if len(cleaned) > MAX_RULE_LENGTH:
        raise Refused(f"That is too long for a rule. Please use at most {MAX_RULE_LENGTH} characters.")
    found = words(cleaned)
    if not found or (kind == "block word" and not found[0][0].isalnum()):
        raise Refused("I found no letters or digits in that to compare with. Try a name or a word.")
    return Rule(kind, cleaned, channel_id)  # type: ignore[arg-type]  # one of RuleKind


def parse_length_rule(minimum: str | None, maximum: str | None, channel_id: int) -> Rule:
    """The rule for tracks of at least `minimum`, at most `maximum`, or both. Raises Refused."""
    return length_rule(Span(_parse_seconds(minimum), _parse_seconds(maximum)), channel_id)


def length_rule(span: Span, channel_id: int) -> Rule:
    """The rule for tracks of `span` seconds; its text is "low-high", and an open end is left empty.

    Raises Refused if both ends are open, or no track can be that long.
    """
    low, high = span.low or None, span.high
    if low is None and high is None:
        raise Refused("Say how long a track may be: `min`, `max` or both, such as `1:00` and `5:00`.")
    if any(bound is not None and not _MIN_SECONDS <= bound <= LONGEST for bound in (low, high)):
        raise Refused("Please choose a length between one second and 24 hours.")
    if low is not None and high is not None and low > high:
        raise Refused("No track can be that long: `min` must not be above `max`.")
    return Rule("length", f"{_format_bound(low)}-{_format_bound(high)}", channel_id)


def _parse_seconds(text: str | None) -> float | None:
    if text is None:
        return None
    seconds = seconds_in(text.casefold().strip())
    if seconds is None:
        raise Refused(f"I can't read “{escape(text, _MAX_SHOWN)}” as a length. {LENGTH_HELP}")
    return seconds


def _format_bound(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.12g}"


def span_of(rule: Rule) -> Span:
    """The lengths that a rule of the kind "length" allows, in seconds. Raises ValueError if it is damaged."""
    low, _, high = rule.text.partition("-")
    return Span(float(low) if low else None, float(high) if high else None)


def rule_key(rule: Rule) -> str:
    """A key equal for rules that mean the same in other spelling; a channel has one length rule."""
    if rule.kind == "length":
        return ""
    return genre_key(rule.text) if "genre" in rule.kind else " ".join(words(rule.text))

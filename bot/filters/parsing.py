"""Rules as moderators type them, and in words as members read them."""

from collections.abc import Callable
from typing import Final

from bot.errors import Refused
from bot.models.ranges import (
    LENGTH_HELP,
    MAX_LENGTH_SECONDS,
    Span,
    describe_length,
    format_duration,
    parse_duration,
)
from bot.models.rules import Rule
from bot.text import clean, escape, genre_key, truncate, words

WHOLE_SERVER: Final = 0
"""In place of the id of a channel that a rule is for."""

MAX_RULES: Final = 500
"""That one server may have, its channels' included."""

MAX_RULE_LENGTH: Final = 100
"""Characters of a name or of words in a rule."""

_SHOWN: Final = 80
_PHRASES: Final = {
    "allow genre": "only genre {}",
    "block genre": "no genre {}",
    "block artist": "no artist {}",
    "block word": "no word {}",
    "length": "only {}",
}


def read_rule(kind: str, text: str, channel_id: int) -> Rule:
    """The rule that was typed. Raises Refused where there is nothing in it to compare with."""
    cleaned = clean(text)
    if kind not in _PHRASES or kind == "length":
        raise Refused(f"I know no rule of the kind “{escape(kind, _SHOWN)}”.")
    if len(cleaned) > MAX_RULE_LENGTH:
        raise Refused(f"A rule's text may have {MAX_RULE_LENGTH} characters at most.")
    found = words(cleaned)
    if not found or (kind == "block word" and not found[0][0].isalnum()):
        raise Refused("There are no letters or digits in that to go by. Try a name, or a word.")
    return Rule(kind, cleaned, channel_id)  # type: ignore[arg-type]  # one of _PHRASES


def read_length_rule(shortest: str | None, longest: str | None, channel_id: int) -> Rule:
    """The rule for a length from, to, or both. Raises Refused where they can't be read."""
    return length_rule(Span(_seconds(shortest), _seconds(longest)), channel_id)


def length_rule(span: Span, channel_id: int) -> Rule:
    """Raises Refused where it bounds nothing, or nothing can be as long as that."""
    low, high = span.low or None, span.high
    if low is None and high is None:
        raise Refused("Say how long a track may be: `min`, `max` or both, such as `1:00` and `5:00`.")
    if any(edge is not None and not 1 <= edge <= MAX_LENGTH_SECONDS for edge in (low, high)):
        raise Refused("A length lies between a second and 24 hours.")
    if low is not None and high is not None and low > high:
        raise Refused("Nothing can be as long as that: `min` must not be above `max`.")
    return Rule("length", f"{_edge(low)}-{_edge(high)}", channel_id)


def _seconds(written: str | None) -> float | None:
    if written is None:
        return None
    seconds = parse_duration(written.casefold().strip())
    if seconds is None:
        raise Refused(f"I can't read “{escape(written, _SHOWN)}”. {LENGTH_HELP}")
    return seconds


def _edge(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.12g}"


def span_of(rule: Rule) -> Span:
    """What a rule of the kind "length" lets through, in seconds. Raises ValueError for damaged text."""
    low, _, high = rule.text.partition("-")
    return Span(float(low) if low else None, float(high) if high else None)


def rule_key(rule: Rule) -> str:
    """The same for rules that say the same in other spelling; a channel has one length."""
    if rule.kind == "length":
        return ""
    return genre_key(rule.text) if "genre" in rule.kind else " ".join(words(rule.text))


def in_words(rule: Rule) -> str:
    """The rule in plain text, such as "no genre Rock": for a place that shows no Markdown."""
    return _in_words(rule, lambda text: truncate(text, _SHOWN))


def in_markdown(rule: Rule) -> str:
    """The rule in words, with what a moderator typed in bold."""
    return _in_words(rule, lambda text: f"**{escape(text, _SHOWN)}**")


def _in_words(rule: Rule, shown: Callable[[str], str]) -> str:
    if rule.kind != "length":
        return _PHRASES[rule.kind].format(shown(rule.text))
    span = span_of(rule)
    if span.high is None:
        return f"only {shown(format_duration(span.low or 0))} and longer"
    return (
        f"only {shown(describe_length(span))}"
        if span.low
        else f"only up to {shown(format_duration(span.high))}"
    )

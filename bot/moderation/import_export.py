"""Exports a server's rules as a JSON file, and imports them into the same server or another."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from bot.errors import Refused
from bot.filters.parsing import MAX_RULES, length_rule, parse_rule, span_of
from bot.models.ranges import Span
from bot.models.rules import WHOLE_SERVER, Rule
from bot.text import clean, escape

FILE_NAME: Final = "needledrop-filters.json"
MAX_FILE_BYTES: Final = 256 * 1024
"""MAX_RULES rules of the longest text, with indentation, are about 150 KB."""

_FORMAT_VERSION: Final = 1
_MAX_SHOWN: Final = 200
_MAX_ID: Final = 2**63 - 1
"""SQLite's largest integer."""


class _RuleEntry(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    rule: str
    text: str | None = None
    min: float | None = None
    max: float | None = None
    channel_id: str | None = None


class _RulesFile(msgspec.Struct, forbid_unknown_fields=True):
    needledrop_filters: int
    guild_id: str
    rules: list[_RuleEntry]


class ImportedRules(NamedTuple):
    """The rules of a file that can hold in a server."""

    rules: Sequence[Rule]
    skipped: int
    """The number of rules left out, because they are for single channels of another server."""


def encode_rules_file(guild_id: int, rules: Iterable[Rule]) -> bytes:
    content = _RulesFile(_FORMAT_VERSION, str(guild_id), [_entry_of(rule) for rule in rules])
    return msgspec.json.format(msgspec.json.encode(content), indent=2)


def decode_rules_file(content: bytes, guild_id: int) -> ImportedRules:
    """The rules of a file that can hold in `guild_id`. Raises Refused if any part is wrong."""
    try:
        decoded = msgspec.json.decode(content, type=_RulesFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(_NOT_A_RULES_FILE.format(reason=escape(str(error), _MAX_SHOWN))) from error
    if decoded.needledrop_filters != _FORMAT_VERSION:
        raise Refused("That file is from another version of Needledrop. Nothing has changed.")
    if len(decoded.rules) > MAX_RULES:
        raise Refused(f"That file has more than {MAX_RULES} rules. Nothing has changed.")
    is_own_file = decoded.guild_id == str(guild_id)
    entries = [
        (number, entry)
        for number, entry in enumerate(decoded.rules, 1)
        if is_own_file or not entry.channel_id
    ]
    rules = [_rule_of(number, entry) for number, entry in entries]
    length_channels = [rule.channel_id for rule in rules if rule.kind == "length"]
    if len(set(length_channels)) < len(length_channels):
        raise Refused(
            "That file has two lengths for the server or for the same channel. Nothing has changed."
        )
    return ImportedRules(rules, len(decoded.rules) - len(entries))


_NOT_A_RULES_FILE: Final = (
    "I can't read that file. Please use one that `/filters copy` made. Nothing has changed.\n-# {reason}"
)
_WRONG_RULE: Final = "Rule {number} of that file, “{text}”, is wrong. Nothing has changed.\n{reason}"


def _entry_of(rule: Rule) -> _RuleEntry:
    channel_id = str(rule.channel_id) if rule.channel_id else None
    if rule.kind == "length":
        span = span_of(rule)
        return _RuleEntry(rule.kind, min=span.low, max=span.high, channel_id=channel_id)
    return _RuleEntry(rule.kind, rule.text, channel_id=channel_id)


def _rule_of(number: int, entry: _RuleEntry) -> Rule:
    try:
        return _length_rule(entry) if entry.rule == "length" else _named_rule(entry)
    except Refused as error:
        text = escape(clean(entry.text or entry.rule), _MAX_SHOWN)
        raise Refused(_WRONG_RULE.format(number=number, text=text, reason=error)) from error


def _length_rule(entry: _RuleEntry) -> Rule:
    if entry.text is not None:
        raise Refused("A length has `min` and `max`, and no text.")
    return length_rule(Span(entry.min, entry.max), _channel_id(entry.channel_id))


def _named_rule(entry: _RuleEntry) -> Rule:
    if entry.min is not None or entry.max is not None:
        raise Refused("Only a length has `min` and `max`.")
    return parse_rule(entry.rule, entry.text or "", _channel_id(entry.channel_id))


def _channel_id(text: Any) -> int:
    if text is None:
        return WHOLE_SERVER
    is_number = isinstance(text, str) and text.isascii() and text.isdecimal()
    if not is_number or len(text) > len(str(_MAX_ID)) or not 0 < int(text) <= _MAX_ID:
        raise Refused("Its `channel_id` is not the id of a channel.")
    return int(text)

"""A server's rules as a small JSON file, to be kept or taken to another server."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from bot.errors import Refused
from bot.filters.parsing import MAX_RULES, length_rule, read_rule, span_of
from bot.models.ranges import Span
from bot.models.rules import Rule
from bot.text import clean, escape

FILE_NAME: Final = "needledrop-filters.json"
MAX_FILE_BYTES: Final = 256 * 1024
"""Bytes; 500 of the longest rules fit."""

_FORMAT: Final = 1
_SHOWN: Final = 200


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


def write_rules_file(guild_id: int, rules: Iterable[Rule]) -> bytes:
    """The file that says `rules`."""
    sheet = _RulesFile(_FORMAT, str(guild_id), [_line(rule) for rule in rules])
    return msgspec.json.format(msgspec.json.encode(sheet), indent=2)


def read_rules_file(content: bytes, guild_id: int) -> tuple[Sequence[Rule], int]:
    """The rules that a file says, and how many of it are left out: another server's channels' own.

    Raises Refused, with what is wrong, where any part of it can't be used.
    """
    try:
        sheet = msgspec.json.decode(content, type=_RulesFile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = escape(str(error), _SHOWN)
        raise Refused(f"That is no file of `/filters copy`, so nothing has changed. {reason}") from error
    if sheet.needledrop_filters != _FORMAT:
        raise Refused("That file is from another version of Needledrop, so nothing has changed.")
    if len(sheet.rules) > MAX_RULES:
        raise Refused(f"That file has more than {MAX_RULES} rules, so nothing has changed.")
    is_from_here = sheet.guild_id == str(guild_id)
    kept = [(place, line) for place, line in enumerate(sheet.rules, 1) if is_from_here or not line.channel_id]
    rules = [_rule(place, line) for place, line in kept]
    lengths = [rule.channel_id for rule in rules if rule.kind == "length"]
    if len(set(lengths)) < len(lengths):
        raise Refused("Nothing has changed: that file has two lengths for the same place.")
    return rules, len(sheet.rules) - len(kept)


def _line(rule: Rule) -> _RuleEntry:
    channel_id = str(rule.channel_id) if rule.channel_id else None
    if rule.kind == "length":
        span = span_of(rule)
        return _RuleEntry(rule.kind, min=span.low, max=span.high, channel_id=channel_id)
    return _RuleEntry(rule.kind, rule.text, channel_id=channel_id)


def _rule(place: int, line: _RuleEntry) -> Rule:
    try:
        return _length(line) if line.rule == "length" else _named(line)
    except Refused as error:
        named = escape(clean(line.text or line.rule), _SHOWN)
        raise Refused(f"Nothing has changed: rule {place} of that file, “{named}”: {error}") from error


def _length(line: _RuleEntry) -> Rule:
    if line.text is not None:
        raise Refused("A length has `min` and `max`, and no text.")
    return length_rule(Span(line.min, line.max), _channel_id(line.channel_id))


def _named(line: _RuleEntry) -> Rule:
    if line.min is not None or line.max is not None:
        raise Refused("Only a length has `min` and `max`.")
    return read_rule(line.rule, line.text or "", _channel_id(line.channel_id))


def _channel_id(written_id: Any) -> int:
    if written_id is None:
        return 0
    if not (isinstance(written_id, str) and written_id.isascii() and written_id.isdecimal()):
        raise Refused("Its channel is no channel.")
    channel_id = int(written_id) if len(written_id) <= len(str(_LARGEST_ID)) else _LARGEST_ID + 1
    if not 0 < channel_id <= _LARGEST_ID:
        raise Refused("Its channel is no channel.")
    return channel_id


_LARGEST_ID: Final = 2**63 - 1

"""Filter rules, and the audit record of their changes."""

from typing import Literal, TypeAlias

import msgspec

RuleKind: TypeAlias = Literal["allow genre", "block genre", "block artist", "block word", "length"]


class Rule(msgspec.Struct, frozen=True, omit_defaults=True):
    """One filter rule of a server, set by its moderators."""

    kind: RuleKind
    text: str
    """A genre, an artist, one or more words, or a length in the form of `bot.filters.parsing`."""
    channel_id: int = 0
    """The channel that it applies to; 0 for the whole server."""
    rule_id: int = 0
    """0 for a rule that has not been stored."""


class RuleChange(msgspec.Struct, frozen=True):
    """One change of a server's rules: `before` is None for a new rule, `after` for a removed one."""

    member_id: int
    changed_at: float
    """In seconds since the epoch."""
    kind: RuleKind
    channel_id: int
    before: str | None
    after: str | None

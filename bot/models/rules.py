"""Filter rules: what moderators decide, and the record of each change."""

from typing import Literal, TypeAlias

import msgspec

RuleKind: TypeAlias = Literal["allow genre", "block genre", "block artist", "block word", "length"]


class Rule(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the rules by which moderators decide what their server sees."""

    kind: RuleKind
    text: str
    """A genre's or an artist's name, a word or several, or a length as `bot.filters.rules` writes it."""
    channel_id: int = 0
    """The channel that it holds in; 0 for the whole server."""
    rule_id: int = 0
    """0 for one that has not been stored."""


class RuleChange(msgspec.Struct, frozen=True):
    """One change of a server's rules: made where `before` is None, removed where `after` is."""

    member_id: int
    changed_at: float
    """In seconds since the epoch."""
    kind: RuleKind
    channel_id: int
    before: str | None
    after: str | None

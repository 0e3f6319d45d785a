"""Filter rules, which moderators set, and the record of each change."""

from typing import Final, Literal, TypeAlias

import msgspec

RuleKind: TypeAlias = Literal["allow genre", "block genre", "block artist", "block word", "length"]

WHOLE_SERVER: Final = 0
"""The `channel_id` of a rule that holds in every channel of its server."""


class Rule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rule that decides which tracks members of a server see."""

    kind: RuleKind
    text: str
    """A genre, an artist, some words, or a length as `bot.filters.parsing.length_rule` writes it."""
    channel_id: int = WHOLE_SERVER
    rule_id: int = 0
    """0 for a rule that is not stored."""


class RuleChange(msgspec.Struct, frozen=True):
    """One change of a server's rules: added if `before` is None, removed if `after` is None."""

    member_id: int
    changed_at: float
    """In seconds since the epoch."""
    kind: RuleKind
    channel_id: int
    before: str | None
    after: str | None

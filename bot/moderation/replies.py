"""Sentences with which FilterService replies."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.filters.wording import bold, rule_sentence
from bot.i18n import plural
from bot.models.rules import Rule, RuleChange
from bot.moderation.wording import change_sentence

NO_RULES: Final = (
    "There are no filters here: every track is shown. `/filters block` hides a genre, an artist or words."
)
REMOVED_ALREADY: Final = "That rule is already removed."
ALL_REMOVED: Final = (
    "The one rule is removed. Every track is shown again.",
    "All {count} rules are removed. Every track is shown again.",
)
EXPORTED: Final = (
    "Here is your server's one rule. `/filters paste` adds it to another server.",
    "Here are your server's {count} rules. `/filters paste` adds them to another server.",
)

_MAX_CHANNELS_NAMED: Final = 30
_MAX_REPLACED_NAMED: Final = 5
"""Of 200 characters each at most; a message has room for 2,000."""

_ALREADY_A_RULE: Final = "That was a rule already: {rule}"
_UNKNOWN_GENRE: Final = "-# I have never seen the genre {genre}. Is that how it is spelled?"
_NEXT_STEPS: Final = "-# `/filters show` lists all rules; `/filters try` shows what members see."
_OTHER_CHANNELS: Final = "-# These channels have rules of their own: {channels}."
_MANY_OTHER_CHANNELS: Final = "-# More than {count} channels have rules of their own, among them {channels}."

_ADDED: Final = ("1 rule added.", "{count} rules added.")
_KNOWN: Final = ("1 rule was here already.", "{count} rules were here already.")
_MORE_REPLACED: Final = (
    "1 more length was replaced. `/filters history` shows it.",
    "{count} more lengths were replaced. `/filters history` shows them.",
)
_REPEATED: Final = ("1 rule of the file repeats another one.", "{count} rules of the file repeat other ones.")
_SKIPPED: Final = (
    "I left out 1 rule, which is for a single channel of another server.",
    "I left out {count} rules, which are for single channels of another server.",
)


def added_lines(
    changes: Iterable[RuleChange], *, known: Iterable[Rule], unknown_genres: Iterable[Rule]
) -> list[str]:
    """The effect of `changes`, and what a moderator should know of the rules that were typed."""
    return [
        *(change_sentence(change) for change in changes),
        *(_UNKNOWN_GENRE.format(genre=bold(rule.text)) for rule in unknown_genres),
        *(_ALREADY_A_RULE.format(rule=rule_sentence(rule)) for rule in known),
        _NEXT_STEPS,
    ]


def import_lines(changes: Sequence[RuleChange], *, known: int, repeated: int, skipped: int) -> list[str]:
    """The effect of an import, and the numbers of rules in the file that changed nothing."""
    replaced = [change for change in changes if change.before is not None]
    lines = [change_sentence(change) for change in replaced[:_MAX_REPLACED_NAMED]]
    counts = (
        (_ADDED, len(changes) - len(replaced)),
        (_MORE_REPLACED, len(replaced) - len(replaced[:_MAX_REPLACED_NAMED])),
        (_KNOWN, known),
        (_REPEATED, repeated),
        (_SKIPPED, skipped),
    )
    lines += [plural(count, one, other) for (one, other), count in counts if count]
    return lines or ["That file has no rules in it. Nothing has changed."]


def other_channels_line(channel_ids: Sequence[int]) -> str:
    """The channels that have rules of their own; empty if there are none."""
    if not channel_ids:
        return ""
    line = _OTHER_CHANNELS if len(channel_ids) <= _MAX_CHANNELS_NAMED else _MANY_OTHER_CHANNELS
    channels = ", ".join(f"<#{channel_id}>" for channel_id in channel_ids[:_MAX_CHANNELS_NAMED])
    return line.format(count=_MAX_CHANNELS_NAMED, channels=channels)

"""The privacy notice: the text of `/privacy`."""

from typing import Final

from bot.moderation.service import RULE_HISTORY_SECONDS
from bot.privacy.retention import BUDGET_HISTORY_SECONDS, POST_SECONDS, SEARCH_SECONDS


def _with_days(sentence: str, seconds: float) -> str:
    return sentence.format(days=f"{seconds / (24 * 60 * 60):.0f}")


_SHORTLISTS: Final = (
    "Shortlists, the channels where they are open, and their tracks: who made or added them, and with which "
    "search unless that was private. They are kept until a member deletes them."
)
_VOTES_AND_NOTES: Final = "Your votes and notes on the tracks of shortlists, for as long as those are kept."

RETAINED_DATA: Final = {
    "searches": _with_days(
        "Each search: its words, who made it in which channel and server, and the last page shown, "
        "for {days} days.",
        SEARCH_SECONDS,
    ),
    "buckets": "How much of your budget and of this server's is used, until it is full again.",
    "guild_rates": "The budgets that this server's moderators have set, until they change them.",
    "guild_rate_changes": _with_days(
        "Which moderator changed the budgets, for {days} days.", BUDGET_HISTORY_SECONDS
    ),
    "rules": "The filters that this server's moderators have set, until they remove them.",
    "rule_versions": "A number that changes with this server's filters.",
    "rule_changes": _with_days("Which moderator changed the filters, for {days} days.", RULE_HISTORY_SECONDS),
    "shortlists": _SHORTLISTS,
    "current_shortlists": _SHORTLISTS,
    "shortlist_posts": _with_days(
        "Which messages show a shortlist, for {days} days after they were last used.", POST_SECONDS
    ),
    "shortlist_tracks": _SHORTLISTS,
    "shortlist_votes": _VOTES_AND_NOTES,
    "shortlist_notes": _VOTES_AND_NOTES,
}
"""A sentence for each table that names a member, a channel or a server."""

_ANONYMOUS: Final = (
    "AudioScape's answers are kept without names. I read no messages, and I send AudioScape the words of a "
    "search, but not who made it."
)
_DELETION: Final = (
    "**Deleting** works at once and in every server. A budget that you have used stays until it is full "
    "again: otherwise deleting it would give you new searches. What belongs to the team, such as a shortlist "
    "that you made, stays without your name. My messages in Discord stay until somebody deletes them there."
)


def privacy_notice() -> str:
    """The text of `/privacy`, in Markdown."""
    items = "\n".join(f"- {sentence}" for sentence in dict.fromkeys(RETAINED_DATA.values()))
    return f"**What I keep**\n{items}\n\n{_ANONYMOUS}\n{_DELETION}"

"""What is kept of members and servers, in the words of `/privacy`."""

from typing import Final

from bot.moderation.service import HISTORY_SECONDS
from bot.privacy.retention import CHANGE_SECONDS, POST_SECONDS, SEARCH_SECONDS

_DAY: Final = 24 * 60 * 60

_SHORTLISTS: Final = (
    "Shortlists, where they are open, and their tracks: who made or added them, and with which "
    "search unless it was private; until they are deleted."
)
_POSTS: Final = f"Where they are shown, for {POST_SECONDS / _DAY:.0f} days after that was last used."
_OPINIONS: Final = "Your votes and notes on their tracks, for as long."

KEPT: Final = {
    "searches": "Of each search: what was asked, who asked in which channel and server, and the page reached,"
    f" for {SEARCH_SECONDS / _DAY:.0f} days.",
    "buckets": "How much of your budget and of this server's is used, until it is full again.",
    "guild_rates": "The budgets that this server's moderators set, for as long as they hold.",
    "guild_rate_changes": f"Which moderator set them, for {CHANGE_SECONDS / _DAY:.0f} days.",
    "rules": "The filters that this server's moderators set, for as long as they hold.",
    "rule_versions": "A number that tells whether those have changed.",
    "rule_changes": f"Which moderator changed those, for {HISTORY_SECONDS / _DAY:.0f} days.",
    "shortlists": _SHORTLISTS,
    "current_shortlists": _SHORTLISTS,
    "shortlist_posts": _POSTS,
    "shortlist_tracks": _SHORTLISTS,
    "shortlist_votes": _OPINIONS,
    "shortlist_notes": _OPINIONS,
}
"""In words, by the table that holds it; nothing else names a member, a channel or a server."""


def privacy_text() -> str:
    kept = "\n".join(f"- {sentence}" for sentence in dict.fromkeys(KEPT.values()))
    return (
        f"**What I keep**\n{kept}\n\n"
        "What AudioScape answered is kept without a name. I read no messages, and I tell AudioScape what is "
        "searched for but not by whom.\n"
        "**Deleting** works at once and in every server; only a budget that you have drawn on stays until it "
        "is full again, because deleting it would give you new searches. What belongs to the team, such as a "
        "shortlist that you made, stays without your name. My answers are Discord's to delete."
    )

"""Forgets a member or a server, whole or not at all.

A table that names members or servers gets a line here; a test looks through all tables for what was left.
"""

from typing import Final

from bot.database.sqlite.connection import Connection

# A bucket that is not full stays until it is, lest forgetting oneself be a way to search without end; the
# sweeper removes it then. What belongs to the team stays too, but nobody's name with it: changes of budgets
# and rules, shortlists and their tracks. Triggers take a deleted shortlist's tracks, votes and notes along.
_OF_MEMBER: Final = (
    "DELETE FROM searches WHERE member_id = :member_id",
    "DELETE FROM buckets WHERE member_id = :member_id AND full_at <= :now",
    "UPDATE guild_rate_changes SET member_id = 0 WHERE member_id = :member_id",
    "UPDATE rule_changes SET member_id = 0 WHERE member_id = :member_id",
    "DELETE FROM shortlist_votes WHERE member_id = :member_id",
    "DELETE FROM shortlist_notes WHERE member_id = :member_id",
    "UPDATE shortlist_tracks SET member_id = 0, found_by = NULL WHERE member_id = :member_id",
    "UPDATE shortlists SET maker_id = 0 WHERE maker_id = :member_id",
)
_OF_GUILD: Final = (
    "DELETE FROM searches WHERE guild_id = :guild_id",
    "DELETE FROM buckets WHERE guild_id = :guild_id AND full_at <= :now",
    "DELETE FROM guild_rates WHERE guild_id = :guild_id",
    "DELETE FROM guild_rate_changes WHERE guild_id = :guild_id",
    "DELETE FROM rules WHERE guild_id = :guild_id",
    "DELETE FROM rule_versions WHERE guild_id = :guild_id",
    "DELETE FROM shortlists WHERE guild_id = :guild_id",
    "DELETE FROM rule_changes WHERE guild_id = :guild_id",
)


class PrivacyStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def erase_member(self, member_id: int, now: float) -> None:
        """Forget the member in every server."""
        await self._connection.run_together(_OF_MEMBER, {"member_id": member_id, "now": now})
        await self._leave_no_trace()

    async def erase_guild(self, guild_id: int, now: float) -> None:
        """Forget the server and all that was done in it."""
        await self._connection.run_together(_OF_GUILD, {"guild_id": guild_id, "now": now})
        await self._leave_no_trace()

    async def _leave_no_trace(self) -> None:
        """Empty the write-ahead log, which holds older versions of pages; as far as others let us."""
        await self._connection.run("PRAGMA wal_checkpoint(TRUNCATE)")

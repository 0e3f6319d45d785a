"""Erasure of a member or a server, in one transaction.

Every table that names members or servers has a line here; a test searches all tables for their ids.
"""

from typing import Final

from bot.database.sqlite.connection import Connection

# A bucket stays until it is full, so that erasure is no way around a budget; retention removes it
# then. The team's content stays without the member's id: changes of budgets and rules, shortlists and their
# tracks. Triggers delete the tracks, votes and notes of a deleted shortlist.
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
        """Erase the member in every server."""
        await self._connection.execute_transaction(_OF_MEMBER, {"member_id": member_id, "now": now})
        await self._truncate_log()

    async def erase_guild(self, guild_id: int, now: float) -> None:
        """Erase the server and everything that was done in it."""
        await self._connection.execute_transaction(_OF_GUILD, {"guild_id": guild_id, "now": now})
        await self._truncate_log()

    async def _truncate_log(self) -> None:
        """Empty the write-ahead log, which contains older versions of pages.

        SQLite leaves it as it is, without an error, while another process reads the database.
        """
        await self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

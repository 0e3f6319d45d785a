"""The messages that show shortlists, so that they can be kept up to date after a restart."""

from collections.abc import Sequence

from bot.database.connection import Connection, Row
from bot.shortlists.models import Post

_COLUMNS = "message_id, channel_id, rules_id, guild_id, shortlist_id, page"

# A new one shows what was read just before; the first change after that is found by its version.
_USE = f"""
INSERT INTO shortlist_posts ({_COLUMNS}, shown_version, used_at)
VALUES (:message_id, :channel_id, :rules_id, :guild_id, :shortlist_id, :page, :version, :now)
ON CONFLICT (message_id) DO UPDATE SET page = excluded.page, used_at = excluded.used_at
"""


class Posts:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    async def use(self, post: Post, *, version: int, now: float) -> None:
        """Remember a message that was sent or pressed; `version` is what it shows if it is new to us."""
        row = {name: getattr(post, name) for name in post.__struct_fields__}
        await self._run(_USE, row | {"version": version, "now": now})

    async def get(self, message_id: int) -> Post | None:
        rows = await self._run(f"SELECT {_COLUMNS} FROM shortlist_posts WHERE message_id = ?", (message_id,))
        return Post(*rows[0]) if rows else None

    async def of(self, shortlist_id: int) -> list[Post]:
        """The messages that are kept up to date with that shortlist."""
        rows = await self._run(
            f"SELECT {_COLUMNS} FROM shortlist_posts WHERE shortlist_id = ?", (shortlist_id,)
        )
        return _posts(rows)

    async def behind(self) -> list[Post]:
        """The messages that don't show what is known."""
        rows = await self._run(
            f"SELECT {_COLUMNS} FROM shortlist_posts WHERE shown_version <"
            " (SELECT version FROM shortlists WHERE shortlist_id = shortlist_posts.shortlist_id)"
        )
        return _posts(rows)

    async def shown(self, message_id: int, version: int) -> None:
        """The message shows `version` of its shortlist."""
        await self._run(
            "UPDATE shortlist_posts SET shown_version = ? WHERE message_id = ?", (version, message_id)
        )

    async def forget(self, message_id: int) -> None:
        """The message is gone."""
        await self._run("DELETE FROM shortlist_posts WHERE message_id = ?", (message_id,))


def _posts(rows: Sequence[Row]) -> list[Post]:
    return [Post(*row) for row in rows]

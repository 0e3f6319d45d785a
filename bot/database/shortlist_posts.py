"""Posts: the messages that show shortlists, stored so that they are kept up to date after a restart."""

from collections.abc import Sequence

from bot.database.sqlite.batch import Row
from bot.database.sqlite.connection import Connection
from bot.models.shortlists import Post

_KEY = "message_id, channel_id, rules_id, guild_id, shortlist_id, page"
_COLUMNS = f"{_KEY}, is_replaced"
_PLACE = ":message_id, :channel_id, :filter_channel_id, :guild_id, :shortlist_id, :page"

# A change while the message was being sent has made it outdated before it was stored.
_ADD = f"""
INSERT INTO shortlist_posts ({_KEY}, used_at, is_behind)
SELECT {_PLACE}, :now, version > :version FROM shortlists WHERE shortlist_id = :shortlist_id
ON CONFLICT (message_id) DO NOTHING
RETURNING 1
"""

# The content of a post that is not stored is unknown, so it counts as outdated.
_TOUCH = f"""
INSERT INTO shortlist_posts ({_KEY}, used_at, is_behind)
SELECT {_PLACE}, :now, 1 FROM shortlists WHERE shortlist_id = :shortlist_id
ON CONFLICT (message_id) DO UPDATE SET
    page = iif(:turns, excluded.page, page), used_at = excluded.used_at, is_behind = 1, is_blocked = 0,
    is_replaced = 0
RETURNING 1
"""

_MARK_SHOWN = """
UPDATE shortlist_posts SET is_behind = page <> :page
    OR :version < (SELECT version FROM shortlists WHERE shortlist_id = shortlist_posts.shortlist_id)
WHERE message_id = :message_id
RETURNING 1
"""

_OUTDATED = f"""
SELECT {_COLUMNS} FROM shortlist_posts WHERE is_behind = 1 AND is_blocked = 0 ORDER BY used_at DESC
"""
_OUTDATED_OF_ONE = f"""
SELECT {_COLUMNS} FROM shortlist_posts
WHERE shortlist_id = :shortlist_id AND is_behind = 1 AND is_blocked = 0 ORDER BY used_at DESC
"""


class PostStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute
        self._delete_older = connection.delete_older

    async def add(self, post: Post, *, version: int, now: float) -> bool:
        """Store a new message, which shows `version` of its shortlist.

        Returns False if the shortlist is deleted, or the message is stored already.
        """
        return bool(await self._execute(_ADD, _row(post) | {"version": version, "now": now}))

    async def touch(self, post: Post, *, turns: bool, now: float) -> bool:
        """Mark a message that was pressed as used and outdated; it gets the page of `post` only if `turns`.

        A message that is not stored is added. Returns False if the shortlist is deleted.
        """
        return bool(await self._execute(_TOUCH, _row(post) | {"turns": turns, "now": now}))

    async def get(self, message_id: int) -> Post | None:
        """The post, or None if it is not stored."""
        rows = await self._execute(
            f"SELECT {_COLUMNS} FROM shortlist_posts WHERE message_id = ?", (message_id,)
        )
        return _posts(rows)[0] if rows else None

    async def list_by_shortlist(self, shortlist_id: int) -> list[Post]:
        """All messages that show the shortlist."""
        rows = await self._execute(
            f"SELECT {_COLUMNS} FROM shortlist_posts WHERE shortlist_id = ?", (shortlist_id,)
        )
        return _posts(rows)

    async def list_outdated(self, shortlist_id: int | None = None) -> list[Post]:
        """The outdated messages of the shortlist, or of all; the most recently used first.

        Messages that can't be edited are left out.
        """
        query = _OUTDATED if shortlist_id is None else _OUTDATED_OF_ONE
        return _posts(await self._execute(query, {"shortlist_id": shortlist_id}))

    async def mark_shown(self, post: Post, version: int) -> bool:
        """Record that the message shows its page of `version` of its shortlist.

        It stays outdated if there is a newer version or another page by then.

        Returns False if it is not stored.
        """
        row = {"message_id": post.message_id, "page": post.page, "version": version}
        return bool(await self._execute(_MARK_SHOWN, row))

    async def mark_blocked(self, message_id: int) -> bool:
        """Record that the message can't be edited until it is pressed again. Returns False if not stored."""
        return bool(
            await self._execute(
                "UPDATE shortlist_posts SET is_blocked = 1 WHERE message_id = ? RETURNING 1", (message_id,)
            )
        )

    async def remove(self, message_id: int) -> bool:
        """Stop keeping the message up to date. Returns False if it was not stored."""
        return bool(
            await self._execute("DELETE FROM shortlist_posts WHERE message_id = ? RETURNING 1", (message_id,))
        )

    async def expire(self, before: float, limit: int) -> int:
        """Remove up to `limit` messages not used since `before`. Returns the number removed."""
        return await self._delete_older("shortlist_posts", "used_at", before, limit)


def _row(post: Post) -> dict[str, int]:
    return {name: getattr(post, name) for name in post.__struct_fields__ if name != "is_replaced"}


def _posts(rows: Sequence[Row]) -> list[Post]:
    return [Post(*row) for row in rows]

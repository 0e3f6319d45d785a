"""The messages that show shortlists, so that they can be kept up to date after a restart."""

from collections.abc import Sequence

from bot.database.sqlite.connection import Connection, Row
from bot.models.shortlists import Post

_KEY = "message_id, channel_id, rules_id, guild_id, shortlist_id, page"
_COLUMNS = f"{_KEY}, is_replaced"
_PLACE = ":message_id, :channel_id, :filter_channel_id, :guild_id, :shortlist_id, :page"

# What changed while it was being sent has made it fall behind before we knew of it.
_SENT = f"""
INSERT INTO shortlist_posts ({_KEY}, used_at, is_behind)
SELECT {_PLACE}, :now, version > :version FROM shortlists WHERE shortlist_id = :shortlist_id
ON CONFLICT (message_id) DO NOTHING
"""

# What a post shows that we had forgotten is unknown; of one that we know, who presses may turn the page.
_PRESSED = f"""
INSERT INTO shortlist_posts ({_KEY}, used_at, is_behind)
SELECT {_PLACE}, :now, 1 FROM shortlists WHERE shortlist_id = :shortlist_id
ON CONFLICT (message_id) DO UPDATE SET
    page = iif(:turns, excluded.page, page), used_at = excluded.used_at, is_behind = 1, is_blocked = 0,
    is_replaced = 0
"""

_SHOWN = """
UPDATE shortlist_posts SET is_behind = page <> :page
    OR :version < (SELECT version FROM shortlists WHERE shortlist_id = shortlist_posts.shortlist_id)
WHERE message_id = :message_id
"""

_BEHIND = f"""
SELECT {_COLUMNS} FROM shortlist_posts WHERE is_behind = 1 AND is_blocked = 0 ORDER BY used_at DESC
"""
_ITS_BEHIND = f"""
SELECT {_COLUMNS} FROM shortlist_posts
WHERE shortlist_id = :shortlist_id AND is_behind = 1 AND is_blocked = 0 ORDER BY used_at DESC
"""


class PostStore:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run
        self._expire = connection.expire

    async def add(self, post: Post, *, version: int, now: float) -> None:
        """Remember a new message, which shows `version` of its shortlist."""
        await self._run(_SENT, _row(post) | {"version": version, "now": now})

    async def touch(self, post: Post, *, turns: bool, now: float) -> None:
        """Remember a message that was pressed, to be edited; with a new page only if that `turns` it."""
        await self._run(_PRESSED, _row(post) | {"turns": turns, "now": now})

    async def get(self, message_id: int) -> Post | None:
        rows = await self._run(f"SELECT {_COLUMNS} FROM shortlist_posts WHERE message_id = ?", (message_id,))
        return _posts(rows)[0] if rows else None

    async def list_by_shortlist(self, shortlist_id: int) -> list[Post]:
        """All messages that show that shortlist."""
        rows = await self._run(
            f"SELECT {_COLUMNS} FROM shortlist_posts WHERE shortlist_id = ?", (shortlist_id,)
        )
        return _posts(rows)

    async def list_outdated(self, shortlist_id: int | None = None) -> list[Post]:
        """The messages that don't show what is known, of that shortlist or of all; those used last first."""
        question = _BEHIND if shortlist_id is None else _ITS_BEHIND
        return _posts(await self._run(question, {"shortlist_id": shortlist_id}))

    async def mark_shown(self, post: Post, version: int) -> None:
        """The message shows its page of `version` of its shortlist."""
        await self._run(_SHOWN, {"message_id": post.message_id, "page": post.page, "version": version})

    async def mark_blocked(self, message_id: int) -> None:
        """The message can't be edited until it is pressed again."""
        await self._run("UPDATE shortlist_posts SET is_blocked = 1 WHERE message_id = ?", (message_id,))

    async def remove(self, message_id: int) -> None:
        """The message is gone, or says that it is kept up to date no more."""
        await self._run("DELETE FROM shortlist_posts WHERE message_id = ?", (message_id,))

    async def expire(self, before: float, most: int) -> int:
        """Remove up to `most` messages not used since `before`; how many were removed."""
        return await self._expire("shortlist_posts", "used_at", before, most)


def _row(post: Post) -> dict[str, int]:
    return {name: getattr(post, name) for name in post.__struct_fields__ if name != "is_replaced"}


def _posts(rows: Sequence[Row]) -> list[Post]:
    return [Post(*row) for row in rows]

"""Rules: the filters that moderators have set, and the record of each change."""

from collections.abc import Sequence

import msgspec

from bot.database.sqlite.batch import Row
from bot.database.sqlite.connection import Connection
from bot.models.rules import Rule, RuleChange

VERSION = "coalesce((SELECT version FROM rule_versions WHERE rule_versions.guild_id = {guild_id}), 0)"
"""SQL expression of the version of a guild's rules, a new number after every change; {guild_id} is its id."""

_VERSION = VERSION.format(guild_id=":guild_id")

# A rule that exists already keeps its spelling; but a new length replaces the old one.
_ADD = """
WITH given AS MATERIALIZED (
    SELECT
        json_extract(value, '$[0]') AS channel_id,
        json_extract(value, '$[1]') AS kind,
        json_extract(value, '$[2]') AS rule_key,
        json_extract(value, '$[3]') AS new_text
    FROM json_each(:rules)
), changes AS MATERIALIZED (
    SELECT given.*, rules.text AS before
    FROM given LEFT JOIN rules ON rules.guild_id = :guild_id AND rules.channel_id = given.channel_id
        AND rules.kind = given.kind AND rules.rule_key = given.rule_key
    WHERE rules.text IS NULL OR (given.kind = 'length' AND rules.text <> new_text)
)
INSERT INTO rule_changes (guild_id, channel_id, kind, rule_key, member_id, changed_at, before, after)
SELECT :guild_id, channel_id, kind, rule_key, :member_id, :now, before, new_text FROM changes
WHERE (SELECT count(*) FROM rules WHERE guild_id = :guild_id)
    + (SELECT count(*) FROM changes WHERE before IS NULL) <= :limit
RETURNING member_id, changed_at, kind, channel_id, before, after
"""

_COUNT_MISSING = """
SELECT count(*) FROM json_each(:rules) WHERE NOT EXISTS (
    SELECT 1 FROM rules WHERE (guild_id, channel_id, kind, rule_key)
        = (:guild_id, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'))
)
"""

_REMOVE = """
INSERT INTO rule_changes (guild_id, channel_id, kind, rule_key, member_id, changed_at, before, after)
SELECT guild_id, channel_id, kind, rule_key, :member_id, :now, text, NULL FROM rules
WHERE guild_id = :guild_id AND {which}
RETURNING channel_id, kind, before
"""


class RuleStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute
        self._execute_transaction = connection.execute_transaction
        self._delete_older = connection.delete_older

    async def get_version(self, guild_id: int) -> int:
        """The version of the guild's rules: a new number after every change, 0 before the first."""
        ((version,),) = await self._execute(f"SELECT {_VERSION}", {"guild_id": guild_id})
        return int(version)

    async def list_with_version(self, guild_id: int) -> tuple[int, list[Rule]]:
        """The version of the guild's rules, and all of them, the oldest first."""
        rows = await self._execute(
            f"SELECT {_VERSION}, kind, text, channel_id, rule_id FROM (SELECT :guild_id AS guild_id)"
            " LEFT JOIN rules USING (guild_id) ORDER BY rule_id",
            {"guild_id": guild_id},
        )
        return int(rows[0][0]), [Rule(*row[1:]) for row in rows if row[1] is not None]

    async def add(
        self, guild_id: int, rules: Sequence[tuple[Rule, str]], *, member_id: int, now: float, limit: int
    ) -> list[RuleChange] | None:
        """Add `rules`, each with its key; all or none. None if the guild would have more than `limit`.

        Returns the changes: none for a rule that exists already, while a length replaces another.
        """
        distinct = {
            (rule.channel_id, rule.kind, key): (rule.channel_id, rule.kind, key, rule.text)
            for rule, key in rules
        }
        changes, ((missing,),) = await self._execute_transaction(
            (_ADD, _COUNT_MISSING),
            {
                "guild_id": guild_id,
                "rules": msgspec.json.encode(list(distinct.values())).decode(),
                "member_id": member_id,
                "now": now,
                "limit": limit,
            },
        )
        return None if missing else [RuleChange(*row) for row in changes]

    async def remove(self, guild_id: int, rule_id: int, *, member_id: int, now: float) -> Rule | None:
        """Remove one rule. Returns it, or None if the guild has none of that id."""
        rows = await self._execute(
            _REMOVE.format(which="rule_id = :rule_id"),
            {"guild_id": guild_id, "rule_id": rule_id, "member_id": member_id, "now": now},
        )
        return _rules(rows)[0] if rows else None

    async def remove_all(self, guild_id: int, version: int, *, member_id: int, now: float) -> int:
        """Remove all rules, unless they have changed since `version`. Returns the number removed."""
        rows = await self._execute(
            _REMOVE.format(which=f"{_VERSION} = :version"),
            {"guild_id": guild_id, "version": version, "member_id": member_id, "now": now},
        )
        return len(rows)

    async def list_changes(
        self, guild_id: int, *, since: float, limit: int, offset: int = 0
    ) -> list[RuleChange]:
        """Up to `limit` changes made at or after `since`, the newest first."""
        rows = await self._execute(
            "SELECT member_id, changed_at, kind, channel_id, before, after FROM rule_changes"
            " WHERE guild_id = ? AND changed_at >= ? ORDER BY change_id DESC LIMIT ? OFFSET ?",
            (guild_id, since, limit, offset),
        )
        return [RuleChange(*row) for row in rows]

    async def expire(self, before: float, limit: int) -> int:
        """Remove up to `limit` records of changes made `before`. Returns their number; the rules stay."""
        return await self._delete_older("rule_changes", "changed_at", before, limit)


def _rules(rows: Sequence[Row]) -> list[Rule]:
    return [Rule(kind, text, channel_id) for channel_id, kind, text in rows]

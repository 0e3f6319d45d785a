"""What moderators let their server see, and who changed it when."""

from collections.abc import Collection, Sequence

import msgspec

from bot.database.sqlite.connection import Connection, Row
from bot.models.rules import Rule, RuleChange

VERSION = "coalesce((SELECT version FROM rule_versions WHERE rule_versions.guild_id = {guild_id}), 0)"
"""An expression: another number after every change of a guild's rules; put its id in place of {guild_id}."""

_VERSION = VERSION.format(guild_id=":guild_id")

# A rule that is there already stays as it is, in whatever spelling; but a length may become another.
_SET = """
WITH wanted AS MATERIALIZED (
    SELECT
        json_extract(value, '$[0]') AS channel_id,
        json_extract(value, '$[1]') AS kind,
        json_extract(value, '$[2]') AS rule_key,
        json_extract(value, '$[3]') AS wanted_text
    FROM json_each(:rules)
), changes AS MATERIALIZED (
    SELECT wanted.*, rules.text AS before
    FROM wanted LEFT JOIN rules ON rules.guild_id = :guild_id AND rules.channel_id = wanted.channel_id
        AND rules.kind = wanted.kind AND rules.rule_key = wanted.rule_key
    WHERE rules.text IS NULL OR (wanted.kind = 'length' AND rules.text <> wanted_text)
)
INSERT INTO rule_changes (guild_id, channel_id, kind, rule_key, member_id, changed_at, before, after)
SELECT :guild_id, channel_id, kind, rule_key, :member_id, :now, before, wanted_text FROM changes
WHERE (SELECT count(*) FROM rules WHERE guild_id = :guild_id)
    + (SELECT count(*) FROM changes WHERE before IS NULL) <= :most
RETURNING member_id, changed_at, kind, channel_id, before, after
"""

_REMOVE = """
INSERT INTO rule_changes (guild_id, channel_id, kind, rule_key, member_id, changed_at, before, after)
SELECT guild_id, channel_id, kind, rule_key, :member_id, :now, text, NULL FROM rules
WHERE guild_id = :guild_id AND {which}
RETURNING channel_id, kind, before
"""


class RuleStore:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run
        self._expire = connection.expire

    async def get_version(self, guild_id: int) -> int:
        """Another number after every change of the guild's rules."""
        ((version,),) = await self._run(f"SELECT {_VERSION}", {"guild_id": guild_id})
        return int(version)

    async def list_with_version(self, guild_id: int) -> tuple[int, list[Rule]]:
        """Every rule of the guild, in the order in which they were made, and their version."""
        rows = await self._run(
            f"SELECT {_VERSION}, kind, text, channel_id, rule_id FROM (SELECT :guild_id AS guild_id)"
            " LEFT JOIN rules USING (guild_id) ORDER BY rule_id",
            {"guild_id": guild_id},
        )
        return int(rows[0][0]), [Rule(*row[1:]) for row in rows if row[1] is not None]

    async def add(
        self, guild_id: int, rules: Sequence[tuple[Rule, str]], *, member_id: int, now: float, most: int
    ) -> list[RuleChange] | None:
        """Add `rules`, each with its key, all or none; None where the guild would have more than `most`.

        Returns what has changed: nothing for those that were there; a length takes the place of another.
        """
        wanted = [(rule.channel_id, rule.kind, key, rule.text) for rule, key in rules]
        distinct = {row[:3]: row for row in wanted}
        rows = await self._run(
            _SET,
            {
                "guild_id": guild_id,
                "rules": msgspec.json.encode(list(distinct.values())).decode(),
                "member_id": member_id,
                "now": now,
                "most": most,
            },
        )
        if not rows and not await self._has_all(guild_id, distinct):
            return None
        return [RuleChange(*row) for row in rows]

    async def _has_all(self, guild_id: int, wanted: Collection[tuple[int, str, str]]) -> bool:
        rows = await self._run("SELECT channel_id, kind, rule_key FROM rules WHERE guild_id = ?", (guild_id,))
        kept = {tuple(row) for row in rows}
        return all(each in kept for each in wanted)

    async def remove(self, guild_id: int, rule_id: int, *, member_id: int, now: float) -> Rule | None:
        """Remove one rule, and return it; None where the guild has none of that id."""
        rows = await self._run(
            _REMOVE.format(which="rule_id = :rule_id"),
            {"guild_id": guild_id, "rule_id": rule_id, "member_id": member_id, "now": now},
        )
        return _rules(rows)[0] if rows else None

    async def remove_all(self, guild_id: int, version: int, *, member_id: int, now: float) -> int:
        """Remove all rules, unless they have changed since `version`; how many were removed."""
        rows = await self._run(
            _REMOVE.format(which=f"{_VERSION} = :version"),
            {"guild_id": guild_id, "version": version, "member_id": member_id, "now": now},
        )
        return len(rows)

    async def list_changes(
        self, guild_id: int, *, since: float, most: int, skip: int = 0
    ) -> list[RuleChange]:
        """The latest changes, the newest first."""
        rows = await self._run(
            "SELECT member_id, changed_at, kind, channel_id, before, after FROM rule_changes"
            " WHERE guild_id = ? AND changed_at >= ? ORDER BY change_id DESC LIMIT ? OFFSET ?",
            (guild_id, since, most, skip),
        )
        return [RuleChange(*row) for row in rows]

    async def expire(self, before: float, most: int) -> int:
        """Remove up to `most` records of changes made before then; the rules stay."""
        return await self._expire("rule_changes", "changed_at", before, most)


def _rules(rows: Sequence[Row]) -> list[Rule]:
    return [Rule(kind, text, channel_id) for channel_id, kind, text in rows]

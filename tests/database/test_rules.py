"""RuleStore: all or none up to the maximum, and a version that tells of every change."""

import asyncio

from bot.database import Database
from bot.models.rules import Rule, RuleChange

LOFI = (Rule("allow genre", "Lo-Fi"), "lofi")
CHRISTMAS = (Rule("block word", "christmas"), "christmas")


async def test_rules_are_added_all_or_none_up_to_the_limit(database: Database) -> None:
    added = await database.rules.add(1, [LOFI], member_id=7, now=1, limit=2)
    too_many = await database.rules.add(
        1, [CHRISTMAS, (Rule("block word", "bells"), "bells")], member_id=7, now=2, limit=2
    )
    _, rules = await database.rules.list_with_version(1)

    assert added == [RuleChange(7, 1, "allow genre", 0, None, "Lo-Fi")]
    assert too_many is None
    assert [rule.text for rule in rules] == ["Lo-Fi"]


async def test_rules_that_exist_are_no_change_though_the_server_is_full(database: Database) -> None:
    await database.rules.add(1, [LOFI, CHRISTMAS], member_id=7, now=1, limit=2)
    again = await database.rules.add(1, [(Rule("allow genre", "lo fi"), "lofi")], member_id=7, now=2, limit=2)
    _, rules = await database.rules.list_with_version(1)

    assert again == []
    assert [rule.text for rule in rules] == ["Lo-Fi", "christmas"]


async def test_rules_that_are_removed_at_once_were_not_too_many(database: Database) -> None:
    """The answer to an addition is that of its own moment, whatever comes right after it."""
    await database.rules.add(1, [CHRISTMAS], member_id=7, now=1, limit=9)
    added, _ = await asyncio.gather(
        database.rules.add(1, [CHRISTMAS], member_id=7, now=2, limit=9),
        database.rules.remove(1, 1, member_id=8, now=2),
    )

    assert added == []


async def test_a_length_replaces_another(database: Database) -> None:
    for text in ("-600", "-300"):
        await database.rules.add(1, [(Rule("length", text), "")], member_id=7, now=1, limit=1)
    _, rules = await database.rules.list_with_version(1)

    assert [rule.text for rule in rules] == ["-300"]


async def test_remove_returns_the_rule_once(database: Database) -> None:
    await database.rules.add(1, [CHRISTMAS], member_id=7, now=1, limit=9)
    removed = [await database.rules.remove(1, 1, member_id=7, now=2) for _ in range(2)]

    assert removed == [CHRISTMAS[0], None]
    assert await database.rules.remove(2, 1, member_id=7, now=2) is None


async def test_all_rules_are_removed_only_in_the_version_that_was_shown(database: Database) -> None:
    await database.rules.add(1, [LOFI], member_id=7, now=1, limit=9)
    version = await database.rules.get_version(1)
    await database.rules.add(1, [CHRISTMAS], member_id=7, now=2, limit=9)
    outdated = await database.rules.remove_all(1, version, member_id=7, now=3)
    removed = await database.rules.remove_all(1, await database.rules.get_version(1), member_id=7, now=3)

    assert (outdated, removed) == (0, 2)


async def test_changes_are_listed_in_pages_newest_first_and_expire(database: Database) -> None:
    for now in range(4):
        await database.rules.add(1, [(Rule("block word", f"{now}"), f"{now}")], member_id=7, now=now, limit=9)
    page = await database.rules.list_changes(1, since=1, limit=2, offset=1)
    removed = await database.rules.expire(3, 100)

    assert [change.after for change in page] == ["2", "1"]
    assert removed == 3
    assert [change.after for change in await database.rules.list_changes(1, since=0, limit=9)] == ["3"]
    assert len((await database.rules.list_with_version(1))[1]) == 4

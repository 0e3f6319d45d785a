"""PrivacyStore: erasure of a member or a server is whole, and leaves the team's content without a name."""

import pytest

from bot.database import Database
from bot.errors import StorageError
from bot.models.rates import Bucket, Rate, parse_rates
from bot.models.rules import Rule
from bot.models.search import Search
from tests.support.stores import TRACKS, add_entries, add_shortlist, upvote_first

NOW = 1000.0
MEMBER = Bucket("member", 1, 1, Rate(6, 60))


async def use(database: Database) -> int:
    """Member 1 does something of each kind in guild 1; the id of their shortlist."""
    await database.searches.add(Search("calm"), guild_id=1, channel_id=1, member_id=1, private=False, now=NOW)
    await database.budgets.pay([MEMBER], NOW)
    await database.guild_rates.update(1, {"guild": parse_rates("9/minute")}, member_id=1, now=NOW)
    await database.rules.add(1, [(Rule("block word", "x"), "x")], member_id=1, now=NOW, limit=9)
    shortlist = await add_shortlist(database)
    await add_entries(database, shortlist, *TRACKS)
    await upvote_first(database, shortlist)
    await database.notes.put(shortlist.shortlist_id, TRACKS[0].asset_id, "x", member_id=1, now=NOW)
    return shortlist.shortlist_id


async def test_an_erased_member_leaves_the_teams_content_without_a_name(database: Database) -> None:
    shortlist_id = await use(database)
    await database.privacy.erase_member(1, NOW + 3600)
    shortlist = await database.shortlists.get(shortlist_id, guild_id=1)
    entries = await database.entries.list_all(shortlist_id)

    assert await database.searches.get(1, guild_id=1) is None
    assert shortlist is not None
    assert shortlist.maker_id == 0
    assert {(entry.member_id, entry.likes, entry.notes) for entry in entries} == {(0, 0, 0)}
    assert [change.member_id for change in await database.guild_rates.list_changes(1, 9)] == [0]
    assert [change.member_id for change in await database.rules.list_changes(1, since=0, limit=9)] == [0]


async def test_an_erased_server_leaves_nothing_and_other_servers_everything(database: Database) -> None:
    shortlist_id = await use(database)
    other = await add_shortlist(database, guild_id=2)
    await database.privacy.erase_guild(1, NOW + 3600)

    assert await database.searches.get(1, guild_id=1) is None
    assert await database.shortlists.get(shortlist_id, guild_id=1) is None
    assert await database.entries.list_all(shortlist_id) == []
    assert await database.guild_rates.get(1) == {}
    assert await database.guild_rates.list_changes(1, 9) == []
    assert await database.rules.list_with_version(1) == (0, [])
    assert await database.rules.list_changes(1, since=0, limit=9) == []
    assert await database.shortlists.get(other.shortlist_id, guild_id=2) == other


async def test_a_bucket_is_not_refilled_by_erasure(database: Database) -> None:
    await database.budgets.pay([MEMBER], NOW)
    await database.privacy.erase_member(1, NOW)

    assert await database.budgets.clamp_and_get_full_at([MEMBER], NOW) == [NOW + 10]


async def test_an_erasure_that_fails_erases_nothing(database: Database) -> None:
    await use(database)
    await database.privacy._connection.execute(  # noqa: SLF001 (the fourth of its statements is to fail)
        "CREATE TRIGGER stop BEFORE UPDATE ON rule_changes BEGIN SELECT raise(ABORT, 'no'); END"
    )
    with pytest.raises(StorageError):
        await database.privacy.erase_member(1, NOW + 3600)

    assert await database.searches.get(1, guild_id=1) is not None
    assert [change.member_id for change in await database.guild_rates.list_changes(1, 9)] == [1]

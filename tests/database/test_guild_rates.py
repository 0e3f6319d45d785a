"""GuildRateStore: the budgets that a server has set, and the record of each change."""

import pytest

from bot.database import Database
from bot.models.rates import Rates, Scope, parse_rates


async def test_update_returns_the_number_of_scopes_that_changed(database: Database) -> None:
    both: dict[Scope, Rates] = {"member": parse_rates("2/minute"), "guild": parse_rates("9/minute")}
    first = await database.guild_rates.update(1, both, member_id=7, now=1)
    same = await database.guild_rates.update(1, both, member_id=7, now=2)
    unset = await database.guild_rates.update(1, {"member": None, "guild": both["guild"]}, member_id=8, now=3)

    assert (first, same, unset) == (2, 0, 1)
    assert await database.guild_rates.get(1) == {"guild": both["guild"]}
    assert await database.guild_rates.get(2) == {}


async def test_changes_are_listed_newest_first_and_expire(database: Database) -> None:
    for now, rate in enumerate(("1/minute", "2/minute", "3/minute")):
        await database.guild_rates.update(1, {"guild": parse_rates(rate)}, member_id=7, now=now)
    latest = await database.guild_rates.list_changes(1, 2)
    removed = await database.guild_rates.expire(2, 100)

    assert [(change.before, change.after) for change in latest] == [
        ("2/minute", "3/minute"),
        ("1/minute", "2/minute"),
    ]
    assert removed == 2
    assert [change.after for change in await database.guild_rates.list_changes(1, 9)] == ["3/minute"]
    assert await database.guild_rates.get(1) == {"guild": parse_rates("3/minute")}


@pytest.mark.parametrize("rate", ["1000/day", "20/minute, 200/hour"])
async def test_rates_are_stored_as_they_are_written(database: Database, rate: str) -> None:
    await database.guild_rates.update(1, {"guild": parse_rates(rate)}, member_id=7, now=1)

    assert (await database.guild_rates.list_changes(1, 1))[0].after == rate

"""Commands whose shortlist is deleted between their first look at it and their change."""

import pytest
import simcord

from bot.errors import Refused
from bot.models.shortlists import Shortlist
from tests.support.members import choose, press, shown
from tests.support.shortlists import bot_of, collected, posted
from tests.support.world import World

GONE = "That shortlist is gone"


def delete_after_lookup(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Delete a shortlist right after it was found by its name."""
    shortlists = bot_of(world).database.shortlists
    get_by_name = shortlists.get_by_name

    async def get_and_delete(name: str, *, guild_id: int) -> Shortlist | None:
        found = await get_by_name(name, guild_id=guild_id)
        assert found is not None
        assert await shortlists.delete(found.shortlist_id)
        return found

    monkeypatch.setattr(shortlists, "get_by_name", get_and_delete)


@pytest.mark.parametrize(
    ("command", "options"),
    [("shortlist open", {}), ("shortlist rename", {"to": "Menu"})],
)
async def test_shortlist_deleted_meanwhile_is_said_to_be_gone(
    world: World, monkeypatch: pytest.MonkeyPatch, command: str, options: dict[str, str]
) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    delete_after_lookup(world, monkeypatch)
    result = await world.mika.slash(world.channel, command, name="Boss fight", **options)
    simcord.assert_error(world.env, Refused)

    assert result.ephemeral
    assert GONE in shown(result).content


async def test_withdrawal_of_a_vote_on_a_shortlist_closed_meanwhile_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await collected(world)
    (ballot,) = (await choose(world.mika, await posted(world), "ballot", "1000")).followups
    voted = shown(await press(world.mika, ballot, "👍"))
    database = bot_of(world).database
    get = database.entries.get

    async def get_and_close(shortlist_id: int, asset_id: str) -> object:
        await database.shortlists.close(shortlist_id, 1)
        return await get(shortlist_id, asset_id)

    monkeypatch.setattr(database.entries, "get", get_and_close)
    result = await press(world.mika, voted, "Withdraw my vote")

    assert "closed" in shown(result).content
    assert await database.votes.get(1, "1000", member_id=world.mika.id) == 1

"""The options of /shortlist: autocomplete, and what is typed past it."""

import simcord

from bot.errors import BotError
from tests.support.members import shown
from tests.support.shortlists import collect_tracks
from tests.support.world import World


async def test_autocomplete_offers_names_and_tracks(world: World) -> None:
    await collect_tracks(world)
    await world.mika.slash(world.channel, "shortlist new", name="Menu")
    names = await world.mika.autocomplete(world.channel, "shortlist open", "name", "boss")
    await world.mika.slash(world.channel, "shortlist open", name="Boss fight")
    tracks = await world.mika.autocomplete(world.channel, "shortlist compare", "first", "TRACK 1", second="x")

    assert names == [{"name": "Boss fight", "value": "Boss fight"}]
    assert tracks == [{"name": "2. Track 1 · Artist 1", "value": "1001"}]


async def test_autocomplete_without_an_open_shortlist_offers_nothing(world: World) -> None:
    assert await world.mika.autocomplete(world.channel, "shortlist remove", "track", "") == []


async def test_a_track_that_was_typed_and_not_chosen_is_refused(world: World) -> None:
    await collect_tracks(world)
    result = await world.mika.slash(world.channel, "shortlist remove", track="Track 1")
    simcord.assert_error(world.env, BotError)

    assert "Choose a track from the list" in shown(result).content

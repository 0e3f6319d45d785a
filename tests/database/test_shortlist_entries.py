"""EntryStore: each track once on a shortlist, up to the maximum, while the shortlist is open."""

import asyncio

from bot.database import Database
from bot.models.search import Track
from tests.support.stores import GONE_ID, TRACKS, add_entries, add_shortlist


async def test_a_track_is_added_once_though_fifty_add_it_at_once(database: Database) -> None:
    shortlist = await add_shortlist(database)
    added = await asyncio.gather(*(add_entries(database, shortlist, *TRACKS) for _ in range(50)))

    assert sorted(map(len, added)) == [0] * 49 + [4]
    assert [entry.track for entry in await database.entries.list_all(shortlist.shortlist_id)] == TRACKS


async def test_the_thousandth_track_is_the_last(database: Database) -> None:
    shortlist = await add_shortlist(database)
    await add_entries(database, shortlist, *(Track(str(number), "x") for number in range(998)))
    added = await asyncio.gather(
        *(
            add_entries(database, shortlist, *(Track(str(number + n), "x") for n in range(5)))
            for number in (2000, 3000)
        )
    )

    assert added == [{"2000", "2001"}, set()]


async def test_no_track_is_added_to_a_closed_or_deleted_shortlist(database: Database) -> None:
    shortlist = await add_shortlist(database)
    await database.shortlists.close(shortlist.shortlist_id, 2)
    to_closed = await add_entries(database, shortlist, *TRACKS)
    await database.shortlists.delete(shortlist.shortlist_id)
    to_deleted = await add_entries(database, shortlist, *TRACKS)

    assert (to_closed, to_deleted) == (set(), set())
    assert await database.entries.list_all(shortlist.shortlist_id) == []


async def test_remove_succeeds_once_and_only_while_the_shortlist_is_open(database: Database) -> None:
    shortlist_id = (await add_shortlist(database)).shortlist_id
    await database.entries.add(shortlist_id, TRACKS, member_id=1, now=1, found_by=None)
    removed = [await database.entries.remove(shortlist_id, TRACKS[0].asset_id) for _ in range(2)]
    await database.shortlists.close(shortlist_id, 2)

    assert removed == [True, False]
    assert not await database.entries.remove(shortlist_id, TRACKS[1].asset_id)
    assert not await database.entries.remove(GONE_ID, TRACKS[1].asset_id)
    assert [entry.track for entry in await database.entries.list_all(shortlist_id)] == TRACKS[1:]


async def test_entries_are_in_the_order_of_score_then_upvotes_then_age(database: Database) -> None:
    shortlist = await add_shortlist(database)
    await add_entries(database, shortlist, *TRACKS)
    for number, votes in enumerate(((), (1, -1), (1, 1), (-1,))):
        for member_id, vote in enumerate(votes):
            await database.votes.vote(
                shortlist.shortlist_id,
                TRACKS[number].asset_id,
                member_id=member_id,
                vote=1 if vote > 0 else -1,
            )
    entries = await database.entries.list_all(shortlist.shortlist_id)

    assert [entry.track for entry in entries] == [TRACKS[2], TRACKS[1], TRACKS[0], TRACKS[3]]


async def test_an_entry_shows_the_number_of_notes_and_the_newest(database: Database) -> None:
    shortlist = await add_shortlist(database)
    place = shortlist.shortlist_id, TRACKS[0].asset_id
    await add_entries(database, shortlist, TRACKS[0])
    for member_id in (1, 2):
        await database.notes.put(*place, f"note {member_id}", member_id=member_id, now=member_id)
    entry = await database.entries.get(*place)

    assert entry is not None
    assert (entry.notes, entry.note) == (2, "note 2")
    assert await database.entries.get(GONE_ID, TRACKS[0].asset_id) is None


async def test_ids_on_the_shortlist_are_told_from_others(database: Database) -> None:
    shortlist = await add_shortlist(database)
    await add_entries(database, shortlist, TRACKS[0])

    assert await database.entries.list_present_ids(
        shortlist.shortlist_id, [track.asset_id for track in TRACKS]
    ) == {TRACKS[0].asset_id}

"""NoteStore: one note per member and track, the newest first."""

from bot.database import Database


async def test_a_note_is_removed_once(database: Database, place: tuple[int, str]) -> None:
    await database.notes.put(*place, "loops well", member_id=1, now=1)
    removed = [await database.notes.remove(*place, member_id=1) for _ in range(2)]

    assert removed == [True, False]
    assert await database.notes.list_by_track(*place) == []


async def test_notes_are_listed_newest_first(database: Database, place: tuple[int, str]) -> None:
    for member_id, now in ((1, 5), (2, 9), (3, 7)):
        await database.notes.put(*place, f"note {member_id}", member_id=member_id, now=now)

    assert [note.member_id for note in await database.notes.list_by_track(*place)] == [2, 3, 1]

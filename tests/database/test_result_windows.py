"""WindowStore: answers by digest and start, as long as they are fresh enough."""

from bot.database import Database
from bot.models.search import Track, Window


def window(start: int, fetched_at: float) -> Window:
    return Window((Track("1", "Slow Rain"),), start=start, end=start + 1, fetched_at=fetched_at)


async def test_a_window_is_found_by_its_digest_and_start_while_it_is_fresh(database: Database) -> None:
    await database.windows.put(b"digest", window(0, 5))
    await database.windows.put(b"digest", window(100, 6))

    assert await database.windows.get(b"digest", 0, since=5) == window(0, 5)
    assert await database.windows.get(b"digest", 0, since=6) is None
    assert await database.windows.get(b"digest", 100, since=6) == window(100, 6)
    assert await database.windows.get(b"other", 0, since=0) is None


async def test_a_window_replaces_an_older_one(database: Database) -> None:
    for fetched_at in (5, 8):
        await database.windows.put(b"digest", window(0, fetched_at))

    assert await database.windows.get(b"digest", 0, since=6) == window(0, 8)
    assert await database.maintenance.count_windows() == 1


async def test_windows_expire(database: Database) -> None:
    for fetched_at in (10, 20):
        await database.windows.put(b"%d" % fetched_at, window(0, fetched_at))
    removed = await database.windows.expire(15, 100)

    assert removed == 1
    assert await database.windows.get(b"10", 0, since=0) is None
    assert await database.windows.get(b"20", 0, since=0) is not None

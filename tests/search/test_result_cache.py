"""ResultCache: windows are kept in memory and stored, and tracks are indexed and searched by keyword."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.database import Database, open_database
from bot.models.search import Query, Track, Window
from bot.search.result_cache import ResultCache
from tests.support.members import titles
from tests.support.searches import search
from tests.support.world import Clock, Service, World, track


async def test_stored_tracks_are_found_by_their_words(world: World, service: Service) -> None:
    service.catalogue = [track(1, name="Rain over Kestrel"), track(2, name="Sun"), track(3, name="RAINS")]
    await search(world, "anything")
    service.reply(503)
    message = await search(world, "some rain please")

    assert set(titles(message)) == {"Rain over Kestrel", "RAINS"}
    assert "problems right now. These tracks are from earlier searches." in message.content
    assert "2 matches" in message.content


async def test_tracks_with_all_words_come_before_newer_tracks_with_some(
    world: World, service: Service
) -> None:
    service.catalogue = [track(0, name="Rain over Kestrel", bpm=150)]
    await search(world, "first")
    for start in range(6):
        service.catalogue = [
            track(100 * start + n, name=f"Rain {100 * start + n}", bpm=90) for n in range(1, 101)
        ]
        await search(world, f"then {start}")
    service.reply(503)
    by_name = await search(world, "rain over kestrel")
    by_tempo = await search(world, "rain", tempo="over 140")

    assert titles(by_name)[0] == "Rain over Kestrel"
    assert titles(by_tempo) == ["Rain over Kestrel"]


@pytest.mark.parametrize(
    ("option", "found"),
    [
        ({"genre": "jazz"}, ["Rain 2"]),
        ({"length": "under 60s"}, ["Rain 3"]),
        ({"tempo": "200"}, ["Rain 4"]),
        ({"tempo": "over 140"}, ["Rain 4"]),
    ],
)
async def test_every_criterion_applies_to_stored_tracks(
    world: World, service: Service, option: dict[str, str], found: list[str]
) -> None:
    service.catalogue = [
        track(1, name="Rain 1"), track(2, name="Rain 2", genre="Jazz"),
        track(3, name="Rain 3", duration=30), track(4, name="Rain 4", bpm=200),
    ]  # fmt: skip
    await search(world, "anything")
    service.reply(503)

    assert titles(await search(world, "rain", **option)) == found


class TestAlone:
    QUERY = Query("calm")

    @pytest.fixture
    async def database(self, tmp_path: Path) -> AsyncIterator[Database]:
        async with open_database(str(tmp_path / "test.db")) as database:
            yield database

    @staticmethod
    def window(clock: Clock, *tracks: Track) -> Window:
        return Window(tracks, start=0, end=len(tracks), total=len(tracks), fetched_at=clock.now)

    async def test_a_window_is_at_once_in_memory_and_later_in_the_database(
        self, database: Database, clock: Clock
    ) -> None:
        cache, after_restart = (ResultCache(database=database, clock=clock) for _ in range(2))
        window = self.window(clock, Track("1", "x"))
        cache.put(self.QUERY, window)
        found = await cache.get(self.QUERY, 0, since=clock.now)
        await cache.flush()
        counts = [after_restart.cached_windows]
        stored = await after_restart.get(self.QUERY, 0, since=clock.now)
        counts.append(after_restart.cached_windows)

        assert found == stored == window
        assert counts == [0, 1]

    async def test_an_older_window_is_not_returned_from_memory_or_the_database(
        self, database: Database, clock: Clock
    ) -> None:
        cache, after_restart = (ResultCache(database=database, clock=clock) for _ in range(2))
        cache.put(self.QUERY, self.window(clock, Track("1", "x")))
        await cache.flush()

        assert await cache.get(self.QUERY, 0, since=clock.now + 1) is None
        assert await after_restart.get(self.QUERY, 0, since=clock.now + 1) is None

    async def test_a_track_received_again_on_another_day_does_not_expire(
        self, database: Database, clock: Clock
    ) -> None:
        cache = ResultCache(database=database, clock=clock)
        cache.put(self.QUERY, self.window(clock, Track("1", "x"), Track("2", "y")))
        await cache.flush()
        first_day = clock.now
        clock.now += 2 * 86400
        cache.put(self.QUERY, self.window(clock, Track("1", "x")))
        await cache.flush()
        await database.tracks.expire(first_day + 1, 10)

        assert [each.asset_id for each in await database.tracks.get_many(["1", "2"])] == ["1"]

    async def test_a_track_received_again_on_the_same_day_does_not_count_again(
        self, database: Database, clock: Clock
    ) -> None:
        cache = ResultCache(database=database, clock=clock)
        jazz = self.window(clock, Track("1", "x", genre="Jazz"))
        for window in (
            jazz,
            self.window(clock, Track("1", "x", genre="Jazz"), Track("2", "y", genre="Rock")),
            self.window(clock, Track("3", "z", genre="Rock")),
            jazz,
            jazz,
        ):
            cache.put(self.QUERY, window)
            await cache.flush()

        assert await cache.suggest_genres("", 10) == ["Rock", "Jazz"]

    async def test_a_window_put_during_a_look_up_is_found(self, database: Database, clock: Clock) -> None:
        cache = ResultCache(database=database, clock=clock)
        looking = asyncio.create_task(cache.get(self.QUERY, 0, since=clock.now))
        await asyncio.sleep(0)
        window = self.window(clock, Track("1", "x"))
        cache.put(self.QUERY, window)

        assert await looking == window
        await cache.flush()

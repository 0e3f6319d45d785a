"""TrackStore: full-text search of tracks that were seen, and their retention."""

import pytest

from bot.database import Database
from bot.models.ranges import Span
from bot.models.search import Query, Track

DAY_SECONDS = 86400.0

TRACKS = [
    Track("1", "Slow Rain", genre="Lo-Fi", bpm=90, duration=184.5),
    Track("2", "Rain Dance", genre="House", bpm=124, duration=60),
    Track("3", "Slow Dance", genre="Jazz"),
]


async def names(database: Database, query: Query, *words: str, tempos: tuple[Span, ...] = ()) -> list[str]:
    return [track.name for track in await database.tracks.search(query, tempos, words, 9)]


async def test_tracks_with_all_words_come_before_those_with_any(database: Database) -> None:
    await database.tracks.put(TRACKS, 1)

    assert (await names(database, Query("slow dance"), "slow", "dance"))[0] == "Slow Dance"
    assert len(await names(database, Query("slow dance"), "slow", "dance")) == 3
    assert await names(database, Query("storm"), "storm") == []
    assert len(await database.tracks.search(Query("rain"), (), ["rain"], 1)) == 1


@pytest.mark.parametrize(
    ("query", "tempos", "found"),
    [
        (Query("rain", genres=("lofi",)), (), ["Slow Rain"]),
        (Query("rain", length=Span(None, 100)), (), ["Rain Dance"]),
        (Query("rain", length=Span(100, None)), (), ["Slow Rain"]),
        (Query("rain"), (Span(120, 130),), ["Rain Dance"]),
        (Query("rain"), (Span(60, 65), Span(None, 90)), ["Slow Rain"]),
    ],
)
async def test_filters_of_the_query_hold(
    database: Database, query: Query, tempos: tuple[Span, ...], found: list[str]
) -> None:
    await database.tracks.put(TRACKS, 1)

    assert await names(database, query, "rain", tempos=tempos) == found


async def test_a_changed_track_is_found_by_its_new_words_alone(database: Database) -> None:
    await database.tracks.put(TRACKS, 1)
    await database.tracks.put([Track("1", "Fast Storm")], 2)

    assert await names(database, Query("storm"), "storm") == ["Fast Storm"]
    assert await names(database, Query("rain"), "rain") == ["Rain Dance"]


async def test_tracks_are_returned_in_the_order_of_the_ids(database: Database) -> None:
    await database.tracks.put(TRACKS, 1)

    assert await database.tracks.get_many(["3", "9", "1"]) == [TRACKS[2], TRACKS[0]]


async def test_a_track_expires_after_it_was_seen_last(database: Database) -> None:
    await database.tracks.put(TRACKS[:2], 0)
    await database.tracks.put(TRACKS[:1], 2 * DAY_SECONDS)
    removed = await database.tracks.expire(DAY_SECONDS, 100)

    assert removed == 1
    assert await database.tracks.get_many(["1", "2"]) == TRACKS[:1]
    assert await names(database, Query("rain"), "rain") == ["Slow Rain"]

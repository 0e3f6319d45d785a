"""The search index: keywords, artists and asset ids, with filters by genre and length."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest

from bot.demo.search_index import SearchIndex, SearchResult
from bot.demo.tracks import CatalogueTrack
from bot.models.ranges import Span

TRACKS = [
    CatalogueTrack("1", "Rain over Corvanna", "Quinn Ember", 120, "Lo-Fi", "sleepy warm vinyl"),
    CatalogueTrack("2", "Quiet Tea", "Quinn Ember", 180, "Lo-Fi", "sleepy rhodes"),
    CatalogueTrack("3", "Balcony", "The Lost Kites", 240, "Lo-Fi", "warm tape"),
    CatalogueTrack("4", "Rain for Ada", "Quinn", 200, "Hip Hop / Rap", "gritty beats", album="Crown"),
    CatalogueTrack("5", "Siege", "Duskmere Tides", 90, "Cinematic", "dark drums"),
]
EVERY_LENGTH = Span()


@pytest.fixture
def index() -> Iterator[SearchIndex]:
    with closing(SearchIndex(TRACKS)) as index:
        yield index


def ids(result: SearchResult) -> list[str]:
    return [track.asset_id for track, _ in result.matches]


def test_keywords_find_tracks_by_name_album_genre_and_words(index: SearchIndex) -> None:
    for query, expected in {"rain": {"1", "4"}, "crown": {"4"}, "cinematic": {"5"}, "drum": {"5"}}.items():
        result = index.search(query, (), EVERY_LENGTH)
        assert (set(ids(result)), result.method, result.matched_artist) == (expected, "text", None)


def test_track_that_matches_more_keywords_comes_first_with_score_1(index: SearchIndex) -> None:
    result = index.search("warm sleepy vinyl", (), EVERY_LENGTH)
    scores = [score for _, score in result.matches]

    assert ids(result)[0] == "1"
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("query", ["qwxz blorp", "!?", '"', "NEAR(", "rain*-"])
def test_no_query_is_read_as_search_syntax(index: SearchIndex, query: str) -> None:
    assert ids(index.search(query, (), EVERY_LENGTH)) in ([], ["1", "4"], ["4", "1"])


def test_artist_finds_the_genre_with_the_artists_own_tracks_first(index: SearchIndex) -> None:
    result = index.search("something like QUINN EMBER", (), EVERY_LENGTH)

    assert result.matched_artist == "Quinn Ember"
    assert ids(result)[:2] in (["1", "2"], ["2", "1"])
    assert ids(result)[2:] == ["3"]


@pytest.mark.parametrize(
    ("genres", "duration", "expected"),
    [
        (["lo-fi"], EVERY_LENGTH, ["1"]),
        (["hip-hop-rap"], EVERY_LENGTH, ["4"]),
        (["Lo-Fi", "Hip Hop / Rap"], Span(150, None), ["4"]),
        (["Polka"], EVERY_LENGTH, []),
        ([], Span(None, 120), ["1"]),
    ],
)
def test_filters_keep_tracks_of_any_of_the_genres_and_of_the_length(
    index: SearchIndex, genres: Sequence[str], duration: Span, expected: list[str]
) -> None:
    assert ids(index.search("rain", genres, duration)) == expected


def test_asset_ids_are_looked_up_in_their_order_without_filters(index: SearchIndex) -> None:
    one = index.search(" 5 ", ["Polka"], EVERY_LENGTH)
    several = index.search("3, 99,1", (), EVERY_LENGTH)

    assert (ids(one), one.method) == (["5"], "id")
    assert (ids(several), several.method) == (["3", "1"], "ids-batch")


def test_closed_index_has_released_its_connection() -> None:
    index = SearchIndex(TRACKS)
    index.close()

    with pytest.raises(sqlite3.ProgrammingError):
        index.search("rain", (), EVERY_LENGTH)

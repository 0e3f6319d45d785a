"""The generated tracks: many, the same at every start, and as incomplete as real ones."""

import pytest

from bot.demo.genres import GENRES
from bot.demo.tracks import COVERS_URL, CatalogueTrack, invented_tracks


@pytest.fixture(scope="module")
def tracks() -> list[CatalogueTrack]:
    return invented_tracks()


def test_each_genre_has_fifty_tracks_of_five_artists(tracks: list[CatalogueTrack]) -> None:
    for genre in GENRES:
        own = [track for track in tracks if track.genre == genre.name]
        assert (len(own), len({track.artist for track in own})) == (50, 5)


def test_tracks_are_the_same_at_every_start(tracks: list[CatalogueTrack]) -> None:
    assert tracks == invented_tracks()


def test_asset_ids_are_unique_and_beyond_the_precision_of_a_float(tracks: list[CatalogueTrack]) -> None:
    ids = {int(track.asset_id) for track in tracks}

    assert len(ids) == len(tracks)
    assert min(ids) > 2**53


def test_tempo_and_length_are_within_the_ranges_of_the_genre(tracks: list[CatalogueTrack]) -> None:
    genres = {genre.name: genre for genre in GENRES}
    for track in tracks:
        genre = genres[track.genre]
        assert genre.seconds[0] <= track.duration <= genre.seconds[1]
        assert track.bpm is None or genre.bpm[0] <= track.bpm <= genre.bpm[1]


@pytest.mark.parametrize("field", ["bpm", "album", "thumbnail_url"])
def test_some_tracks_lack_a_field_that_real_tracks_lack_too(tracks: list[CatalogueTrack], field: str) -> None:
    missing = [track for track in tracks if getattr(track, field) is None]

    assert 0 < len(missing) < len(tracks) / 20


def test_covers_are_on_a_domain_that_no_request_reaches(tracks: list[CatalogueTrack]) -> None:
    urls = {track.thumbnail_url for track in tracks if track.thumbnail_url}

    assert COVERS_URL == "https://covers.needledrop.example/"
    assert all(url.startswith(COVERS_URL) for url in urls)

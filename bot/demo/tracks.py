"""The 1,300 tracks of the offline catalogue, generated from a fixed seed: the same at every start."""

import random
from collections.abc import Iterator
from typing import Final

import msgspec

from bot.demo.genres import (
    ADJECTIVES,
    BAND_NAMES,
    FIRST_NAMES,
    GENRES,
    LAST_NAMES,
    PLACES,
    Genre,
)

_SEED: Final = 1979
_ARTISTS_PER_GENRE: Final = 5
_ALBUMS_PER_ARTIST: Final = 2
_TRACKS_PER_ALBUM: Final = 5
_FIRST_ASSET_ID: Final = 9_040_000_000_000_001
"""Above 2^53, so that code that reads an id as a floating-point number would change it."""

_ASSET_ID_STEP: Final = 7919

COVERS_URL: Final = "https://covers.needledrop.example/"
"""A domain that is reserved for examples, so that no request to it ever succeeds."""


class CatalogueTrack(msgspec.Struct, frozen=True, omit_defaults=True):
    """A track with AudioScape's fields, some of them missing as in real results, and its search keywords."""

    asset_id: str
    name: str
    artist: str
    duration: int
    genre: str
    words: str
    album: str | None = None
    bpm: int | None = None
    thumbnail_url: str | None = None


def invented_tracks() -> list[CatalogueTrack]:
    """All tracks of the catalogue, by genre."""
    generator = random.Random(_SEED)
    artists: set[str] = set()
    tracks = [track for genre in GENRES for track in _tracks_of(genre, generator, artists)]
    return [
        msgspec.structs.replace(
            track,
            asset_id=str(_FIRST_ASSET_ID + _ASSET_ID_STEP * number),
            bpm=track.bpm if number % 41 else None,
            album=track.album if number % 31 else None,
            thumbnail_url=track.thumbnail_url if number % 37 else None,
        )
        for number, track in enumerate(tracks, 1)
    ]


def _tracks_of(genre: Genre, generator: random.Random, artists: set[str]) -> Iterator[CatalogueTrack]:
    for _ in range(_ARTISTS_PER_GENRE):
        artist = _artist(generator)
        while artist in artists:
            artist = _artist(generator)
        artists.add(artist)
        for _ in range(_ALBUMS_PER_ARTIST):
            album = f"{generator.choice(ADJECTIVES)} {generator.choice(genre.nouns.split())}"
            cover = f"{COVERS_URL}{generator.getrandbits(48):012x}.png"
            for _ in range(_TRACKS_PER_ALBUM):
                yield CatalogueTrack(
                    asset_id="",
                    name=_title(genre, generator),
                    artist=artist,
                    album=album,
                    duration=generator.randint(*genre.seconds),
                    genre=genre.name,
                    bpm=generator.randint(*genre.bpm),
                    thumbnail_url=cover,
                    words=" ".join(
                        generator.sample(genre.moods.split(), 3) + generator.sample(genre.sounds.split(), 2)
                    ),
                )


def _artist(generator: random.Random) -> str:
    kind = generator.randrange(3)
    if kind == 0:
        return f"{generator.choice(FIRST_NAMES)} {generator.choice(LAST_NAMES)}"
    if kind == 1:
        return f"The {generator.choice(ADJECTIVES)} {generator.choice(BAND_NAMES)}"
    return f"{generator.choice(PLACES)} {generator.choice(BAND_NAMES)}"


def _title(genre: Genre, generator: random.Random) -> str:
    noun, adjective, place = (
        generator.choice(genre.nouns.split()),
        generator.choice(ADJECTIVES),
        generator.choice(PLACES),
    )
    titles = (
        f"{adjective} {noun}",
        f"{noun} over {place}",
        f"{place} {noun}",
        f"{noun} for {generator.choice(FIRST_NAMES)}",
        f"{noun}, {adjective}",
    )
    return generator.choice(titles)

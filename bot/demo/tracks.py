"""Invents the catalogue: some 1,300 tracks, the same at every start."""

import random
from collections.abc import Iterator
from typing import Final

import msgspec

from bot.demo.genres import (
    BAND_NAMES,
    FIRST_NAMES,
    GENRES,
    LAST_NAMES,
    PLACES,
    QUALITIES,
    Genre,
)

_SEED: Final = 1979
_ARTISTS_A_GENRE: Final = 5
_ALBUMS_AN_ARTIST: Final = 2
_TRACKS_AN_ALBUM: Final = 5
_FIRST_ASSET_ID: Final = 9_040_000_000_000_001
"""Above 2^53, where a reader that takes an id for a floating-point number would change it."""

COVERS_URL: Final = "https://covers.needledrop.example/"
"""Under a name that is reserved for examples: nothing is ever fetched from it."""


class CatalogueTrack(msgspec.Struct, frozen=True, omit_defaults=True):
    """A track as the service sends it, and the words that find it; some lack what real ones lack."""

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
    chance = random.Random(_SEED)
    artists: set[str] = set()
    tracks = [track for genre in GENRES for track in _tracks_of(genre, chance, artists)]
    return [
        msgspec.structs.replace(
            track,
            asset_id=str(_FIRST_ASSET_ID + 7919 * number),
            bpm=track.bpm if number % 41 else None,
            album=track.album if number % 31 else None,
            thumbnail_url=track.thumbnail_url if number % 37 else None,
        )
        for number, track in enumerate(tracks, 1)
    ]


def _tracks_of(genre: Genre, chance: random.Random, artists: set[str]) -> Iterator[CatalogueTrack]:
    for _ in range(_ARTISTS_A_GENRE):
        artist = _artist(chance)
        while artist in artists:
            artist = _artist(chance)
        artists.add(artist)
        for _ in range(_ALBUMS_AN_ARTIST):
            album = f"{chance.choice(QUALITIES)} {chance.choice(genre.nouns.split())}"
            cover = f"{COVERS_URL}{chance.getrandbits(48):012x}.png"
            for _ in range(_TRACKS_AN_ALBUM):
                yield CatalogueTrack(
                    asset_id="",
                    name=_title(genre, chance),
                    artist=artist,
                    album=album,
                    duration=chance.randint(*genre.seconds),
                    genre=genre.name,
                    bpm=chance.randint(*genre.bpm),
                    thumbnail_url=cover,
                    words=" ".join(
                        chance.sample(genre.moods.split(), 3) + chance.sample(genre.sounds.split(), 2)
                    ),
                )


def _artist(chance: random.Random) -> str:
    form = chance.randrange(3)
    if form == 0:
        return f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    if form == 1:
        return f"The {chance.choice(QUALITIES)} {chance.choice(BAND_NAMES)}"
    return f"{chance.choice(PLACES)} {chance.choice(BAND_NAMES)}"


def _title(genre: Genre, chance: random.Random) -> str:
    noun, quality, place = (
        chance.choice(genre.nouns.split()),
        chance.choice(QUALITIES),
        chance.choice(PLACES),
    )
    forms = (
        f"{quality} {noun}",
        f"{noun} over {place}",
        f"{place} {noun}",
        f"{noun} for {chance.choice(FIRST_NAMES)}",
        f"{noun}, {quality}",
    )
    return chance.choice(forms)

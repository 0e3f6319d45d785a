"""Searches the invented catalogue with SQLite's full-text index: keywords, and artists by name."""

import re
import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from bot.demo.tracks import CatalogueTrack
from bot.models.ranges import Span
from bot.text import fold, genre_key, keywords

_IDS: Final = re.compile(r"\d+(?:\s*,\s*\d+)*")


class SearchResult(msgspec.Struct, frozen=True):
    """Every match, best first, each with a score from 0 to 1."""

    matches: Sequence[tuple[CatalogueTrack, float]]
    method: str
    matched_artist: str | None = None


class SearchIndex:
    def __init__(self, tracks: Sequence[CatalogueTrack]) -> None:
        self._tracks = tracks
        self._artists = {fold(track.artist): track.artist for track in tracks}
        self._by_id = {track.asset_id: track for track in tracks}
        self._sqlite = sqlite3.connect(":memory:", check_same_thread=False)
        self._sqlite.execute(
            "CREATE VIRTUAL TABLE tracks USING fts5 (name, artist, album, genre, words, tokenize = porter)"
        )
        self._sqlite.executemany(
            "INSERT INTO tracks (rowid, name, artist, album, genre, words) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    row,
                    track.name,
                    track.artist,
                    track.album,
                    f"{track.genre} {genre_key(track.genre)}",
                    track.words,
                )
                for row, track in enumerate(tracks)
            ],
        )

    def close(self) -> None:
        self._sqlite.close()

    def search(self, query: str, genres: Sequence[str], duration: Span) -> SearchResult:
        """All that matches; asset ids in place of words are looked up past every filter."""
        if _IDS.fullmatch(query.strip()):
            ids = [asset_id.strip() for asset_id in query.split(",")]
            tracks = [self._by_id[asset_id] for asset_id in ids if asset_id in self._by_id]
            return SearchResult([(track, 1.0) for track in tracks], "id" if len(ids) == 1 else "ids-batch")
        artist = self._artist_in(query)
        ranked = self._like(artist) if artist else self._with_words(query)
        keys = {genre_key(genre) for genre in genres}
        kept = [
            (track, score)
            for track, score in ranked
            if (not keys or genre_key(track.genre) in keys) and track.duration in duration
        ]
        return SearchResult(kept, "text", artist)

    def _artist_in(self, query: str) -> str | None:
        folded = f" {fold(query)} "
        named = (artist for key, artist in self._artists.items() if f" {key} " in folded)
        return max(named, key=len, default=None)

    def _like(self, artist: str) -> list[tuple[CatalogueTrack, float]]:
        """The artist's genre, by how many words a track shares with the artist's own."""
        own = [track for track in self._tracks if track.artist == artist]
        words = Counter(word for track in own for word in track.words.split())
        same_genre = [track for track in self._tracks if track.genre == own[0].genre]
        scores = [(track, sum(words[word] for word in track.words.split())) for track in same_genre]
        best = max(score for _, score in scores)
        return sorted(((track, score / best) for track, score in scores), key=lambda pair: -pair[1])

    def _with_words(self, query: str) -> list[tuple[CatalogueTrack, float]]:
        words = keywords(query)
        if not words:
            return []
        rows: list[Any] = self._sqlite.execute(
            "SELECT rowid, bm25(tracks, 4, 6, 3, 5, 3) AS rank FROM tracks"
            " WHERE tracks MATCH ? ORDER BY rank, rowid",
            (" OR ".join(f'"{word}"' for word in words),),
        ).fetchall()
        best = min((rank for _, rank in rows), default=-1.0)
        return [(self._tracks[row], rank / best) for row, rank in rows]

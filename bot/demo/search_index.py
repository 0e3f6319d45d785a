"""SearchIndex: searches the catalogue by keywords (SQLite's full-text index), by artist and by asset id."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from bot.demo.tracks import CatalogueTrack
from bot.models.ranges import Span
from bot.text import fold, genre_key, keywords

_ASSET_IDS: Final = re.compile(r"\d+(?:\s*,\s*\d+)*")


class SearchResult(msgspec.Struct, frozen=True):
    """Every match, best first, each with a score from 0 to 1."""

    matches: Sequence[tuple[CatalogueTrack, float]]
    method: str
    matched_artist: str | None = None


class SearchIndex:
    """An index of `tracks` in memory. Close it when it is no longer needed."""

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
            _rows(tracks),
        )

    def close(self) -> None:
        self._sqlite.close()

    def search(self, query: str, genres: Sequence[str], duration: Span) -> SearchResult:
        """Every track that matches the query and both filters; a query of asset ids ignores the filters."""
        if _ASSET_IDS.fullmatch(query.strip()):
            return self._with_ids([asset_id.strip() for asset_id in query.split(",")])
        artist = self._artist_in(query)
        ranked = self._similar_to(artist) if artist else self._with_keywords(query)
        keys = {genre_key(genre) for genre in genres}
        matches = [
            (track, score)
            for track, score in ranked
            if (not keys or genre_key(track.genre) in keys) and track.duration in duration
        ]
        return SearchResult(matches, "text", artist)

    def _with_ids(self, ids: Sequence[str]) -> SearchResult:
        tracks = [self._by_id[asset_id] for asset_id in ids if asset_id in self._by_id]
        return SearchResult([(track, 1.0) for track in tracks], "id" if len(ids) == 1 else "ids-batch")

    def _artist_in(self, query: str) -> str | None:
        """The artist whose name is part of the query, the longest name first."""
        folded = f" {fold(query)} "
        named = (artist for key, artist in self._artists.items() if f" {key} " in folded)
        return max(named, key=len, default=None)

    def _similar_to(self, artist: str) -> list[tuple[CatalogueTrack, float]]:
        """The tracks of the artist's genre, scored by the words that they share with the artist's tracks."""
        own = [track for track in self._tracks if track.artist == artist]
        words = Counter(word for track in own for word in track.words.split())
        same_genre = [track for track in self._tracks if track.genre == own[0].genre]
        scores = [(track, sum(words[word] for word in track.words.split())) for track in same_genre]
        best = max(score for _, score in scores)
        return sorted(((track, score / best) for track, score in scores), key=lambda pair: -pair[1])

    def _with_keywords(self, query: str) -> list[tuple[CatalogueTrack, float]]:
        """The tracks with at least one of the query's keywords, scored by BM25."""
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


def _rows(tracks: Sequence[CatalogueTrack]) -> Iterator[tuple[object, ...]]:
    for row, track in enumerate(tracks):
        genre = f"{track.genre} {genre_key(track.genre)}"
        yield row, track.name, track.artist, track.album, genre, track.words

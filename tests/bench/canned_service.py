"""A fast fake AudioScape in its own process: every query gives a slice of the offline catalogue.

It prints its port and serves until it is killed. A query that begins with "unheard" gives tracks with new
asset ids; the query "overrun" gives a 429.
"""

import asyncio
import itertools
import zlib
from typing import Any, Final

import msgspec
import uvloop

from bot.demo.tracks import invented_tracks
from tests.bench.wire import Reply, Request, start_server

TOTAL: Final = 1_000
"""The number of tracks that match any query."""

_DEFAULT_LIMIT: Final = 20
_new_numbers = itertools.count(1)


def _tracks() -> list[dict[str, Any]]:
    return [
        {
            "asset_id": track.asset_id,
            "name": track.name,
            "artist": track.artist,
            "album": track.album,
            "duration": track.duration,
            "genre": track.genre,
            "bpm": track.bpm,
            "score": 0.9,
            "thumbnail_url": track.thumbnail_url,
        }
        for track in invented_tracks()
    ]


_TRACKS: Final = _tracks()
_ENCODED: Final = [msgspec.json.encode(track) for track in _TRACKS]


def respond(request: Request) -> Reply:
    body = msgspec.json.decode(request.body)
    query, limit, start = body["query"], body.get("limit", _DEFAULT_LIMIT), body.get("offset", 0)
    if query == "overrun":
        return Reply(b'{"message": "Too Many Requests"}', 429, "Retry-After: 900\r\n")
    count = max(0, min(limit, TOTAL - start))
    first = zlib.crc32(query.encode()) + start
    indexes = [number % len(_TRACKS) for number in range(first, first + count)]
    tracks = _new_tracks(indexes) if query.startswith("unheard") else [_ENCODED[n] for n in indexes]
    meta = {
        "total": TOTAL,
        "limit": limit,
        "offset": start,
        "search_method": "semantic",
        "matched_artist": None,
    }
    return Reply(
        b'{"tracks":[%b],"artists":[],"albums":[],"meta":%b}' % (b",".join(tracks), msgspec.json.encode(meta))
    )


def _new_tracks(indexes: list[int]) -> list[bytes]:
    numbers = itertools.islice(_new_numbers, len(indexes))
    return [
        msgspec.json.encode(_TRACKS[index] | {"asset_id": f"77{number:010}", "name": f"Take {number}"})
        for index, number in zip(indexes, numbers, strict=True)
    ]


async def serve() -> None:
    _, port = await start_server(respond)
    print(port, flush=True)  # noqa: T201 (the benchmark reads it)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve())

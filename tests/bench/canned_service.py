"""AudioScape as fast as can be, in a process of its own: slices of the invented catalogue.

Prints its port, and serves until it is killed. Words that begin with "unheard" bring tracks that nobody has
seen before; "overrun" is one request too many.
"""

import asyncio
import itertools
import zlib
from typing import Any, Final

import msgspec
import uvloop

from bot.demo.tracks import invented_tracks
from tests.bench.wire import Reply, Request, listening

TOTAL: Final = 1_000
"""How many tracks match, whatever is searched."""

_DEFAULT_LIMIT: Final = 20
_unheard = itertools.count(1)


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


def answer(request: Request) -> Reply:
    asked = msgspec.json.decode(request.body)
    query, limit, start = asked["query"], asked.get("limit", _DEFAULT_LIMIT), asked.get("offset", 0)
    if query == "overrun":
        return Reply(b'{"message": "Too Many Requests"}', 429, "Retry-After: 900\r\n")
    count = max(0, min(limit, TOTAL - start))
    first = zlib.crc32(query.encode()) + start
    places = [number % len(_TRACKS) for number in range(first, first + count)]
    tracks = _unheard_tracks(places) if query.startswith("unheard") else [_ENCODED[n] for n in places]
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


def _unheard_tracks(places: list[int]) -> list[bytes]:
    numbers = itertools.islice(_unheard, len(places))
    return [
        msgspec.json.encode(_TRACKS[place] | {"asset_id": f"77{number:010}", "name": f"Take {number}"})
        for place, number in zip(places, numbers, strict=True)
    ]


async def serve() -> None:
    _, port = await listening(answer)
    print(port, flush=True)  # noqa: T201 (whoever started it reads this)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve())

"""The client, on a swapped wire and on real sockets: whatever comes back is a window or a sentence."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.audioscape.client import MAX_RESPONSE_BYTES, AudioScape
from bot.errors import (
    AudioScapeError,
    CutShort,
    QueryRefused,
    RateLimited,
    ShuttingDown,
    TooLarge,
    TooSlow,
    Unreachable,
    Unreadable,
)
from bot.models.ranges import Span
from bot.models.search import Query, Window
from tests.support.peers import HEAD, Peer, sends, serving
from tests.support.world import answer, track

QUERY = Query("calm")


async def ask(body: bytes, status: int = 200, **headers: str) -> Window:
    def wire(_: httpx.Request) -> httpx.Response:
        dashed = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.Response(status, headers=dashed, stream=httpx.ByteStream(body))

    async with AudioScape(url="http://test", key="k", transport=httpx.MockTransport(wire)) as audioscape:
        return await audioscape.search(QUERY, 0)


@asynccontextmanager
async def client_of(peer: Peer) -> AsyncIterator[AudioScape]:
    async with serving(peer) as url, AudioScape(url=url, key="k") as audioscape:
        yield audioscape


async def test_what_a_search_wishes_travels_with_it() -> None:
    requests: list[Any] = []

    def wire(request: httpx.Request) -> httpx.Response:
        requests.append(json.loads(request.content))
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(answer([])).encode()))

    query = Query("calm", ("Jazz", "Lo-Fi"), Span(low=60))
    async with AudioScape(url="http://test", key="k", transport=httpx.MockTransport(wire)) as audioscape:
        await audioscape.search(query, 100)

    filters = {"genres": ["Jazz", "Lo-Fi"], "duration": {"min": 60}}
    assert requests == [{"query": "calm", "limit": 100, "offset": 100, "filters": filters}]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
FIELDS = st.sampled_from(
    ["asset_id", "name", "artist", "album", "duration", "genre", "bpm", "score", "thumbnail_url"]
)
ANSWERS = st.fixed_dictionaries(
    {"tracks": st.lists(st.dictionaries(FIELDS, JSON) | JSON) | JSON},
    optional={
        "meta": st.dictionaries(st.sampled_from(["total", "search_method", "matched_artist"]), JSON) | JSON
    },
)


@given(JSON | ANSWERS)
def test_any_json_at_all_is_a_window_or_a_sentence(content: Any) -> None:
    body = json.dumps(content).encode()  # NaN and Infinity as the standard library writes them
    with suppress(AudioScapeError):
        window = asyncio.run(ask(body))
        for found in window.tracks:
            assert found.asset_id
            assert found.name
            assert found.bpm is None or 0 < found.bpm < 1000
            assert found.duration is None or found.duration > 0
        assert window.total is None or window.total > 0


@given(st.binary())
def test_any_bytes_at_all_are_a_window_or_a_sentence(body: bytes) -> None:
    with suppress(AudioScapeError):
        asyncio.run(ask(body))


async def test_neighbouring_types_are_understood() -> None:
    strange = track(
        1, asset_id=9007199254740993, name=1999, bpm="128", duration="150.5", loudness_lufs=float("nan")
    )
    window = await ask(json.dumps(answer([strange], total="250")).encode())

    (found,) = window.tracks
    assert (found.asset_id, found.name, found.bpm, found.duration) == ("9007199254740993", "1999", 128, 150.5)
    assert window.total == 250


async def test_deep_nesting_is_a_sentence() -> None:
    with pytest.raises(Unreadable):
        await ask(b"[" * 100_000 + b"]" * 100_000)


async def test_a_compressed_answer_is_read() -> None:
    body = gzip.compress(json.dumps(answer([track(1)])).encode())
    assert len((await ask(body, content_encoding="gzip")).tracks) == 1


@pytest.mark.parametrize(
    ("body", "error"),
    [  # the same bytes in every process: they are in the names of the tests
        (gzip.compress(b" " * (MAX_RESPONSE_BYTES + 1), mtime=0), TooLarge),
        (gzip.compress(b" " * 10_000, mtime=0)[:-20], CutShort),
        (b"no gzip", Unreadable),
    ],
)
async def test_compression_that_lies_is_a_sentence(body: bytes, error: type[AudioScapeError]) -> None:
    with pytest.raises(error):
        await ask(body, content_encoding="gzip")


async def test_a_named_wait_is_kept() -> None:
    with pytest.raises(RateLimited) as error:
        await ask(b"", 429, retry_after="7")
    assert error.value.retry_after == 7


@pytest.mark.parametrize(
    ("peer", "errors"),
    [
        (sends(), (Unreachable,)),
        (sends(then_reset=True), (Unreachable,)),
        (sends(HEAD % 5000, b'{"tracks": ['), (CutShort,)),
        (sends(HEAD % 5000, b'{"tracks": [', then_reset=True), (CutShort, Unreachable)),
        (sends(b"HELLO\r\n\r\n"), (Unreachable, CutShort)),
        (sends(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), (QueryRefused,)),
    ],
)
async def test_a_connection_that_breaks_is_a_sentence(
    peer: Peer, errors: tuple[type[AudioScapeError], ...]
) -> None:
    async with client_of(peer) as audioscape:
        with pytest.raises(errors):
            await audioscape.search(QUERY, 0)


async def test_reading_stops_at_five_megabytes() -> None:
    sent = 0

    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(HEAD % (50 * 1024 * 1024))
        while sent < 50:
            writer.write(b" " * 1024 * 1024)
            await writer.drain()
            sent += 1

    async with client_of(endless) as audioscape:
        with pytest.raises(TooLarge):
            await audioscape.search(QUERY, 0)
    assert sent < 20


async def test_nobody_there_is_a_sentence() -> None:
    async with AudioScape(url="http://127.0.0.1:9", key="k") as audioscape:
        with pytest.raises(Unreachable):
            await audioscape.search(QUERY, 0)


async def test_a_slow_drip_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.audioscape.client.DEADLINE_SECONDS", 0.3)

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD % 5000)
        while not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.05)

    async with client_of(drip) as audioscape:
        with pytest.raises(TooSlow):
            await audioscape.search(QUERY, 0)


async def test_giving_up_ends_what_is_under_way_and_refuses_what_comes() -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with client_of(silent) as audioscape:
        search = asyncio.create_task(audioscape.search(QUERY, 0))
        await asyncio.sleep(0.1)
        audioscape.give_up()
        with pytest.raises(ShuttingDown):
            await search
        with pytest.raises(ShuttingDown):
            await audioscape.search(QUERY, 0)

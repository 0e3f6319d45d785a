"""The client, on a swapped transport and on real sockets: each response is a window or an error."""

import asyncio
import gzip
import json
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
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


async def ask(
    body: bytes, status: int = 200, *, wall_clock: Callable[[], float] = time.time, **headers: str
) -> Window:
    def wire(_: httpx.Request) -> httpx.Response:
        dashed = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.Response(status, headers=dashed, stream=httpx.ByteStream(body))

    transport = httpx.MockTransport(wire)
    async with AudioScape(
        url="http://test", key="k", transport=transport, wall_clock=wall_clock
    ) as audioscape:
        return await audioscape.search(QUERY, 0)


@asynccontextmanager
async def client_of(peer: Peer) -> AsyncIterator[AudioScape]:
    async with serving(peer) as url, AudioScape(url=url, key="k") as audioscape:
        yield audioscape


async def test_the_filters_of_a_query_are_sent() -> None:
    requests: list[bytes] = []

    def wire(request: httpx.Request) -> httpx.Response:
        requests.append(request.content)
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(answer([])).encode()))

    query = Query("calm", ("Jazz", "Lo-Fi"), Span(60.0, 90.5))
    async with AudioScape(url="http://test", key="k", transport=httpx.MockTransport(wire)) as audioscape:
        await audioscape.search(query, 100)

    assert requests == [
        b'{"query":"calm","limit":100,"offset":100,"filters":{"genres":["Jazz","Lo-Fi"],"duration":{"min":60,"max":90.5}}}'
    ]


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
def test_any_json_is_a_window_or_an_error(content: Any) -> None:
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
def test_any_bytes_are_a_window_or_an_error(body: bytes) -> None:
    with suppress(AudioScapeError):
        asyncio.run(ask(body))


async def test_numbers_in_strings_and_digits_for_text_are_decoded() -> None:
    strange = track(
        1, asset_id=9007199254740993, name=1999, bpm="128", duration="150.5", loudness_lufs=float("nan")
    )
    window = await ask(json.dumps(answer([strange], total="250")).encode())

    (found,) = window.tracks
    assert (found.asset_id, found.name, found.bpm, found.duration) == ("9007199254740993", "1999", 128, 150.5)
    assert window.total == 250


async def test_deep_nesting_is_an_error() -> None:
    with pytest.raises(Unreadable):
        await ask(b"[" * 100_000 + b"]" * 100_000)


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("gzip", lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:])),
        ("identity", bytes),
    ],
)
async def test_a_compressed_response_is_read(encoding: str, compress: Callable[[bytes], bytes]) -> None:
    body = compress(json.dumps(answer([track(1)])).encode())
    window = await ask(body, content_encoding=encoding)

    assert [each.name for each in window.tracks] == ["Track 1"]


@pytest.mark.parametrize(
    ("body", "error"),
    [  # the same bytes in every process: they are in the names of the tests
        (gzip.compress(b" " * (MAX_RESPONSE_BYTES + 1), mtime=0), TooLarge),
        (gzip.compress(b" " * 10_000, mtime=0)[:-20], CutShort),
        (b"no gzip", Unreadable),
    ],
)
async def test_broken_compression_is_an_error(body: bytes, error: type[AudioScapeError]) -> None:
    with pytest.raises(error):
        await ask(body, content_encoding="gzip")


async def test_retry_after_in_seconds_is_the_wait() -> None:
    with pytest.raises(RateLimited) as error:
        await ask(b"", 429, retry_after="7")
    assert error.value.retry_after == 7


@pytest.mark.parametrize(
    "date",
    ["Fri, 15 Jan 2027 08:00:{:02} GMT", "Friday, 15-Jan-27 08:00:{:02} GMT", "Fri Jan 15 08:00:{:02} 2027"],
)
@pytest.mark.parametrize(("second", "wait"), [(40, 30), (11, 1), (10, None), (0, None)])
async def test_retry_after_as_a_date_is_the_wait_until_then(
    date: str, second: int, wait: float | None
) -> None:
    with pytest.raises(RateLimited) as error:
        await ask(b"", 429, wall_clock=lambda: 1_800_000_010.0, retry_after=date.format(second))

    assert error.value.retry_after == wait


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's time zone is New York's."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("new_york")
async def test_retry_after_as_a_date_without_a_zone_is_in_utc() -> None:
    with pytest.raises(RateLimited) as error:
        await ask(b"", 429, wall_clock=lambda: 1_800_000_000.0, retry_after="Fri Jan 15 08:00:30 2027")

    assert error.value.retry_after == 30


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
async def test_a_broken_connection_is_an_error(peer: Peer, errors: tuple[type[AudioScapeError], ...]) -> None:
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
    assert sent < 20  # of 50 MB: the rest was not even sent, beyond what the buffers of the sockets hold


async def test_a_refused_connection_is_an_error() -> None:
    async with AudioScape(url="http://127.0.0.1:9", key="k") as audioscape:
        with pytest.raises(Unreachable):
            await audioscape.search(QUERY, 0)


async def test_a_slow_response_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.audioscape.client.DEADLINE_SECONDS", 0.3)

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD % 5000)
        while not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.05)

    async with client_of(drip) as audioscape:
        with pytest.raises(TooSlow):
            await audioscape.search(QUERY, 0)


async def test_give_up_ends_the_requests_under_way_and_refuses_new_ones() -> None:
    has_arrived = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        has_arrived.set()
        await reader.read()

    async with client_of(silent) as audioscape:
        search = asyncio.create_task(audioscape.search(QUERY, 0))
        await has_arrived.wait()
        audioscape.cancel_requests()
        with pytest.raises(ShuttingDown):
            await search
        has_arrived.clear()
        with pytest.raises(ShuttingDown):
            await audioscape.search(QUERY, 0)

    assert not has_arrived.is_set()

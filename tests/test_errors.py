"""Errors: the sentences that members read, for every fault of the search service, on real sockets."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import simcord

from bot.audioscape.client import MAX_RESPONSE_BYTES, AudioScape
from bot.bot import Bot
from bot.database import open_database
from bot.errors import (
    AudioScapeError,
    BotError,
    BudgetSpent,
    RateLimited,
    StorageError,
    TooSlow,
    Unreachable,
)
from bot.filters.matching import Filters
from bot.models.rates import Limits, parse_rates
from bot.models.requester import Requester
from bot.models.search import Search
from tests.support.members import labels, shown
from tests.support.peers import HEAD, Peer, sends, serving
from tests.support.searches import ignore_defer
from tests.support.world import Service, World


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD % 5000)
    while not writer.is_closing():
        writer.write(b" ")
        await asyncio.sleep(0.05)


def status(line: bytes, headers: bytes = b"", body: bytes = b"") -> Peer:
    length = b"Content-Length: %d\r\n" % len(body)
    return sends(b"HTTP/1.1 " + line + b"\r\n" + headers + length + b"\r\n" + body)


def ok(body: bytes, headers: bytes = b"") -> Peer:
    return status(b"200 OK", headers, body)


FAULTS: dict[str, tuple[Peer, str]] = {
    "closed before the headers": (sends(), "can't get through"),
    "reset before the headers": (sends(then_reset=True), "can't get through"),
    "reset after the headers": (sends(HEAD % 9, then_reset=True), "broke off|can't get through"),
    "a body cut short": (sends(HEAD % 5000, b'{"tracks": ['), "broke off"),
    "an empty body": (ok(b""), "broke off"),
    "HTML with 200": (ok(b"<h1>Hello</h1>"), "wasn't readable"),
    "JSON of the wrong shape": (ok(b'{"tracks": {}}'), "wasn't what I expected"),
    "NaN and nothing else": (ok(b"NaN"), "wasn't what I expected"),
    "50 MB": (sends(HEAD % (50 << 20), *[b" " * (1 << 20)] * 50), "far too large"),
    "a gzip bomb": (
        ok(gzip.compress(b" " * (MAX_RESPONSE_BYTES * 20), mtime=0), b"Content-Encoding: gzip\r\n"),
        "far too large",
    ),
    "an unknown compression": (ok(b"x", b"Content-Encoding: br\r\n"), "wasn't readable"),
    "no HTTP at all": (sends(b"SSH-2.0-OpenSSH\r\n\r\n"), "can't get through|broke off"),
    "a redirect": (status(b"302 Found", b"Location: http://127.0.0.1:9/\r\n"), "don't understand"),
    "204": (sends(b"HTTP/1.1 204 No Content\r\n\r\n"), "don't understand"),
    "301": (status(b"301 Moved", b"Location: http://127.0.0.1:9/\r\n"), "don't understand"),
    "400": (status(b"400 Bad Request"), "simpler words"),
    "401": (status(b"401 Unauthorized"), "key needs to be replaced"),
    "403": (status(b"403 Forbidden"), "key needs to be replaced"),
    "404": (status(b"404 Not Found"), "don't understand"),
    "413": (status(b"413 Content Too Large"), "don't understand"),
    "429": (status(b"429 Too Many Requests"), "more searches from this bot"),
    "429 with a wait": (
        status(b"429 Too Many Requests", b"Retry-After: 3\r\n"),
        "more searches from this bot",
    ),
    "500": (status(b"500 Internal Server Error"), "trouble on its side"),
    "502": (status(b"502 Bad Gateway"), "trouble on its side"),
    "503": (status(b"503 Service Unavailable"), "trouble on its side"),
    "504": (status(b"504 Gateway Timeout"), "trouble on its side"),
}


@pytest.fixture(params=FAULTS, ids=str)
async def fault(request: pytest.FixtureRequest) -> tuple[Peer, str]:
    return FAULTS[request.param]


@pytest.fixture
async def service(fault: tuple[Peer, str], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    monkeypatch.setattr("bot.audioscape.client.DEADLINE_SECONDS", 0.5)
    service = Service()
    service.transport = None
    async with serving(fault[0]) as url:
        service.url = url
        yield service


@pytest.fixture
def limits() -> Limits:
    return Limits(*[parse_rates("1/day")] * 3)


async def test_each_fault_is_a_friendly_reply_that_costs_nothing(
    world: World, service: Service, fault: tuple[Peer, str], caplog: pytest.LogCaptureFixture
) -> None:
    assert service.url
    started_at = time.monotonic()
    result = await world.mika.slash(world.channel, "music", query="calm")
    simcord.assert_error(world.env, BotError)
    status = await world.mika.slash(world.channel, "budget")

    content = shown(result).content
    assert any(words in content for words in fault[1].split("|")), content
    assert time.monotonic() - started_at < 12
    assert not any(record.exc_info for record in caplog.records)
    assert "**Yours**: 1 of 1" in shown(status).content
    assert labels(shown(result)) == ([] if "simpler words" in content else [("Try again", True)])
    for internal in ("Traceback", "Error", "127.0.0.1", "the-key", "None"):
        assert internal not in content


class TestNoServer:
    @pytest.fixture
    def service(self) -> Service:
        service = Service()
        service.transport = None
        service.url = "http://127.0.0.1:9"
        return service

    async def test_a_refused_connection_is_a_friendly_reply(self, world: World) -> None:
        result = await world.mika.slash(world.channel, "music", query="calm")
        simcord.assert_error(world.env, BotError)

        assert shown(result).content == (
            "I can't get through to AudioScape right now. Please try again in a moment."
        )


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            BudgetSpent("member", 99.5, is_repeat=False),
            (
                "You have used up your searches for now. Your next one is ready <t:100:R>. "
                "You can still page through earlier results."
            ),
        ),
        (
            BudgetSpent("guild", 99.5, is_repeat=False),
            (
                "This server has used up its searches for now. The next one is ready <t:100:R>. "
                "You can still page through earlier results."
            ),
        ),
        (
            BudgetSpent("key", 99.5, is_repeat=False),
            (
                "All servers together have used up this bot's searches for now. "
                "The next one is ready <t:100:R>. You can still page through earlier results."
            ),
        ),
        (BudgetSpent("key", 99.5, is_repeat=True), "Not yet: the next search is ready <t:100:R>."),
        (
            RateLimited(),
            "AudioScape is getting more searches from this bot than it allows. Please try again in a minute.",
        ),
        (
            RateLimited(retry_at=99.5),
            "AudioScape is getting more searches from this bot than it allows. Please try again <t:100:R>.",
        ),
        (StorageError(), "My database isn't available right now. Please try again in a minute."),
    ],
)
def test_an_error_says_what_happened_and_what_to_do(error: BotError, sentence: str) -> None:
    assert str(error) == sentence


def test_every_failure_of_the_service_has_whole_sentences() -> None:
    kinds = AudioScapeError.__subclasses__()
    assert kinds
    for kind in kinds:
        assert kind.sentence.endswith(".")
        assert kind.reason.endswith(".")
        assert str(kind("detail")) == kind.sentence


@pytest.mark.parametrize(
    ("peer", "scheme", "error"),
    [
        (silence, "http", TooSlow),
        (drip, "http", TooSlow),
        (sends(b"this is no handshake"), "https", Unreachable),
    ],
)
async def test_a_slow_or_hanging_service_ends_at_the_deadline_and_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, peer: Peer, scheme: str, error: type[BotError]
) -> None:
    """Without the simulated Discord, whose time is not the network's."""
    if error is TooSlow:  # a handshake that fails must end by itself, however busy the machine is
        monkeypatch.setattr("bot.audioscape.client.DEADLINE_SECONDS", 0.5)
    limits = Limits(*[parse_rates("1/day")] * 3)
    async with (
        serving(peer, at_once=scheme == "https") as url,
        open_database(str(tmp_path / "test.db")) as database,
    ):
        address = url.replace("http:", f"{scheme}:")
        async with AudioScape(url=address, key="the-key") as audioscape:
            bot = Bot(audioscape=audioscape, database=database, limits=limits)
            saved = await database.searches.add(
                Search("calm"), guild_id=1, channel_id=1, member_id=1, private=False, now=time.time()
            )
            with pytest.raises(error):
                await bot.finder.page(
                    saved, 1, requester=Requester(1, 1), filters=Filters(), defer=ignore_defer
                )
            statuses = await bot.rate_limiter.statuses(Requester(1, 1))

    assert [status.remaining for status in statuses] == [1, 1]

"""The world of the tests: the real bot in a simulated Discord, and AudioScape on a swapped transport."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import httpx
import msgspec
import simcord
from simcord import ChannelHandle, Env, GuildHandle, MemberActor

from bot.bot import Bot
from bot.models.rates import parse_rates

Handler: TypeAlias = Callable[[httpx.Request], httpx.Response]
Json: TypeAlias = dict[str, Any]


def track(number: int, **changes: Any) -> Json:
    """A track of the service's JSON."""
    return {
        "asset_id": str(1000 + number),
        "name": f"Track {number}",
        "artist": f"Artist {number % 7}",
        "album": "First Light",
        "duration": 150 + number,
        "genre": "Lo-Fi",
        "bpm": 80 + number % 60,
        "score": 0.9,
        "thumbnail_url": f"https://covers.example.com/{number}.png",
    } | changes


def answer(tracks: list[Any], **meta: Any) -> Json:
    """The service's JSON for one request."""
    return {
        "tracks": tracks,
        "artists": [],
        "albums": [],
        "meta": {"total": len(tracks), "limit": 100, "offset": 0, "search_method": "semantic"}
        | {"matched_artist": None}
        | meta,
    }


class Service:
    """AudioScape behind a swapped transport. It searches `catalogue`, or responds as `handler` does."""

    def __init__(self) -> None:
        self.url = "http://audioscape.test/v1"
        self.transport: httpx.AsyncBaseTransport | None = httpx.MockTransport(self.handle)
        self.catalogue: list[Any] = [track(number) for number in range(40)]
        self.meta: Json = {}
        self.applies_filters = False
        """Apply the request's genres, which must be spelled as in the catalogue."""
        self.handler: Handler = self._search
        self.requests: list[httpx.Request] = []
        self.loop_iterations = 0
        """Iterations of the event loop before each response."""

    @property
    def asked(self) -> list[Json]:
        return [msgspec.json.decode(request.content) for request in self.requests]

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        for _ in range(self.loop_iterations):
            await asyncio.sleep(0)
        response = self.handler(request)
        return httpx.Response(
            response.status_code, headers=response.headers, stream=httpx.ByteStream(response.content)
        )

    def reply(self, status: int, **content: Any) -> None:
        self.handler = lambda _: httpx.Response(status, **content)

    def recover(self) -> None:
        self.handler = self._search

    def _search(self, request: httpx.Request) -> httpx.Response:
        asked = msgspec.json.decode(request.content)
        start, limit = asked["offset"], asked["limit"]
        found = self.catalogue
        if self.applies_filters and "genres" in asked.get("filters", {}):
            found = [each for each in found if each["genre"] in asked["filters"]["genres"]]
        page = answer(found[start : start + limit], offset=start, total=len(found))
        page["meta"] |= self.meta
        return httpx.Response(200, json=page)


UNLIMITED = parse_rates("1000000/second")


class Clock:
    """The bot's clock, which tests move."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Pauses:
    """The bot's sleep: it lasts until a test advances the simulated time."""

    def __init__(self, service: Service) -> None:
        self.env: Env | None = None
        self._service = service
        self._end_at_once = False

    def defer_every_search(self) -> None:
        """Make every search slow enough to be deferred: sleeps end at once, and the service is slower."""
        self._end_at_once = True
        self._service.loop_iterations = 100

    async def sleep(self, seconds: float) -> None:
        if self._end_at_once:
            return
        if self.env is None:  # without the simulated Discord, time is real
            await asyncio.sleep(seconds)
            return
        await self.env.external_wait(asyncio.sleep(seconds), reason="a pause between edits")


BotFactory: TypeAlias = Callable[[], Awaitable[Bot]]


@dataclass
class World:
    """A server with the bot, a channel, two members and a moderator."""

    env: Env
    guild: GuildHandle
    channel: ChannelHandle
    mika: MemberActor
    noor: MemberActor
    sam: MemberActor
    new_bot: BotFactory

    @property
    def bot(self) -> Bot:
        assert isinstance(self.env.bot, Bot)
        return self.env.bot

    async def restart(self) -> None:
        await self.env.restart_bot(await self.new_bot())

    def sent(self) -> list[simcord.HttpLogEntry]:
        """The bot's requests to Discord, without those about its commands."""
        return [request for request in self.env.http_requests if "commands" not in request.path]

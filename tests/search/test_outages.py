"""Through a limit, a refused key and an outage: nobody is let down, and the service is left in peace."""

import logging
import sqlite3
from contextlib import closing
from email.utils import formatdate
from pathlib import Path

import httpx
import pytest
import simcord

from bot.budgets.circuit_breaker import CircuitBreaker
from bot.database import open_database
from bot.errors import BotError, KeyRefused, QueryRefused, RateLimited
from bot.models.rates import Limits, parse_rates
from tests.support.members import press, shown, titles
from tests.support.world import Clock, Service, World, answer, track


async def refused(world: World, query: str = "calm") -> simcord.InteractionResult:
    result = await world.mika.slash(world.channel, "music", query=query)
    simcord.assert_error(world.env, BotError)
    return result


class TestTooManyRequests:
    async def test_the_door_is_closed_for_everyone_until_the_named_moment(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        service.reply(429, headers={"Retry-After": "30"})
        first = await refused(world)
        service.heal()
        other = world.env.create_guild("Other server")
        stranger = other.add_member(world.env.create_user("stranger"))
        second = await stranger.slash(other.create_text_channel("music"), "music", query="loud")
        simcord.assert_error(world.env, BotError)
        clock.now += 29
        await refused(world)
        still_asked = len(service.requests)
        clock.now += 2
        message = shown(await world.mika.slash(world.channel, "music", query="calm"))

        assert "<t:" in shown(first).content
        assert "<t:" in shown(second).content
        assert second.ephemeral
        assert still_asked == 1
        assert titles(message)[0] == "Track 0"

    async def test_it_stays_closed_over_a_restart(self, world: World, service: Service, clock: Clock) -> None:
        service.reply(429, headers={"Retry-After": "30"})
        await refused(world)
        service.heal()
        await world.restart()
        await refused(world)
        clock.now += 31
        await world.mika.slash(world.channel, "music", query="calm")

        assert len(service.requests) == 2

    async def test_without_a_named_moment_the_wait_doubles_while_it_lasts(
        self, tmp_path: Path, clock: Clock
    ) -> None:
        waits: list[float | None] = []
        async with open_database(str(tmp_path / "door.db")) as database:
            door = CircuitBreaker(database=database, clock=clock, wall_clock=clock)
            for _ in range(9):
                await door.before_call()
                errors = [
                    await door.record_failure(RateLimited(), 0) for _ in range(3)
                ]  # under way together: one closing
                waits += {error.retry_after for error in errors if isinstance(error, RateLimited)}
                clock.now += waits[-1] or 0
            await door.record_success(0)
            again = await door.record_failure(RateLimited(), 0)

        assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]
        assert isinstance(again, RateLimited)
        assert again.retry_after == 5

    @pytest.mark.parametrize(
        ("header", "wait"),
        [
            ("7", 7), ("0", 5), ("-3", 5), ("soon", 5), ("", 5), ("99999999", 900), ("1e400", 900),
            (formatdate(4102444800, usegmt=True), 900), (formatdate(0, usegmt=True), 5), ("nan", 5),
        ],
    )  # fmt: skip
    async def test_every_form_of_the_header_is_a_wait_of_a_quarter_of_an_hour_at_most(
        self, world: World, service: Service, clock: Clock, header: str, wait: float
    ) -> None:
        service.reply(429, headers={"Retry-After": header})
        await refused(world)
        clock.now += wait - 0.5
        await refused(world)
        asked_before = len(service.requests)
        clock.now += 1
        await refused(world)

        assert (asked_before, len(service.requests)) == (1, 2)

    async def test_a_clock_set_back_does_not_keep_it_closed(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        service.reply(429, headers={"Retry-After": "60"})
        await refused(world)
        service.heal()
        clock.now -= 86400
        await refused(world)
        clock.now += 901
        await refused(world)  # a bucket that is full in the future counts as just emptied
        clock.now += 1

        assert titles(shown(await world.mika.slash(world.channel, "music", query="calm")))


class TestRefusedKey:
    @pytest.mark.parametrize("status", [401, 403])
    async def test_the_operator_reads_one_critical_line_and_the_service_one_request_a_minute(
        self, world: World, service: Service, clock: Clock, caplog: pytest.LogCaptureFixture, status: int
    ) -> None:
        service.reply(status)
        contents = []
        for _ in range(13):
            contents.append(shown(await refused(world)).content)
            clock.now += 10
        critical = [record for record in caplog.records if record.levelno == logging.CRITICAL]

        assert len(service.requests) == 3
        assert len(critical) == 1
        assert "AUDIOSCAPE_API_KEY" in critical[0].getMessage()
        assert all("key needs to be replaced" in content for content in contents)
        assert "the-key" not in caplog.text

    async def test_when_the_key_works_again_everything_does(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        service.reply(401)
        await refused(world)
        service.heal()
        clock.now += 61
        await world.mika.slash(world.channel, "music", query="one")
        message = shown(await world.mika.slash(world.channel, "music", query="two"))

        assert titles(message)[0] == "Track 0"

    async def test_what_was_asked_before_the_refusal_says_nothing_of_the_key(
        self, tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with open_database(str(tmp_path / "door.db")) as database:
            door = CircuitBreaker(database=database, clock=clock, wall_clock=clock)
            earlier = door.start_call()
            for _ in range(4):
                await door.record_failure(KeyRefused(), door.start_call())
                await door.record_success(earlier)
            with pytest.raises(KeyRefused):
                await door.before_call()
            clock.now += 61
            await door.before_call()
            await door.record_failure(QueryRefused(), door.start_call())
            await door.before_call()

        assert [record.levelname for record in caplog.records] == ["CRITICAL", "WARNING"]


class TestLockedWhileAsked:
    """Another process takes the database just as the service answers."""

    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(*[parse_rates("5/day")] * 3)

    async def answered(self, world: World, service: Service, tmp_path: Path, reply: httpx.Response) -> str:
        with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:

            def lock(_: httpx.Request) -> httpx.Response:
                other.execute("BEGIN IMMEDIATE")
                return reply

            service.handler = lock
            result = await world.mika.slash(world.channel, "music", query="calm")
            _ = world.env.errors
        return shown(result).content

    async def test_an_answer_in_hand_is_shown(self, world: World, service: Service, tmp_path: Path) -> None:
        reply = httpx.Response(200, json=answer([track(1)]))

        assert "1 match" in await self.answered(world, service, tmp_path, reply)

    async def test_the_services_own_error_is_the_one_that_is_read(
        self, world: World, service: Service, tmp_path: Path
    ) -> None:
        assert "don't know" in await self.answered(world, service, tmp_path, httpx.Response(404))

    async def test_what_could_not_be_given_back_is_when_it_can(
        self, world: World, service: Service, tmp_path: Path
    ) -> None:
        await self.answered(world, service, tmp_path, httpx.Response(404))
        budget = shown(await world.mika.slash(world.channel, "budget")).content

        assert "**Yours**: 5 of 5" in budget

    async def test_the_door_closes_all_the_same(self, world: World, service: Service, tmp_path: Path) -> None:
        reply = httpx.Response(429, headers={"Retry-After": "600"})
        content = await self.answered(world, service, tmp_path, reply)
        await refused(world, "another")

        assert "<t:" in content
        assert len(service.requests) == 1


class TestDownButNotUseless:
    async def test_an_old_answer_is_shown_with_its_age(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        fetched_at = int(clock.now)
        await world.mika.slash(world.channel, "music", query="calm")
        clock.now += 7200
        service.reply(500)
        message = shown(await world.mika.slash(world.channel, "music", query="Calm"))
        content, first = message.content, titles(message)
        further = shown(await press(world.noor, message, "▶"))

        assert first == [f"Track {number}" for number in range(5)]
        assert f"From memory, <t:{fetched_at}:R>: AudioScape is in trouble" in content
        assert titles(further)[0] == "Track 5"

    async def test_an_answer_is_fresh_for_a_quarter_of_an_hour_and_then_asked_for_again(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        counts = []
        for wait in (0, 899, 2):
            clock.now += wait
            message = shown(await world.mika.slash(world.channel, "music", query="calm"))
            counts.append(len(service.requests))

        assert counts == [1, 1, 2]
        assert "From memory" not in message.content

    async def test_pages_of_a_search_made_long_ago_still_turn_without_a_request(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        message = shown(await world.mika.slash(world.channel, "music", query="calm"))
        clock.now += 6 * 86400
        turned = shown(await press(world.noor, message, "▶"))

        assert titles(turned)[0] == "Track 5"
        assert len(service.requests) == 1

    async def test_an_answer_older_than_a_week_is_not_shown(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        service.catalogue = [track(1, name="x", artist="y", album="z", genre="w")]
        await world.mika.slash(world.channel, "music", query="calm")
        clock.now += 8 * 86400
        service.reply(500)

        assert "trouble" in shown(await refused(world)).content

    async def test_a_search_never_made_finds_the_tracks_seen_by_their_words(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(1, name="Rain over Kestrel"), track(2, name="Sun"), track(3, name="RAINS")]
        await world.mika.slash(world.channel, "music", query="anything")
        service.reply(503)
        message = shown(await world.mika.slash(world.channel, "music", query="some rain please"))

        assert set(titles(message)) == {"Rain over Kestrel", "RAINS"}
        assert "From memory: AudioScape is in trouble" in message.content
        assert "2 matches" in message.content

    async def test_what_is_remembered_goes_through_the_same_wishes(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(1, name="Rain", bpm=90), track(2, name="Rain too", bpm=150)]
        await world.mika.slash(world.channel, "music", query="anything")
        service.reply(503)
        message = shown(await world.mika.slash(world.channel, "music", query="rain", tempo="over 140"))

        assert titles(message) == ["Rain too"]

    async def test_behind_a_closed_door_memory_answers_at_once_and_nothing_is_asked(
        self, world: World, service: Service
    ) -> None:
        await world.mika.slash(world.channel, "music", query="calm")
        service.reply(429)
        await world.mika.slash(world.channel, "music", query="unheard of")
        simcord.assert_error(world.env, BotError)
        before = len(world.sent())
        message = shown(await world.mika.slash(world.channel, "music", query="first light"))

        assert "From memory: AudioScape takes no more searches" in message.content
        assert [sent.method for sent in world.sent()[before:]] == ["POST"]
        assert len(service.requests) == 2

    async def test_all_of_its_words_count_more_than_how_lately_a_track_was_seen(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(0, name="Rain over Kestrel", bpm=150)]
        await world.mika.slash(world.channel, "music", query="first")
        service.catalogue = [track(number, name=f"Rain {number}", bpm=90) for number in range(1, 601)]
        for start in range(6):
            service.catalogue = [
                track(100 * start + n, name=f"Rain {100 * start + n}", bpm=90) for n in range(1, 101)
            ]
            await world.mika.slash(world.channel, "music", query=f"then {start}")
        service.reply(503)
        by_name = shown(await world.mika.slash(world.channel, "music", query="rain over kestrel"))
        by_tempo = shown(await world.mika.slash(world.channel, "music", query="rain", tempo="over 140"))

        assert titles(by_name)[0] == "Rain over Kestrel"
        assert titles(by_tempo) == ["Rain over Kestrel"]

    @pytest.mark.parametrize(
        ("wish", "found"),
        [
            ({"genre": "jazz"}, ["Rain 2"]),
            ({"length": "under 60s"}, ["Rain 3"]),
            ({"tempo": "200"}, ["Rain 4"]),
        ],
    )
    async def test_every_wish_holds_for_what_is_remembered(
        self, world: World, service: Service, wish: dict[str, str], found: list[str]
    ) -> None:
        service.catalogue = [
            track(1, name="Rain 1"), track(2, name="Rain 2", genre="Jazz"),
            track(3, name="Rain 3", duration=30), track(4, name="Rain 4", bpm=200),
        ]  # fmt: skip
        await world.mika.slash(world.channel, "music", query="anything")
        service.reply(503)
        options = {"query": "rain", **wish}

        assert titles(shown(await world.mika.slash(world.channel, "music", **options))) == found

    async def test_where_a_stored_answer_has_nothing_all_tracks_seen_are_tried(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        service.catalogue = [track(1, name="Calm", bpm=90)]
        await world.mika.slash(world.channel, "music", query="calm")
        service.catalogue = [track(2, name="Calm, but fast", bpm=180)]
        await world.mika.slash(world.channel, "music", query="other")
        clock.now += 3600
        service.reply(503)
        message = shown(await world.mika.slash(world.channel, "music", query="calm", tempo="over 170"))

        assert titles(message) == ["Calm, but fast"]

    async def test_old_pages_turn_in_an_outage_without_asking_each_time(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        await world.mika.slash(world.channel, "music", query="calm")
        clock.now += 7200
        service.reply(500)
        message = shown(await world.mika.slash(world.channel, "music", query="calm"))
        clock.now += 1
        asked = len(service.requests)
        for _ in range(3):
            message = shown(await press(world.noor, message, "▶"))

        assert titles(message)[0] == "Track 15"
        assert "From memory" in message.content
        assert len(service.requests) == asked

    async def test_right_after_an_outage_one_command_still_asks_three_times_at_most(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        service.catalogue = [track(number, bpm=140 if number == 0 else 90) for number in range(2000)]
        message = shown(await world.mika.slash(world.channel, "music", query="calm", tempo="over 130"))
        service.reply(500)
        await world.noor.slash(world.channel, "music", query="something else")
        simcord.assert_error(world.env, BotError)
        service.heal()
        clock.now += 1
        before = len(service.requests)
        message = shown(await press(world.mika, message, "Keep looking"))

        assert len(service.requests) - before == 3
        assert "Looked through the first 600 of 2,000" in message.content

    async def test_after_the_outage_more_begins_with_the_first_real_page(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(number, name=f"Rain {number}") for number in range(12)]
        await world.mika.slash(world.channel, "music", query="anything")
        service.reply(503)
        await world.mika.slash(world.channel, "music", query="rain")
        service.heal()
        message = shown(await world.mika.slash(world.channel, "more"))

        assert "**rain** · 12 matches · page 1 of 3" in message.content
        assert "From memory" not in message.content

    async def test_when_it_is_back_so_are_fresh_answers(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        await world.mika.slash(world.channel, "music", query="calm")
        clock.now += 7200
        service.reply(500)
        message = shown(await world.mika.slash(world.channel, "music", query="calm"))
        service.heal()
        clock.now += 1
        fresh = shown(await world.noor.slash(world.channel, "music", query="calm"))

        assert "From memory" in message.content
        assert "From memory" not in fresh.content

    async def test_a_query_that_the_service_refuses_is_no_outage(
        self, world: World, service: Service
    ) -> None:
        await world.mika.slash(world.channel, "music", query="calm")
        service.reply(400)

        assert "simpler words" in shown(await refused(world, "first light")).content


class TestNothingIsChargedForNothing:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(*[parse_rates("1/day")] * 3)

    @pytest.mark.parametrize("status", [204, 301, 400, 401, 403, 404, 413, 429, 500, 502, 503, 504])
    async def test_a_request_without_an_answer_is_given_back_and_no_position_is_lost(
        self, world: World, service: Service, clock: Clock, status: int
    ) -> None:
        service.reply(status, headers={"location": "http://elsewhere.test"})
        await refused(world)
        service.heal()
        clock.now += 61
        message = shown(await world.mika.slash(world.channel, "more"))

        assert "page 1 of 8" in message.content
        assert all(request.url.host == "audioscape.test" for request in service.requests)

    async def test_a_retry_is_paid_for_too(self, world: World, service: Service) -> None:
        outcomes = iter([httpx.Response(500), httpx.Response(200, json=answer([track(1)]))])
        service.handler = lambda _: next(outcomes)
        message = shown(await world.mika.slash(world.channel, "music", query="calm"))
        spent = await refused(world, "loud")

        assert titles(message) == ["Track 1"]
        assert "used up" in shown(spent).content
        assert len(service.requests) == 2

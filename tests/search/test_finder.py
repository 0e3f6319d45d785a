"""Finder: fresh, stale and stored results, and the requests between them."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import simcord

from bot.bot import Bot
from bot.errors import BotError, QueryRefused, ServiceFailed, UnexpectedStatus
from bot.filters.matching import Filters
from bot.models.requester import Requester
from bot.models.rules import Rule
from bot.models.search import Search
from tests.support.members import press, shown, titles
from tests.support.searches import failed_search, find_page, ignore_defer, search
from tests.support.world import BotFactory, Clock, Service, World, answer, track

PROBLEMS = "AudioScape is having problems right now."


async def test_a_stale_page_is_shown_with_its_age(world: World, service: Service, clock: Clock) -> None:
    fetched_at = int(clock.now)
    await search(world, "calm")
    clock.now += 7200
    service.reply(500)
    message = await search(world, "Calm")
    content, first = message.content, titles(message)
    further = shown(await press(world.noor, message, "▶"))

    assert first == [f"Track {number}" for number in range(5)]
    assert f"{PROBLEMS} These are earlier results, from <t:{fetched_at}:R>." in content
    assert titles(further)[0] == "Track 5"


async def test_a_response_is_fresh_for_15_minutes(world: World, service: Service, clock: Clock) -> None:
    counts = []
    for wait in (0, 899, 2):
        clock.now += wait
        message = await search(world, "calm")
        counts.append(len(service.requests))

    assert counts == [1, 1, 2]
    assert "earlier" not in message.content


async def test_an_older_search_pages_without_a_request(world: World, service: Service, clock: Clock) -> None:
    message = await search(world, "calm")
    clock.now += 6 * 86400
    turned = shown(await press(world.noor, message, "▶"))

    assert titles(turned)[0] == "Track 5"
    assert len(service.requests) == 1


async def test_a_response_older_than_a_week_is_not_shown(
    world: World, service: Service, clock: Clock
) -> None:
    service.catalogue = [track(1, name="x", artist="y", album="z", genre="w")]
    await search(world, "calm")
    clock.now += 8 * 86400
    service.reply(500)

    assert "trouble on its side" in shown(await failed_search(world)).content


async def test_while_the_circuit_is_open_stored_tracks_are_shown_without_a_request_or_defer(
    world: World, service: Service
) -> None:
    await search(world, "calm")
    service.reply(429)
    await failed_search(world, "unheard of")
    before = len(world.sent())
    message = await search(world, "first light")

    assert (
        "isn't taking more searches from this bot right now. These tracks are from earlier" in message.content
    )
    assert [sent.method for sent in world.sent()[before:]] == ["POST"]
    assert len(service.requests) == 2


async def test_if_a_stale_window_has_no_match_all_stored_tracks_are_searched(
    world: World, service: Service, clock: Clock
) -> None:
    service.catalogue = [track(1, name="Calm", bpm=90)]
    await search(world, "calm")
    service.catalogue = [track(2, name="Calm, but fast", bpm=180)]
    await search(world, "other")
    clock.now += 3600
    service.reply(503)
    message = await search(world, "calm", tempo="over 170")

    assert titles(message) == ["Calm, but fast"]


async def test_paging_during_an_outage_makes_no_further_request(
    world: World, service: Service, clock: Clock
) -> None:
    await search(world, "calm")
    clock.now += 7200
    service.reply(500)
    message = await search(world, "calm")
    clock.now += 1
    asked = len(service.requests)
    for _ in range(3):
        message = shown(await press(world.noor, message, "▶"))

    assert titles(message)[0] == "Track 15"
    assert "These are earlier results" in message.content
    assert len(service.requests) == asked


async def test_after_an_outage_more_starts_with_the_first_real_page(world: World, service: Service) -> None:
    service.catalogue = [track(number, name=f"Rain {number}") for number in range(12)]
    await search(world, "anything")
    service.reply(503)
    await search(world, "rain")
    service.recover()
    message = shown(await world.mika.slash(world.channel, "more"))

    assert "**rain** · 12 matches · page 1 of 3" in message.content
    assert "earlier" not in message.content


async def test_after_an_outage_a_new_search_is_fresh(world: World, service: Service, clock: Clock) -> None:
    await search(world, "calm")
    clock.now += 7200
    service.reply(500)
    message = await search(world, "calm")
    service.recover()
    clock.now += 1
    fresh = shown(await world.noor.slash(world.channel, "music", query="calm"))

    assert "These are earlier results" in message.content
    assert "earlier" not in fresh.content


async def test_a_refused_query_is_not_answered_from_stored_tracks(world: World, service: Service) -> None:
    await search(world, "calm")
    service.reply(400)

    assert "simpler words" in shown(await failed_search(world, "first light")).content


async def test_right_after_an_outage_a_command_makes_three_requests_at_most(
    world: World, service: Service, clock: Clock
) -> None:
    service.catalogue = [track(number, bpm=140 if number == 0 else 90) for number in range(2000)]
    message = await search(world, "calm", tempo="over 130")
    service.reply(500)
    await world.noor.slash(world.channel, "music", query="something else")
    simcord.assert_error(world.env, BotError)
    service.recover()
    clock.now += 1
    before = len(service.requests)
    message = shown(await press(world.mika, message, "Keep looking"))

    assert len(service.requests) - before == 3
    assert "Looked through the first 600 of 2,000" in message.content


class TestLookup:
    """Without the simulated Discord, which delivers one interaction at a time."""

    @pytest.fixture
    async def bot(self, new_bot: BotFactory) -> AsyncIterator[Bot]:
        bot = await new_bot()
        yield bot
        await bot.result_cache.flush()

    async def test_concurrent_identical_searches_are_one_request(self, bot: Bot, service: Service) -> None:
        pages = await asyncio.gather(*(find_page(bot, Search(text)) for text in ["calm", " CALM "] * 10))

        assert {page.tracks for page in pages} == {pages[0].tracks}
        assert len(service.requests) == 1

    async def test_an_older_search_asks_again_15_seconds_after_a_failure(
        self, bot: Bot, service: Service, clock: Clock
    ) -> None:
        await find_page(bot, Search("calm"))
        clock.now += 7200
        service.reply(404)
        stale = await find_page(bot, Search("calm"))
        counts = [len(service.requests)]
        service.recover()
        for seconds in (14, 1):
            clock.now += seconds
            page = await find_page(bot, Search("calm"), made_before=60)
            counts.append(len(service.requests))

        assert counts == [2, 2, 3]
        assert stale.fallback is not None
        assert page.fallback is None

    async def test_a_new_search_asks_again_right_after_a_failure(self, bot: Bot, service: Service) -> None:
        service.reply(404)
        with pytest.raises(BotError):
            await find_page(bot, Search("calm"))
        service.recover()
        bot.clock.now += 1  # type: ignore[attr-defined]  # the test's clock
        page = await find_page(bot, Search("calm"))

        assert page.fallback is None
        assert len(service.requests) == 2

    async def test_stale_results_of_the_unfiltered_search_stand_in_for_the_filtered(
        self, bot: Bot, service: Service, clock: Clock
    ) -> None:
        service.catalogue = [
            track(number, genre="Rock" if number % 2 else "Jazz", name=f"x{number}") for number in range(20)
        ]
        await find_page(bot, Search("calm"))
        service.reply(404)
        page = await find_page(bot, Search("calm"), filters=Filters([Rule("allow genre", "Jazz")]))

        assert [each.name for each in page.tracks] == ["x0", "x2", "x4", "x6", "x8"]
        assert page.fallback is not None
        assert page.fallback.fetched_at == clock.now

    async def test_a_failed_request_is_retried_once(self, bot: Bot, service: Service) -> None:
        service.reply(500)
        with pytest.raises(ServiceFailed):
            await find_page(bot, Search("calm"))

        assert len(service.requests) == 2

    async def test_the_track_of_an_id_is_requested_once_and_must_have_that_id(
        self, bot: Bot, service: Service
    ) -> None:
        service.handler = lambda _: httpx.Response(200, json=answer([track(1), track(2)], search_method="id"))
        found = [
            await bot.finder.track(asset_id, requester=Requester(1, 1), defer=ignore_defer)
            for asset_id in ("1002", "1002", "7")
        ]

        assert [each and each.name for each in found] == ["Track 2", "Track 2", None]
        assert len(service.requests) == 2

    async def test_an_answer_ends_the_outage_for_older_searches_too(
        self, bot: Bot, service: Service, clock: Clock
    ) -> None:
        await find_page(bot, Search("calm"))
        clock.now += 7200
        service.reply(404)
        await find_page(bot, Search("calm"))
        service.recover()
        clock.now += 1
        await find_page(bot, Search("other"))
        page = await find_page(bot, Search("calm"), made_before=60)

        assert page.fallback is None

    async def test_a_refused_query_is_not_answered_from_a_stale_window(
        self, bot: Bot, service: Service, clock: Clock
    ) -> None:
        await find_page(bot, Search("calm"))
        clock.now += 7200
        service.reply(400)
        with pytest.raises(QueryRefused):
            await find_page(bot, Search("calm"))

    async def test_stored_tracks_do_not_follow_the_pages_of_a_stale_window(
        self, bot: Bot, service: Service, clock: Clock
    ) -> None:
        service.catalogue = [track(number, name=f"Calm {number}") for number in range(500)]
        await find_page(bot, Search("calm"))
        clock.now += 7200
        service.reply(404)
        with pytest.raises(UnexpectedStatus):
            await find_page(bot, Search("calm"), 21)

    async def test_a_cached_window_after_a_full_page_tells_that_it_is_the_last(
        self, bot: Bot, service: Service
    ) -> None:
        service.catalogue = [track(number) for number in range(100)]
        service.meta = {"total": 500}
        before = await find_page(bot, Search("calm"), 20)
        await find_page(bot, Search("calm"), 21)
        after = await find_page(bot, Search("calm"), 20)

        assert (before.continuation, after.continuation) == ("next page", "end")

    async def test_more_stored_tracks_are_read_if_filters_hide_some(self, bot: Bot, service: Service) -> None:
        for start in (0, 100, 200):
            genre = "Jazz" if start == 200 else "Rock"
            service.catalogue = [track(n, name="Rain", genre=genre) for n in range(start, start + 100)]
            await find_page(bot, Search(f"part {start}"))
            await bot.result_cache.flush()
        service.reply(404)
        page = await find_page(bot, Search("rain"), filters=Filters([Rule("block genre", "Rock")]))

        assert [each.genre for each in page.tracks] == ["Jazz"] * 5

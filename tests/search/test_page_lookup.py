"""PageLookup: limits of requests and time, the deferral, and what remains if a lookup ends early."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.bot import Bot
from bot.errors import BudgetSpent, TooSlow, UnexpectedStatus
from bot.filters.matching import Filters
from bot.models.ranges import Span
from bot.models.rates import Limits, parse_rates
from bot.models.requester import Requester
from bot.models.rules import Rule
from bot.models.search import SavedSearch, Search
from bot.search.page_lookup import PageLookup
from tests.support.searches import find_page, ignore_defer
from tests.support.world import UNLIMITED, BotFactory, Clock, Pauses, Service, track


@pytest.fixture
async def bot(new_bot: BotFactory) -> AsyncIterator[Bot]:
    bot = await new_bot()
    yield bot
    await bot.result_cache.flush()


async def test_a_failure_after_the_first_window_leaves_its_tracks(bot: Bot, service: Service) -> None:
    service.catalogue = [track(number, bpm=140 if number == 0 else 90) for number in range(1000)]
    first_window = service.handler

    def fail_later(request: httpx.Request) -> httpx.Response:
        return first_window(request) if len(service.requests) == 1 else httpx.Response(404)

    service.handler = fail_later
    page = await find_page(bot, Search("calm", tempo=Span(130)))

    assert [each.name for each in page.tracks] == ["Track 0"]
    assert page.fallback is None
    assert len(service.requests) == 2


async def test_slow_responses_are_deferred_once(bot: Bot, service: Service, pauses: Pauses) -> None:
    pauses.defer_every_search()
    service.catalogue = [track(number, bpm=90) for number in range(1000)]
    deferrals = 0

    async def defer() -> None:
        nonlocal deferrals
        deferrals += 1

    await find_page(bot, Search("calm", tempo=Span(130)), defer=defer)

    assert len(service.requests) == 3
    assert deferrals == 1


async def test_the_time_until_the_deferral_runs_from_the_start_of_the_lookup() -> None:
    saved = SavedSearch.unsaved(Search("calm"), guild_id=1, member_id=1, now=0)
    lookup = PageLookup(saved, 1, Requester(1, 1), Filters(), ignore_defer)
    before = lookup.seconds_until_defer
    await asyncio.sleep(0.02)

    assert 0 <= lookup.seconds_until_defer <= before - 0.01


async def test_a_response_within_the_pause_is_not_deferred(bot: Bot) -> None:
    async def defer() -> None:
        raise AssertionError

    await find_page(bot, Search("calm"), defer=defer)


async def test_a_request_that_outlasts_the_deadline_goes_on_for_the_next_search(
    bot: Bot, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.search.page_lookup.MAX_LOOKUP_SECONDS", 0.0)
    monkeypatch.setattr("bot.search.page_lookup._DEFER_AFTER_SECONDS", 0.0)
    service.loop_iterations = 3000
    with pytest.raises(TooSlow):
        await find_page(bot, Search("calm"))
    monkeypatch.undo()
    page = await find_page(bot, Search("calm"))

    assert len(page.tracks) == 5
    assert len(service.requests) == 1


async def test_after_a_failure_only_stale_windows_follow(bot: Bot, service: Service, clock: Clock) -> None:
    service.catalogue = [track(number, bpm=140 if number == 0 else 90) for number in range(1000)]
    await find_page(bot, Search("calm"))
    clock.now += 7200
    service.reply(404)
    requests_before = len(service.requests)
    page = await find_page(bot, Search("calm", tempo=Span(130)))

    assert [each.name for each in page.tracks] == ["Track 0"]
    assert (page.examined, page.fallback is not None) == (100, True)
    assert len(service.requests) == requests_before + 1


async def test_if_the_third_request_fails_stale_windows_fill_the_page(
    bot: Bot, service: Service, clock: Clock
) -> None:
    service.catalogue = [track(number, bpm=140 if number == 450 else 90) for number in range(1000)]
    search, answer_request = Search("calm", tempo=Span(130)), service.handler
    for _ in range(2):
        await find_page(bot, search)
    clock.now += 7200

    def fail_third(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404) if len(service.requests) == 9 else answer_request(request)

    service.handler = fail_third
    page = await find_page(bot, search)

    assert [each.name for each in page.tracks] == ["Track 450"]
    assert (page.examined, page.fallback is not None) == (600, True)
    assert len(service.requests) == 9


async def test_a_fresh_window_after_a_stale_one_ends_the_outage(
    bot: Bot, service: Service, clock: Clock
) -> None:
    service.catalogue = [track(number, bpm=90) for number in range(1000)]
    await find_page(bot, Search("calm"))
    clock.now += 7200
    service.reply(404)
    with pytest.raises(UnexpectedStatus):
        await find_page(bot, Search("other"))
    service.recover()
    page = await find_page(bot, Search("calm", tempo=Span(130)), made_before=60)

    assert (page.tracks, page.continuation, page.examined) == ((), "keep looking", 400)


async def test_stale_windows_of_the_unfiltered_search_follow_its_first_one(
    bot: Bot, service: Service
) -> None:
    service.catalogue = [track(number, bpm=140 if number in {50, 150} else 90) for number in range(300)]
    search = Search("calm", tempo=Span(130))
    await find_page(bot, search)
    service.reply(404)
    page = await find_page(bot, search, filters=Filters([Rule("allow genre", "Lo-Fi")]))

    assert [each.name for each in page.tracks] == ["Track 50", "Track 150"]
    assert page.fallback is not None


async def test_stale_windows_of_the_unfiltered_search_never_follow_one_of_the_filtered(
    bot: Bot, service: Service
) -> None:
    filters = Filters([Rule("allow genre", "Lo-Fi")])
    service.catalogue = [track(number) for number in range(500)]
    await find_page(bot, Search("calm", tempo=Span(300)))
    await find_page(bot, Search("calm"), filters=filters)
    service.reply(404)
    with pytest.raises(UnexpectedStatus):
        await find_page(bot, Search("calm"), 21, filters=filters)


class TestSpentBudget:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(member=parse_rates("3/day"), guild=UNLIMITED, key=UNLIMITED)

    async def test_a_spent_budget_leaves_the_tracks_found_before(self, bot: Bot, service: Service) -> None:
        service.catalogue = [track(number, bpm=140 if number == 0 else 90) for number in range(1000)]
        await find_page(bot, Search("other"))
        await find_page(bot, Search("third"))
        page = await find_page(bot, Search("calm", tempo=Span(130)))

        assert [each.name for each in page.tracks] == ["Track 0"]
        assert (page.continuation, page.examined) == ("keep looking", 100)
        with pytest.raises(BudgetSpent):
            await find_page(bot, Search("new"))

    async def test_a_spent_budget_after_an_answer_without_matches_is_no_error(
        self, bot: Bot, service: Service
    ) -> None:
        service.catalogue = [track(number, bpm=90) for number in range(1000)]
        await find_page(bot, Search("other"))
        await find_page(bot, Search("third"))
        page = await find_page(bot, Search("calm", tempo=Span(130)))

        assert (page.tracks, page.continuation, page.examined) == ((), "keep looking", 100)

    async def test_a_spent_budget_is_not_answered_from_stored_tracks(
        self, bot: Bot, service: Service
    ) -> None:
        for text in ("one", "two", "three"):
            await find_page(bot, Search(text))
        with pytest.raises(BudgetSpent):
            await find_page(bot, Search("first light"))

        assert len(service.requests) == 3

"""Rates: parsing, comparing, and the arithmetic of token buckets."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.database import Database, open_database
from bot.models.rates import Bucket, Rate, exceeds, format_rates, parse_rates, strictest


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(str(tmp_path / "test.db")) as database:
        yield database


@pytest.mark.parametrize("written", ["1000/day", "100000/day", "13/second", "7/minute", "1/hour"])
async def test_a_burst_of_the_whole_count_is_allowed_and_no_more(database: Database, written: str) -> None:
    (rate,) = parse_rates(written)
    bucket = Bucket("guild", 1, 0, rate)
    count = min(rate.count, 3000)
    spent = (rate.count - count) * rate.interval
    await database.budgets._execute(  # noqa: SLF001 (all but the last of a large count are spent already)
        "INSERT INTO buckets VALUES ('guild', 1, 0, ?, ?)", (float(rate.seconds), 1.8e9 + spent)
    )
    paid = [await database.budgets.pay([bucket], 1.8e9) for _ in range(count + 1)]

    assert paid == [True] * count + [False]


async def test_an_untouched_bucket_is_full(database: Database) -> None:
    buckets = [Bucket("guild", 1, 0, Rate(3, 60)), Bucket("guild", 1, 0, Rate(9, 3600))]

    assert await database.budgets.clamp_and_get_full_at(buckets, 1000.0) == [1000, 1000]


@pytest.mark.parametrize(
    ("full_at", "remaining"), [(900, 3), (1000, 3), (1019, 2), (1020, 2), (1023, 1), (1060, 0), (2000, 0)]
)
def test_remaining_requests_follow_the_time_until_full(full_at: float, remaining: int) -> None:
    assert Rate(3, 60).remaining(full_at, 1000) == remaining


def test_the_next_request_is_available_one_interval_after_the_bucket_was_empty() -> None:
    assert Rate(3, 60).available_at(1060) == 1020


@pytest.mark.parametrize(
    ("rates", "limits", "expected"),
    [
        ("21/minute", "20/minute", True),
        ("20/minute", "20/minute", False),
        ("1000/hour", "20/minute", False),
        ("1201/hour", "20/minute", True),
        ("6/minute, 101/hour", "50/minute, 100/hour", True),
        ("6/minute", "20/minute, 200/hour", False),
    ],
)
def test_rates_exceed_limits_by_span_or_by_speed(rates: str, limits: str, *, expected: bool) -> None:
    assert exceeds(parse_rates(rates), parse_rates(limits)) == expected


def test_the_strictest_rate_of_each_span_remains() -> None:
    assert strictest([Rate(5, 60), Rate(3, 60), Rate(9, 3600)]) == (Rate(3, 60), Rate(9, 3600))


@pytest.mark.parametrize("text", ["6/minute", "6/minute, 60/hour", "1/second, 2/minute, 3/hour, 4/day"])
def test_formatted_rates_are_parsed_again(text: str) -> None:
    assert format_rates(parse_rates(text)) == text


@pytest.mark.parametrize("text", ["", "6", "0/minute", "six/minute", "6/week", "-1/minute", "6/minute,"])
def test_another_form_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="20/minute"):
        parse_rates(text)

"""BudgetStore: payments hold when many members pay at once."""

import asyncio

from bot.database import Database
from bot.models.rates import Bucket, Rate

MEMBER = Bucket("member", 1, 2, Rate(3, 60))
GUILD = Bucket("guild", 1, 0, Rate(20, 60))


async def test_of_twenty_payments_at_once_a_budget_of_three_allows_three(database: Database) -> None:
    paid = await asyncio.gather(*(database.budgets.pay([MEMBER, GUILD], 1000) for _ in range(20)))

    assert sum(paid) == 3
    assert await database.budgets.clamp_and_get_full_at([MEMBER, GUILD], 1000) == [1060, 1009]


async def test_refund_returns_the_number_of_buckets_that_were_not_full(database: Database) -> None:
    await database.budgets.pay([MEMBER], 1000)
    refunded = await database.budgets.refund([MEMBER, GUILD])

    assert refunded == 1
    assert await database.budgets.clamp_and_get_full_at([MEMBER], 1000) == [1000]


async def test_bucket_that_is_full_in_the_future_counts_as_just_emptied(database: Database) -> None:
    await database.budgets.pay([MEMBER], 9e9)

    assert await database.budgets.clamp_and_get_full_at([MEMBER], 1000) == [1060]
    assert not await database.budgets.pay([MEMBER], 1000)


async def test_full_buckets_expire(database: Database) -> None:
    for member_id in range(3):
        await database.budgets.pay([Bucket("member", 1, member_id, Rate(3, 60))], 1000 + member_id)
    removed = [await database.budgets.expire(1021.5, 1) for _ in range(3)]

    assert removed == [1, 1, 0]
    assert await database.budgets.clamp_and_get_full_at([Bucket("member", 1, 2, Rate(3, 60))], 1000) == [1022]

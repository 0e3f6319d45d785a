"""/budget and /budget-set: members see what is left, and moderators set the rates."""

import pytest
import simcord

from bot.errors import BotError, Refused
from bot.models.rates import DEFAULT_LIMITS, Limits, parse_rates
from tests.support.members import press, shown, titles
from tests.support.shortlists import bot_of
from tests.support.world import Clock, Service, World, track


@pytest.fixture
def limits() -> Limits:
    """Small enough to be used up."""
    return Limits(member=parse_rates("2/minute"), guild=parse_rates("3/minute"), key=DEFAULT_LIMITS.key)


async def test_a_refusal_is_private_and_offers_a_way_back_that_costs_nothing(
    world: World, service: Service
) -> None:
    await world.mika.slash(world.channel, "music", query="one")
    await world.mika.slash(world.channel, "music", query="two")
    await world.mika.slash(world.channel, "more")
    refused = await world.mika.slash(world.channel, "music", query="three")
    simcord.assert_error(world.env, BotError)
    notice = shown(refused).content
    back = shown(await press(world.mika, shown(refused), "Back to two"))

    assert refused.ephemeral
    assert "<t:" in notice
    assert back.ephemeral
    assert "**two**" in back.content
    assert "page 2 of 8" in back.content
    assert len(service.requests) == 2


async def test_try_again_works_once_the_budget_is_back(world: World, clock: Clock) -> None:
    for query in ("one", "two"):
        await world.mika.slash(world.channel, "music", query=query)
    refused = shown(await world.mika.slash(world.channel, "music", query="three"))
    simcord.assert_error(world.env, BotError)
    clock.now += 31

    assert titles(shown(await press(world.mika, refused, "Try again")))[0] == "Track 0"


async def test_a_press_is_charged_to_the_member_who_presses(world: World, service: Service) -> None:
    service.catalogue = [track(number, bpm=140 if number % 100 == 0 else 90) for number in range(1000)]
    message = shown(await world.mika.slash(world.channel, "music", query="x", tempo="over 130"))
    before = len(service.requests)
    await press(world.noor, message, "Keep looking")

    assert (before, len(service.requests)) == (2, 3)


async def test_members_see_their_remaining_searches(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="one")
    result = await world.mika.slash(world.channel, "budget")

    assert result.ephemeral
    assert "**Yours**: 1 of 2 new searches left (2/minute). All of them are back <t:" in shown(result).content
    assert (
        "**This server's**: 2 of 3 new searches left (3/minute). All of them are back <t:"
        in shown(result).content
    )


async def test_rates_set_by_moderators_survive_a_restart(world: World, service: Service) -> None:
    result = await world.sam.slash(world.channel, "budget-set", member="1/minute", guild="2/minute")
    await world.restart()
    await world.mika.slash(world.channel, "music", query="one")
    refused = await world.mika.slash(world.channel, "music", query="two")
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert shown(result).content.startswith(
        "New searches for each member are now limited to **1/minute**.\n"
        "New searches in this server are now limited to **2/minute**.\n"
    )
    assert refused.ephemeral
    assert len(service.requests) == 1
    seen = shown(await world.sam.slash(world.channel, "budget")).content
    assert f"<@{world.sam.id}> changed this server's budget from default to 2/minute." in seen


async def test_one_refused_rate_changes_none(world: World) -> None:
    await world.sam.slash(world.channel, "budget-set", member="1/minute", guild="9/minute")
    simcord.assert_error(world.env, Refused)

    assert "of 2 new searches" in shown(await world.mika.slash(world.channel, "budget")).content


async def test_the_changes_are_shown_to_moderators_only(world: World) -> None:
    await world.sam.slash(world.channel, "budget-set", member="1/minute")

    assert "changed" not in shown(await world.mika.slash(world.channel, "budget")).content
    assert "changed" in shown(await world.sam.slash(world.channel, "budget")).content


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (
            {"guild": "4/minute"},
            "This bot's operator allows a server 3/minute at most. Please choose that or less.",
        ),
        (
            {"member": "often"},
            "I can't read that. Write it like `6/minute`, `6/minute, 60/hour` or `default`.",
        ),
        ({}, "Please set `member`, `guild` or both, for example to `6/minute`."),
    ],
)
async def test_invalid_rates_are_refused_with_a_reason(
    world: World, options: dict[str, str], reason: str
) -> None:
    result = await world.sam.slash(world.channel, "budget-set", **options)
    simcord.assert_error(world.env, Refused)

    assert result.ephemeral
    assert shown(result).content == reason


async def test_default_restores_the_operators_rates(world: World) -> None:
    await world.sam.slash(world.channel, "budget-set", member="1/minute")
    result = await world.sam.slash(world.channel, "budget-set", member=" Default")

    lines = shown(result).content.splitlines()
    assert lines[0] == "Each member has the bot's default budget again."
    assert f"<@{world.sam.id}> changed each member's budget from 1/minute to default." in lines[1]
    budget = shown(await world.mika.slash(world.channel, "budget")).content
    assert "**Yours**: 2 of 2 new searches left (2/minute).\n" in budget


async def test_members_do_not_see_budget_set(world: World) -> None:
    assert "budget-set" not in world.mika.available_commands(world.channel)
    assert "budget" in world.mika.available_commands(world.channel)
    with pytest.raises(simcord.SetupError):
        await world.mika.slash(world.channel, "budget-set", member="1/minute")


async def test_a_member_without_manage_server_is_refused(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    (command,) = [each for each in await bot_of(world).tree.fetch_commands() if each.name == "budget-set"]
    world.guild.set_command_permissions(command, {world.guild.default_role: True})
    result = await world.mika.slash(world.channel, "budget-set", member="1/minute")
    simcord.assert_error(world.env)

    assert result.ephemeral
    assert "Manage Server" in shown(result).content
    assert any("refused to a member" in record.getMessage() for record in caplog.records)

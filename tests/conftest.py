"""Fixtures of all tests; what they return is in tests/support/."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import discord
import pytest
import stamina
from hypothesis import HealthCheck, settings
from simcord import Env

from bot.audioscape.client import AudioScape
from bot.bot import Bot
from bot.database import open_database
from bot.models.rates import Limits
from tests.support.world import UNLIMITED, BotFactory, Clock, Pauses, Service, World

pytest_plugins = ["tests.support.command_line", "tests.support.in_memory", "tests.support.monitors"]

# A busy machine is no reason for a property to fail.
settings.register_profile("needledrop", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("needledrop")


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: many a test waits for a process, a socket or a deadline."""
    cores = os.cpu_count() or 1
    return cores + cores // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "simcord_env" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.simcord(shard_count=1))


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def limits() -> Limits:
    """Unlimited rates; a test that needs others overrides this fixture."""
    return Limits(member=UNLIMITED, guild=UNLIMITED, key=UNLIMITED)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pauses(service: Service) -> Pauses:
    return Pauses(service)


@pytest.fixture
async def new_bot(
    service: Service, limits: Limits, clock: Clock, pauses: Pauses, tmp_path: Path
) -> AsyncIterator[BotFactory]:
    """Makes bots, one after the other, over the same file: each as after a restart of the process."""
    async with AsyncExitStack() as stack:

        async def make() -> Bot:
            database = await stack.enter_async_context(open_database(str(tmp_path / "test.db")))
            audioscape = AudioScape(url=service.url, key="the-key", transport=service.transport)
            await stack.enter_async_context(audioscape)
            return Bot(
                audioscape=audioscape, database=database, limits=limits, clock=clock, sleep=pauses.sleep
            )

        yield make


@pytest.fixture
async def simcord_bot(new_bot: BotFactory) -> AsyncIterator[Bot]:
    """Its second tries come at once: whether somebody is told meanwhile that we look is up to the test."""
    with stamina.set_testing(True, attempts=20, cap=True):
        yield await new_bot()


@pytest.fixture
def world(simcord_env: Env, new_bot: BotFactory, pauses: Pauses) -> World:
    pauses.env = simcord_env
    guild = simcord_env.create_guild("Test server")
    moderators = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    return World(
        env=simcord_env,
        guild=guild,
        channel=guild.create_text_channel("music"),
        mika=guild.add_member(simcord_env.create_user("mika")),
        noor=guild.add_member(simcord_env.create_user("noor")),
        sam=guild.add_member(simcord_env.create_user("sam"), roles=[moderators]),
        new_bot=new_bot,
    )

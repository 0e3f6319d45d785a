"""Private parts of libraries: each is checked at import, and a missing one is a sentence for the operator."""

import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import discord
import pytest

from bot.errors import OperatorError
from bot.interactions import discord_patches
from bot.private_api import PrivateUse, verify

ROOT = Path(__file__).parents[1]

WITHOUT_A_PRIVATE_PART = """
import sys
from discord.http import Route
del Route.BASE
sys.argv = ["bot"]
import runpy
runpy.run_module("bot", run_name="__main__")
"""


def gone(*uses: PrivateUse) -> str:
    with pytest.raises(OperatorError) as error:
        verify("discord.py", "9.9.9", uses)
    return str(error.value)


@pytest.mark.parametrize("use", discord_patches.USES, ids=str)
def test_a_private_part_that_is_gone_is_named(use: PrivateUse) -> None:
    sentence = gone(use._replace(name=f"{use.name}_gone"))

    assert f"lacks {use.owner.__name__}.{use.name}_gone ({use.purpose})." in sentence
    assert "Install discord.py 9.9.9" in sentence


def test_a_parameter_that_is_gone_is_named() -> None:
    use = PrivateUse(discord.Client, "dispatch", "a test", frozenset({"event", "other"}))

    assert "Client.dispatch (a test): its parameter other." in gone(use)


def test_an_attribute_that_is_no_longer_set_is_named() -> None:
    use = PrivateUse(discord.Client, "__init__", "a test", sets=frozenset({"_connection", "_other"}))

    assert "Client.__init__ (a test): its attribute _other." in gone(use)


def test_every_missing_part_is_in_the_one_sentence() -> None:
    sentence = gone(*(PrivateUse(discord.Client, name, "a test") for name in ("one", "dispatch", "two")))

    assert "lacks Client.one (a test); Client.two (a test). Install" in sentence


def test_the_bot_refuses_to_start_with_a_sentence() -> None:
    run = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", WITHOUT_A_PRIVATE_PART], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.returncode == 1
    assert run.stderr.startswith("Needledrop can't run with discord.py")
    assert "Route.BASE (DISCORD_API_URL)" in run.stderr
    assert "Traceback" not in run.stderr


def test_only_the_checked_version_can_be_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert f"discord.py[speed]=={discord_patches.CHECKED_VERSION}" in project["dependencies"]
    assert version("discord.py") == discord_patches.CHECKED_VERSION

"""The command line: what each command prints, and one sentence instead of a traceback for what is missing."""

import asyncio
import logging
import re
import signal
import sys

import pytest

from bot import __version__
from bot.__main__ import main
from tests.support.command_line import PATIENCE_SECONDS, command, process

NO_SETTINGS: dict[str, str] = {}


async def test_version_is_printed() -> None:
    assert await command(NO_SETTINGS, "--version") == (0, f"Needledrop {__version__}\n")


async def test_help_lists_every_command() -> None:
    code, written = await command(NO_SETTINGS, "--help")

    assert code == 0
    for name in ("run", "check", "sync", "backup", "restore", "demo", "catalogue"):
        assert re.search(rf"^    {name}\s", written, re.MULTILINE)


async def test_every_missing_or_wrong_setting_is_named_at_once() -> None:
    settings = {"GUILD_BUDGET": "lots", "LOG_LEVEL": "loud", "DATABASE_URL": "mysql://x"}
    code, written = await command(settings)

    assert code == 1
    for name in ("DISCORD_TOKEN", "AUDIOSCAPE_API_KEY", *settings):
        assert f"\n  - {name} is " in written
    assert "Traceback" not in written


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("demo", "--port", "70000"), "argument --port: write a number from 0 to 65535"),
        (("catalogue", "--port", "x"), "argument --port: write a number from 0 to 65535"),
        (("backup",), "the following arguments are required: FILE"),
        (("nonsense",), "invalid choice: 'nonsense'"),
    ],
)
async def test_wrong_argument_is_explained(arguments: tuple[str, ...], words: str) -> None:
    code, written = await command(NO_SETTINGS, *arguments)

    assert code == 2
    assert words in written
    assert "Traceback" not in written


@pytest.mark.parametrize("name", ["backup", "restore"])
async def test_wrong_database_url_is_named_by_commands_that_need_no_other_setting(name: str) -> None:
    code, written = await command({"DATABASE_URL": "mysql://x"}, name, "file.db")

    assert (code, written[:25]) == (1, "DATABASE_URL is wrong: wr")


async def test_catalogue_prints_the_settings_that_use_it_until_it_is_interrupted() -> None:
    async with process(NO_SETTINGS, "catalogue", "--port", "0", "--key", "my-key") as catalogue:
        assert catalogue.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            printed = await catalogue.stdout.readuntil(b"Ctrl+C")
        catalogue.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE_SECONDS):
            rest, _ = await catalogue.communicate()

    assert b"AUDIOSCAPE_API_URL=http://127.0.0.1:" in printed
    assert b"AUDIOSCAPE_API_KEY=my-key" in printed
    assert (catalogue.returncode, rest) == (130, b" to stop it.\n")


def test_demo_without_its_packages_says_how_to_install_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "simcord", None)
    monkeypatch.delitem(sys.modules, "bot.demo.simulation", raising=False)
    monkeypatch.delitem(sys.modules, "bot.demo.real_time", raising=False)
    monkeypatch.setattr(logging, "captureWarnings", lambda *, capture: capture)
    monkeypatch.setattr(sys, "argv", ["bot", "demo"])
    with pytest.raises(SystemExit) as stopped:
        main()

    assert stopped.value.code == (
        "The demo needs the package simcord, which is not installed. Run `make demo`, which installs it."
    )

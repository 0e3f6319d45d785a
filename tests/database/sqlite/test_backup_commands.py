"""The commands `backup` and `restore`: a backup while the bot runs, and its restore while it doesn't."""

import asyncio
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.database import open_database
from bot.database.sqlite.schema import verify
from tests.support.command_line import command, output, process, wait_until_ready
from tests.support.discord_stand_in import DiscordStandIn


async def test_backup_under_load_is_whole_and_can_be_restored(
    discord: DiscordStandIn, environment: dict[str, str], tmp_path: Path
) -> None:
    budgets = {"MEMBER_BUDGET": "1000/second", "GUILD_BUDGET": "1000/second", "KEY_BUDGET": "1000/second"}

    async def use(name: str) -> None:
        for number in range(60):
            await discord.command("music", query=f"{name} {number}")
        for _ in range(60):
            await discord.answer()

    async with process(environment | budgets) as bot:
        await wait_until_ready(discord)
        await use("before")
        using = asyncio.create_task(use("meanwhile"))
        copies = [
            await command(environment, "backup", str(tmp_path / f"{number}.backup")) for number in range(3)
        ]
        await using
        await use("after")
        refused = await command(environment, "restore", str(tmp_path / "0.backup"))
        bot.send_signal(signal.SIGTERM)
        log = await output(bot)
    assert [code for code, _ in copies] == [0, 0, 0], copies
    counts = [count(tmp_path / f"{number}.backup") for number in range(3)]
    done = await command(environment, "restore", str(tmp_path / "0.backup"))

    assert refused[0] == 1
    assert "A bot is running" in refused[1]
    assert "database failed" not in log
    assert 60 <= counts[0] <= counts[1] <= counts[2] <= 120
    assert done[0] == 0, done
    assert count(tmp_path / "needledrop.db") == counts[0]
    assert count(tmp_path / "needledrop.db.previous") == 180
    async with process(environment):
        await wait_until_ready(discord)
        await discord.command("more")
        assert "last page" in (await discord.answer())["content"]


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as sqlite:
        assert verify(sqlite) > 0
        return int(sqlite.execute("SELECT count(*) FROM searches").fetchone()[0])


async def test_killed_bot_leaves_no_lock_behind(
    discord: DiscordStandIn, environment: dict[str, str], tmp_path: Path
) -> None:
    async with process(environment) as bot:
        await wait_until_ready(discord)
        backed_up = await command(environment, "backup", str(tmp_path / "copy"))
        bot.kill()
        await output(bot)
    restored = await command(environment, "restore", str(tmp_path / "copy"))

    assert (backed_up[0], restored[0]) == (0, 0), restored


async def test_each_command_says_what_it_did(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "needledrop.db"
    async with open_database(str(path)):
        pass
    del environment["DISCORD_TOKEN"]  # neither is needed for these commands
    del environment["AUDIOSCAPE_API_KEY"]
    copy = str(tmp_path / "copy")
    backed_up = await command(environment, "backup", copy)
    again = await command(environment, "backup", copy)
    replaced = await command(environment, "backup", copy, "--replace")
    restored = await command(environment, "restore", copy)
    wrong = await command(environment | {"DATABASE_URL": "mysql://x"}, "backup", copy)

    assert (backed_up[0], again[0], replaced[0], restored[0], wrong[0]) == (0, 1, 0, 0, 1)
    assert "Backed up to" in backed_up[1]
    assert "--replace" in again[1]
    assert f"{path}.previous" in restored[1]
    assert "DATABASE_URL" in wrong[1]
    assert "Traceback" not in backed_up[1] + again[1] + replaced[1] + restored[1] + wrong[1]

"""`check` and `sync`, run as an operator runs them."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.command_line import command, process, wait_until_ready
from tests.support.discord_stand_in import GUILD_ID, TOKEN, DiscordStandIn


def lines(written: str) -> dict[str, str]:
    """Each line by the part that it is about, such as "database"."""
    parts = (line[2:].partition(":")[0] for line in written.splitlines())
    return dict(zip(parts, written.splitlines(), strict=True))


def file_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_check_prints_a_line_for_each_part_and_leaves_nothing_behind(
    discord: DiscordStandIn, environment: dict[str, str], tmp_path: Path
) -> None:
    code, written = await command(environment, "check")

    assert code == 0, written
    assert list(lines(written)) == ["settings", "database", "AudioScape", "Discord"]
    assert all(line.startswith("✓ ") for line in written.splitlines())
    assert "can be created" in lines(written)["database"]
    assert "accepts the key" in lines(written)["AudioScape"]
    assert "+music" in lines(written)["Discord"]
    assert "1000 of 1000 starts" in lines(written)["Discord"]
    assert (discord.synced, discord.identified) == ([], [])
    assert file_names(tmp_path) == []
    assert TOKEN not in written
    assert "the-key" not in written


async def test_check_does_not_disturb_a_running_bot(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment):
        await wait_until_ready(discord)
        code, written = await command(environment, "check")
        await discord.command("music", query="chill lo-fi beats")
        page = await discord.answer()

    assert code == 0, written
    assert "commands up to date" in lines(written)["Discord"]
    assert "version" in lines(written)["database"]
    assert len(page["embeds"]) == 5
    assert len(discord.identified) == len(discord.synced) == 1


async def test_check_names_commands_that_differ_from_discords(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment):
        await wait_until_ready(discord)
    (commands,) = discord.synced
    changed = next(each for each in commands if each["name"] == "music")
    changed["options"][0]["description"] = "an older description"
    commands.append({"name": "old", "description": "removed", "type": 1, "options": []})
    commands.remove(next(each for each in commands if each["name"] == "more"))
    _, written = await command(environment, "check")

    assert "commands to be changed: +more -old ~music" in lines(written)["Discord"]


async def test_check_goes_on_after_a_part_that_fails(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "needledrop.db").write_bytes(b"no database at all" * 100)
    bad = {"DISCORD_TOKEN": "not.the.token", "AUDIOSCAPE_API_KEY": "wrong-key", "LOG_LEVEL": "loud"}
    code, written = await command(environment | bad, "check")
    parts = lines(written)

    assert code == 1
    assert all(line.startswith("✗ ") for line in written.splitlines())
    assert "LOG_LEVEL" in parts["settings"]
    assert "not a database" in parts["database"]
    assert "Replace AUDIOSCAPE_API_KEY" in parts["AudioScape"]
    assert "DISCORD_TOKEN" in parts["Discord"]
    assert "not.the.token" not in written
    assert "wrong-key" not in written
    assert "Traceback" not in written


async def test_missing_setting_skips_only_the_parts_that_need_it(
    environment: dict[str, str],
) -> None:
    del environment["DISCORD_TOKEN"]
    code, written = await command(environment, "check")
    parts = lines(written)

    assert code == 1
    assert parts["settings"].startswith("✗")
    assert parts["Discord"].startswith("✗ Discord: not checked. DISCORD_TOKEN is missing")
    assert parts["database"].startswith("✓")
    assert parts["AudioScape"].startswith("✓")


@pytest.mark.parametrize(
    ("settings", "part", "words"),
    [
        ({"AUDIOSCAPE_API_URL": "http://127.0.0.1:9"}, "AudioScape", "Check AUDIOSCAPE_API_URL"),
        ({"DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}, "Discord", "can't be reached"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "database", "doesn't exist"),
    ],
)
async def test_unreachable_part_is_reported_with_what_to_do(
    environment: dict[str, str], settings: dict[str, str], part: str, words: str
) -> None:
    code, written = await command(environment | settings, "check")

    assert code == 1
    assert [name for name, line in lines(written).items() if line.startswith("✗")] == [part]
    assert words in lines(written)[part]


async def test_database_in_memory_is_pointed_out(environment: dict[str, str]) -> None:
    code, written = await command(environment | {"DATABASE_URL": "sqlite:///:memory:"}, "check")

    assert code == 0
    assert lines(written)["database"] == "✓ database: in memory; everything in it is lost when the bot stops"


async def test_locked_database_is_reported(
    discord: DiscordStandIn, environment: dict[str, str], tmp_path: Path
) -> None:
    async with process(environment):
        await wait_until_ready(discord)
    with closing(sqlite3.connect(tmp_path / "needledrop.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        code, written = await command(environment, "check")

    assert code == 1
    assert "locked" in lines(written)["database"]


async def test_audioscape_is_not_asked_while_its_rate_limit_lasts(
    discord: DiscordStandIn, environment: dict[str, str], tmp_path: Path
) -> None:
    async with process(environment):
        await wait_until_ready(discord)
    with closing(sqlite3.connect(tmp_path / "needledrop.db", isolation_level=None)) as other:
        other.execute("UPDATE door SET closed_until = ?", (time.time() + 500,))
    code, written = await command(environment, "check")

    assert code == 1
    line = lines(written)["AudioScape"]
    assert line.startswith("✗ AudioScape: not checked. The key's rate limit is reached. Try again in ")


async def test_bot_without_remaining_starts_is_reported(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    discord.remaining_starts = 0
    code, written = await command(environment, "check")

    assert code == 1
    assert "0 of 1000 starts" in lines(written)["Discord"]


async def test_sync_registers_the_commands_even_if_they_are_unchanged(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    for _ in range(2):
        code, written = await command(environment, "sync")
        assert code == 0, written

    assert len(discord.synced) == 2
    assert {"music", "help"} <= {each["name"] for each in discord.synced[0]}


async def test_sync_of_one_guild_leaves_the_others_alone_and_can_be_removed(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    code, written = await command(environment, "sync", "--guild", GUILD_ID)
    removal_code, removal = await command(environment, "sync", "--guild", GUILD_ID, "--remove")

    assert (code, removal_code) == (0, 0), written
    assert f"for guild {GUILD_ID} only" in written
    assert removal == f"Removed the commands of guild {GUILD_ID}. The global commands stay.\n"
    assert [(guild, bool(commands)) for guild, commands in discord.synced_guilds] == [
        (GUILD_ID, True),
        (GUILD_ID, False),
    ]
    assert discord.synced == []


async def test_removing_the_commands_of_no_guild_is_refused(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    code, written = await command(environment, "sync", "--remove")

    assert code == 1
    assert written.startswith("--remove needs --guild ID")
    assert (discord.synced, discord.synced_guilds) == ([], [])

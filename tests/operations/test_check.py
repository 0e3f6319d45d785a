"""`check` and `sync`, as an operator types them."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.command_line import command, is_ready, process
from tests.support.discord_stand_in import GUILD_ID, TOKEN, DiscordStandIn


def lines(written: str) -> dict[str, str]:
    """Each line by its part: `database` and so on."""
    parts = (line[2:].partition(":")[0] for line in written.splitlines())
    return dict(zip(parts, written.splitlines(), strict=True))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_all_that_is_well_is_a_line_each_and_nothing_is_left_behind(
    discord: DiscordStandIn, environment: dict[str, str], tmp_path: Path
) -> None:
    code, written = await command(environment, "check")

    assert code == 0, written
    assert list(lines(written)) == ["settings", "database", "AudioScape", "Discord"]
    assert all(line.startswith("✓ ") for line in written.splitlines())
    assert "can be made" in lines(written)["database"]
    assert "accepts the key" in lines(written)["AudioScape"]
    assert "+music" in lines(written)["Discord"]
    assert "1000 of 1000 starts" in lines(written)["Discord"]
    assert (discord.synced, discord.identified) == ([], [])
    assert names(tmp_path) == []
    assert TOKEN not in written
    assert "the-key" not in written


async def test_a_running_bot_is_not_disturbed(discord: DiscordStandIn, environment: dict[str, str]) -> None:
    async with process(environment):
        await is_ready(discord)
        code, written = await command(environment, "check")
        await discord.command("music", query="chill lo-fi beats")
        page = await discord.answer()

    assert code == 0, written
    assert "commands are up to date" in lines(written)["Discord"]
    assert "version" in lines(written)["database"]
    assert len(page["embeds"]) == 5
    assert len(discord.identified) == len(discord.synced) == 1


async def test_a_changed_command_is_named(discord: DiscordStandIn, environment: dict[str, str]) -> None:
    async with process(environment):
        await is_ready(discord)
    (commands,) = discord.synced
    changed = next(each for each in commands if each["name"] == "music")
    changed["options"][0]["description"] = "as it was before"
    commands.append({"name": "old", "description": "gone now", "type": 1, "options": []})
    commands.remove(next(each for each in commands if each["name"] == "more"))
    _, written = await command(environment, "check")

    assert "will change: +more -old ~music" in lines(written)["Discord"]


async def test_all_that_can_be_looked_at_is_where_a_part_fails(
    environment: dict[str, str], tmp_path: Path
) -> None:
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


async def test_what_is_missing_keeps_only_its_own_part_from_being_looked_at(
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
async def test_what_cannot_be_reached_is_said_with_what_to_do(
    environment: dict[str, str], settings: dict[str, str], part: str, words: str
) -> None:
    code, written = await command(environment | settings, "check")

    assert code == 1
    assert [name for name, line in lines(written).items() if line.startswith("✗")] == [part]
    assert words in lines(written)[part]


async def test_a_locked_database_is_said_in_time(
    discord: DiscordStandIn, environment: dict[str, str], tmp_path: Path
) -> None:
    async with process(environment):
        await is_ready(discord)
    with closing(sqlite3.connect(tmp_path / "needledrop.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        code, written = await command(environment, "check")

    assert code == 1
    assert "locked" in lines(written)["database"]


async def test_a_service_that_wants_to_be_left_alone_is(
    discord: DiscordStandIn, environment: dict[str, str], tmp_path: Path
) -> None:
    async with process(environment):
        await is_ready(discord)
    with closing(sqlite3.connect(tmp_path / "needledrop.db", isolation_level=None)) as other:
        other.execute("UPDATE door SET closed_until = ?", (time.time() + 500,))
    code, written = await command(environment, "check")

    assert code == 1
    assert "was not asked" in lines(written)["AudioScape"]


async def test_a_bot_that_may_not_start_today_is_told_so(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    discord.starts_left = 0
    code, written = await command(environment, "check")

    assert code == 1
    assert "0 of 1000 starts" in lines(written)["Discord"]


async def test_sync_tells_discord_of_the_commands_whether_they_changed_or_not(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    for _ in range(2):
        code, written = await command(environment, "sync")
        assert code == 0, written

    assert len(discord.synced) == 2
    assert {"music", "help"} <= {each["name"] for each in discord.synced[0]}


async def test_sync_to_one_guild_leaves_the_others_alone_and_can_be_taken_back(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    code, written = await command(environment, "sync", "--guild", GUILD_ID)
    taken_back, _ = await command(environment, "sync", "--guild", GUILD_ID, "--remove")
    alone, _ = await command(environment, "sync", "--remove")

    assert (code, taken_back, alone) == (0, 0, 1), written
    assert [(guild, bool(commands)) for guild, commands in discord.synced_guilds] == [
        (GUILD_ID, True),
        (GUILD_ID, False),
    ]
    assert discord.synced == []

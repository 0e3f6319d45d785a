"""The privacy notice has a sentence for each table that names somebody."""

import re
from pathlib import Path

from discord.app_commands import Command

from bot.privacy.notice import RETAINED_DATA
from tests.support.filters import bot_of
from tests.support.members import shown
from tests.support.privacy import MODERATOR_USES, SHORTLIST_USES, USES, rows_by_table, use_everything
from tests.support.world import World

IMPERSONAL = {"windows", "tracks", "genres", "synced_commands", "door"}
"""Tables that name no member, no channel and no server. All others are searched after an erasure."""


async def test_every_command_is_used(world: World) -> None:
    commands = bot_of(world).tree.walk_commands()
    known = {command.qualified_name for command in commands if isinstance(command, Command)}

    assert known == {name for name, _ in USES + SHORTLIST_USES + MODERATOR_USES}, (
        "add it to tests/support/privacy.py, so that it stores something"
    )


async def test_every_table_is_in_the_notice_or_names_nobody(world: World, database_path: Path) -> None:
    await use_everything(world)
    filled = {name for name, rows in rows_by_table(database_path).items() if rows}
    hidden = {name for name in rows_by_table(database_path) if name.startswith(("sqlite_", "track_words"))}

    assert set(rows_by_table(database_path)) - hidden == IMPERSONAL | set(RETAINED_DATA), (
        "add it to bot/privacy/notice.py"
    )
    assert set(RETAINED_DATA) <= filled, "let use_everything fill a new table"


async def test_notice_has_every_sentence_and_the_retention_periods(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "privacy"))

    assert message.ephemeral
    assert all(message.content.count(f"- {sentence}\n") == 1 for sentence in RETAINED_DATA.values())
    assert re.findall(r"(\w+), for (\d+) days", message.content) == [
        ("shown", "7"),
        ("budgets", "365"),
        ("filters", "90"),
        ("shortlist", "30"),
    ]

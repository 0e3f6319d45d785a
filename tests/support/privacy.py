"""Steps that tests of privacy have in common: use every command, delete, and look through the database."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import simcord

from tests.support.members import choose, labels, press, shown
from tests.support.world import World

QUERY = "zither and xylophone"
RULES_FILE = (
    b'{"needledrop_filters": 1, "guild_id": "1", "rules": [{"rule": "block artist", "text": "Nobody"}]}'
)
USES: list[tuple[str, dict[str, Any]]] = [
    ("music", {"query": QUERY}),
    ("artist", {"name": "Artist 3", "private": True}),
    ("more", {}),
    ("budget", {}),
    ("about", {}),
    ("help", {}),
    ("privacy", {}),
]
SHORTLIST_USES: list[tuple[str, dict[str, Any]]] = [
    ("shortlist new", {"name": "Boss fight"}),
    ("shortlist add", {"asset_id": "1001"}),
    ("shortlist add", {"asset_id": "1002"}),
    ("shortlist note", {"track": "1001", "text": "loops well"}),
    ("shortlist show", {}),
    ("shortlist compare", {"first": "1001", "second": "1002"}),
    ("shortlist list", {}),
    ("shortlist export", {"format": "csv"}),
    ("shortlist close", {}),
    ("shortlist reopen", {}),
    ("shortlist rename", {"to": "Final boss"}),
    ("shortlist open", {"name": "Final boss"}),
    ("shortlist remove", {"track": "1002"}),
    ("shortlist delete", {}),
]
MODERATOR_USES: list[tuple[str, dict[str, Any]]] = [
    ("budget-set", {"member": "900/minute", "guild": "1000/second"}),
    ("budget-set", {"guild": "500/second"}),
    ("filters allow", {"genre": "Lo-Fi"}),
    ("filters block", {"word": "christmas"}),
    ("filters length", {"max": "10:00"}),
    ("filters paste", {"file": ("filters.json", RULES_FILE)}),
    ("filters remove", {"rule": "christmas"}),
    ("filters show", {}),
    ("filters history", {}),
    ("filters try", {"query": QUERY}),
    ("filters copy", {}),
    ("filters reset", {}),
]
DELETE_MINE = "Delete my data"
DELETE_SERVER = "Delete this server's data"
CONFIRM_SERVER = "Yes, delete this server's data"


async def use_everything(world: World) -> None:
    """All three use every command that they may, each in their own words, and turn a page."""
    for number, member in enumerate((world.mika, world.noor, world.sam)):
        for name, options in USES + SHORTLIST_USES + (MODERATOR_USES if member is world.sam else []):
            own = {
                option: f"{value} {number}" if option in {"query", "name", "to"} else value
                for option, value in options.items()
            }
            message = (await member.slash(world.channel, name, **own)).response
            if message is not None and ("▶", True) in labels(message):
                await press(member, message, "▶")
            if name == "shortlist show" and message is not None:
                (ballot,) = (await choose(member, message, "ballot", "1001")).followups
                await member.click(ballot.message, label="👍")
    simcord.assert_no_errors(world.env)


def rows_by_table(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table, the hidden ones too."""
    with closing(sqlite3.connect(path)) as sqlite:
        names = [name for (name,) in sqlite.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sqlite.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608


def tables_with(path: Path, id_: int) -> set[str]:
    """The tables with the id in any column: as a number, in text, or packed into bytes."""
    return {
        name
        for name, rows in rows_by_table(path).items()
        for row in rows
        if any(holds(each, id_) for each in row)
    }


def holds(value: Any, id_: int) -> bool:
    if isinstance(value, bytes):
        return str(id_).encode() in value or id_.to_bytes(8, "big") in value
    return value == id_ or str(id_) in str(value)


async def delete(member: simcord.MemberActor, world: World, *buttons: str) -> str:
    """The reply after the buttons of `/privacy` were pressed, one after the other."""
    message = shown(await member.slash(world.channel, "privacy"))
    for label in buttons:
        message = shown(await press(member, message, label))
    return message.content


def is_in_file(folder: Path, text: str) -> bool:
    """True if any file in `folder` contains `text`: the database or its write-ahead log."""
    return any(text.encode() in file.read_bytes() for file in folder.iterdir())

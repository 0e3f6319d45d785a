"""What is kept of members and servers, and that it can be deleted without a trace."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import simcord
from aiohttp import web
from discord.app_commands import Command

from bot.bot import Bot
from bot.errors import Refused
from bot.models.rates import Limits, parse_rates
from bot.privacy.notice import RETAINED_DATA
from bot.privacy.retention import delete_expired
from tests.support.command_line import is_ready, process, soon
from tests.support.discord_stand_in import MEMBER_ID, DiscordStandIn
from tests.support.members import button, choose, labels, press, shown
from tests.support.world import Clock, World, answer, track

IMPERSONAL = {"windows", "tracks", "genres", "synced_commands", "door"}
"""Tables that name no member, no channel and no server. Any other is looked through after a deletion."""

NAMED = {"searches", "buckets", "guild_rate_changes", "rule_changes"} | {
    f"shortlist{what}" for what in ("s", "_tracks", "_votes", "_notes")
}
QUERY = "zither and xylophone"


def bot_of(world: World) -> Bot:
    assert isinstance(world.env.bot, Bot)
    return world.env.bot


SHEET = b'{"needledrop_filters": 1, "guild_id": "1", "rules": [{"rule": "block artist", "text": "Nobody"}]}'
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
MODERATORS_USES: list[tuple[str, dict[str, Any]]] = [
    ("budget-set", {"member": "900/minute", "guild": "1000/second"}),
    ("budget-set", {"guild": "500/second"}),
    ("filters allow", {"genre": "Lo-Fi"}),
    ("filters block", {"word": "christmas"}),
    ("filters length", {"max": "10:00"}),
    ("filters paste", {"file": ("filters.json", SHEET)}),
    ("filters remove", {"rule": "christmas"}),
    ("filters show", {}),
    ("filters history", {}),
    ("filters try", {"query": QUERY}),
    ("filters copy", {}),
    ("filters reset", {}),
]


async def use_everything(world: World) -> None:
    """All three use every command that they may, each in their own words, and press what can be pressed."""
    for number, member in enumerate((world.mika, world.noor, world.sam)):
        for name, options in USES + SHORTLIST_USES + (MODERATORS_USES if member is world.sam else []):
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


async def test_every_command_is_used(world: World) -> None:
    commands = bot_of(world).tree.walk_commands()
    known = {command.qualified_name for command in commands if isinstance(command, Command)}

    assert known == {name for name, _ in USES + SHORTLIST_USES + MODERATORS_USES}, (
        "add it above, so that it keeps something"
    )


def tables(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table, the hidden ones too, with all that is in it."""
    with closing(sqlite3.connect(path)) as sqlite:
        names = [name for (name,) in sqlite.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sqlite.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608


def where(path: Path, wanted: int) -> set[str]:
    """The tables in which the id stands in any column: as a number, in text, or packed into bytes."""
    return {
        name
        for name, rows in tables(path).items()
        for row in rows
        if any(holds(each, wanted) for each in row)
    }


def holds(value: Any, wanted: int) -> bool:
    if isinstance(value, bytes):
        return str(wanted).encode() in value or wanted.to_bytes(8, "big") in value
    return value == wanted or str(wanted) in str(value)


async def deleted(member: simcord.MemberActor, world: World, *buttons: str) -> str:
    """What is said after the buttons of `/privacy` were pressed, one after the other."""
    message = shown(await member.slash(world.channel, "privacy"))
    for label in buttons:
        message = shown(await press(member, message, label))
    return message.content


def is_in_a_file(folder: Path, text: str) -> bool:
    return any(text.encode() in file.read_bytes() for file in folder.iterdir())


MINE = "Delete all that is kept of me"
SERVERS = "Delete all of this server"
SURELY = "Yes, delete all of this server"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


async def test_every_table_is_used_or_names_nobody(world: World, path: Path) -> None:
    await use_everything(world)
    filled = {name for name, rows in tables(path).items() if rows}
    hidden = {name for name in tables(path) if name.startswith(("sqlite_", "track_words"))}

    assert set(tables(path)) - hidden == IMPERSONAL | set(RETAINED_DATA), (
        "say in bot/privacy.py what it keeps"
    )
    assert set(RETAINED_DATA) <= filled, "let use_everything fill a new table"


async def test_a_member_is_deleted_from_every_table_and_the_others_are_not(
    world: World, path: Path, clock: Clock
) -> None:
    await use_everything(world)
    clock.now += 3600
    assert where(path, world.sam.id) == NAMED
    told = await deleted(world.sam, world, MINE)

    assert "nothing that I keep names you" in told
    assert where(path, world.sam.id) == set()
    assert {"searches", "buckets"} <= where(path, world.mika.id)
    assert all(tables(path)[name] for name in RETAINED_DATA)


async def test_a_server_is_deleted_from_every_table_with_all_that_was_done_in_it(
    world: World, path: Path, clock: Clock
) -> None:
    await use_everything(world)
    clock.now += 3600
    told = await deleted(world.sam, world, SERVERS, SURELY)

    assert "nothing that I keep names this server" in told
    for gone in (world.guild.id, world.channel.id, world.mika.id, world.noor.id, world.sam.id):
        assert where(path, gone) == set()
    assert [name for name in RETAINED_DATA if tables(path)[name]] == ["buckets"]
    assert [row[:3] for row in tables(path)["buckets"]] == [("key", 0, 0)]


async def test_what_was_asked_is_gone_from_the_file_itself(world: World, path: Path) -> None:
    await use_everything(world)
    assert is_in_a_file(path.parent, QUERY)
    for member in (world.mika, world.noor, world.sam):
        await deleted(member, world, MINE)

    assert not is_in_a_file(path.parent, QUERY)


async def test_deleting_oneself_gives_no_new_searches_and_vanishes_with_the_budget(
    spent: World, path: Path, clock: Clock
) -> None:
    bot = bot_of(spent)
    await spent.mika.slash(spent.channel, "music", query="one")
    told = await deleted(spent.mika, spent, MINE)
    assert where(path, spent.mika.id) == {"buckets"}
    refused = await spent.mika.slash(spent.channel, "music", query="two")
    simcord.assert_error(spent.env)
    again = await deleted(spent.mika, spent, MINE)
    clock.now += 61
    await delete_expired(bot.database, clock.now)

    assert "until it is full again" in told
    assert "used up your searches" in shown(refused).content
    assert "Done" in again
    assert where(path, spent.mika.id) == set()
    assert not any(requester.member_id == spent.mika.id for requester in bot.rate_limiter._notified)  # noqa: SLF001


@pytest.fixture
def limits(request: pytest.FixtureRequest) -> Limits:
    endless = parse_rates("1000000/second")
    is_tight = "spent" in request.fixturenames
    return Limits(member=parse_rates("1/minute") if is_tight else endless, guild=endless, key=endless)


@pytest.fixture
def spent(world: World) -> World:
    """The same world, where each member has one search a minute."""
    return world


async def test_who_changed_a_budget_is_forgotten_but_not_the_change(world: World) -> None:
    await world.sam.slash(world.channel, "budget-set", member="2/minute")
    await deleted(world.sam, world, MINE)
    seen = shown(await world.sam.slash(world.channel, "budget")).content

    assert "somebody: each member default → 2/minute" in seen
    assert "of 2 new searches" in seen


async def test_buttons_of_what_was_deleted_say_so(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await deleted(world.mika, world, MINE)
    result = await press(world.noor, message, "▶")
    more = await world.noor.slash(world.channel, "more")
    simcord.assert_error(world.env, Refused)

    assert "don't remember that search" in shown(result).content
    assert "nothing to go on with" in shown(more).content


async def test_only_moderators_delete_a_server(world: World, path: Path) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    message = shown(await world.mika.slash(world.channel, "privacy"))
    stored = world.env.backend.get_message(message.channel_id, message.id)
    for forged in ("delete:server", "delete:server:surely"):
        stored.components[0]["components"][0]["custom_id"] = forged
        result = await world.mika.click(message.message, custom_id=forged)
        assert "for moderators" in shown(result).content

    assert labels(message) == [(MINE, True)]
    assert "searches" in where(path, world.guild.id)


async def test_a_moderator_is_asked_again_first(world: World, path: Path) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    asked = await deleted(world.sam, world, SERVERS)

    assert "Are you sure?" in asked
    assert "searches" in where(path, world.guild.id)


async def test_the_buttons_work_after_a_restart(world: World, path: Path) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    message = shown(await world.mika.slash(world.channel, "privacy"))
    await world.restart()
    result = await world.mika.click(message.message, custom_id=button(message, MINE))

    assert "Done" in shown(result).content
    assert "searches" not in where(path, world.mika.id)


async def test_a_deletion_that_fails_deletes_nothing_and_says_so(world: World, path: Path) -> None:
    await use_everything(world)
    before = tables(path)
    await bot_of(world).database.searches._run(  # noqa: SLF001 (the second of its statements is to fail)
        "CREATE TRIGGER stop BEFORE UPDATE ON guild_rate_changes BEGIN SELECT raise(ABORT, 'no'); END"
    )
    message = shown(await world.sam.slash(world.channel, "privacy"))
    (told,) = (await press(world.sam, message, MINE)).followups

    assert "my notes" in told.content
    assert where(path, world.sam.id) == NAMED
    assert tables(path)["searches"] == before["searches"]
    assert len(shown(await world.mika.slash(world.channel, "music", query="works")).embeds) == 5


async def test_the_text_tells_of_every_table(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "privacy"))

    assert all(sentence in message.content for sentence in RETAINED_DATA.values())
    assert "for 7 days" in message.content
    assert "for 365 days" in message.content


class Gate:
    """A search service that answers when it is let."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.opened = asyncio.Event()

    async def search(self, _: web.Request) -> web.Response:
        self.asked.set()
        await self.opened.wait()
        return web.json_response(answer([track(number) for number in range(7)]))


@pytest.fixture
async def gate(environment: dict[str, str]) -> AsyncIterator[Gate]:
    gate = Gate()
    application = web.Application()
    application.router.add_post("/search", gate.search)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    environment["AUDIOSCAPE_API_URL"] = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield gate
    await runner.cleanup()


async def test_a_command_under_way_leaves_nothing_behind_a_deletion(
    discord: DiscordStandIn, environment: dict[str, str], gate: Gate, tmp_path: Path
) -> None:
    async with process(environment | {"MEMBER_BUDGET": "1000000/second"}):
        await is_ready(discord)
        await discord.command("music", query="calm")
        await gate.asked.wait()
        for _ in range(2):  # and they don't wait for one another
            await discord.press("delete:mine")
        # However long it takes, each is told at once that we are at it.
        deferrals = sorted([(await soon(discord.callbacks))["type"] for _ in range(3)])
        gate.opened.set()
        edits = [await soon(discord.edits) for _ in range(3)]

        assert deferrals == [5, 6, 6]
        assert [len(edit.get("embeds", [])) for edit in edits] == [5, 0, 0]
        assert ["Done" in edit["content"] for edit in edits] == [False, True, True]
        assert where(tmp_path / "needledrop.db", int(MEMBER_ID)) <= {"buckets"}

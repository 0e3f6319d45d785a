"""PrivacyService: all data of a member or a server is erased, and nobody else's."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import simcord
from aiohttp import web
from discord import Permissions

from bot.errors import BudgetSpent, StorageError
from bot.privacy.notice import RETAINED_DATA
from tests.support.command_line import next_request, process, wait_until_ready
from tests.support.discord_stand_in import GUILD_ID, MEMBER_ID, DiscordStandIn
from tests.support.filters import bot_of, filters, music, refusal, rules_of
from tests.support.members import choose, press, shown, titles
from tests.support.peers import serving_application
from tests.support.privacy import (
    CONFIRM_SERVER,
    DELETE_MINE,
    DELETE_SERVER,
    QUERY,
    delete,
    is_in_file,
    rows_by_table,
    tables_with,
    use_everything,
)
from tests.support.shortlists import collect_tracks, post_ranking, tallies
from tests.support.world import Clock, Service, World, answer, track

MANAGE_GUILD = str(Permissions(manage_guild=True).value)
TABLES_NAMING_MEMBERS = {"searches", "buckets", "guild_rate_changes", "rule_changes"} | {
    f"shortlist{what}" for what in ("s", "_tracks", "_votes", "_notes")
}


async def test_member_is_erased_from_every_table_and_other_members_are_not(
    world: World, database_path: Path, clock: Clock
) -> None:
    await use_everything(world)
    clock.now += 3600
    assert tables_with(database_path, world.sam.id) == TABLES_NAMING_MEMBERS
    reply = await delete(world.sam, world, DELETE_MINE)

    assert reply.startswith("Done: your data is deleted, in every server.")
    assert tables_with(database_path, world.sam.id) == set()
    assert {"searches", "buckets"} <= tables_with(database_path, world.mika.id)
    assert all(rows_by_table(database_path)[name] for name in RETAINED_DATA)


async def test_server_is_erased_from_every_table_with_its_members_searches(
    world: World, database_path: Path, clock: Clock
) -> None:
    await use_everything(world)
    clock.now += 3600
    reply = await delete(world.sam, world, DELETE_SERVER, CONFIRM_SERVER)

    assert reply.startswith("Done: this server's data is deleted.")
    for erased_id in (world.guild.id, world.channel.id, world.mika.id, world.noor.id, world.sam.id):
        assert tables_with(database_path, erased_id) == set()
    assert [name for name in RETAINED_DATA if rows_by_table(database_path)[name]] == ["buckets"]
    assert [row[:3] for row in rows_by_table(database_path)["buckets"]] == [("key", 0, 0)]


async def test_erased_searches_are_not_left_in_the_database_file(world: World, database_path: Path) -> None:
    await use_everything(world)
    assert is_in_file(database_path.parent, QUERY)
    for member in (world.mika, world.noor, world.sam):
        await delete(member, world, DELETE_MINE)

    assert not is_in_file(database_path.parent, QUERY)


async def test_erased_moderator_is_not_named_in_the_history_of_budgets(world: World) -> None:
    await world.sam.slash(world.channel, "budget-set", member="2/minute")
    await delete(world.sam, world, DELETE_MINE)
    seen = shown(await world.sam.slash(world.channel, "budget")).content

    assert "somebody changed each member's budget from default to 2/minute." in seen
    assert "of 2 new searches" in seen


async def test_erasure_that_fails_erases_nothing_and_says_so(world: World, database_path: Path) -> None:
    await use_everything(world)
    before = rows_by_table(database_path)
    await bot_of(world).database.searches._execute(  # noqa: SLF001 (the second of its statements is to fail)
        "CREATE TRIGGER stop BEFORE UPDATE ON guild_rate_changes BEGIN SELECT raise(ABORT, 'no'); END"
    )
    message = shown(await world.sam.slash(world.channel, "privacy"))
    (reply,) = (await press(world.sam, message, DELETE_MINE)).followups

    assert reply.content == str(StorageError())
    assert tables_with(database_path, world.sam.id) == TABLES_NAMING_MEMBERS
    assert rows_by_table(database_path)["searches"] == before["searches"]
    assert len(shown(await world.mika.slash(world.channel, "music", query="works")).embeds) == 5


async def test_rules_of_an_erased_server_are_not_left_in_memory(world: World) -> None:
    """Versions are never used twice, so a member could not see the difference: only the memory shows it."""
    await filters(world, "block", genre="Rock")
    await music(world)
    bot = bot_of(world)
    version = await bot.database.rules.get_version(world.guild.id)
    cached = await bot.filter_cache.get(world.guild.id, world.channel.id, version=version)
    await delete(world.sam, world, DELETE_SERVER, CONFIRM_SERVER)
    erased = await bot.filter_cache.get(world.guild.id, world.channel.id, version=version)

    assert [rule.text for rule in cached.rules] == ["Rock"]
    assert list(erased.rules) == []


async def test_rules_made_after_an_erasure_hold_and_the_erased_ones_do_not(
    world: World, service: Service
) -> None:
    service.catalogue = [track(0, genre="Rock"), track(1, genre="Jazz")]
    await filters(world, "block", genre="Rock")
    await music(world)
    await delete(world.sam, world, DELETE_SERVER, CONFIRM_SERVER)
    after_erasure = titles(await music(world))
    await filters(world, "block", genre="Jazz")

    assert after_erasure == ["Track 0", "Track 1"]
    assert titles(await music(world)) == ["Track 0"]


async def test_reset_button_from_before_an_erasure_removes_no_later_rules(world: World) -> None:
    await filters(world, "block", genre="Rock")
    message = await filters(world, "reset")
    await delete(world.sam, world, DELETE_SERVER, CONFIRM_SERVER)
    await filters(world, "block", genre="Jazz")
    pressed = await press(world.sam, message, "Remove the one rule")

    assert "have changed since you looked" in await refusal(world, pressed, is_press=True)
    assert rules_of(await filters(world, "show")) == ["The genre **Jazz** is hidden in this server."]


async def test_votes_of_an_erased_member_disappear_from_posts(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    (ballot,) = (await choose(world.noor, post, "ballot", "1001")).followups
    await world.noor.click(ballot.message, label="👍")
    await world.env.advance_time(3)
    voted = tallies(post)
    await delete(world.noor, world, DELETE_MINE)
    await world.env.advance_time(3)

    assert voted[0] == "👍 1 · 👎 0"
    assert set(tallies(post)) == {"👍 0 · 👎 0"}


class Gate:
    """A search service that answers once `opened` is set."""

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
    async with serving_application(application) as environment["AUDIOSCAPE_API_URL"]:
        yield gate


@pytest.mark.parametrize(
    ("button", "erased_id"), [("delete:mine", MEMBER_ID), ("delete:server:surely", GUILD_ID)]
)
async def test_command_in_progress_writes_nothing_after_an_erasure(
    discord: DiscordStandIn,
    environment: dict[str, str],
    gate: Gate,
    tmp_path: Path,
    button: str,
    erased_id: str,
) -> None:
    discord.permissions = MANAGE_GUILD
    async with process(environment | {"MEMBER_BUDGET": "1000000/second"}):
        await wait_until_ready(discord)
        await discord.command("music", query="calm")
        await gate.asked.wait()
        for _ in range(2):  # which do not wait for each other
            await discord.press(button)
        # Each is deferred at once, however long the search takes.
        deferrals = sorted([(await next_request(discord.callbacks))["type"] for _ in range(3)])
        gate.opened.set()
        edits = [await next_request(discord.edits) for _ in range(3)]

        assert deferrals == [5, 6, 6]
        assert [len(edit.get("embeds", [])) for edit in edits] == [5, 0, 0]
        assert ["Done" in edit["content"] for edit in edits] == [False, True, True]
        assert tables_with(tmp_path / "needledrop.db", int(erased_id)) <= {"buckets"}


@pytest.mark.parametrize("buttons", [[DELETE_MINE], [DELETE_SERVER, CONFIRM_SERVER]])
async def test_notice_of_a_spent_budget_is_whole_again_after_an_erasure(
    world: World, buttons: list[str]
) -> None:
    member = world.sam
    await world.sam.slash(world.channel, "budget-set", member="1/hour")
    notices = []
    for query in ("one", "two", "three", "four"):
        if query == "four":
            await delete(member, world, *buttons)
            await world.sam.slash(world.channel, "budget-set", member="1/hour")
        reply = shown(await member.slash(world.channel, "music", query=query)).content
        notices.append(re.sub(r"<t:\d+:R>", "…", reply))
    simcord.assert_error(world.env, BudgetSpent)

    assert notices[2] == "Not yet: the next search is ready …."
    assert notices[3] == notices[1] != notices[2]


async def test_interaction_of_an_erased_member_is_not_used_to_edit_a_post(world: World) -> None:
    await collect_tracks(world)
    await world.noor.slash(world.channel, "shortlist show")
    await delete(world.noor, world, DELETE_MINE)
    sent = len(world.sent())
    await filters(world, "block", artist="Artist 0")
    await world.env.advance_time(4)

    edits = [request.path.split("/")[1] for request in world.sent()[sent:] if request.method == "PATCH"]
    assert edits == ["channels"]

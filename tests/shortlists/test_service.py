"""Shortlists as members make, fill, compare, decide and take them away."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import simcord
from lupa import lua51

from bot.errors import BotError
from bot.models.rates import Limits, parse_rates
from bot.shortlists import service
from tests.support.members import choose, labels, options, press, shown, told
from tests.support.shortlists import bot_of, collected, fill, posted, ranked
from tests.support.world import Service, World, answer, track


async def test_a_new_shortlist_is_the_channels_until_another_is_opened(world: World) -> None:
    new = await world.mika.slash(world.channel, "shortlist new", name="Boss fight", brief="130 to 150 BPM")
    await world.noor.slash(world.channel, "shortlist new", name="Menu")
    second = shown(await posted_by(world))
    await world.noor.slash(world.channel, "shortlist open", name="BOSS  fight")
    first = shown(await posted_by(world))

    assert "**Boss fight** is open in this channel" in shown(new).content
    assert "130 to 150 BPM" in shown(new).content
    assert not new.ephemeral
    assert "**Menu**" in second.content
    assert "**Boss fight** · 0 tracks" in first.content


async def posted_by(world: World) -> simcord.InteractionResult:
    return await world.mika.slash(world.channel, "shortlist show")


async def test_each_channel_has_its_own(world: World) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    elsewhere = world.guild.create_text_channel("elsewhere")
    result = await world.mika.slash(elsewhere, "shortlist show")
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "No shortlist is open in this channel" in shown(result).content


@pytest.mark.parametrize("name", ["boss FIGHT", "ＢＯＳＳ fight", " Boss\u200b fight "])
async def test_a_name_that_is_taken_is_said(world: World, name: str) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    result = await world.noor.slash(world.channel, "shortlist new", name=name)
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "called **Boss fight** already" in shown(result).content


async def test_a_hundred_shortlists_are_all(world: World) -> None:
    for number in range(100):
        await world.mika.slash(world.channel, "shortlist new", name=f"List {number}")
    result = await world.mika.slash(world.channel, "shortlist new", name="One more")
    simcord.assert_error(world.env, BotError)
    listed = shown(await world.mika.slash(world.channel, "shortlist list"))

    assert "100 shortlists, and I keep no more" in shown(result).content
    assert "page 1 of 5" in listed.content
    names = []
    for _ in range(5):
        names += [line.split("**")[1] for line in (listed.embeds[0].description or "").splitlines()]
        if labels(listed)[1][1]:
            await press(world.noor, listed, "▶")
    assert names == [f"List {number}" for number in reversed(range(100))]


async def test_the_list_names_size_leader_and_age(world: World) -> None:
    await collected(world)
    message = shown(await world.noor.slash(world.channel, "shortlist list"))

    assert message.embeds[0].description == "📋 **Boss fight** · 3 tracks · ahead: Track 0 · <t:1800000000:R>"


class TestAdding:
    async def test_several_tracks_of_an_answer_are_added_at_once_and_each_once(self, world: World) -> None:
        answer = await collected(world, "1000", "1003")
        again = await choose(world.noor, answer, "add", "1003", "1004")
        post = await posted(world)

        assert options(answer, "add") == ["1000", "1001", "1002", "1003", "1004"]
        assert again.ephemeral
        assert shown(again).content == (
            "Added to 📋 **Boss fight**: **Track 4**\nAlready on 📋 **Boss fight**: **Track 3**"
        )
        assert [line for line in ranked(post).splitlines() if line.startswith("**")] == [
            "**1.** [Track 0](1000) · Artist 0",
            "**2.** [Track 3](1003) · Artist 3",
            "**3.** [Track 4](1004) · Artist 4",
        ]

    async def test_who_added_it_when_and_from_which_search_is_kept(self, world: World) -> None:
        await collected(world)
        ballot = (await choose(world.noor, await posted(world), "ballot", "1000")).followups[0]

        assert f"Added by <@{world.mika.id}> <t:1800000000:R> from 🔎 calm" in ballot.content

    async def test_a_private_search_is_not_told(self, world: World) -> None:
        await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
        answer = shown(await world.mika.slash(world.channel, "music", query="secret", private=True))
        await choose(world.mika, answer, "add", "1000")
        ballot = (await choose(world.noor, await posted(world), "ballot", "1000")).followups[0]

        assert f"Added by <@{world.mika.id}>" in ballot.content
        assert "secret" not in ballot.content

    async def test_a_forged_menu_tells_nothing_of_another_servers_search(self, world: World) -> None:
        await world.mika.slash(world.channel, "music", query="secret")
        other = world.env.create_guild("Other server")
        channel = other.create_text_channel("music")
        stranger = other.add_member(world.env.create_user("stranger"))
        await stranger.slash(channel, "shortlist new", name="Boss fight")
        own = shown(await stranger.slash(channel, "music", query="calm"))
        stored = world.env.backend.get_message(own.channel_id, own.id)
        stored.components[1]["components"][0]["custom_id"] = "add:1:1"
        await stranger.select(own.message, ["1000"], custom_id="add:1:1")
        post = shown(await stranger.slash(channel, "shortlist show"))
        ballot = (await choose(stranger, post, "ballot", "1000")).followups[0]

        assert f"Added by <@{stranger.id}>" in ballot.content
        assert "secret" not in ballot.content

    async def test_without_a_shortlist_a_form_offers_to_make_one(self, world: World) -> None:
        answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
        form = await choose(world.mika, answer, "add", "1000", "1001")
        made = await world.mika.submit_modal(form, {"name": "Boss fight", "brief": "fast"})

        assert form.modal is not None
        assert "**Boss fight** is open in this channel" in shown(made).content
        assert "**Track 0**, **Track 1**" in shown(made).content
        assert "2 tracks" in (await posted(world)).content

    async def test_a_form_whose_name_is_taken_says_so(self, world: World) -> None:
        answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
        form = await choose(world.mika, answer, "add", "1000")
        elsewhere = world.guild.create_text_channel("elsewhere")
        await world.noor.slash(elsewhere, "shortlist new", name="Boss fight")
        result = await world.mika.submit_modal(form, {"name": "boss fight"})
        simcord.assert_error(world.env, BotError)

        assert result.ephemeral
        assert "already" in shown(result).content

    async def test_of_two_forms_the_second_adds_to_what_the_first_has_made(self, world: World) -> None:
        answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
        first = await choose(world.mika, answer, "add", "1000")
        second = await choose(world.noor, answer, "add", "1001")
        await world.mika.submit_modal(first, {"name": "Boss fight"})
        added = await world.noor.submit_modal(second, {"name": "Boss"})

        assert shown(added).content == "Added to 📋 **Boss fight**: **Track 1**"
        assert "**1 shortlist**" in shown(await world.mika.slash(world.channel, "shortlist list")).content

    async def test_a_form_for_tracks_that_are_forgotten_makes_nothing(self, world: World) -> None:
        answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
        form = await choose(world.mika, answer, "add", "1000")
        await bot_of(world).database.tracks.expire(9e12, 1000)
        result = await world.mika.submit_modal(form, {"name": "Boss fight"})
        simcord.assert_error(world.env, BotError)
        await world.mika.slash(world.channel, "shortlist list")
        simcord.assert_error(world.env, BotError)

        assert "don't remember those tracks" in shown(result).content

    async def test_a_form_from_before_a_restart_is_answered(self, world: World) -> None:
        answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
        form = await choose(world.mika, answer, "add", "1000")
        await world.restart()
        result = await world.mika.submit_modal(form, {"name": "Boss fight"})
        await world.env.advance_time(2)

        assert result.ephemeral
        assert "This form is out of date" in shown(result).content

    async def test_the_menu_works_after_a_restart_and_costs_no_request(
        self, world: World, service: Service
    ) -> None:
        answer = await collected(world, "1000")
        await world.restart()
        await choose(world.noor, answer, "add", "1004")

        assert "2 tracks" in (await posted(world)).content
        assert len(service.requests) == 1

    async def test_a_thousand_tracks_are_all(self, world: World, service: Service) -> None:
        service.catalogue = [track(number) for number in range(5)]
        answer = await collected(world, "1000", "1001")
        await fill(world, 997)
        result = await choose(world.noor, answer, "add", "1002", "1003")

        assert "Added to 📋 **Boss fight**: **Track 2**" in shown(result).content
        assert "a shortlist holds 1,000 tracks at most: **Track 3**" in shown(result).content
        assert "1,000 tracks · page 1 of 100" in (await posted(world)).content


class TestAddingById:
    @pytest.mark.parametrize(
        "written",
        [
            "1007",
            " rbxassetid://1007 ",
            "https://create.roblox.com/store/asset/1007/Some-Name-2",
            "https://www.roblox.com/library/1007/x",
            "http://www.roblox.com/asset/?id=1007",
            "https://www.roblox.com/asset?version=1&ID=1007",
            "https://create.roblox.com/dashboard/creations/store/1007/configure",
            "00001007",
            "１００７\u200b",
        ],
    )
    async def test_a_track_that_was_seen_costs_nothing(
        self, world: World, service: Service, written: str
    ) -> None:
        await collected(world)
        result = await world.noor.slash(world.channel, "shortlist add", asset_id=written)

        assert shown(result).content == "Added to 📋 **Boss fight**: **Track 7**"
        assert len(service.requests) == 1

    async def test_an_unknown_one_is_looked_up_with_one_request(self, world: World, service: Service) -> None:
        asset_id = str(2**60 + 1)
        service.catalogue = [track(1, asset_id=asset_id, name="Far away")]
        await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
        result = await world.noor.slash(world.channel, "shortlist add", asset_id=asset_id)

        assert result.ephemeral
        assert "**Far away**" in shown(result).content
        assert [asked["query"] for asked in service.asked] == [asset_id]

    async def test_an_answer_that_is_not_that_id_adds_nothing(self, world: World, service: Service) -> None:
        await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
        result = await world.noor.slash(world.channel, "shortlist add", asset_id="99999")
        simcord.assert_error(world.env, BotError)

        assert "knows no track with the id 99999" in told(result).content
        assert len(service.requests) == 1
        assert "0 tracks" in (await posted(world)).content

    @pytest.mark.parametrize(
        "written",
        [
            "boss fight",
            "https://example.com/1007",
            "https://www.roblox.com/games/5?userid=7",
            "https://www.roblox.com/bundles/5/x?id=9",
            "1" * 30,
            "-5",
            "000",
        ],
    )
    async def test_what_is_no_id_is_refused_before_anything_is_asked(
        self, world: World, service: Service, written: str
    ) -> None:
        await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
        result = await world.noor.slash(world.channel, "shortlist add", asset_id=written)
        simcord.assert_error(world.env, BotError)

        assert "can't read that" in shown(result).content
        assert service.requests == []

    async def test_a_look_up_that_failed_can_be_tried_again(self, world: World, service: Service) -> None:
        await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
        service.reply(500)
        failed = await world.noor.slash(world.channel, "shortlist add", asset_id="1007")
        simcord.assert_error(world.env, BotError)
        service.heal()
        service.catalogue = [track(7)]
        message = shown(failed)
        await press(world.noor, message, "Try again")

        assert message.content == "Added to 📋 **Boss fight**: **Track 7**"

    async def test_a_shortlist_that_is_closed_during_a_look_up_is_called_closed(
        self, world: World, service: Service, tmp_path: Path
    ) -> None:
        await world.mika.slash(world.channel, "shortlist new", name="Boss fight")

        def close(_: httpx.Request) -> httpx.Response:
            with closing(sqlite3.connect(tmp_path / "test.db")) as sqlite:
                sqlite.execute("UPDATE shortlists SET closed_at = 1")
                sqlite.commit()
            return httpx.Response(200, json=answer([track(1)]))

        service.handler = close
        result = await world.noor.slash(world.channel, "shortlist add", asset_id="1001")

        assert shown(result).content == "Not added, as 📋 **Boss fight** has just been closed: **Track 1**"

    async def test_what_is_closed_spends_no_budget(self, world: World, service: Service) -> None:
        await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
        await world.mika.slash(world.channel, "shortlist close")
        result = await world.noor.slash(world.channel, "shortlist add", asset_id="1001")
        simcord.assert_error(world.env, BotError)

        assert "is closed" in shown(result).content
        assert service.requests == []


class TestOnASmallBudget:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(member=parse_rates("1/hour"), guild=parse_rates("9/hour"), key=parse_rates("9/hour"))

    async def test_a_look_up_is_paid_for_as_any_search_is(self, world: World, service: Service) -> None:
        service.catalogue = [track(1), track(2)]
        await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
        await world.noor.slash(world.channel, "shortlist add", asset_id="99999")
        again = await world.noor.slash(world.channel, "shortlist add", asset_id="77777")
        simcord.assert_error(world.env, BotError)
        other = await world.sam.slash(world.channel, "shortlist add", asset_id="1001")

        assert again.ephemeral
        assert "used up your searches" in shown(again).content
        assert "**Track 1**" in shown(other).content
        assert len(service.requests) == 1


class TestDeciding:
    async def test_closing_names_the_winners_and_freezes(self, world: World) -> None:
        answer = await collected(world)
        ballot = (await choose(world.noor, await posted(world), "ballot", "1001")).followups[0]
        await press(world.noor, ballot, "👍")
        closed = shown(await world.mika.slash(world.channel, "shortlist close"))
        vote = await press(world.sam, (await ballot_of(world, world.sam, "1001")), "Copy id")
        added = await choose(world.noor, answer, "add", "1004")

        assert "🥇 [Track 1](" in closed.content
        assert "🥈" not in closed.content
        assert "rbxassetid://1001" in shown(vote).content
        assert "is closed" in shown(added).content
        assert "🏆" in ranked(await posted(world)).splitlines()[0]

    async def test_a_vote_after_the_end_is_refused_and_goes_through_when_reopened(self, world: World) -> None:
        await collected(world)
        ballot = await ballot_of(world, world.noor, "1001")
        await world.mika.slash(world.channel, "shortlist close")
        refused = await press(world.noor, ballot, "👍")
        await world.mika.slash(world.channel, "shortlist reopen")
        await press(world.noor, ballot, "👍")

        assert refused.ephemeral
        assert "closed" in shown(refused).content
        assert "your vote: 👍" in ballot.content

    async def test_without_a_vote_nobody_wins(self, world: World) -> None:
        await collected(world)

        assert "none has won" in shown(await world.mika.slash(world.channel, "shortlist close")).content

    @pytest.mark.parametrize(
        ("command", "given"),
        [
            ("close", {}),
            ("reopen", {}),
            ("delete", {}),
            ("rename", {"to": "x"}),
            ("remove", {"track": "1000"}),
        ],
    )
    async def test_only_the_maker_and_moderators_may(
        self, world: World, command: str, given: dict[str, str]
    ) -> None:
        await collected(world)
        if command == "reopen":
            await world.mika.slash(world.channel, "shortlist close")
        refused = await world.noor.slash(world.channel, f"shortlist {command}", **given)
        simcord.assert_error(world.env, BotError)
        allowed = await world.sam.slash(world.channel, f"shortlist {command}", **given)

        assert "Only who made this shortlist, or a moderator" in shown(refused).content
        assert "Only" not in shown(allowed).content

    async def test_deleting_asks_first_and_checks_again(self, world: World) -> None:
        await collected(world)
        question = await world.mika.slash(world.channel, "shortlist delete")
        assert question.ephemeral
        assert "3 tracks" in shown(question).content
        assert "3 tracks" in (await posted(world)).content
        deleted = await press(world.mika, shown(question), "Delete it")
        gone = await world.mika.slash(world.channel, "shortlist show")
        simcord.assert_error(world.env, BotError)

        assert "is deleted" in shown(deleted).content
        assert "No shortlist is open" in shown(gone).content

    async def test_a_press_to_delete_that_was_forged_is_refused(self, world: World) -> None:
        await collected(world)
        await world.noor.slash(world.channel, "shortlist new", name="Mine")
        own = shown(await world.noor.slash(world.channel, "shortlist delete", name="Mine"))
        stored = world.env.backend.get_message(own.channel_id, own.id)
        stored.components[0]["components"][0]["custom_id"] = "delete:1"
        result = await world.noor.click(own.message, custom_id="delete:1")

        assert "Only who made" in shown(result).content
        await world.mika.slash(world.channel, "shortlist open", name="Boss fight")
        assert "3 tracks" in (await posted(world)).content

    async def test_a_deleted_shortlists_post_says_so(self, world: World) -> None:
        await collected(world)
        post = await posted(world)
        question = await world.mika.slash(world.channel, "shortlist delete")
        await press(world.mika, shown(question), "Delete it")
        await world.env.advance_time(4)

        assert "deleted" in post.content
        assert post.components == []

    async def test_a_track_is_removed_with_its_votes(self, world: World) -> None:
        await collected(world)
        await press(world.noor, await ballot_of(world, world.noor, "1000"), "👍")
        await world.mika.slash(world.channel, "shortlist remove", track="1000")
        await world.noor.slash(world.channel, "shortlist add", asset_id="1000")

        assert ranked(await posted(world)).splitlines()[4:] == [
            "**3.** [Track 0](1000) · Artist 0",
            "👍 0 · 👎 0 · 80 BPM · 2:30 · Lo-Fi",
        ]


async def ballot_of(world: World, who: simcord.MemberActor, asset_id: str) -> simcord.ResponseMessage:
    return (await choose(who, await posted(world), "ballot", asset_id)).followups[0]


class TestTakingAway:
    async def test_an_export_is_attached_best_first(self, world: World) -> None:
        await collected(world)
        await press(world.noor, await ballot_of(world, world.noor, "1002"), "👍")
        files = {}
        for form in ("luau", "csv", "json", "ids"):
            message = shown(await world.noor.slash(world.channel, "shortlist export", format=form))
            files[message.attachments[0].filename] = (await message.attachments[0].read()).decode("utf-8-sig")

        assert set(files) == {"boss-fight.luau", "boss-fight.csv", "boss-fight.json", "boss-fight.txt"}
        assert files["boss-fight.txt"].split() == ["1002", "1000", "1001"]
        table = lua51.LuaRuntime().execute(files["boss-fight.luau"])
        assert table["Track 2"]["id"] == "rbxassetid://1002"
        assert table["Track 2"]["rank"] == 1
        assert json.loads(files["boss-fight.json"])["tracks"][0]["likes"] == 1

    async def test_nothing_to_export_is_said(self, world: World) -> None:
        await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
        result = await world.mika.slash(world.channel, "shortlist export", format="csv")
        simcord.assert_error(world.env, BotError)

        assert "nothing on" in shown(result).content

    async def test_one_press_copies_one_id(self, world: World) -> None:
        await collected(world)
        (copied,) = (await choose(world.noor, await posted(world), "copy", "1001")).followups

        assert copied.ephemeral
        assert copied.content == "```\nrbxassetid://1001\n```"


class TestComparing:
    async def test_two_to_four_tracks_stand_side_by_side(self, world: World) -> None:
        await collected(world, "1000", "1001", "1002", "1003")
        note = await world.noor.slash(world.channel, "shortlist note", track="1001", text="too sad")
        message = shown(
            await world.mika.slash(
                world.channel, "shortlist compare", first="1001", second="1000", third="1002", fourth="1003"
            )
        )

        fields = message.embeds[0].fields
        assert note.ephemeral
        names = [field.name for field in fields]
        assert names == ["Track 1", "Track 0", "\u200b", "Track 2", "Track 3", "\u200b"]
        assert fields[0].value == "**Artist 1**\n81 BPM\n2:31\nLo-Fi\n👍 0 · 👎 0\n💬 too sad"
        assert all(field.inline for field in fields)

    async def test_one_track_twice_is_refused(self, world: World) -> None:
        await collected(world)
        result = await world.mika.slash(world.channel, "shortlist compare", first="1001", second="1001")
        simcord.assert_error(world.env, BotError)

        assert "the same track twice" in shown(result).content


class TestAutocomplete:
    async def test_names_and_tracks_are_offered(self, world: World) -> None:
        await collected(world)
        await world.mika.slash(world.channel, "shortlist new", name="Menu")
        names = await world.mika.autocomplete(world.channel, "shortlist open", "name", "boss")
        await world.mika.slash(world.channel, "shortlist open", name="Boss fight")
        tracks = await world.mika.autocomplete(
            world.channel, "shortlist compare", "first", "TRACK 1", second="x"
        )

        assert names == [{"name": "Boss fight", "value": "Boss fight"}]
        assert tracks == [{"name": "2. Track 1 · Artist 1", "value": "1001"}]

    async def test_what_was_not_chosen_from_the_list_is_refused(self, world: World) -> None:
        await collected(world)
        result = await world.mika.slash(world.channel, "shortlist remove", track="Track 1")
        simcord.assert_error(world.env, BotError)

        assert "Choose a track from the list" in shown(result).content


async def test_another_server_sees_nothing_of_it(world: World) -> None:
    await collected(world)
    other = world.env.create_guild("Other server")
    channel = other.create_text_channel("music")
    stranger = other.add_member(world.env.create_user("stranger"))
    names = await stranger.autocomplete(channel, "shortlist open", "name", "boss")
    await stranger.slash(channel, "shortlist new", name="Boss fight")
    answer = shown(await stranger.slash(channel, "music", query="calm"))
    await choose(stranger, answer, "add", "1000")
    post = shown(await stranger.slash(channel, "shortlist show"))
    stored = world.env.backend.get_message(post.channel_id, post.id)
    stored.components[0]["components"][0]["custom_id"] = "ballot:1:1"
    result = await stranger.select(post.message, ["1000"], custom_id="ballot:1:1")

    assert names == []
    assert result.ephemeral
    assert "gone" in shown(result).content


HOSTILE = "**b** _i_ [x](http://x.io) <@1> @all"
ESCAPED = r"\*\*b\*\* \_i\_ \[x\](http\://x.io) \<\@1\> \@all"


async def test_names_briefs_and_notes_of_members_are_shown_as_they_are_typed(world: World) -> None:
    shown_texts: list[str | None] = []
    new = await world.mika.slash(world.channel, "shortlist new", name=HOSTILE, brief=HOSTILE)
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    added = await choose(world.mika, answer, "add", "1000", "1001")
    await world.noor.slash(world.channel, "shortlist note", track="1000", text=HOSTILE)
    post = await posted(world)
    paper = (await choose(world.noor, post, "ballot", "1000")).followups[0]
    compared = await world.noor.slash(world.channel, "shortlist compare", first="1000", second="1001")
    listed = await world.noor.slash(world.channel, "shortlist list")
    exported = await world.noor.slash(world.channel, "shortlist export", format="ids")
    asked = await world.mika.slash(world.channel, "shortlist delete")
    closed = await world.mika.slash(world.channel, "shortlist close")
    results = (new, added, compared, listed, exported, asked, closed)
    for message in (*map(shown, results), post, paper):
        shown_texts.append(message.content)
        for embed in message.embeds:
            shown_texts += [embed.title, embed.description, *(field.value for field in embed.fields)]
    together = "\n".join(filter(None, shown_texts))

    assert together.count(ESCAPED) >= len(results) + 6
    assert not re.search(r"(?<!\\)\*\*b|(?<!\\)<@1>|(?<!\\)@all", together)


async def test_a_file_that_discord_would_not_take_is_refused_in_private(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await collected(world)
    monkeypatch.setattr(service, "export", lambda *_: ("large.csv", b"x" * (200 * 2**20)))
    result = await world.mika.slash(world.channel, "shortlist export", format="csv")
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "larger than Discord takes" in shown(result).content

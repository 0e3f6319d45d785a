"""Votes and notes: one per member and track, stored at once and visible on every ballot."""

from pathlib import Path

import pytest
import simcord

from bot.errors import BotError
from tests.support.members import labels, press, shown
from tests.support.shortlists import (
    IN_BETWEEN,
    add_members,
    bot_of,
    change_before,
    collect_tracks,
    open_ballot,
    post_ranking,
    ranking_text,
    run_sql,
)
from tests.support.world import World


async def test_a_vote_can_be_changed_and_withdrawn(world: World) -> None:
    await collect_tracks(world)
    ballot = await open_ballot(world.noor, await post_ranking(world), "1001")
    said = []
    for label in ("👍", "👎", "Withdraw my vote"):
        await press(world.noor, ballot, label)
        said.append(
            (
                ballot.content.splitlines()[0].split("vote: ")[1],
                (ballot.embeds[0].description or "").splitlines()[2],
            )
        )

    assert said == [("👍", "👍 1 · 👎 0"), ("👎", "👍 0 · 👎 1"), ("none yet", "👍 0 · 👎 0")]
    assert ("Withdraw my vote", False) in labels(ballot)


async def test_a_vote_on_a_closed_shortlist_is_refused_until_it_is_reopened(world: World) -> None:
    await collect_tracks(world)
    ballot = await open_ballot(world.noor, await post_ranking(world), "1001")
    await world.mika.slash(world.channel, "shortlist close")
    refused = await press(world.noor, ballot, "👍")
    await world.mika.slash(world.channel, "shortlist reopen")
    await press(world.noor, ballot, "👍")

    assert refused.ephemeral
    assert "closed" in shown(refused).content
    assert "your vote: 👍" in ballot.content


async def test_next_shows_each_track_without_the_members_vote(world: World) -> None:
    await collect_tracks(world)
    ballot = await open_ballot(world.noor, await post_ranking(world), "1000")
    seen = []
    for _ in range(3):
        await press(world.noor, ballot, "👍")
        seen.append(ballot.embeds[0].title)
        last = await press(world.noor, ballot, "Next without my vote")

    assert seen == ["Track 0", "Track 1", "Track 2"]
    assert "voted on every track" in shown(last).content


async def test_next_goes_around_tracks_that_were_skipped(world: World) -> None:
    await collect_tracks(world)
    ballot = await open_ballot(world.noor, await post_ranking(world), "1000")
    seen = []
    for _ in range(4):
        await press(world.noor, ballot, "Next without my vote")
        seen.append(ballot.embeds[0].title)
    for _ in range(2):
        await press(world.noor, ballot, "👍")
        await press(world.noor, ballot, "Next without my vote")
    last = await press(world.noor, ballot, "Next without my vote")

    assert seen == ["Track 1", "Track 2", "Track 0", "Track 1"]
    assert "the only track left" in shown(last).content


@pytest.mark.parametrize("table", ["shortlist_votes", "shortlist_notes"])
async def test_a_track_that_is_removed_at_the_same_moment_is_not_called_closed(
    world: World, tmp_path: Path, table: str
) -> None:
    await collect_tracks(world)
    ballot = await open_ballot(world.noor, await post_ranking(world), "1000")
    run_sql(
        tmp_path / "test.db",
        f"CREATE TRIGGER gone BEFORE INSERT ON {table} BEGIN SELECT raise(IGNORE); END",
    )
    if table == "shortlist_votes":
        result = await press(world.noor, ballot, "👍")
    else:
        result = await world.noor.slash(world.channel, "shortlist note", track="1000", text="x")
        simcord.assert_error(world.env, BotError)

    assert "isn't on the shortlist any more" in shown(result).content


async def test_a_notes_length_counts_as_in_discord_and_a_ballot_shows_whole_notes(world: World) -> None:
    await collect_tracks(world)
    result = await world.noor.slash(world.channel, "shortlist note", track="1000", text="🔥" * 101)
    simcord.assert_error(world.env, BotError)
    note = "*" * 199 + "!"
    for who in add_members(world, 7):
        await who.slash(world.channel, "shortlist note", track="1000", text=note)
    ballot = await open_ballot(world.sam, await post_ranking(world), "1000")

    assert shown(result).content == (
        "A note can have at most 200 characters, and yours has 202, as an emoji counts for two or more."
    )
    assert ballot.content.count("\\*" * 199 + "!") == 4
    assert "3 more notes aren't shown" in ballot.content
    assert len(ballot.content) <= 2000


async def test_a_note_is_visible_to_everybody_and_can_be_edited_and_removed(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    ballot = await open_ballot(world.noor, post, "1001")
    form = await press(world.noor, ballot, "Note …")
    await world.noor.submit_modal(form, {"note": "too **sad** after the drop"})
    await world.mika.slash(world.channel, "shortlist note", track="1001", text="loops well")
    assert f"<@{world.noor.id}>: too \\*\\*sad\\*\\* after the drop" in ballot.content
    await world.env.advance_time(4)
    first = ranking_text(post)
    form = await press(world.noor, ballot, "Note …")
    assert form.modal is not None
    assert form.modal["components"][0]["component"]["value"] == "too **sad** after the drop"
    await world.noor.submit_modal(form, {"note": ""})
    await world.env.advance_time(4)

    assert "(+1)" in first
    assert "💬 *loops well*" in ranking_text(post)
    assert "(+1)" not in ranking_text(post)


async def test_a_note_that_is_too_long_is_refused_with_its_length(world: World) -> None:
    await collect_tracks(world)
    result = await world.noor.slash(world.channel, "shortlist note", track="1001", text="x" * 201)
    simcord.assert_error(world.env, BotError)

    assert shown(result).content == "A note can have at most 200 characters, and yours has 201."
    await world.noor.slash(world.channel, "shortlist note", track="1001", text="y" * 200)
    assert "yyy" in ranking_text(await post_ranking(world))


async def test_four_tracks_are_compared_in_two_rows(world: World) -> None:
    await collect_tracks(world, "1000", "1001", "1002", "1003")
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


async def test_comparing_a_track_with_itself_is_refused(world: World) -> None:
    await collect_tracks(world)
    result = await world.mika.slash(world.channel, "shortlist compare", first="1001", second="1001")
    simcord.assert_error(world.env, BotError)

    assert "the same track twice" in shown(result).content


@IN_BETWEEN
@pytest.mark.parametrize("label", ["👍", "Withdraw my vote"])
async def test_a_vote_is_not_called_stored_if_its_shortlist_changes_first(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, label: str, sql: str, reply: str
) -> None:
    await collect_tracks(world)
    ballot = await open_ballot(world.noor, await post_ranking(world), "1000")
    await press(world.noor, ballot, "👎")
    votes = bot_of(world).database.votes
    for method in ("vote", "remove"):
        change_before(monkeypatch, votes, method, tmp_path / "test.db", sql)
    result = await press(world.noor, ballot, label)

    assert result.ephemeral
    assert reply in shown(result).content
    assert "your vote: 👎" in ballot.content


@IN_BETWEEN
@pytest.mark.parametrize("text", ["too sad", ""])
@pytest.mark.parametrize("from_ballot", [True, False])
async def test_a_note_is_not_called_saved_or_removed_if_its_shortlist_changes_first(  # noqa: PLR0913 (a table)
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    text: str,
    sql: str,
    reply: str,
    *,
    from_ballot: bool,
) -> None:
    await collect_tracks(world)
    await world.noor.slash(world.channel, "shortlist note", track="1000", text="loops well")
    ballot = await open_ballot(world.noor, await post_ranking(world), "1000")
    modal = await press(world.noor, ballot, "Note …")
    notes = bot_of(world).database.notes
    for method in ("put", "remove"):
        change_before(monkeypatch, notes, method, tmp_path / "test.db", sql)
    if from_ballot:
        result = await world.noor.submit_modal(modal, {"note": text})
    else:
        result = await world.noor.slash(world.channel, "shortlist note", track="1000", text=text)
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert reply in shown(result).content


async def test_a_vote_on_a_ballot_of_a_deleted_shortlist_says_that_it_is_gone(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await collect_tracks(world)
    ballot = await open_ballot(world.noor, await post_ranking(world), "1000")
    entries = bot_of(world).database.entries
    change_before(monkeypatch, entries, "get", tmp_path / "test.db", "DELETE FROM shortlists")
    result = await press(world.noor, ballot, "👍")

    assert "That shortlist is gone" in shown(result).content


async def test_a_note_is_saved_and_removed_and_a_missing_one_is_called_missing(world: World) -> None:
    await collect_tracks(world)
    replies = []
    for text in ("loops well", "", ""):
        result = await world.noor.slash(world.channel, "shortlist note", track="1000", text=text)
        replies.append(shown(result).content)

    assert replies == [
        "Your note is saved. Everybody can read it.",
        "Your note is removed.",
        "You have no note on that track.",
    ]


async def test_a_note_and_its_removal_are_shown_on_the_post_after_seconds(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    await world.noor.slash(world.channel, "shortlist note", track="1000", text="loops well")
    await world.env.advance_time(4)
    with_note = ranking_text(post)
    await world.noor.slash(world.channel, "shortlist note", track="1000", text="")
    await world.env.advance_time(4)

    assert "💬 *loops well*" in with_note
    assert "💬" not in ranking_text(post)

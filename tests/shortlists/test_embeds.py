"""Texts and embeds of shortlists stay within Discord's limits and show names as typed."""

import re

import pytest
from msgspec.structs import replace
from simcord import ResponseMessage

from bot.models.search import Track
from bot.models.shortlists import Entry, Note
from bot.shortlists.embeds import (
    added_message,
    ballot_message,
    decision,
    hidden_line,
    list_headline,
    ranking_message,
)
from bot.shortlists.ranking import Ranking
from tests.support.members import choose, shown
from tests.support.shortlists import (
    SHORTLIST,
    open_ballot,
    post_ranking,
    ranking_of,
)
from tests.support.world import World


def test_a_decision_with_the_longest_names_fits_in_a_message() -> None:
    name = "*" * 500
    entries = [
        Entry(Track(str(10**19 + n), name, artist=name), 1, 1.0, None, 1000, 0, 0, None) for n in range(50)
    ]
    shortlist = replace(SHORTLIST, name="*" * 50)
    words = decision(Ranking(shortlist, entries, 0))

    assert len(words) <= 2000
    assert words.count("🥇") == 7
    assert "and 43 more" in words


HOSTILE = "**b** _i_ [x](http://x.io) <@1> @all"
ESCAPED = r"\*\*b\*\* \_i\_ \[x\](http\://x.io) \<\@1\> \@all"


async def test_names_briefs_and_notes_are_shown_as_typed(world: World) -> None:
    new = await world.mika.slash(world.channel, "shortlist new", name=HOSTILE, brief=HOSTILE)
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    added = await choose(world.mika, answer, "add", "1000", "1001")
    await world.noor.slash(world.channel, "shortlist note", track="1000", text=HOSTILE)
    post = await post_ranking(world)
    ballot = await open_ballot(world.noor, post, "1000")
    compared = await world.noor.slash(world.channel, "shortlist compare", first="1000", second="1001")
    listed = await world.noor.slash(world.channel, "shortlist list")
    exported = await world.noor.slash(world.channel, "shortlist export", format="ids")
    asked = await world.mika.slash(world.channel, "shortlist delete")
    closed = await world.mika.slash(world.channel, "shortlist close")
    texts = [visible_text(message) for message in (post, ballot)]
    texts += [visible_text(shown(each)) for each in (new, added, compared, listed, exported, asked, closed)]

    for text in texts:
        assert ESCAPED in text
        assert not re.search(r"(?<!\\)\*\*b|(?<!\\)<@1>|(?<!\\)@all", text)
    # The name with the brief and a note; the name with a note; the name and the brief; the title and a note.
    assert [text.count(ESCAPED) for text in texts[:3]] == [3, 2, 2]
    assert texts[4].count(ESCAPED) == 2


def visible_text(message: ResponseMessage) -> str:
    """The content and the embeds of a message."""
    parts: list[str | None] = [message.content]
    for embed in message.embeds:
        parts += [embed.title, embed.description, *(field.value for field in embed.fields)]
    return "\n".join(filter(None, parts))


def test_counts_are_singular_and_plural_sentences() -> None:
    tracks = [Track("1", "One"), Track("2", "Two")]

    assert "· 1 track" in ranking_message(ranking_of(*tracks[:1]), 1)[0]
    assert "· 2 tracks" in ranking_message(ranking_of(*tracks), 1)[0]
    assert hidden_line(Ranking(SHORTLIST, [], 0)) == []
    assert hidden_line(Ranking(SHORTLIST, [], 1)) == ["-# 1 track is hidden by this server's filters."]
    assert hidden_line(Ranking(SHORTLIST, [], 1200)) == [
        "-# 1,200 tracks are hidden by this server's filters."
    ]
    assert list_headline(1, 1, 1) == "**1 shortlist** in this server"
    assert list_headline(30, 2, 2) == "**30 shortlists** in this server · page 2 of 2"
    assert decision(ranking_of(*tracks[:1])).startswith("🔒 📋 **Boss fight: 🔥** is closed. The winner:\n")
    assert decision(ranking_of(*tracks)).startswith("🔒 📋 **Boss fight: 🔥** is closed. The winners:\n")


def test_the_reply_to_adding_has_a_line_for_each_outcome() -> None:
    tracks = [Track("1", "One"), Track("2", "Two"), Track("3", "Three")]
    reply = added_message(
        SHORTLIST, added=tracks[:1], known=tracks[1:2], left_out=tracks[2:], is_full=True, hidden_count=2
    )

    assert reply.splitlines() == [
        "Added to 📋 **Boss fight: 🔥**: **One**",
        "Already on 📋 **Boss fight: 🔥**: **Two**",
        "Not added, because a shortlist holds 1,000 tracks at most: **Three**",
        "2 tracks were not added, because this server's filters hide them.",
    ]


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_ballot_with_the_longest_texts_fits_in_a_message(*, is_closed: bool) -> None:
    shortlist = replace(SHORTLIST, name="*" * 50, closed_at=1.0 if is_closed else None)
    (entry,) = ranking_of(Track("1", "*" * 500, artist="*" * 500)).entries
    notes = [Note(2**60 + number, "*" * 200, 1.0) for number in range(1200)]
    content, embed = ballot_message(shortlist, replace(entry, found_by="*" * 200), notes, 1)
    named = content.count("💬")

    assert len(content) <= 2000
    assert named > 0
    assert content.endswith(f"\n-# {1200 - named:,} more notes aren't shown.")
    assert ("🔒 closed" in content) == is_closed
    assert len(embed) <= 6000

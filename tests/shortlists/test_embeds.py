"""Texts and embeds of shortlists stay within Discord's limits and show names as typed."""

import re

from msgspec.structs import replace

from bot.models.search import Track
from bot.models.shortlists import Entry
from bot.shortlists.embeds import decision
from bot.shortlists.ranking import Ranking
from tests.support.members import choose, shown
from tests.support.shortlists import (
    SHORTLIST,
    post_ranking,
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
    shown_texts: list[str | None] = []
    new = await world.mika.slash(world.channel, "shortlist new", name=HOSTILE, brief=HOSTILE)
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    added = await choose(world.mika, answer, "add", "1000", "1001")
    await world.noor.slash(world.channel, "shortlist note", track="1000", text=HOSTILE)
    post = await post_ranking(world)
    ballot = (await choose(world.noor, post, "ballot", "1000")).followups[0]
    compared = await world.noor.slash(world.channel, "shortlist compare", first="1000", second="1001")
    listed = await world.noor.slash(world.channel, "shortlist list")
    exported = await world.noor.slash(world.channel, "shortlist export", format="ids")
    asked = await world.mika.slash(world.channel, "shortlist delete")
    closed = await world.mika.slash(world.channel, "shortlist close")
    results = (new, added, compared, listed, exported, asked, closed)
    for message in (*map(shown, results), post, ballot):
        shown_texts.append(message.content)
        for embed in message.embeds:
            shown_texts += [embed.title, embed.description, *(field.value for field in embed.fields)]
    together = "\n".join(filter(None, shown_texts))

    assert together.count(ESCAPED) >= len(results) + 6
    assert not re.search(r"(?<!\\)\*\*b|(?<!\\)<@1>|(?<!\\)@all", together)

"""Bot: presses find their component by the custom id alone, and nothing is left unanswered."""

import pytest

from bot.bot import COGS, PERSISTENT_ITEMS
from tests.support.members import forged_press, shown
from tests.support.world import World

IDS_IN_THE_WILD = {
    "page:1:2": "PageButton",
    "again:1:2": "RetryButton",
    "add:1:2": "AddTracksMenu",
    "like:1:2": "SimilarMenu",
    "unrule:12:1": "RemoveRuleButton",
    "rules:0:2": "RulesPageButton",
    "rule-changes:0:2": "HistoryButton",
    "reset-rules:17:0": "ResetButton",
    "list:1:2": "RankingButton",
    "ballot:1:2": "BallotMenu",
    "copy:1:2": "CopyMenu",
    "up:1:1837849285": "BallotButton",
    "down:1:1837849285": "BallotButton",
    "none:1:1837849285": "BallotButton",
    "note:1:1837849285": "BallotButton",
    "id:1:1837849285": "BallotButton",
    "next:1:1837849285": "BallotButton",
    "delete:1": "DeleteButton",
    "lists:2": "ListsButton",
    "delete:mine": "DeleteMineButton",
    "delete:server": "DeleteServersButton",
    "delete:server:surely": "DeleteServersSurelyButton",
}


@pytest.mark.parametrize("custom_id", IDS_IN_THE_WILD)
def test_a_custom_id_in_the_wild_belongs_to_one_component(custom_id: str) -> None:
    assert len([kind for kind in PERSISTENT_ITEMS if kind.pattern.fullmatch(custom_id)]) == 1


@pytest.mark.parametrize(
    "custom_id", ["", "page:1", "page:-1:2", "page:1:2:3", "page:1:2\n", "up:1:x", "other:1:2"]
)
def test_any_other_custom_id_belongs_to_none(custom_id: str) -> None:
    assert [kind for kind in PERSISTENT_ITEMS if kind.pattern.fullmatch(custom_id)] == []


async def test_a_press_with_an_unknown_custom_id_is_told_that_it_is_out_of_date(world: World) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    result = await forged_press(world, world.noor, answer, "of:another:version")
    await world.env.advance_time(2)

    assert result.ephemeral
    assert shown(result).content == "This button or menu is out of date. Please run the command again."


async def test_every_cog_is_loaded(world: World) -> None:
    assert set(world.bot.extensions) == set(COGS)


async def test_everything_found_is_stored_before_the_bot_closes(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    await world.bot.close()

    assert await world.bot.database.maintenance.count_windows() == 1

"""What can be pressed on shortlists; ids carry all that is needed after a restart."""

import re
from functools import partial
from typing import Any, Final, Self

import discord
from discord import ui

from bot.interactions.client import Interaction, service_of
from bot.interactions.components import (
    PersistentItem,
    PersistentItemType,
    PersistentView,
    TargetButton,
    TargetMenu,
    page_buttons,
    target_template,
)
from bot.models.shortlists import Vote
from bot.search.components import track_option
from bot.shortlists.actions import AddActions, BallotActions, ListActions, PostActions
from bot.shortlists.ranking import Ranking

_ID: Final = r"(?P<shortlist_id>\d{1,18})"
_ACTS: Final = ("up", "down", "none", "note", "id", "next")
_ASSET: Final = r"(?P<asset_id>\d{1,20})"


class AddTracksMenu(TargetMenu, template=target_template("add")):
    """Adds the tracks chosen, of a page of a search, to the channel's shortlist."""

    kind = "add"
    words = "Add to …"
    takes_several = True

    async def pressed(self, interaction: Interaction) -> None:
        await service_of(interaction, AddActions).add_chosen(interaction, self.number, self.chosen)


class RankingButton(TargetButton, template=target_template("list")):
    """Turns a post to its page, for everybody."""

    kind = "list"

    async def pressed(self, interaction: Interaction) -> None:
        await service_of(interaction, PostActions).show_page(interaction, self.number, self.page)


class BallotMenu(TargetMenu, template=target_template("ballot")):
    """Hands the member a ballot on the track chosen on a post's page, which they alone see."""

    kind = "ballot"
    words = "Vote 👍 👎 or write a note …"

    async def pressed(self, interaction: Interaction) -> None:
        voting = service_of(interaction, BallotActions)
        await voting.show_ballot(interaction, self.number, self.chosen[0], page=self.page)


class CopyMenu(TargetMenu, template=target_template("copy")):
    """Answers with an address that Discord lets the member copy."""

    kind = "copy"
    words = "Copy an id for the game …"

    async def pressed(self, interaction: Interaction) -> None:
        voting = service_of(interaction, BallotActions)
        await voting.send_asset_id_from_post(interaction, self.number, self.chosen[0], page=self.page)


class BallotButton(PersistentItem[ui.Button[Any]], template=rf"(?P<act>{'|'.join(_ACTS)}):{_ID}:{_ASSET}"):
    """What can be done with the one track that a ballot is about."""

    def __init__(
        self,
        act: str,
        shortlist_id: int,
        asset_id: str,
        *,
        label: str = "",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        self.act = act
        self.shortlist_id = shortlist_id
        self.asset_id = asset_id
        custom_id = f"{act}:{shortlist_id}:{asset_id}"
        super().__init__(ui.Button(label=label, style=style, disabled=disabled, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        label = getattr(item, "label", None) or ""
        return cls(match["act"], int(match["shortlist_id"]), match["asset_id"], label=label)

    async def pressed(self, interaction: Interaction) -> None:
        voting = service_of(interaction, BallotActions)
        if self.act == "note":
            await voting.open_note_modal(interaction, self.shortlist_id, self.asset_id)
        elif self.act == "id":
            await voting.send_asset_id(interaction, self.shortlist_id, self.asset_id)
        elif self.act == "next":
            await voting.show_next_ballot(interaction, self.shortlist_id, self.asset_id)
        else:
            await voting.vote(interaction, self.shortlist_id, self.asset_id, _VOTES[self.act])


_VOTES: Final[dict[str, Vote | None]] = {"up": 1, "down": -1, "none": None}


class DeleteButton(PersistentItem[ui.Button[Any]], template=rf"delete:{_ID}"):
    """Deletes a shortlist for good, after it was asked whether that is meant."""

    def __init__(self, shortlist_id: int) -> None:
        self.shortlist_id = shortlist_id
        style = discord.ButtonStyle.danger
        super().__init__(ui.Button(label="Delete it", style=style, custom_id=f"delete:{shortlist_id}"))

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["shortlist_id"]))

    async def pressed(self, interaction: Interaction) -> None:
        await service_of(interaction, ListActions).delete(interaction, self.shortlist_id)


class ListsButton(PersistentItem[ui.Button[Any]], template=r"lists:(?P<page>\d{1,3})"):
    """Turns the list of all shortlists to its page."""

    def __init__(self, page: int, *, label: str = "", disabled: bool = False, row: int | None = None) -> None:
        self.page = page
        super().__init__(ui.Button(label=label, disabled=disabled, custom_id=f"lists:{page}", row=row))

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["page"]), label=getattr(item, "label", None) or "")

    async def pressed(self, interaction: Interaction) -> None:
        await service_of(interaction, ListActions).list(interaction, self.page)


BUTTONS: Final[tuple[PersistentItemType, ...]] = (
    AddTracksMenu,
    RankingButton,
    BallotMenu,
    CopyMenu,
    BallotButton,
    DeleteButton,
    ListsButton,
)
"""Every kind of button and menu here that the bot must know again after a restart."""


def ranking_view(ranking: Ranking, page: int) -> ui.View:
    """What can be pressed under a post."""
    view = PersistentView()
    shortlist_id, number = ranking.shortlist.shortlist_id, ranking.nearest(page)
    if ranking.pages > 1:
        turn_to = partial(RankingButton, shortlist_id)
        for button in page_buttons(turn_to, number, has_next=number < ranking.pages):
            view.add_item(button)
    options = [track_option(entry.track, f"{place}. ") for place, entry in ranking.page(page)]
    if options:
        view.add_item(BallotMenu(shortlist_id, number, options))
        view.add_item(CopyMenu(shortlist_id, number, options))
    return view


def ballot_view(shortlist_id: int, asset_id: str, mine: Vote | None, *, is_closed: bool) -> ui.View:
    """👍, 👎 and the way back from them, a note, and the id to copy."""
    view = PersistentView()
    marks: tuple[tuple[str, str, Vote, discord.ButtonStyle], ...] = (
        ("up", "👍", 1, discord.ButtonStyle.success),
        ("down", "👎", -1, discord.ButtonStyle.danger),
    )
    for act, label, vote, style in marks:
        style = style if mine == vote else discord.ButtonStyle.secondary  # noqa: PLW2901 (only mine has a colour)
        view.add_item(BallotButton(act, shortlist_id, asset_id, label=label, style=style, disabled=is_closed))
    is_bare = mine is None or is_closed
    view.add_item(BallotButton("none", shortlist_id, asset_id, label="Withdraw my vote", disabled=is_bare))
    view.add_item(BallotButton("note", shortlist_id, asset_id, label="Note …", disabled=is_closed))
    view.add_item(BallotButton("id", shortlist_id, asset_id, label="Copy id"))
    view.add_item(BallotButton("next", shortlist_id, asset_id, label="Next without my vote"))
    return view


def delete_view(shortlist_id: int) -> ui.View:
    view = PersistentView()
    view.add_item(DeleteButton(shortlist_id))
    return view


def lists_view(page: int, pages: int) -> ui.View | None:
    """◀ and ▶, where there is more than one page."""
    if pages == 1:
        return None
    view = PersistentView()
    for button in page_buttons(ListsButton, page, has_next=page < pages):
        view.add_item(button)
    return view

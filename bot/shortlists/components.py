"""Buttons and menus of shortlists; their custom ids hold everything, so they work after a restart."""

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
)
from bot.models.shortlists import Vote
from bot.search.components import track_option
from bot.shortlists.actions import AddActions, BallotActions, ListActions, PostActions
from bot.shortlists.ranking import Ranking

_ID: Final = r"(?P<shortlist_id>\d{1,18})"
_ACTIONS: Final = ("up", "down", "none", "note", "id", "next")
_ASSET: Final = r"(?P<asset_id>\d{1,20})"


class AddTracksMenu(TargetMenu, kind="add"):
    """Menu below a page of search results: adds the chosen tracks to the channel's shortlist."""

    text = "Add to …"
    multiple = True

    async def respond(self, interaction: Interaction) -> None:
        await service_of(interaction, AddActions).add_chosen(interaction, self.target_id, self.chosen)


class RankingPageButton(TargetButton, kind="list"):
    """Button of a post: turns it to a page of its ranking, for everybody."""

    async def respond(self, interaction: Interaction) -> None:
        await service_of(interaction, PostActions).show_page(interaction, self.target_id, self.page)


class BallotMenu(TargetMenu, kind="ballot"):
    """Menu of a post: sends the member an ephemeral ballot on the chosen track."""

    text = "Vote 👍 👎 or write a note …"

    async def respond(self, interaction: Interaction) -> None:
        voting = service_of(interaction, BallotActions)
        await voting.show_ballot(interaction, self.target_id, self.chosen[0], page=self.page)


class CopyAssetIdMenu(TargetMenu, kind="copy"):
    """Menu of a post: sends the member the id of the chosen track, to copy."""

    text = "Copy an id for the game …"

    async def respond(self, interaction: Interaction) -> None:
        voting = service_of(interaction, BallotActions)
        await voting.send_asset_id_from_post(interaction, self.target_id, self.chosen[0], page=self.page)


class BallotButton(
    PersistentItem, ui.Button[Any], template=rf"(?P<action>{'|'.join(_ACTIONS)}):{_ID}:{_ASSET}"
):
    """Button of a ballot: a vote, the note, the id to copy, or the next track."""

    def __init__(
        self,
        action: str,
        shortlist_id: int,
        asset_id: str,
        *,
        label: str = "",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        self.action = action
        self.shortlist_id = shortlist_id
        self.asset_id = asset_id
        custom_id = f"{action}:{shortlist_id}:{asset_id}"
        super().__init__(label=label, style=style, disabled=disabled, custom_id=custom_id)

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        return cls(match["action"], int(match["shortlist_id"]), match["asset_id"])

    async def respond(self, interaction: Interaction) -> None:
        voting = service_of(interaction, BallotActions)
        if self.action == "note":
            await voting.open_note_modal(interaction, self.shortlist_id, self.asset_id)
        elif self.action == "id":
            await voting.send_asset_id(interaction, self.shortlist_id, self.asset_id)
        elif self.action == "next":
            await voting.show_next_ballot(interaction, self.shortlist_id, self.asset_id)
        else:
            await voting.vote(interaction, self.shortlist_id, self.asset_id, _VOTES[self.action])


_VOTES: Final[dict[str, Vote | None]] = {"up": 1, "down": -1, "none": None}


class DeleteShortlistButton(PersistentItem, ui.Button[Any], template=rf"delete:{_ID}"):
    """Button that confirms the deletion of a shortlist."""

    def __init__(self, shortlist_id: int) -> None:
        self.shortlist_id = shortlist_id
        style = discord.ButtonStyle.danger
        super().__init__(label="Delete it", style=style, custom_id=f"delete:{shortlist_id}")

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        return cls(int(match["shortlist_id"]))

    async def respond(self, interaction: Interaction) -> None:
        await service_of(interaction, ListActions).delete(interaction, self.shortlist_id)


class ListPageButton(PersistentItem, ui.Button[Any], template=r"lists:(?P<page>\d{1,3})"):
    """Button of the list of shortlists: turns it to a page."""

    def __init__(self, page: int, *, label: str = "", disabled: bool = False, row: int | None = None) -> None:
        self.page = page
        super().__init__(label=label, disabled=disabled, custom_id=f"lists:{page}", row=row)

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        return cls(int(match["page"]))

    async def respond(self, interaction: Interaction) -> None:
        await service_of(interaction, ListActions).list(interaction, self.page)


PERSISTENT_ITEMS: Final[tuple[PersistentItemType, ...]] = (
    AddTracksMenu,
    RankingPageButton,
    BallotMenu,
    CopyAssetIdMenu,
    BallotButton,
    DeleteShortlistButton,
    ListPageButton,
)
"""The buttons and menus of this package, which the bot registers when it starts."""


def ranking_view(ranking: Ranking, page: int) -> ui.View:
    """The buttons and menus of a post."""
    shortlist_id, page = ranking.shortlist.shortlist_id, ranking.clamp_page(page)
    items: list[ui.Item[Any]] = []
    if ranking.page_count > 1:
        turn_to = partial(RankingPageButton, shortlist_id)
        items += page_buttons(turn_to, page, has_next=page < ranking.page_count)
    options = [track_option(entry.track, f"{position}. ") for position, entry in ranking.page_entries(page)]
    if options:
        items += (BallotMenu(shortlist_id, page, options), CopyAssetIdMenu(shortlist_id, page, options))
    return PersistentView(*items)


def ballot_view(shortlist_id: int, asset_id: str, own_vote: Vote | None, *, is_closed: bool) -> ui.View:
    """The buttons of a ballot; only the member's own vote is coloured."""
    button = partial(BallotButton, shortlist_id=shortlist_id, asset_id=asset_id)
    plain = discord.ButtonStyle.secondary
    up = discord.ButtonStyle.success if own_vote == 1 else plain
    down = discord.ButtonStyle.danger if own_vote == -1 else plain
    return PersistentView(
        button("up", label="👍", style=up, disabled=is_closed),
        button("down", label="👎", style=down, disabled=is_closed),
        button("none", label="Withdraw my vote", disabled=own_vote is None or is_closed),
        button("note", label="Note …", disabled=is_closed),
        button("id", label="Copy id"),
        button("next", label="Next without my vote"),
    )


def delete_view(shortlist_id: int) -> ui.View:
    """The button that confirms a deletion."""
    return PersistentView(DeleteShortlistButton(shortlist_id))


def list_view(page: int, pages: int) -> ui.View | None:
    """◀ and ▶, or None if there is only one page."""
    if pages == 1:
        return None
    return PersistentView(*page_buttons(ListPageButton, page, has_next=page < pages))

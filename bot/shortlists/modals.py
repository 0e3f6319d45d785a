"""Modals of shortlists: one for a new shortlist, one for a note."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.interactions.client import Interaction, service_of
from bot.interactions.components import BaseModal
from bot.models.shortlists import MAX_BRIEF_LENGTH, MAX_NAME_LENGTH, MAX_NOTE_LENGTH
from bot.shortlists.actions import AddActions, BallotActions


class ShortlistModal(BaseModal):
    """Creates a shortlist for tracks that were chosen while the channel had none."""

    def __init__(self, interaction: Interaction, search_id: int, asset_ids: Sequence[str]) -> None:
        super().__init__(interaction, "New shortlist for this channel")
        self._search_id = search_id
        self._asset_ids = asset_ids
        self._name: ui.TextInput[Any] = ui.TextInput(
            custom_id="name", placeholder="Boss fight", max_length=MAX_NAME_LENGTH
        )
        self._brief: ui.TextInput[Any] = ui.TextInput(
            custom_id="brief",
            style=discord.TextStyle.paragraph,
            placeholder="130 to 150 BPM, no vocals, loops well",
            max_length=MAX_BRIEF_LENGTH,
            required=False,
        )
        self.add_item(ui.Label(text="Name", component=self._name))
        self.add_item(ui.Label(text="What are you looking for?", component=self._brief))

    async def respond(self, interaction: Interaction) -> None:
        await service_of(interaction, AddActions).add_to_new(
            interaction, self._search_id, self._asset_ids, self._name.value, self._brief.value
        )


class NoteModal(BaseModal):
    """Edits the member's note on a track; an empty text removes it."""

    def __init__(self, interaction: Interaction, shortlist_id: int, asset_id: str, note: str) -> None:
        super().__init__(interaction, "Your note on this track")
        self._shortlist_id = shortlist_id
        self._asset_id = asset_id
        self._note: ui.TextInput[Any] = ui.TextInput(
            custom_id="note",
            style=discord.TextStyle.paragraph,
            placeholder="too sad after the drop",
            default=note or None,
            max_length=MAX_NOTE_LENGTH,
            required=False,
        )
        self.add_item(ui.Label(text="Everybody can read it", component=self._note))

    async def respond(self, interaction: Interaction) -> None:
        voting = service_of(interaction, BallotActions)
        await voting.save_note_and_show(interaction, self._shortlist_id, self._asset_id, self._note.value)

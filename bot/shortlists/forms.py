"""The forms that members fill in: for a new shortlist, and for a note."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.buttons import Form
from bot.shortlists.models import LONGEST_BRIEF, LONGEST_NAME, LONGEST_NOTE


class ShortlistForm(Form):
    """Makes a shortlist for tracks that were chosen before there was one."""

    def __init__(
        self, interaction: discord.Interaction[Any], search_id: int, asset_ids: Sequence[str]
    ) -> None:
        super().__init__(interaction, "A shortlist for this channel")
        self._search_id = search_id
        self._asset_ids = asset_ids
        self._name: ui.TextInput[Any] = ui.TextInput(
            custom_id="name", placeholder="Boss fight", max_length=LONGEST_NAME
        )
        self._brief: ui.TextInput[Any] = ui.TextInput(
            custom_id="brief",
            style=discord.TextStyle.paragraph,
            placeholder="130 to 150 BPM, no vocals, loops well",
            max_length=LONGEST_BRIEF,
            required=False,
        )
        self.add_item(ui.Label(text="Name", component=self._name))
        self.add_item(ui.Label(text="What are you looking for?", component=self._brief))

    async def submitted(self, interaction: discord.Interaction[Any]) -> None:
        adding = interaction.client.adding
        await adding.check(self._asset_ids)
        current = await interaction.client.shelf.current(interaction)
        if current is not None and current.closed_at is None:  # others were faster
            await adding.add_chosen(interaction, self._search_id, self._asset_ids)
            return
        shortlist = await interaction.client.desk.make(interaction, self._name.value, self._brief.value)
        await adding.add_first(interaction, shortlist, self._search_id, self._asset_ids)


class NoteForm(Form):
    """Writes the member's note on a track; an empty one takes it back."""

    def __init__(
        self, interaction: discord.Interaction[Any], shortlist_id: int, asset_id: str, note: str
    ) -> None:
        super().__init__(interaction, "Your note on this track")
        self._shortlist_id = shortlist_id
        self._asset_id = asset_id
        self._note: ui.TextInput[Any] = ui.TextInput(
            custom_id="note",
            style=discord.TextStyle.paragraph,
            placeholder="too sad after the drop",
            default=note or None,
            max_length=LONGEST_NOTE,
            required=False,
        )
        self.add_item(ui.Label(text="Everybody can read it", component=self._note))

    async def submitted(self, interaction: discord.Interaction[Any]) -> None:
        booth = interaction.client.booth
        await booth.note_and_show(interaction, self._shortlist_id, self._asset_id, self._note.value)

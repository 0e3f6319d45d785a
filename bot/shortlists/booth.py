"""Booth: where a member votes on one track, writes a note, or copies its id, alone with their ballot."""

from collections.abc import Callable
from typing import Any, Final, NoReturn

import discord

from bot.database import Database
from bot.errors import Refused
from bot.shortlists.buttons import ballot_view
from bot.shortlists.embeds import ballot_words, comparison
from bot.shortlists.formats import address
from bot.shortlists.forms import NoteForm
from bot.shortlists.models import LONGEST_NOTE, Shortlist, Vote
from bot.shortlists.posts import Posts
from bot.shortlists.shelf import NO_TRACK, Shelf
from bot.text import clean, length

_FROZEN: Final = "This shortlist is closed, so nothing changes on it. `/shortlist reopen` opens it again."
_LAST: Final = "This is the only track left without your vote."


class Booth:
    """What is voted is stored before the ballot shows it; the posts follow when they may be edited."""

    def __init__(self, *, shelf: Shelf, posts: Posts, database: Database, now: Callable[[], float]) -> None:
        self._shelf = shelf
        self._posts = posts
        self._database = database
        self._now = now

    async def hand_out(
        self, interaction: discord.Interaction[Any], shortlist_id: int, asset_id: str, *, page: int
    ) -> None:
        """Answer a choice on a post with a ballot that the member alone sees. Raises BotError."""
        shortlist = await self._shelf.get(interaction, shortlist_id)
        ballot = await self._ballot(interaction, shortlist, asset_id)
        await self._hand_over(interaction, shortlist, page, ballot)

    async def vote(
        self, interaction: discord.Interaction[Any], shortlist_id: int, asset_id: str, vote: Vote | None
    ) -> None:
        """Make this the member's vote, None for none, and show it on their ballot. Raises BotError."""
        shortlist = await self._shelf.get(interaction, shortlist_id)
        await self._shelf.entry(interaction, shortlist, asset_id)
        member_id = interaction.user.id
        if vote is None:
            await self._database.votes.withdraw(shortlist_id, asset_id, member_id=member_id)
        elif not await self._database.votes.cast(shortlist_id, asset_id, member_id=member_id, vote=vote):
            await self._refuse(interaction, shortlist_id)
        await self._posts.changed(shortlist_id)
        await interaction.response.edit_message(**await self._ballot(interaction, shortlist, asset_id))

    async def _refuse(self, interaction: discord.Interaction[Any], shortlist_id: int) -> NoReturn:
        """Say why nothing can be said of a track any more. Raises Refused."""
        shortlist = await self._shelf.get(interaction, shortlist_id)
        raise Refused(NO_TRACK if shortlist.closed_at is None else _FROZEN)

    async def go_on(self, interaction: discord.Interaction[Any], shortlist_id: int, asset_id: str) -> None:
        """Put the next track that the member hasn't voted on onto the ballot; after the last comes the first.

        `asset_id` is that of the track on it now. Raises BotError.
        """
        shortlist = await self._shelf.get(interaction, shortlist_id)
        ranking = await self._shelf.ranking(interaction, shortlist)
        votes = await self._database.votes.of(shortlist_id, member_id=interaction.user.id)
        others = [other for other in ranking.after(asset_id) if other not in votes]
        if not others:
            is_left = ranking.entry(asset_id) is not None and asset_id not in votes
            raise Refused(_LAST if is_left else "You have voted on every track of this shortlist.")
        ballot = await self._ballot(interaction, shortlist, others[0])
        await interaction.response.edit_message(**ballot)

    async def ask_for_note(
        self, interaction: discord.Interaction[Any], shortlist_id: int, asset_id: str
    ) -> None:
        """Show the form for a note, with the one that the member has written. Raises BotError."""
        shortlist = await self._shelf.get(interaction, shortlist_id)
        await self._shelf.entry(interaction, shortlist, asset_id)
        notes = await self._database.notes.of(shortlist_id, asset_id)
        own = next((note.text for note in notes if note.member_id == interaction.user.id), "")
        await interaction.response.send_modal(NoteForm(interaction, shortlist_id, asset_id, own))

    async def note_and_show(
        self, interaction: discord.Interaction[Any], shortlist_id: int, asset_id: str, text: str
    ) -> None:
        """Keep a note that was written on a ballot, and show it there. Raises BotError."""
        shortlist = await self._shelf.get(interaction, shortlist_id)
        await self.note(interaction, shortlist, asset_id, text)
        await interaction.response.edit_message(**await self._ballot(interaction, shortlist, asset_id))

    async def note(
        self, interaction: discord.Interaction[Any], shortlist: Shortlist, asset_id: str, text: str
    ) -> bool:
        """Keep the member's note; an empty one takes it back. Returns whether there is one now."""
        await self._shelf.entry(interaction, shortlist, asset_id)
        note, place = clean(text), (shortlist.shortlist_id, asset_id)
        if length(note) > LONGEST_NOTE:
            raise Refused(
                f"A note has up to {LONGEST_NOTE} characters, and yours has {length(note):,}"
                + (", as an emoji counts for two or more." if length(note) > len(note) else ".")
            )
        if shortlist.closed_at is not None:
            raise Refused(_FROZEN)
        if not note:
            await self._database.notes.remove(*place, member_id=interaction.user.id)
        elif not await self._database.notes.write(
            *place, note, member_id=interaction.user.id, now=self._now()
        ):
            await self._refuse(interaction, shortlist.shortlist_id)
        await self._posts.changed(shortlist.shortlist_id)
        return bool(note)

    async def copy(self, interaction: discord.Interaction[Any], shortlist_id: int, asset_id: str) -> None:
        """Answer with the address that a game knows the track by. Raises BotError."""
        shortlist = await self._shelf.get(interaction, shortlist_id)
        await self._shelf.entry(interaction, shortlist, asset_id)
        await interaction.response.send_message(_to_copy(asset_id), ephemeral=True)

    async def hand_out_id(
        self, interaction: discord.Interaction[Any], shortlist_id: int, asset_id: str, *, page: int
    ) -> None:
        """As `copy`, for a choice on a post. Raises BotError."""
        shortlist = await self._shelf.get(interaction, shortlist_id)
        await self._shelf.entry(interaction, shortlist, asset_id)
        await self._hand_over(interaction, shortlist, page, {"content": _to_copy(asset_id)})

    async def _hand_over(
        self, interaction: discord.Interaction[Any], shortlist: Shortlist, page: int, message: dict[str, Any]
    ) -> None:
        """Answer a choice on a post's page with a message that the member alone sees."""
        await interaction.response.defer()  # and so the post itself stays the press's own message
        await interaction.followup.send(**message, ephemeral=True)
        await self._posts.pressed(interaction, shortlist, page)

    async def compare(
        self, interaction: discord.Interaction[Any], shortlist: Shortlist, asset_ids: list[str]
    ) -> None:
        """Answer with the tracks of those ids side by side. Raises BotError."""
        wanted = list(dict.fromkeys(asset_ids))
        if len(wanted) == 1:
            raise Refused("That is the same track twice. Choose two to four different ones.")
        compared = [
            (
                await self._shelf.entry(interaction, shortlist, asset_id),
                await self._database.notes.of(shortlist.shortlist_id, asset_id),
            )
            for asset_id in wanted
        ]
        await interaction.response.send_message(embed=comparison(shortlist, compared))

    async def _ballot(
        self, interaction: discord.Interaction[Any], shortlist: Shortlist, asset_id: str
    ) -> dict[str, Any]:
        """What a message must hold to be the member's ballot on that track."""
        shortlist_id = shortlist.shortlist_id
        entry = await self._shelf.entry(interaction, shortlist, asset_id)
        notes = await self._database.notes.of(shortlist_id, asset_id)
        mine = await self._database.votes.get(shortlist_id, asset_id, member_id=interaction.user.id)
        content, embed = ballot_words(shortlist, entry, notes, mine)
        view = ballot_view(shortlist_id, asset_id, mine, is_closed=shortlist.closed_at is not None)
        return {"content": content, "embed": embed, "view": view}


def _to_copy(asset_id: str) -> str:
    return f"```\n{address(asset_id)}\n```"

"""Voting: where a member votes on one track, writes a note, or copies its id, alone with their ballot."""

from collections.abc import Callable
from typing import Any, Final, NoReturn

from bot.database import Database
from bot.errors import Refused
from bot.interactions.client import Interaction
from bot.interactions.responses import defer
from bot.models.shortlists import MAX_NOTE_LENGTH, Shortlist, Vote
from bot.shortlists.actions import BallotActions
from bot.shortlists.components import ballot_view
from bot.shortlists.embeds import ballot_words, comparison
from bot.shortlists.export import address
from bot.shortlists.lookup import NO_TRACK, ShortlistLookup
from bot.shortlists.modals import NoteModal
from bot.shortlists.posts import ShortlistPosts
from bot.text import clean, length

_FROZEN: Final = "This shortlist is closed, so nothing changes on it. `/shortlist reopen` opens it again."
_LAST: Final = "This is the only track left without your vote."


class Voting(BallotActions):
    """What is voted is stored before the ballot shows it; the posts follow when they may be edited."""

    def __init__(
        self,
        *,
        lookup: ShortlistLookup,
        posts: ShortlistPosts,
        database: Database,
        clock: Callable[[], float],
    ) -> None:
        self._lookup = lookup
        self._posts = posts
        self._database = database
        self._clock = clock

    async def show_ballot(
        self, interaction: Interaction, shortlist_id: int, asset_id: str, *, page: int
    ) -> None:
        """Answer a choice on a post with a ballot that the member alone sees. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        ballot = await self._ballot(interaction, shortlist, asset_id)
        await self._hand_over(interaction, shortlist, page, ballot)

    async def vote(
        self, interaction: Interaction, shortlist_id: int, asset_id: str, vote: Vote | None
    ) -> None:
        """Make this the member's vote, None for none, and show it on their ballot. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        await self._lookup.get_entry(interaction, shortlist, asset_id)
        member_id = interaction.user.id
        if vote is None:
            if not await self._database.votes.remove(shortlist_id, asset_id, member_id=member_id):
                await self._refuse_closed(interaction, shortlist_id)
        elif not await self._database.votes.vote(shortlist_id, asset_id, member_id=member_id, vote=vote):
            await self._refuse(interaction, shortlist_id)
        await self._posts.schedule_updates(shortlist_id)
        await interaction.response.edit_message(**await self._ballot(interaction, shortlist, asset_id))

    async def _refuse(self, interaction: Interaction, shortlist_id: int) -> NoReturn:
        """Say why nothing can be said of a track any more. Raises Refused."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        raise Refused(NO_TRACK if shortlist.closed_at is None else _FROZEN)

    async def _refuse_closed(self, interaction: Interaction, shortlist_id: int) -> None:
        """Raises Refused if the shortlist is closed or gone by now."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        if shortlist.closed_at is not None:
            raise Refused(_FROZEN)

    async def show_next_ballot(self, interaction: Interaction, shortlist_id: int, asset_id: str) -> None:
        """Put the next track that the member hasn't voted on onto the ballot; after the last comes the first.

        `asset_id` is that of the track on it now. Raises BotError.
        """
        shortlist = await self._lookup.get(interaction, shortlist_id)
        ranking = await self._lookup.rank(interaction, shortlist)
        votes = await self._database.votes.list_by_member(shortlist_id, member_id=interaction.user.id)
        others = [other for other in ranking.after(asset_id) if other not in votes]
        if not others:
            is_left = ranking.entry(asset_id) is not None and asset_id not in votes
            raise Refused(_LAST if is_left else "You have voted on every track of this shortlist.")
        ballot = await self._ballot(interaction, shortlist, others[0])
        await interaction.response.edit_message(**ballot)

    async def open_note_modal(self, interaction: Interaction, shortlist_id: int, asset_id: str) -> None:
        """Show the form for a note, with the one that the member has written. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        await self._lookup.get_entry(interaction, shortlist, asset_id)
        notes = await self._database.notes.list_by_track(shortlist_id, asset_id)
        own = next((note.text for note in notes if note.member_id == interaction.user.id), "")
        await interaction.response.send_modal(NoteModal(interaction, shortlist_id, asset_id, own))

    async def save_note_and_show(
        self, interaction: Interaction, shortlist_id: int, asset_id: str, text: str
    ) -> None:
        """Keep a note that was written on a ballot, and show it there. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        await self.save_note(interaction, shortlist, asset_id, text)
        await interaction.response.edit_message(**await self._ballot(interaction, shortlist, asset_id))

    async def save_note(
        self, interaction: Interaction, shortlist: Shortlist, asset_id: str, text: str
    ) -> bool:
        """Keep the member's note; an empty one takes it back. Returns whether there is one now."""
        await self._lookup.get_entry(interaction, shortlist, asset_id)
        note, place = clean(text), (shortlist.shortlist_id, asset_id)
        if length(note) > MAX_NOTE_LENGTH:
            raise Refused(
                f"A note has up to {MAX_NOTE_LENGTH} characters, and yours has {length(note):,}"
                + (", as an emoji counts for two or more." if length(note) > len(note) else ".")
            )
        if shortlist.closed_at is not None:
            raise Refused(_FROZEN)
        if not note:
            if not await self._database.notes.remove(*place, member_id=interaction.user.id):
                await self._refuse_closed(interaction, shortlist.shortlist_id)
        elif not await self._database.notes.put(
            *place, note, member_id=interaction.user.id, now=self._clock()
        ):
            await self._refuse(interaction, shortlist.shortlist_id)
        await self._posts.schedule_updates(shortlist.shortlist_id)
        return bool(note)

    async def send_asset_id(self, interaction: Interaction, shortlist_id: int, asset_id: str) -> None:
        """Answer with the address that a game knows the track by. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        await self._lookup.get_entry(interaction, shortlist, asset_id)
        await interaction.response.send_message(_to_copy(asset_id), ephemeral=True)

    async def send_asset_id_from_post(
        self, interaction: Interaction, shortlist_id: int, asset_id: str, *, page: int
    ) -> None:
        """As `copy`, for a choice on a post. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        await self._lookup.get_entry(interaction, shortlist, asset_id)
        await self._hand_over(interaction, shortlist, page, {"content": _to_copy(asset_id)})

    async def _hand_over(
        self, interaction: Interaction, shortlist: Shortlist, page: int, message: dict[str, Any]
    ) -> None:
        """Answer a choice on a post's page with a message that the member alone sees."""
        await defer(interaction)  # and so the post itself stays the press's own message
        await interaction.followup.send(**message, ephemeral=True)
        await self._posts.touch(interaction, shortlist, page)

    async def compare(self, interaction: Interaction, shortlist: Shortlist, asset_ids: list[str]) -> None:
        """Answer with the tracks of those ids side by side. Raises BotError."""
        wanted = list(dict.fromkeys(asset_ids))
        if len(wanted) == 1:
            raise Refused("That is the same track twice. Choose two to four different ones.")
        compared = [
            (
                await self._lookup.get_entry(interaction, shortlist, asset_id),
                await self._database.notes.list_by_track(shortlist.shortlist_id, asset_id),
            )
            for asset_id in wanted
        ]
        await interaction.response.send_message(embed=comparison(shortlist, compared))

    async def _ballot(self, interaction: Interaction, shortlist: Shortlist, asset_id: str) -> dict[str, Any]:
        """What a message must hold to be the member's ballot on that track."""
        shortlist_id = shortlist.shortlist_id
        entry = await self._lookup.get_entry(interaction, shortlist, asset_id)
        notes = await self._database.notes.list_by_track(shortlist_id, asset_id)
        mine = await self._database.votes.get(shortlist_id, asset_id, member_id=interaction.user.id)
        content, embed = ballot_words(shortlist, entry, notes, mine)
        view = ballot_view(shortlist_id, asset_id, mine, is_closed=shortlist.closed_at is not None)
        return {"content": content, "embed": embed, "view": view}


def _to_copy(asset_id: str) -> str:
    return f"```\n{address(asset_id)}\n```"

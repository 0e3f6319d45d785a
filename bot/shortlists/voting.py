"""Voting: a member's ballot on one track, with their vote, their note and the id to copy."""

from collections.abc import Callable
from typing import Any, Final

from bot.database import Database
from bot.errors import Refused
from bot.interactions.responses import defer
from bot.interactions.services import Interaction
from bot.models.shortlists import MAX_NOTE_LENGTH, Shortlist, Vote
from bot.shortlists.actions import BallotActions
from bot.shortlists.components import ballot_view
from bot.shortlists.embeds import ballot_message, comparison
from bot.shortlists.export import asset_uri
from bot.shortlists.lookup import TRACK_GONE, ShortlistLookup
from bot.shortlists.modals import NoteModal
from bot.shortlists.posts import ShortlistPosts
from bot.text import clean, utf16_length

_LAST_TRACK: Final = "This is the only track left without your vote."
_ALL_VOTED: Final = "You have voted on every track of this shortlist."
_SAME_TRACK: Final = "That is the same track twice. Choose two to four different ones."


class Voting(BallotActions):
    """Stores a vote or a note before the ballot shows it; the posts follow when they may be edited."""

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
        """Send the member a ballot on a track of a post's `page`. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        ballot = await self._ballot(interaction, shortlist, asset_id)
        await self._send_from_post(interaction, shortlist, page, ballot)

    async def vote(
        self, interaction: Interaction, shortlist_id: int, asset_id: str, vote: Vote | None
    ) -> None:
        """Store the member's vote, None to withdraw it, and show it on the ballot. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        await self._lookup.get_entry(interaction, shortlist, asset_id)
        votes, member_id = self._database.votes, interaction.user.id
        if vote is None:
            if not await votes.remove(shortlist_id, asset_id, member_id=member_id):
                await self._lookup.get_open_entry(interaction, shortlist_id, asset_id)  # or none was there
        elif not await votes.vote(shortlist_id, asset_id, member_id=member_id, vote=vote):
            await self._lookup.get_open_entry(interaction, shortlist_id, asset_id)
            raise Refused(TRACK_GONE)
        await self._posts.schedule_updates(shortlist_id)
        await interaction.response.edit_message(**await self._ballot(interaction, shortlist, asset_id))

    async def show_next_ballot(self, interaction: Interaction, shortlist_id: int, asset_id: str) -> None:
        """Replace the ballot on `asset_id` by the next track without the member's vote. Raises BotError.

        After the last track of the ranking comes the first.
        """
        shortlist = await self._lookup.get(interaction, shortlist_id)
        ranking = await self._lookup.rank(interaction, shortlist)
        votes = await self._database.votes.list_by_member(shortlist_id, member_id=interaction.user.id)
        others = [other for other in ranking.other_asset_ids(asset_id) if other not in votes]
        if not others:
            is_left = ranking.get_entry(asset_id) is not None and asset_id not in votes
            raise Refused(_LAST_TRACK if is_left else _ALL_VOTED)
        ballot = await self._ballot(interaction, shortlist, others[0])
        await interaction.response.edit_message(**ballot)

    async def open_note_modal(self, interaction: Interaction, shortlist_id: int, asset_id: str) -> None:
        """Open the modal for the member's note, with the note as it is. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        await self._lookup.get_entry(interaction, shortlist, asset_id)
        notes = await self._database.notes.list_by_track(shortlist_id, asset_id)
        own = next((note.text for note in notes if note.member_id == interaction.user.id), "")
        await NoteModal(interaction, shortlist_id, asset_id, own).open(interaction)

    async def save_note_and_show(
        self, interaction: Interaction, shortlist_id: int, asset_id: str, text: str
    ) -> None:
        """Store the note of the modal, or remove it if empty, and show the ballot. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        if clean(text):
            await self._save_note(interaction, shortlist, asset_id, clean(text))
        else:
            await self._remove_note(interaction, shortlist, asset_id)
        await interaction.response.edit_message(**await self._ballot(interaction, shortlist, asset_id))

    async def note(self, interaction: Interaction, asset_id: str, text: str) -> None:
        """Store the note of a command, or remove it if empty, and say so. Raises BotError."""
        shortlist = await self._lookup.get_by_name(interaction, None)
        if clean(text):
            await self._save_note(interaction, shortlist, asset_id, clean(text))
            reply = "Your note is saved. Everybody can read it."
        elif await self._remove_note(interaction, shortlist, asset_id):
            reply = "Your note is removed."
        else:
            reply = "You have no note on that track."
        await interaction.response.send_message(reply, ephemeral=True)

    async def _save_note(
        self, interaction: Interaction, shortlist: Shortlist, asset_id: str, note: str
    ) -> None:
        await self._lookup.get_entry(interaction, shortlist, asset_id)
        _require_note_length(note)
        shortlist_id, now = shortlist.shortlist_id, self._clock()
        if not await self._database.notes.put(
            shortlist_id, asset_id, note, member_id=interaction.user.id, now=now
        ):
            await self._lookup.get_open_entry(interaction, shortlist_id, asset_id)
            raise Refused(TRACK_GONE)
        await self._posts.schedule_updates(shortlist_id)

    async def _remove_note(self, interaction: Interaction, shortlist: Shortlist, asset_id: str) -> bool:
        """Remove the member's note. Returns False if there was none."""
        await self._lookup.get_entry(interaction, shortlist, asset_id)
        shortlist_id, member_id = shortlist.shortlist_id, interaction.user.id
        if not await self._database.notes.remove(shortlist_id, asset_id, member_id=member_id):
            await self._lookup.get_open_entry(interaction, shortlist_id, asset_id)
            return False
        await self._posts.schedule_updates(shortlist_id)
        return True

    async def send_asset_id(self, interaction: Interaction, shortlist_id: int, asset_id: str) -> None:
        """Send the member the URI that a game uses for a track. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        await self._lookup.get_entry(interaction, shortlist, asset_id)
        await interaction.response.send_message(_code_block(asset_uri(asset_id)), ephemeral=True)

    async def send_asset_id_from_post(
        self, interaction: Interaction, shortlist_id: int, asset_id: str, *, page: int
    ) -> None:
        """As `send_asset_id`, for a choice on a post's `page`. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        await self._lookup.get_entry(interaction, shortlist, asset_id)
        await self._send_from_post(
            interaction, shortlist, page, {"content": _code_block(asset_uri(asset_id))}
        )

    async def _send_from_post(
        self, interaction: Interaction, shortlist: Shortlist, page: int, message: dict[str, Any]
    ) -> None:
        """Answer a choice on a post's `page` with an ephemeral message."""
        await defer(interaction)  # so that the interaction's own message is the post
        await interaction.followup.send(**message, ephemeral=True)
        await self._posts.touch(interaction, shortlist, page)

    async def compare(self, interaction: Interaction, asset_ids: list[str]) -> None:
        """Answer with tracks of the channel's shortlist side by side. Raises BotError."""
        shortlist = await self._lookup.get_by_name(interaction, None)
        unique_ids = list(dict.fromkeys(asset_ids))
        if len(unique_ids) == 1:
            raise Refused(_SAME_TRACK)
        compared = [
            (
                await self._lookup.get_entry(interaction, shortlist, asset_id),
                await self._database.notes.list_by_track(shortlist.shortlist_id, asset_id),
            )
            for asset_id in unique_ids
        ]
        await interaction.response.send_message(embed=comparison(shortlist, compared))

    async def _ballot(self, interaction: Interaction, shortlist: Shortlist, asset_id: str) -> dict[str, Any]:
        """The arguments of the message that is the member's ballot on that track."""
        shortlist_id = shortlist.shortlist_id
        entry = await self._lookup.get_entry(interaction, shortlist, asset_id)
        notes = await self._database.notes.list_by_track(shortlist_id, asset_id)
        own_vote = await self._database.votes.get(shortlist_id, asset_id, member_id=interaction.user.id)
        content, embed = ballot_message(shortlist, entry, notes, own_vote)
        view = ballot_view(shortlist_id, asset_id, own_vote, is_closed=shortlist.closed_at is not None)
        return {"content": content, "embed": embed, "view": view}


def _code_block(text: str) -> str:
    """`text` as Discord shows it with a button to copy it."""
    return f"```\n{text}\n```"


def _require_note_length(note: str) -> None:
    """Raises Refused if `note` is too long, counted in UTF-16 code units as Discord counts."""
    if utf16_length(note) <= MAX_NOTE_LENGTH:
        return
    if utf16_length(note) == len(note):
        raise Refused(
            f"A note can have at most {MAX_NOTE_LENGTH} characters, and yours has {utf16_length(note):,}."
        )
    raise Refused(
        f"A note can have at most {MAX_NOTE_LENGTH} characters, and yours has {utf16_length(note):,}, "
        "as an emoji counts for two or more."
    )

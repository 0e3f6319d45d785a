"""Adding: puts tracks on shortlists, from an answer's menu, from a form, or by their id."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from bot.database import Database
from bot.errors import Refused
from bot.interactions.client import Interaction
from bot.interactions.context import requester_of
from bot.interactions.responses import Reply, offer_retry
from bot.models.search import Track
from bot.models.shortlists import Shortlist
from bot.search.components import again_view
from bot.search.finder import Finder
from bot.shortlists.actions import AddActions
from bot.shortlists.embeds import added_words, title_of
from bot.shortlists.lookup import ShortlistLookup
from bot.shortlists.modals import ShortlistModal
from bot.shortlists.posts import ShortlistPosts
from bot.shortlists.service import ShortlistService
from bot.text import clean, fold

_LONE: Final = re.compile(r"0*([1-9]\d{0,19})", re.ASCII)
_ADDRESSED: Final = re.compile(
    r"(?:rbxassetid://|/(?:asset|assetid|audio|catalog|creations/store|library)/"
    r"|/asset/?\?(?:[^#\s]*&)?id=)0*([1-9]\d{0,19})(?!\d)",
    re.ASCII,
)
_FORGOTTEN: Final = (
    "I don't remember those tracks any more. Please search again, and choose from the new answer."
)
_CLOSED: Final = "is closed, so nothing can be added. `/shortlist reopen` opens it again."


class AddTracks(AddActions):
    """Whether a track may be shown here is asked before it is added."""

    def __init__(
        self,
        *,
        service: ShortlistService,
        lookup: ShortlistLookup,
        posts: ShortlistPosts,
        finder: Finder,
        database: Database,
        clock: Callable[[], float],
    ) -> None:
        self._service = service
        self._lookup = lookup
        self._posts = posts
        self._finder = finder
        self._database = database
        self._clock = clock

    async def add_chosen(self, interaction: Interaction, search_id: int, asset_ids: Sequence[str]) -> None:
        """Add what was chosen under an answer; where the channel has no shortlist, offer to make one."""
        shortlist = await self._lookup.get_current(interaction)
        if shortlist is None:
            await interaction.response.send_modal(ShortlistModal(interaction, search_id, asset_ids))
            return
        said = await self._add_remembered(interaction, shortlist, search_id, asset_ids)
        await interaction.response.send_message(said, ephemeral=True)

    async def add_to_new(
        self, interaction: Interaction, search_id: int, asset_ids: Sequence[str], name: str, brief: str
    ) -> None:
        """Create a shortlist for tracks, add them, and tell the channel of both. Raises BotError.

        Where the channel has an open one by now, they are added to that.
        """
        if not await self._database.tracks.get_many(asset_ids):
            raise Refused(_FORGOTTEN)
        current = await self._lookup.get_current(interaction)
        if current is not None and current.closed_at is None:  # others were faster
            await self.add_chosen(interaction, search_id, asset_ids)
            return
        shortlist = await self._service.create(interaction, name, brief)
        said = await self._add_remembered(interaction, shortlist, search_id, asset_ids)
        await interaction.response.send_message(f"{title_of(shortlist)} is open in this channel.\n{said}")

    async def add_by_id(self, interaction: Interaction, written: str) -> None:
        """Add the track of an id, or of an address that holds one. Raises BotError."""
        asset_id = read_asset_id(written)
        shortlist = await self._lookup.get_by_name(interaction, None)
        _check_open(shortlist)
        offer_retry(interaction, lambda: again_view(lambda press: self.add_by_id(press, written)))
        answer = Reply(interaction, private=True)
        known = await self._database.tracks.get_many([asset_id])
        track = (
            known[0]
            if known
            else await self._finder.track(
                asset_id, requester=requester_of(interaction), while_asking=answer.defer
            )
        )
        if track is None:
            raise Refused(f"AudioScape knows no track with the id {asset_id}.")
        await answer.send(await self._add(interaction, shortlist, [track], None), [], None)

    async def _add_remembered(
        self,
        interaction: Interaction,
        shortlist: Shortlist,
        search_id: int,
        asset_ids: Sequence[str],
    ) -> str:
        _check_open(shortlist)
        tracks = await self._database.tracks.get_many(asset_ids)
        if not tracks:
            raise Refused(_FORGOTTEN)
        saved = await self._database.searches.get(search_id, guild_id=requester_of(interaction).guild_id)
        # What a member has searched in private stays with them.
        words = None if saved is None or saved.private else saved.search.text
        return await self._add(interaction, shortlist, tracks, words)

    async def _add(
        self,
        interaction: Interaction,
        shortlist: Shortlist,
        tracks: Sequence[Track],
        found_by: str | None,
    ) -> str:
        """Add `tracks` as far as they may be; what to say about each."""
        shown = await self._lookup.visible_tracks(interaction, tracks)
        added = await self._database.entries.add(
            shortlist.shortlist_id,
            shown,
            member_id=interaction.user.id,
            now=self._clock(),
            found_by=found_by,
        )
        await self._posts.schedule_updates(shortlist.shortlist_id)
        on_it = await self._database.entries.list_present_ids(
            shortlist.shortlist_id, [track.asset_id for track in shown]
        )
        return added_words(
            await self._lookup.get(interaction, shortlist.shortlist_id),  # which may have been closed
            added=[track for track in shown if track.asset_id in added],
            known=[track for track in shown if track.asset_id in on_it - added],
            left_out=[track for track in shown if track.asset_id not in on_it],
            hidden=len(tracks) - len(shown),
        )


def read_asset_id(written: str) -> str:
    """The id in what was typed: a number, or an address that holds one. Raises Refused."""
    text = fold(clean(written))
    match = _LONE.fullmatch(text) or _ADDRESSED.search(text)
    if match is None:
        raise Refused(
            "I can't read that. Write an asset's id, such as `1837849285`, `rbxassetid://1837849285`"
            " or the address of its page."
        )
    return match[1]


def _check_open(shortlist: Shortlist) -> None:
    if shortlist.closed_at is not None:
        raise Refused(f"{title_of(shortlist)} {_CLOSED}")

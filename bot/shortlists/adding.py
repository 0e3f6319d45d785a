"""Adding tracks to shortlists: from a search's menu, from the modal for a new shortlist, or by id."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from bot.database import Database
from bot.errors import Refused
from bot.interactions.context import requester_of
from bot.interactions.responses import Reply, offer_retry
from bot.interactions.services import Interaction
from bot.models.search import Track
from bot.models.shortlists import MAX_TRACKS, Shortlist
from bot.search.components import temporary_retry_view
from bot.search.finder import Finder
from bot.shortlists.actions import AddActions
from bot.shortlists.embeds import added_message, title_of
from bot.shortlists.lookup import ShortlistLookup
from bot.shortlists.modals import ShortlistModal
from bot.shortlists.posts import ShortlistPosts
from bot.shortlists.service import ShortlistService
from bot.text import clean, fold

_BARE_ID: Final = re.compile(r"0*([1-9]\d{0,19})", re.ASCII)
_ID_IN_URL: Final = re.compile(
    r"(?:rbxassetid://|/(?:asset|assetid|audio|catalog|creations/store|library)/"
    r"|/asset/?\?(?:[^#\s]*&)?id=)0*([1-9]\d{0,19})(?!\d)",
    re.ASCII,
)
_NO_ID: Final = (
    "I can't find an asset id in that. Please give an id such as `1837849285`, `rbxassetid://1837849285`"
    " or the address of the track's page."
)
_TRACKS_EXPIRED: Final = (
    "I don't remember those tracks any more. Please search again, and choose from the new results."
)


class AddTracks(AddActions):
    """Adds only tracks that the channel's filters show."""

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
        """Add the tracks chosen in a search's menu to the channel's shortlist. Raises BotError.

        If the channel has none, open the modal for a new one.
        """
        shortlist = await self._lookup.get_current(interaction)
        if shortlist is None:
            await ShortlistModal(interaction, search_id, asset_ids).open(interaction)
            return
        reply = await self._add_from_search(interaction, shortlist, search_id, asset_ids)
        await interaction.response.send_message(reply, ephemeral=True)

    async def add_to_new(
        self, interaction: Interaction, search_id: int, asset_ids: Sequence[str], name: str, brief: str
    ) -> None:
        """Create a shortlist with the chosen tracks, and tell the channel. Raises BotError.

        If the channel has an open shortlist in the meantime, add them to that.
        """
        if not await self._database.tracks.get_many(asset_ids):
            raise Refused(_TRACKS_EXPIRED)
        current = await self._lookup.get_current(interaction)
        if current is not None and current.closed_at is None:  # another member was faster
            await self.add_chosen(interaction, search_id, asset_ids)
            return
        shortlist = await self._service.create(interaction, name, brief)
        reply = await self._add_from_search(interaction, shortlist, search_id, asset_ids)
        await interaction.response.send_message(f"{title_of(shortlist)} is open in this channel.\n{reply}")

    async def add_by_id(self, interaction: Interaction, typed: str) -> None:
        """Add the track of an id, or of an address that holds one. Raises BotError."""
        asset_id = parse_asset_id(typed)
        shortlist = await self._lookup.get_by_name(interaction, None)
        _require_open(shortlist)
        offer_retry(interaction, lambda: temporary_retry_view(lambda press: self.add_by_id(press, typed)))
        reply = Reply(interaction, private=True)
        track = await self._find_track(interaction, asset_id, reply)
        if track is None:
            raise Refused(f"AudioScape knows no track with the id {asset_id}. Please check the id.")
        await reply.send(await self._add(interaction, shortlist, [track], None), [], None)

    async def _find_track(self, interaction: Interaction, asset_id: str, reply: Reply) -> Track | None:
        """The track from the database, or from AudioScape with one search."""
        known = await self._database.tracks.get_many([asset_id])
        if known:
            return known[0]
        requester = requester_of(interaction)
        return await self._finder.track(asset_id, requester=requester, defer=reply.defer)

    async def _add_from_search(
        self, interaction: Interaction, shortlist: Shortlist, search_id: int, asset_ids: Sequence[str]
    ) -> str:
        """Add tracks that a search has found. Returns the reply."""
        _require_open(shortlist)
        tracks = await self._database.tracks.get_many(asset_ids)
        if not tracks:
            raise Refused(_TRACKS_EXPIRED)
        saved = await self._database.searches.get(search_id, guild_id=requester_of(interaction).guild_id)
        # Nobody else sees the query of a private search.
        query = None if saved is None or saved.private else saved.search.text
        return await self._add(interaction, shortlist, tracks, query)

    async def _add(
        self, interaction: Interaction, shortlist: Shortlist, tracks: Sequence[Track], found_by: str | None
    ) -> str:
        """Add those of `tracks` that are visible here. Returns the reply, which names the others too."""
        shortlist_id = shortlist.shortlist_id
        visible = await self._lookup.visible_tracks(interaction, tracks)
        added = await self._database.entries.add(
            shortlist_id,
            visible,
            member_id=interaction.user.id,
            now=self._clock(),
            found_by=found_by,
        )
        await self._posts.schedule_updates(shortlist_id)
        known = await self._database.entries.list_present_ids(
            shortlist_id, [track.asset_id for track in visible]
        )
        left_out = [track for track in visible if track.asset_id not in added | known]
        return added_message(
            await self._lookup.get(interaction, shortlist_id),  # it may have been closed or deleted
            added=[track for track in visible if track.asset_id in added],
            known=[track for track in visible if track.asset_id in known - added],
            left_out=left_out,
            is_full=bool(left_out) and await self._is_full(shortlist_id),
            hidden_count=len(tracks) - len(visible),
        )

    async def _is_full(self, shortlist_id: int) -> bool:
        return len(await self._database.entries.list_all(shortlist_id)) >= MAX_TRACKS


def parse_asset_id(typed: str) -> str:
    """The id in `typed`, which is a number or an address that holds one. Raises Refused."""
    text = fold(clean(typed))
    match = _BARE_ID.fullmatch(text) or _ID_IN_URL.search(text)
    if match is None:
        raise Refused(_NO_ID)
    return match[1]


def _require_open(shortlist: Shortlist) -> None:
    if shortlist.closed_at is not None:
        raise Refused(
            f"{title_of(shortlist)} is closed, so nothing can be added. `/shortlist reopen` opens it again."
        )

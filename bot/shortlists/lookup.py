"""Shortlist lookup: finds an interaction's shortlist, and its tracks that the server's filters show."""

import logging
from collections.abc import Sequence
from typing import Final

from bot.database import Database
from bot.errors import Refused, StorageError
from bot.filters.cache import FilterCache
from bot.interactions.context import filter_channel_id, requester_of
from bot.interactions.services import Interaction
from bot.models.search import Track
from bot.models.shortlists import Entry, Shortlist, Summary
from bot.shortlists.ranking import Ranking
from bot.text import clean

_NONE_OPEN: Final = (
    "No shortlist is open in this channel. "
    "Make one with `/shortlist new`, or open one with `/shortlist open`."
)
_NO_SUCH_NAME: Final = (
    "There is no shortlist with that name. `/shortlist list` shows the ones this server has."
)
SHORTLIST_GONE: Final = "That shortlist is gone. `/shortlist list` shows the ones this server has."
SHORTLIST_CLOSED: Final = (
    "This shortlist is closed, so nothing on it can change. `/shortlist reopen` opens it again."
)
TRACK_GONE: Final = "That track isn't on the shortlist any more, or this server's filters hide it."

_log = logging.getLogger(__name__)


class ShortlistLookup:
    """Takes the guild and the channel from the interaction, whatever a custom id says."""

    def __init__(self, *, database: Database, filter_cache: FilterCache) -> None:
        self._database = database
        self._filter_cache = filter_cache

    async def get_current(self, interaction: Interaction) -> Shortlist | None:
        """The shortlist that was opened last in this channel."""
        return await self._database.shortlists.get_current(
            guild_id=requester_of(interaction).guild_id, channel_id=interaction.channel_id or 0
        )

    async def get_by_name(self, interaction: Interaction, name: str | None) -> Shortlist:
        """The shortlist of that name, or the channel's current one if `name` is None. Raises Refused."""
        if name is None:
            shortlist = await self.get_current(interaction)
        else:
            guild_id = requester_of(interaction).guild_id
            shortlist = await self._database.shortlists.get_by_name(clean(name), guild_id=guild_id)
        if shortlist is None:
            raise Refused(_NONE_OPEN if name is None else _NO_SUCH_NAME)
        return shortlist

    async def get(self, interaction: Interaction, shortlist_id: int) -> Shortlist:
        """The shortlist of that id. Raises Refused if it is gone, or another guild's."""
        guild_id = requester_of(interaction).guild_id
        shortlist = await self._database.shortlists.get(shortlist_id, guild_id=guild_id)
        if shortlist is None:
            raise Refused(SHORTLIST_GONE)
        return shortlist

    async def rank(self, interaction: Interaction, shortlist: Shortlist) -> Ranking:
        """The ranking, as the filters of the interaction's channel show it."""
        return await self.rank_in_channel(filter_channel_id(interaction), shortlist)

    async def rank_in_channel(self, channel_id: int, shortlist: Shortlist) -> Ranking:
        """The ranking, as the filters of that channel show it."""
        filters = await self._filter_cache.get(shortlist.guild_id, channel_id)
        entries = await self._database.entries.list_all(shortlist.shortlist_id)
        visible = [entry for entry in entries if filters.hiding_rule(entry.track) is None]
        return Ranking(shortlist, visible, len(entries) - len(visible))

    async def get_entry(self, interaction: Interaction, shortlist: Shortlist, asset_id: str) -> Entry:
        """The track of that id. Raises Refused if the shortlist or the track is gone, or filters hide it."""
        entry = await self._database.entries.get(shortlist.shortlist_id, asset_id)
        if entry is None or not await self.visible_tracks(interaction, [entry.track]):
            await self.get(interaction, shortlist.shortlist_id)
            raise Refused(TRACK_GONE)
        return entry

    async def get_open_entry(self, interaction: Interaction, shortlist_id: int, asset_id: str) -> Entry:
        """As `get_entry`, read anew. Raises Refused also if the shortlist is closed."""
        shortlist = await self.get(interaction, shortlist_id)
        if shortlist.closed_at is not None:
            raise Refused(SHORTLIST_CLOSED)
        return await self.get_entry(interaction, shortlist, asset_id)

    async def visible_tracks(self, interaction: Interaction, tracks: Sequence[Track]) -> list[Track]:
        """Those of `tracks` that no filter of this channel hides."""
        guild_id = requester_of(interaction).guild_id
        filters = await self._filter_cache.get(guild_id, filter_channel_id(interaction))
        return [track for track in tracks if filters.hiding_rule(track) is None]

    async def visible_leaders(
        self, interaction: Interaction, summaries: Sequence[Summary]
    ) -> list[Track | None]:
        """The first track of each shortlist that no filter of this channel hides."""
        visible = await self.visible_tracks(
            interaction, [track for summary in summaries for track in summary.leaders]
        )
        visible_ids = {id(track) for track in visible}
        return [
            next((track for track in summary.leaders if id(track) in visible_ids), None)
            for summary in summaries
        ]

    async def suggest_names(self, interaction: Interaction, typed: str, limit: int) -> list[str]:
        """Names of shortlists that contain `typed`; empty if the database fails."""
        guild_id = requester_of(interaction).guild_id
        try:
            return await self._database.shortlists.suggest_names(clean(typed), guild_id=guild_id, limit=limit)
        except StorageError as error:
            _log.error("Autocomplete could not read the names of shortlists: %r", error.__cause__)
            return []

    async def rank_current(self, interaction: Interaction) -> Ranking | None:
        """The ranking for autocomplete; None if no shortlist is open here, or the database fails."""
        try:
            shortlist = await self.get_current(interaction)
            return None if shortlist is None else await self.rank(interaction, shortlist)
        except StorageError as error:
            _log.error("Autocomplete could not read a shortlist's tracks: %r", error.__cause__)
            return None

"""Shelf: finds the shortlist that an interaction means, and what of it the server's filters let through."""

import logging
from collections.abc import Sequence
from typing import Final

from bot.database import Database
from bot.errors import Refused, StorageError
from bot.filters.cache import FilterCache
from bot.interactions.client import Interaction
from bot.interactions.context import filter_channel_id, requester_of
from bot.models.search import Track
from bot.models.shortlists import Entry, Shortlist, Summary
from bot.shortlists.ranking import Ranking
from bot.text import clean

_NONE_OPEN: Final = (
    "No shortlist is open in this channel. "
    "Make one with `/shortlist new`, or open one with `/shortlist open`."
)
GONE: Final = "That shortlist is gone. `/shortlist list` shows those that there are."
NO_TRACK: Final = "That track isn't on the shortlist any more, or this server's filters hide it."

_log = logging.getLogger(__name__)


class ShortlistLookup:
    """The guild and the channel are the interaction's, whatever an id says."""

    def __init__(self, *, database: Database, filter_cache: FilterCache) -> None:
        self._database = database
        self._filter_cache = filter_cache

    async def get_current(self, interaction: Interaction) -> Shortlist | None:
        """The one that was opened last in this channel."""
        return await self._database.shortlists.get_current(
            guild_id=requester_of(interaction).guild_id, channel_id=interaction.channel_id or 0
        )

    async def get_by_name(self, interaction: Interaction, name: str | None) -> Shortlist:
        """The one of that name; the channel's current one where there is no name. Raises Refused."""
        if name is None:
            shortlist = await self.get_current(interaction)
        else:
            guild_id = requester_of(interaction).guild_id
            shortlist = await self._database.shortlists.get_by_name(clean(name), guild_id=guild_id)
        if shortlist is None:
            raise Refused(_NONE_OPEN if name is None else "There is no shortlist of that name.")
        return shortlist

    async def get(self, interaction: Interaction, shortlist_id: int) -> Shortlist:
        """Raises Refused where it is gone, or another guild's."""
        guild_id = requester_of(interaction).guild_id
        shortlist = await self._database.shortlists.get(shortlist_id, guild_id=guild_id)
        if shortlist is None:
            raise Refused(GONE)
        return shortlist

    async def rank(self, interaction: Interaction, shortlist: Shortlist) -> Ranking:
        return await self.rank_in_channel(filter_channel_id(interaction), shortlist)

    async def rank_in_channel(self, channel_id: int, shortlist: Shortlist) -> Ranking:
        """Its tracks in order, as far as the rules of that channel let them through."""
        filters = await self._filter_cache.get(shortlist.guild_id, channel_id)
        entries = await self._database.entries.list_all(shortlist.shortlist_id)
        shown = [entry for entry in entries if filters.hiding_rule(entry.track) is None]
        return Ranking(shortlist, shown, len(entries) - len(shown))

    async def get_entry(self, interaction: Interaction, shortlist: Shortlist, asset_id: str) -> Entry:
        """The track of that id on it. Raises Refused where it isn't, or is hidden here."""
        entry = await self._database.entries.get(shortlist.shortlist_id, asset_id)
        if entry is None or not await self.visible_tracks(interaction, [entry.track]):
            raise Refused(NO_TRACK)
        return entry

    async def visible_tracks(self, interaction: Interaction, tracks: Sequence[Track]) -> list[Track]:
        """Those of `tracks` that may be shown here."""
        guild_id = requester_of(interaction).guild_id
        filters = await self._filter_cache.get(guild_id, filter_channel_id(interaction))
        return [track for track in tracks if filters.hiding_rule(track) is None]

    async def visible_leaders(
        self, interaction: Interaction, summaries: Sequence[Summary]
    ) -> list[Track | None]:
        """The first track of each shortlist that may be shown here."""
        shown = await self.visible_tracks(
            interaction, [track for summary in summaries for track in summary.leaders]
        )
        may_be_shown = {id(track) for track in shown}
        return [
            next((track for track in summary.leaders if id(track) in may_be_shown), None)
            for summary in summaries
        ]

    async def suggest_names(self, interaction: Interaction, typed: str, most: int) -> list[str]:
        """Names of shortlists that `typed` may mean; none where they can't be read."""
        guild_id = requester_of(interaction).guild_id
        try:
            return await self._database.shortlists.suggest_names(clean(typed), guild_id=guild_id, limit=most)
        except StorageError as error:
            _log.error("No shortlists to offer: %r", error.__cause__)
            return []

    async def rank_current(self, interaction: Interaction) -> Ranking | None:
        """What there is to choose from in autocomplete; None where there is nothing, or it can't be read."""
        try:
            shortlist = await self.get_current(interaction)
            return None if shortlist is None else await self.rank(interaction, shortlist)
        except StorageError as error:
            _log.error("No tracks to offer: %r", error.__cause__)
            return None

"""Shelf: finds the shortlist that an interaction means, and what of it the server's filters let through."""

import logging
from collections.abc import Sequence
from typing import Any, Final

import discord

from bot.database import Database
from bot.errors import Refused, StorageTrouble
from bot.filters.rulebook import Rulebook
from bot.models import Track
from bot.place import payer_of, ruled_channel_id
from bot.shortlists.models import Entry, Shortlist, Summary
from bot.shortlists.ranking import Ranking
from bot.text import clean

_NONE_OPEN: Final = (
    "No shortlist is open in this channel. "
    "Make one with `/shortlist new`, or open one with `/shortlist open`."
)
_GONE: Final = "That shortlist is gone. `/shortlist list` shows those that there are."
NO_TRACK: Final = "That track isn't on the shortlist any more, or this server's filters hide it."

_log = logging.getLogger(__name__)


class Shelf:
    """The guild and the channel are the interaction's, whatever an id says."""

    def __init__(self, *, database: Database, rulebook: Rulebook) -> None:
        self._database = database
        self._rulebook = rulebook

    async def current(self, interaction: discord.Interaction[Any]) -> Shortlist | None:
        """The one that was opened last in this channel."""
        return await self._database.shortlists.current(
            guild_id=payer_of(interaction).guild_id, channel_id=interaction.channel_id or 0
        )

    async def named(self, interaction: discord.Interaction[Any], name: str | None) -> Shortlist:
        """The one of that name; the channel's current one where there is no name. Raises Refused."""
        if name is None:
            shortlist = await self.current(interaction)
        else:
            guild_id = payer_of(interaction).guild_id
            shortlist = await self._database.shortlists.named(clean(name), guild_id=guild_id)
        if shortlist is None:
            raise Refused(_NONE_OPEN if name is None else "There is no shortlist of that name.")
        return shortlist

    async def get(self, interaction: discord.Interaction[Any], shortlist_id: int) -> Shortlist:
        """Raises Refused where it is gone, or another guild's."""
        guild_id = payer_of(interaction).guild_id
        shortlist = await self._database.shortlists.get(shortlist_id, guild_id=guild_id)
        if shortlist is None:
            raise Refused(_GONE)
        return shortlist

    async def ranking(self, interaction: discord.Interaction[Any], shortlist: Shortlist) -> Ranking:
        return await self.ranking_in(ruled_channel_id(interaction), shortlist)

    async def ranking_in(self, channel_id: int, shortlist: Shortlist) -> Ranking:
        """Its tracks in order, as far as the rules of that channel let them through."""
        filters = await self._rulebook.filters(shortlist.guild_id, channel_id)
        entries = await self._database.entries.all(shortlist.shortlist_id)
        shown = [entry for entry in entries if filters.verdict(entry.track) is None]
        return Ranking(shortlist, shown, len(entries) - len(shown))

    async def entry(
        self, interaction: discord.Interaction[Any], shortlist: Shortlist, asset_id: str
    ) -> Entry:
        """The track of that id on it. Raises Refused where it isn't, or is hidden here."""
        entry = await self._database.entries.get(shortlist.shortlist_id, asset_id)
        if entry is None or not await self.shown(interaction, [entry.track]):
            raise Refused(NO_TRACK)
        return entry

    async def shown(self, interaction: discord.Interaction[Any], tracks: Sequence[Track]) -> list[Track]:
        """Those of `tracks` that may be shown here."""
        guild_id = payer_of(interaction).guild_id
        filters = await self._rulebook.filters(guild_id, ruled_channel_id(interaction))
        return [track for track in tracks if filters.verdict(track) is None]

    async def leaders(
        self, interaction: discord.Interaction[Any], summaries: Sequence[Summary]
    ) -> list[Track | None]:
        """The first track of each shortlist that may be shown here."""
        shown = await self.shown(interaction, [track for summary in summaries for track in summary.leaders])
        may_be_shown = {id(track) for track in shown}
        return [
            next((track for track in summary.leaders if id(track) in may_be_shown), None)
            for summary in summaries
        ]

    async def names(self, interaction: discord.Interaction[Any], typed: str, most: int) -> list[str]:
        """Names of shortlists that `typed` may mean; none where they can't be read."""
        guild_id = payer_of(interaction).guild_id
        try:
            return await self._database.shortlists.names_like(clean(typed), guild_id=guild_id, most=most)
        except StorageTrouble as error:
            _log.error("No shortlists to offer: %r", error.__cause__)
            return []

    async def offered(self, interaction: discord.Interaction[Any]) -> Ranking | None:
        """What there is to choose from in autocomplete; None where there is nothing, or it can't be read."""
        try:
            shortlist = await self.current(interaction)
            return None if shortlist is None else await self.ranking(interaction, shortlist)
        except StorageTrouble as error:
            _log.error("No tracks to offer: %r", error.__cause__)
            return None

"""/shortlist: a team collects tracks, votes, decides, and takes the ids into its game."""

from itertools import islice
from typing import Final, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.bot import Bot
from bot.errors import Refused
from bot.interactions.autocomplete import MAX_CHOICES, choice
from bot.models.search import is_asset_id
from bot.models.shortlists import MAX_BRIEF_LENGTH, MAX_NAME_LENGTH
from bot.shortlists.export import ExportFormat
from bot.text import fold

Interaction: TypeAlias = discord.Interaction[Bot]
Name: TypeAlias = Range[str, 1, MAX_NAME_LENGTH]
Typed: TypeAlias = Range[str, 1, 100]

_NAME: Final = "Which shortlist? Without a name, the one open in this channel"
_TRACK: Final = "A track on the shortlist open in this channel"
_FORMATS: Final = [
    Choice(name="Luau module: a table by track name, with rbxassetid:// ids", value="luau"),
    Choice(name="CSV, for a spreadsheet", value="csv"),
    Choice(name="JSON, for scripts", value="json"),
    Choice(name="Plain ids, one per line", value="ids"),
]


class ShortlistCommands(commands.GroupCog, group_name="shortlist"):
    """Collect tracks for a scene, vote on them, and take them into your game"""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command(extras={"example": "/shortlist new name:Boss fight brief:130 BPM, no vocals"})
    @app_commands.describe(
        name="A name, such as Boss fight",
        brief="What you need, such as 130 to 150 BPM, no vocals, loops well",
    )
    async def new(
        self, interaction: Interaction, name: Name, brief: Range[str, 1, MAX_BRIEF_LENGTH] | None = None
    ) -> None:
        """Make a shortlist and open it in this channel"""
        await self.bot.shortlist_service.create_and_announce(interaction, name, brief or "")

    @app_commands.command(name="open", extras={"example": "/shortlist open name:Boss fight"})
    @app_commands.describe(name="Which shortlist?")
    async def open_here(self, interaction: Interaction, name: Typed) -> None:
        """Open a shortlist in this channel, so that tracks you add go there"""
        await self.bot.shortlist_service.open_in_channel(interaction, name)

    @app_commands.command(name="list", extras={"example": "/shortlist list"})
    async def list_all(self, interaction: Interaction) -> None:
        """See all shortlists of this server, with their size, leading track and age"""
        await self.bot.shortlist_service.list(interaction)

    @app_commands.command(extras={"example": "/shortlist show"})
    @app_commands.describe(name=_NAME)
    async def show(self, interaction: Interaction, name: Typed | None = None) -> None:
        """Post the ranking for everybody to vote on; it updates itself"""
        await self.bot.shortlist_posts.show(
            interaction, await self.bot.shortlist_lookup.get_by_name(interaction, name)
        )

    @app_commands.command(extras={"example": "/shortlist add asset_id:1234567890"})
    @app_commands.describe(asset_id="An asset id, an rbxassetid:// address, or a link to the track's page")
    async def add(self, interaction: Interaction, asset_id: Range[str, 1, 300]) -> None:
        """Add a track by its id; for search results, use the menu below them"""
        await self.bot.add_tracks.add_by_id(interaction, asset_id)

    @app_commands.command(extras={"example": "/shortlist note track:Night Drive text:loops well"})
    @app_commands.describe(
        track=_TRACK, text="What you think of it, up to 200 characters; leave it out to remove your note"
    )
    async def note(self, interaction: Interaction, track: Typed, text: str = "") -> None:
        """Write a note on a track for everybody to read; it replaces your last one"""
        await self.bot.voting.note(interaction, _parse_choice(track), text)

    @app_commands.command(extras={"example": "/shortlist compare first:Night Drive second:Slow Rain"})
    @app_commands.describe(first=_TRACK, second=_TRACK, third=_TRACK, fourth=_TRACK)
    async def compare(
        self,
        interaction: Interaction,
        first: Typed,
        second: Typed,
        third: Typed | None = None,
        fourth: Typed | None = None,
    ) -> None:
        """Compare two to four tracks side by side"""
        asset_ids = [_parse_choice(track) for track in (first, second, third, fourth) if track is not None]
        await self.bot.voting.compare(interaction, asset_ids)

    @app_commands.command(extras={"example": "/shortlist remove track:Night Drive"})
    @app_commands.describe(track=_TRACK)
    async def remove(self, interaction: Interaction, track: Typed) -> None:
        """Remove a track from the shortlist; for its maker and moderators"""
        await self.bot.shortlist_service.remove(interaction, _parse_choice(track))

    @app_commands.command(extras={"example": "/shortlist export format:luau"})
    @app_commands.rename(export_format="format")
    @app_commands.describe(export_format="Which kind of file?", name=_NAME)
    @app_commands.choices(export_format=_FORMATS)
    async def export(
        self, interaction: Interaction, export_format: ExportFormat, name: Typed | None = None
    ) -> None:
        """Download the tracks as a file, best first"""
        await self.bot.shortlist_service.export(interaction, export_format, name)

    @app_commands.command(extras={"example": "/shortlist close"})
    @app_commands.describe(name=_NAME)
    async def close(self, interaction: Interaction, name: Typed | None = None) -> None:
        """Close a shortlist and announce its winners"""
        await self.bot.shortlist_service.close(interaction, name)

    @app_commands.command(extras={"example": "/shortlist reopen name:Boss fight"})
    @app_commands.describe(name=_NAME)
    async def reopen(self, interaction: Interaction, name: Typed | None = None) -> None:
        """Open a closed shortlist for tracks and votes again"""
        await self.bot.shortlist_service.reopen(interaction, name)

    @app_commands.command(extras={"example": "/shortlist rename to:Final boss"})
    @app_commands.describe(to="Its new name", name=_NAME)
    async def rename(self, interaction: Interaction, to: Name, name: Typed | None = None) -> None:
        """Give a shortlist another name"""
        await self.bot.shortlist_service.rename(interaction, to, name)

    @app_commands.command(extras={"example": "/shortlist delete name:Boss fight"})
    @app_commands.describe(name=_NAME)
    async def delete(self, interaction: Interaction, name: Typed | None = None) -> None:
        """Delete a shortlist for good; you are asked to confirm first"""
        await self.bot.shortlist_service.confirm_delete(interaction, name)

    @open_here.autocomplete("name")
    @show.autocomplete("name")
    @export.autocomplete("name")
    @close.autocomplete("name")
    @reopen.autocomplete("name")
    @rename.autocomplete("name")
    @delete.autocomplete("name")
    async def name_choices(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        names = await self.bot.shortlist_lookup.suggest_names(interaction, typed, MAX_CHOICES)
        return [choice(name, name) for name in names]

    @note.autocomplete("track")
    @compare.autocomplete("first")
    @compare.autocomplete("second")
    @compare.autocomplete("third")
    @compare.autocomplete("fourth")
    @remove.autocomplete("track")
    async def track_choices(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        ranking = await self.bot.shortlist_lookup.rank_current(interaction)
        if ranking is None:
            return []
        named = (
            (f"{position}. {entry.track.name} · {entry.track.artist or '?'}", entry.track.asset_id)
            for position, entry in enumerate(ranking.entries, 1)
        )
        key = fold(typed)
        matching = (each for each in named if not key or key in fold(each[0]))
        return [choice(name, asset_id) for name, asset_id in islice(matching, MAX_CHOICES)]


def _parse_choice(track: str) -> str:
    """The asset id of an autocomplete choice. Raises Refused if something else was typed."""
    if not is_asset_id(track):
        raise Refused("Choose a track from the list that appears as you type.")
    return track


async def setup(bot: Bot) -> None:
    await bot.add_cog(ShortlistCommands(bot))

"""/music, /artist and /more: the main job."""

from collections.abc import Callable, Iterable
from typing import Final, Literal, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands
from msgspec.structs import replace

from bot.bot import Bot
from bot.errors import Refused
from bot.interactions.autocomplete import choice, genre_choices
from bot.interactions.context import filter_channel_id, requester_of
from bot.models.ranges import (
    describe_length,
    describe_tempo,
    length_ideas,
    read_length,
    read_tempo,
    tempo_ideas,
)
from bot.models.search import Search
from bot.text import clean

Interaction: TypeAlias = discord.Interaction[Bot]

_GENRES_LOOKED_AT: Final = 2_000
"""All that are kept: filters may hide most of them."""

_OPTIONS: Final = {
    "genre": "Only this genre",
    "tempo": "BPM: 128, 120-130, 128±4, over 140, under 90",
    "length": "How long: 2:30, 1:00-3:00, under 90s",
    "half_double": "Let a tempo also match at half and at double time: 70 BPM for 140",
    "private": "Show the answer to me alone",
}


class Music(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command(extras={"example": "/music query:dark cinematic tension tempo:120-130"})
    @app_commands.describe(query="How it should sound, in your own words: upbeat summer vibes", **_OPTIONS)
    async def music(
        self,
        interaction: Interaction,
        query: Range[str, 1, 200],
        genre: Range[str, 1, 100] | None = None,
        tempo: Range[str, 1, 50] | None = None,
        length: Range[str, 1, 50] | None = None,
        half_double: bool = False,
        private: bool = False,
    ) -> None:
        """Find music by a mood, a genre or a description"""
        search = read_search("music", query, genre, tempo, length)
        search = replace(search, half_double=half_double)
        await self.bot.search_service.search(interaction, search, private=private)

    @app_commands.command(extras={"example": "/artist name:Quinn Ember"})
    @app_commands.describe(name="An artist's name", **_OPTIONS)
    async def artist(
        self,
        interaction: Interaction,
        name: Range[str, 1, 100],
        genre: Range[str, 1, 100] | None = None,
        tempo: Range[str, 1, 50] | None = None,
        length: Range[str, 1, 50] | None = None,
        half_double: bool = False,
        private: bool = False,
    ) -> None:
        """Find music by an artist and in their style"""
        search = read_search("artist", name, genre, tempo, length)
        search = replace(search, half_double=half_double)
        await self.bot.search_service.search(interaction, search, private=private)

    @app_commands.command(extras={"example": "/more"})
    async def more(self, interaction: Interaction) -> None:
        """Show the next page of your latest search here, or else of the channel's latest"""
        await self.bot.search_service.show_next_page(interaction)

    @music.autocomplete("genre")
    @artist.autocomplete("genre")
    async def genre_choices(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        seen = await self.bot.result_cache.suggest_genres(typed, _GENRES_LOOKED_AT)
        guild_id, channel_id = requester_of(interaction).guild_id, filter_channel_id(interaction)
        shown = await self.bot.filter_cache.visible_genres(guild_id, channel_id, seen)
        return genre_choices(typed, shown)

    @music.autocomplete("tempo")
    @artist.autocomplete("tempo")
    async def tempo_choices(self, _: Interaction, typed: str) -> list[Choice[str]]:
        return _range_choices(typed, tempo_ideas(typed), lambda text: describe_tempo(read_tempo(text)))

    @music.autocomplete("length")
    @artist.autocomplete("length")
    async def length_choices(self, _: Interaction, typed: str) -> list[Choice[str]]:
        return _range_choices(typed, length_ideas(typed), lambda text: describe_length(read_length(text)))


def read_search(
    kind: Literal["music", "artist"], text: str, genre: str | None, tempo: str | None, length: str | None
) -> Search:
    """What was typed, understood. Raises Refused where a part of it can't be."""
    words = clean(text)
    if not words:
        raise Refused("There are no words in that search. Try something like `upbeat summer vibes`.")
    return Search(
        text=words,
        kind=kind,
        genre=clean(genre or "") or None,
        tempo=read_tempo(tempo) if tempo else None,
        length=read_length(length) if length else None,
    )


def _range_choices(typed: str, ideas: Iterable[str], understood: Callable[[str], str]) -> list[Choice[str]]:
    """What was typed, with how it is understood or why not, and then some ideas."""
    choices = [choice(understood(idea), idea) for idea in ideas if idea != typed]
    if not typed.strip():
        return choices
    try:
        name = f"{clean(typed)} → {understood(typed)}"
    except Refused as error:
        name = str(error).replace("`", "")
    return [choice(name, typed), *choices]


async def setup(bot: Bot) -> None:
    await bot.add_cog(Music(bot))

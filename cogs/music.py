"""/music, /artist and /more: finding music, and paging through it."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, TypeVar

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.bot import Bot
from bot.errors import Refused
from bot.interactions.autocomplete import choice, genre_choices
from bot.interactions.context import filter_channel_id, requester_of
from bot.models.ranges import (
    describe_length,
    describe_tempo,
    parse_length,
    parse_tempo,
    suggest_lengths,
    suggest_tempos,
)
from bot.models.search import Search
from bot.text import clean

Interaction: TypeAlias = discord.Interaction[Bot]
_Callback = TypeVar("_Callback", bound=Callable[..., Any])

_MAX_GENRES_READ: Final = 2_000
"""All genres that are stored: filters may hide most of them."""


@dataclass
class SearchOptions:
    """The options that /music and /artist share, as Discord shows them."""

    genre: Range[str, 1, 100] | None = None
    tempo: Range[str, 1, 50] | None = None
    length: Range[str, 1, 50] | None = None
    half_double: bool = False
    private: bool = False


def _with_search_options(callback: _Callback) -> _Callback:
    """Add SearchOptions to a command whose callback takes them as `**options`.

    discord.py reads a command's options from the signature of its callback, which `__signature__` replaces.
    """
    own = [each for each in inspect.signature(callback).parameters.values() if each.kind != each.VAR_KEYWORD]
    shared = inspect.signature(SearchOptions).parameters.values()
    callback.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    app_commands.describe(
        genre="Only this genre",
        tempo="BPM: 128, 120-130, 128±4, over 140, under 90",
        length="Length of the track: 2:30, 1:00-3:00, under 90s",
        half_double="Also match half and double the tempo: 70 BPM for 140",
        private="Show the results only to me",
    )(callback)
    return app_commands.autocomplete(genre=_genre_choices, tempo=_tempo_choices, length=_length_choices)(
        callback
    )


async def _genre_choices(interaction: Interaction, typed: str) -> list[Choice[str]]:
    bot = interaction.client
    genres = await bot.result_cache.suggest_genres(typed, _MAX_GENRES_READ)
    guild_id, channel_id = requester_of(interaction).guild_id, filter_channel_id(interaction)
    return genre_choices(typed, await bot.filter_cache.visible_genres(guild_id, channel_id, genres))


async def _tempo_choices(_: Interaction, typed: str) -> list[Choice[str]]:
    return _range_choices(typed, suggest_tempos(typed), lambda text: describe_tempo(parse_tempo(text)))


async def _length_choices(_: Interaction, typed: str) -> list[Choice[str]]:
    return _range_choices(typed, suggest_lengths(typed), lambda text: describe_length(parse_length(text)))


class Music(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command(extras={"example": "/music query:dark cinematic tension tempo:120-130"})
    @app_commands.describe(query="How it should sound, in your own words: upbeat summer vibes")
    @_with_search_options
    async def music(self, interaction: Interaction, /, query: Range[str, 1, 200], **options: Any) -> None:
        """Find music by a mood, a genre or a description"""
        await self._search(interaction, "music", query, SearchOptions(**options))

    @app_commands.command(extras={"example": "/artist name:Quinn Ember"})
    @app_commands.describe(name="An artist's name")
    @_with_search_options
    async def artist(self, interaction: Interaction, /, name: Range[str, 1, 100], **options: Any) -> None:
        """Find music by an artist and in their style"""
        await self._search(interaction, "artist", name, SearchOptions(**options))

    @app_commands.command(extras={"example": "/more"})
    async def more(self, interaction: Interaction) -> None:
        """Show the next page of your latest search here, or else of the channel's latest"""
        await self.bot.search_service.show_next_page(interaction)

    async def _search(
        self, interaction: Interaction, kind: Literal["music", "artist"], text: str, options: SearchOptions
    ) -> None:
        search = parse_search(kind, text, options)
        await self.bot.search_service.search(interaction, search, private=options.private)


def parse_search(kind: Literal["music", "artist"], text: str, options: SearchOptions) -> Search:
    """The search that a member typed. Raises Refused if a part of it can't be parsed."""
    words = clean(text)
    if not words:
        raise Refused("There are no words in that search. Try something like `upbeat summer vibes`.")
    return Search(
        text=words,
        kind=kind,
        genre=clean(options.genre or "") or None,
        tempo=parse_tempo(options.tempo) if options.tempo else None,
        length=parse_length(options.length) if options.length else None,
        half_double=options.half_double,
    )


def _range_choices(
    typed: str, suggestions: Iterable[str], describe: Callable[[str], str]
) -> list[Choice[str]]:
    """The typed range with its meaning, or with the reason why it can't be read, and then `suggestions`."""
    choices = [choice(describe(text), text) for text in suggestions if text != typed]
    if not typed.strip():
        return choices
    try:
        name = f"{clean(typed)} → {describe(typed)}"
    except Refused as error:
        name = str(error).replace("`", "")
    return [choice(name, typed), *choices]


async def setup(bot: Bot) -> None:
    await bot.add_cog(Music(bot))

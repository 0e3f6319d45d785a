"""/filters: moderators decide which music their server sees."""

from typing import Any, Final, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.bot import Bot
from bot.errors import Refused
from bot.filters.parsing import MAX_RULE_LENGTH, parse_length_rule, parse_rule
from bot.interactions.autocomplete import MAX_CHOICES, choice, genre_choices
from bot.interactions.context import filter_channel_id, is_moderator, require_moderator
from bot.models.rules import WHOLE_SERVER
from bot.models.search import Search
from bot.text import clean

Interaction: TypeAlias = discord.Interaction[Bot]


class ChannelId(app_commands.Transformer):
    """The id of a channel that was chosen: the bot caches no guilds, so it has no more than the id."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Channels in which commands can be used; a category is none of them."""
        kinds = discord.ChannelType
        return [kinds.text, kinds.news, kinds.voice, kinds.stage_voice, kinds.forum]

    async def transform(self, _: discord.Interaction[Any], value: app_commands.AppCommandChannel, /) -> int:
        return value.id


Channel: TypeAlias = app_commands.Transform[int, ChannelId]
Name: TypeAlias = Range[str, 1, MAX_RULE_LENGTH]

_CHANNEL: Final = "The channel that this is for; leave it out for the whole server"


@app_commands.default_permissions(manage_guild=True)
class FilterCommands(commands.GroupCog, group_name="filters"):
    """Decide which music members of this server see"""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        require_moderator(interaction)
        return True

    @app_commands.command(extras={"example": "/filters show"})
    async def show(self, interaction: Interaction) -> None:
        """Show the rules in force in this channel, with buttons to remove them"""
        await self.bot.filter_service.show(interaction)

    @app_commands.command(extras={"example": "/filters allow genre:Lo-Fi"})
    @app_commands.describe(genre="A genre that members may see", channel=_CHANNEL)
    async def allow(self, interaction: Interaction, genre: Name, channel: Channel = WHOLE_SERVER) -> None:
        """Allow a genre; all genres that are not allowed are then hidden"""
        await self.bot.filter_service.add(interaction, [parse_rule("allow genre", genre, channel)])

    @app_commands.command(extras={"example": "/filters block word:christmas"})
    @app_commands.describe(
        genre="The genre to hide",
        artist="The artist to hide, also on tracks with other artists",
        word="A word, or several in a row, in the name of a track, an artist or an album",
        channel=_CHANNEL,
    )
    async def block(
        self,
        interaction: Interaction,
        genre: Name | None = None,
        artist: Name | None = None,
        word: Name | None = None,
        channel: Channel = WHOLE_SERVER,
    ) -> None:
        """Hide a genre, an artist, or tracks that mention certain words"""
        typed = (("block genre", genre), ("block artist", artist), ("block word", word))
        rules = [parse_rule(kind, text, channel) for kind, text in typed if text is not None]
        if not rules:
            raise Refused("Say what to hide: a `genre`, an `artist` or a `word`.")
        await self.bot.filter_service.add(interaction, rules)

    @app_commands.command(extras={"example": "/filters length max:5:00"})
    @app_commands.rename(minimum="min", maximum="max")
    @app_commands.describe(
        minimum="The shortest length to show, such as 1:00 or 45s",
        maximum="The longest length to show, such as 5:00 or 10 min",
        channel=_CHANNEL,
    )
    async def length(
        self,
        interaction: Interaction,
        minimum: Range[str, 1, 20] | None = None,
        maximum: Range[str, 1, 20] | None = None,
        channel: Channel = WHOLE_SERVER,
    ) -> None:
        """Show only tracks of a certain length"""
        rule = parse_length_rule(minimum, maximum, channel)
        await self.bot.filter_service.add(interaction, [rule])

    @app_commands.command(extras={"example": "/filters remove rule:Lo-Fi"})
    @app_commands.describe(rule="The rule to remove")
    async def remove(self, interaction: Interaction, rule: Range[str, 1, 200]) -> None:
        """Remove one rule"""
        await self.bot.filter_service.remove(interaction, rule)

    @app_commands.command(extras={"example": "/filters reset"})
    async def reset(self, interaction: Interaction) -> None:
        """Remove all rules, after you have seen them and confirmed it"""
        await self.bot.filter_service.confirm_reset(interaction)

    @app_commands.command(name="try", extras={"example": "/filters try query:dark cinematic tension"})
    @app_commands.describe(
        query="A search as a member would type it",
        channel="The channel to try it in; leave it out for this one",
    )
    async def preview(
        self, interaction: Interaction, query: Range[str, 1, 200], channel: Channel = WHOLE_SERVER
    ) -> None:
        """See what members would find with a search, and which rule hides what; only you see it"""
        words = clean(query)
        if not words:
            raise Refused("There are no words in that search. Try something like `upbeat summer vibes`.")
        await self.bot.filter_service.preview(
            interaction, Search(words), channel or filter_channel_id(interaction)
        )

    @app_commands.command(extras={"example": "/filters history"})
    async def history(self, interaction: Interaction) -> None:
        """Show who changed which rule, and when, in the last 90 days"""
        await self.bot.filter_service.history(interaction)

    @app_commands.command(extras={"example": "/filters copy"})
    async def copy(self, interaction: Interaction) -> None:
        """Get all rules as a file, to keep or to use in another server"""
        await self.bot.filter_service.export_rules(interaction)

    @app_commands.command(extras={"example": "/filters paste file:filters.json"})
    @app_commands.describe(file="A file that /filters copy made")
    async def paste(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Add the rules in a file to those of this server, all or none"""
        await self.bot.filter_service.import_rules(interaction, file)

    @allow.autocomplete("genre")
    @block.autocomplete("genre")
    async def genre_choices(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        if not is_moderator(interaction):  # autocomplete runs no checks
            return []
        return genre_choices(typed, await self.bot.result_cache.suggest_genres(typed, MAX_CHOICES))

    @remove.autocomplete("rule")
    async def rule_choices(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        choices = await self.bot.filter_service.rule_choices(interaction, typed)
        return [choice(name, value) for name, value in choices[:MAX_CHOICES]]


async def setup(bot: Bot) -> None:
    await bot.add_cog(FilterCommands(bot))

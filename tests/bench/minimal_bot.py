"""The minimal bot that Needledrop is compared with: discord.py and httpx, without a cache and a database.

Every page is a request to AudioScape, and the position of each search is in a dictionary.
"""

import os
from typing import Any

import discord
import httpx
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

PAGE_SIZE = 5

# Only these two lines differ from a bot on Discord: they connect it to the fake servers.
Route.BASE = os.environ["DISCORD_API_URL"]
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])


class MinimalBot(discord.Client):
    def __init__(self) -> None:
        has_guilds = os.environ.get("INTENTS") == "default"
        super().__init__(intents=discord.Intents.default() if has_guilds else discord.Intents.none())
        self.tree = app_commands.CommandTree(self)
        self.searches: dict[tuple[int | None, int], tuple[str, int]] = {}
        self.http_client = httpx.AsyncClient(headers={"x-api-key": os.environ["AUDIOSCAPE_API_KEY"]})

    async def setup_hook(self) -> None:
        self.pages = Pages()
        self.add_view(self.pages)
        await self.tree.sync()

    async def find(self, query: str, start: int) -> list[discord.Embed]:
        response = await self.http_client.post(
            os.environ["AUDIOSCAPE_API_URL"] + "/search",
            json={"query": query, "limit": PAGE_SIZE, "offset": start},
        )
        response.raise_for_status()
        return [track_embed(track) for track in response.json()["tracks"]]

    async def show(self, interaction: discord.Interaction[Any], query: str, start: int) -> None:
        self.searches[interaction.channel_id, interaction.user.id] = (query, start)
        embeds = await self.find(query, start)
        await interaction.edit_original_response(content=f"**{query}**", embeds=embeds, view=self.pages)

    async def turn(self, interaction: discord.Interaction[Any], by: int) -> None:
        query, start = self.searches[interaction.channel_id, interaction.user.id]
        await self.show(interaction, query, max(0, start + by))


bot = MinimalBot()


class Pages(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="◀", custom_id="back")
    async def back(self, interaction: discord.Interaction[Any], _: discord.ui.Button[Any]) -> None:
        await interaction.response.defer()
        await bot.turn(interaction, -PAGE_SIZE)

    @discord.ui.button(label="▶", custom_id="forward")
    async def forward(self, interaction: discord.Interaction[Any], _: discord.ui.Button[Any]) -> None:
        await interaction.response.defer()
        await bot.turn(interaction, PAGE_SIZE)


def track_embed(track: dict[str, Any]) -> discord.Embed:
    minutes, seconds = divmod(round(track["duration"]), 60)
    embed = discord.Embed(
        title=discord.utils.escape_markdown(track["name"]),
        url=f"https://create.roblox.com/store/asset/{track['asset_id']}",
        description=f"**{track['artist']}** · *{track['album']}*\n"
        f"{track['bpm']} BPM · {minutes}:{seconds:02} · {track['genre']}",
    )
    if track["thumbnail_url"]:
        embed.set_thumbnail(url=track["thumbnail_url"])
    return embed


@bot.tree.command()
async def music(interaction: discord.Interaction[Any], query: str) -> None:
    """Find music"""
    await interaction.response.defer()
    await bot.show(interaction, query, 0)


@bot.tree.command()
async def more(interaction: discord.Interaction[Any]) -> None:
    """Show the next page"""
    await interaction.response.defer()
    await bot.turn(interaction, PAGE_SIZE)


if __name__ == "__main__":
    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)

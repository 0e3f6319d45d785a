"""Steps that tests of filters have in common."""

import json
from typing import Any

import discord
import simcord
from simcord import ChannelHandle, InteractionResult, ResponseMessage

from bot.bot import Bot
from bot.errors import BotError
from tests.support.members import private_reply, shown
from tests.support.world import World


def bot_of(world: World) -> Bot:
    assert isinstance(world.env.bot, Bot)
    return world.env.bot


async def filters(world: World, name: str, **options: Any) -> ResponseMessage:
    """The reply to a command of /filters, typed by the moderator."""
    return shown(await world.sam.slash(world.channel, f"filters {name}", **options))


async def music(world: World, **options: Any) -> ResponseMessage:
    return shown(await world.mika.slash(world.channel, "music", **{"query": "calm", **options}))


def text(message: Any) -> str:
    """All text of a message and its embeds."""
    parts = [part for embed in message.embeds for part in (embed.title, embed.description, embed.footer.text)]
    return "\n".join(filter(None, [message.content, *parts]))


def rules_of(message: Any) -> list[str]:
    """The sentences in the list of `/filters show`, without their numbers."""
    return [line.split("` ")[-1] for line in text(message).split("\n") if line.startswith("`")]


async def refusal(world: World, result: InteractionResult, *, is_press: bool = False) -> str:
    """The ephemeral reply to a command, or a press, that was refused."""
    if not is_press:  # the simulation counts what a command raises, and claims are made by type
        simcord.assert_error(world.env, BotError)
    message = private_reply(result)
    assert message.ephemeral
    return message.content


def rules_file(rules: list[Any], guild_id: str = "1", version: int = 1) -> dict[str, Any]:
    return {"needledrop_filters": version, "guild_id": guild_id, "rules": rules}


async def import_file(world: World, content: Any) -> InteractionResult:
    """Give bytes, or what becomes JSON, to `/filters paste`; the guild id "here" stands for the world's."""
    if isinstance(content, dict) and content["guild_id"] == "here":
        content = {**content, "guild_id": str(world.guild.id)}
    encoded = content if isinstance(content, bytes) else json.dumps(content).encode()
    return await world.sam.slash(world.channel, "filters paste", file=("filters.json", encoded))


async def exported(message: ResponseMessage) -> bytes:
    """The content of the one file of a message."""
    (attachment,) = message.attachments
    return await attachment.read()


async def moderator_elsewhere(world: World) -> tuple[simcord.MemberActor, ChannelHandle]:
    """A moderator of another server, and a channel there."""
    guild = world.env.create_guild("Another server")
    role = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    member = guild.add_member(world.env.create_user("moderator"), roles=[role])
    return member, guild.create_text_channel("music")

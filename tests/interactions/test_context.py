"""The context of an interaction: outside of servers a command is refused, moderators are checked twice."""

import pytest
import simcord
from discord import app_commands

from bot.errors import Refused
from bot.interactions.context import filter_channel_id, is_moderator, requester_of, require_moderator
from bot.interactions.services import Interaction
from tests.support.world import World


async def interaction_of(
    world: World, who: simcord.MemberActor, channel: simcord.ChannelHandle
) -> Interaction:
    """The interaction of a command that `who` types in `channel`."""
    caught: list[Interaction] = []

    async def on_interaction(interaction: Interaction) -> None:
        caught.append(interaction)

    world.bot.add_listener(on_interaction)
    await who.slash(channel, "about")
    world.bot.remove_listener(on_interaction)
    return caught[0]


async def test_the_requester_is_the_member_and_the_guild(world: World) -> None:
    requester = requester_of(await interaction_of(world, world.mika, world.channel))

    assert (requester.guild_id, requester.member_id) == (world.guild.id, world.mika.id)


async def test_outside_of_servers_a_command_is_refused(world: World) -> None:
    interaction = await interaction_of(world, world.mika, world.channel)
    interaction.guild_id = None

    with pytest.raises(Refused, match="I only work in servers"):
        requester_of(interaction)


async def test_a_thread_has_the_filters_of_its_channel(world: World) -> None:
    world.env.backend.create_thread(world.channel.id, "a thread", world.mika.id)
    (thread,) = world.channel.threads
    in_thread = await interaction_of(world, world.mika, thread)

    assert in_thread.channel_id != world.channel.id
    assert filter_channel_id(in_thread) == world.channel.id


async def test_moderators_are_members_with_manage_server(world: World) -> None:
    moderator = await interaction_of(world, world.sam, world.channel)
    member = await interaction_of(world, world.mika, world.channel)
    require_moderator(moderator)

    assert (is_moderator(moderator), is_moderator(member)) == (True, False)
    with pytest.raises(app_commands.MissingPermissions):
        require_moderator(member)

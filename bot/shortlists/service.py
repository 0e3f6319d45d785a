"""Desk: makes, opens, lists, closes, renames, exports and deletes shortlists."""

import asyncio
from collections.abc import Callable
from io import BytesIO
from typing import Final

import discord

from bot.database import Database
from bot.errors import Refused
from bot.interactions.client import Interaction
from bot.interactions.context import is_moderator, requester_of
from bot.interactions.embeds import NEUTRAL_COLOUR
from bot.interactions.responses import defer, is_press
from bot.models.pages import page_count
from bot.models.shortlists import MAX_BRIEF_LENGTH, MAX_NAME_LENGTH, MAX_SHORTLISTS, Shortlist
from bot.shortlists.actions import ListActions
from bot.shortlists.components import delete_view, lists_view
from bot.shortlists.embeds import counted, decision, hidden_line, list_row, title_of
from bot.shortlists.export import Format, export
from bot.shortlists.lookup import GONE, NO_TRACK, ShortlistLookup
from bot.shortlists.posts import ShortlistPosts
from bot.text import clean, escape

_A_PAGE: Final = 20
_NOT_YOURS: Final = "Only who made this shortlist, or a moderator (*Manage Server*), may do that."


class ShortlistService(ListActions):
    """Anybody may make and open; what ends or changes a shortlist is for its maker and moderators."""

    def __init__(
        self,
        *,
        lookup: ShortlistLookup,
        posts: ShortlistPosts,
        database: Database,
        clock: Callable[[], float],
    ) -> None:
        self._lookup = lookup
        self._posts = posts
        self._database = database
        self._clock = clock

    async def create_and_announce(self, interaction: Interaction, name: str, brief: str) -> None:
        """Make a shortlist and tell the channel. Raises BotError."""
        shortlist = await self.create(interaction, name, brief)
        lines = [f"{title_of(shortlist)} is open in this channel."]
        if shortlist.brief:
            lines.append(f"-# {escape(shortlist.brief, 600)}")
        lines.append("-# Search with `/music`, and choose in the menu **Add to …** below the answer.")
        await interaction.response.send_message("\n".join(lines))

    async def create(self, interaction: Interaction, name: str, brief: str) -> Shortlist:
        """A new shortlist, current in the channel; the interaction is not answered. Raises BotError."""
        guild_id = requester_of(interaction).guild_id
        shortlist = await self._database.shortlists.add(
            _read_name(name),
            clean(brief)[:MAX_BRIEF_LENGTH],
            guild_id=guild_id,
            channel_id=interaction.channel_id or 0,
            maker_id=interaction.user.id,
            now=self._clock(),
        )
        if shortlist is None:
            await self._refuse_taken(guild_id, _read_name(name))
            raise Refused(
                f"This server has {MAX_SHORTLISTS} shortlists, and I keep no more. "
                "Delete one that is done with, with `/shortlist delete`."
            )
        return shortlist

    async def open_in_channel(self, interaction: Interaction, name: str) -> None:
        """Make a shortlist the channel's current one. Raises BotError."""
        shortlist = await self._lookup.get_by_name(interaction, name)
        if not await self._database.shortlists.set_current(
            shortlist.shortlist_id, channel_id=interaction.channel_id or 0
        ):
            raise Refused(GONE)
        await interaction.response.send_message(f"{title_of(shortlist)} is open in this channel now.")

    async def list(self, interaction: Interaction, page: int = 1) -> None:
        """Answer with a page of all shortlists of the server. Raises BotError."""
        summaries = await self._database.shortlists.list_summaries(
            guild_id=requester_of(interaction).guild_id
        )
        if not summaries:
            raise Refused("There are no shortlists here yet. Make one with `/shortlist new`.")
        pages = page_count(len(summaries), _A_PAGE)
        page = min(max(1, page), pages)
        shown = summaries[(page - 1) * _A_PAGE : page * _A_PAGE]
        leaders = await self._lookup.visible_leaders(interaction, shown)
        rows = [list_row(summary, leader) for summary, leader in zip(shown, leaders, strict=True)]
        embed = discord.Embed(description="\n".join(rows), colour=NEUTRAL_COLOUR)
        content = f"**{counted(len(summaries), 'shortlist')}** in this server"
        content += f" · page {page} of {pages}" if pages > 1 else ""
        view = lists_view(page, pages)
        if is_press(interaction):
            await interaction.response.edit_message(content=content, embed=embed, view=view)
        elif view is None:
            await interaction.response.send_message(content, embed=embed)
        else:
            await interaction.response.send_message(content, embed=embed, view=view)

    async def close(self, interaction: Interaction, name: str | None) -> None:
        """Freeze a shortlist and name its winners. Raises BotError."""
        shortlist = await self._own(interaction, name)
        if not await self._database.shortlists.close(shortlist.shortlist_id, self._clock()):
            raise Refused(f"{title_of(shortlist)} is closed already.")
        ranking = await self._lookup.rank(interaction, shortlist)
        await self._posts.schedule_updates(shortlist.shortlist_id)
        await interaction.response.send_message(decision(ranking), suppress_embeds=True)

    async def reopen(self, interaction: Interaction, name: str | None) -> None:
        """Let tracks be added and voted on again. Raises BotError."""
        shortlist = await self._own(interaction, name)
        if not await self._database.shortlists.reopen(shortlist.shortlist_id):
            raise Refused(f"{title_of(shortlist)} is open.")
        await self._posts.schedule_updates(shortlist.shortlist_id)
        await interaction.response.send_message(f"{title_of(shortlist)} is open again, for tracks and votes.")

    async def rename(self, interaction: Interaction, to: str, name: str | None) -> None:
        """Give a shortlist another name. Raises BotError."""
        shortlist = await self._own(interaction, name)
        new_name = _read_name(to)
        result = await self._database.shortlists.rename(shortlist.shortlist_id, new_name)
        if result == "gone":
            raise Refused(GONE)
        if result == "taken":
            raise Refused(
                f"There is a shortlist called **{escape(new_name, 100)}** already. Choose another name."
            )
        await self._posts.schedule_updates(shortlist.shortlist_id)
        await interaction.response.send_message(
            f"{title_of(shortlist)} is called **{escape(new_name, 100)}** now."
        )

    async def remove(self, interaction: Interaction, asset_id: str) -> None:
        """Take a track off the channel's shortlist. Raises BotError."""
        shortlist = await self._own(interaction, None)
        entry = await self._database.entries.get(shortlist.shortlist_id, asset_id)  # a hidden one too
        if entry is None:
            raise Refused(NO_TRACK)
        if not await self._database.entries.remove(shortlist.shortlist_id, asset_id):
            raise Refused(f"{title_of(shortlist)} is closed, so nothing changes on it.")
        await self._posts.schedule_updates(shortlist.shortlist_id)
        is_shown = await self._lookup.visible_tracks(interaction, [entry.track])
        track = escape(entry.track.name, 200) if is_shown else asset_id
        await interaction.response.send_message(
            f"**{track}** is off {title_of(shortlist)}, with its votes and notes.", ephemeral=True
        )

    async def confirm_delete(self, interaction: Interaction, name: str | None) -> None:
        """Ask whether it is meant, with a button that does it. Raises BotError."""
        shortlist = await self._own(interaction, name)
        count = len(await self._database.entries.list_all(shortlist.shortlist_id))
        await interaction.response.send_message(
            f"Delete {title_of(shortlist)} with its {counted(count, 'track')}, all votes and notes?"
            " That can't be undone. To keep it, dismiss this message.",
            view=delete_view(shortlist.shortlist_id),
            ephemeral=True,
        )

    async def delete(self, interaction: Interaction, shortlist_id: int) -> None:
        """Delete it, after it was asked whether that is meant. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        _check_own(interaction, shortlist)
        deleted = await self._posts.deleting(shortlist_id)
        await self._database.shortlists.delete(shortlist_id)
        deleted()
        await interaction.response.edit_message(content=f"{title_of(shortlist)} is deleted.", view=None)

    async def export(self, interaction: Interaction, form: Format, name: str | None) -> None:
        """Answer with a file of the tracks that may be shown, best first. Raises BotError."""
        shortlist = await self._lookup.get_by_name(interaction, name)
        ranking = await self._lookup.rank(interaction, shortlist)
        if not ranking.entries:
            raise Refused(
                f"This server's filters hide all that is on {title_of(shortlist)}."
                if ranking.hidden
                else f"There is nothing on {title_of(shortlist)} to export yet."
            )
        file_name, content = await asyncio.to_thread(export, ranking, form)
        if len(content) > interaction.filesize_limit:
            raise Refused("That file would be larger than Discord takes. Try another format.")
        await defer(interaction, thinking=True)
        head = f"{title_of(shortlist)} · {counted(len(ranking.entries), 'track')}"
        words = "\n".join((head, *hidden_line(ranking)))
        file = discord.File(BytesIO(content), file_name)
        await interaction.edit_original_response(content=words, attachments=[file])

    async def _own(self, interaction: Interaction, name: str | None) -> Shortlist:
        """The shortlist meant. Raises Refused where it is somebody else's."""
        shortlist = await self._lookup.get_by_name(interaction, name)
        _check_own(interaction, shortlist)
        return shortlist

    async def _refuse_taken(self, guild_id: int, name: str) -> None:
        """Raises Refused where a shortlist has that name."""
        taken = await self._database.shortlists.get_by_name(name, guild_id=guild_id)
        if taken is not None:
            raise Refused(
                f"There is a shortlist called **{escape(taken.name, 100)}** already. Choose another name."
            )


def _check_own(interaction: Interaction, shortlist: Shortlist) -> None:
    if interaction.user.id != shortlist.maker_id and not is_moderator(interaction):
        raise Refused(_NOT_YOURS)


def _read_name(typed: str) -> str:
    """The name that was typed. Raises Refused where nothing can be seen of it, or too much."""
    name = clean(typed)
    if not name:
        raise Refused("A shortlist needs a name that can be read.")
    if len(name) > MAX_NAME_LENGTH:
        raise Refused(f"A name has up to {MAX_NAME_LENGTH} characters.")
    return name

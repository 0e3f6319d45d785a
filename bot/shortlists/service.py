"""Shortlist service: creates, opens, lists, closes, reopens, renames, exports and deletes shortlists."""

import asyncio
from collections.abc import Callable
from io import BytesIO
from typing import Final

import discord

from bot.database import Database
from bot.errors import Refused
from bot.i18n import plural
from bot.interactions.context import is_moderator, requester_of
from bot.interactions.embeds import NEUTRAL_COLOUR
from bot.interactions.responses import defer, is_press
from bot.interactions.services import Interaction
from bot.models.pages import page_count
from bot.models.shortlists import MAX_BRIEF_LENGTH, MAX_NAME_LENGTH, MAX_SHORTLISTS, Shortlist
from bot.shortlists.actions import ListActions
from bot.shortlists.components import delete_view, list_view
from bot.shortlists.embeds import decision, hidden_line, list_headline, list_row, title_of, track_count
from bot.shortlists.export import ExportFormat, export
from bot.shortlists.lookup import SHORTLIST_CLOSED, SHORTLIST_GONE, TRACK_GONE, ShortlistLookup
from bot.shortlists.posts import ShortlistPosts
from bot.text import clean, escape

_LIST_PAGE_SIZE: Final = 20
_MAKER_ONLY: Final = "Only the member who made this shortlist, or a moderator (*Manage Server*), can do that."
_TOO_MANY: Final = (
    f"This server has {MAX_SHORTLISTS} shortlists, which is the limit. "
    "Please delete one that you no longer need with `/shortlist delete`."
)
_CHANGED_MEANWHILE: Final = "This server's shortlists changed at the same moment. Please try again."
_CURRENT: Final = "{title} is this channel's shortlist now."
_CURRENT_BUT_CLOSED: Final = (
    "{title} is this channel's shortlist now. "
    "It is closed: `/shortlist reopen` opens it for tracks and votes."
)


class ShortlistService(ListActions):
    """Every member may create and open a shortlist; only its maker and moderators may change or end it."""

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
        """Create a shortlist and tell the channel. Raises BotError."""
        shortlist = await self.create(interaction, name, brief)
        lines = [f"{title_of(shortlist)} is open in this channel."]
        if shortlist.brief:
            lines.append(f"-# {escape(shortlist.brief, 600)}")
        lines.append(
            "-# Search with `/music`, then choose tracks in the menu **Add to …** below the results."
        )
        await interaction.response.send_message("\n".join(lines))

    async def create(self, interaction: Interaction, name: str, brief: str) -> Shortlist:
        """Create a shortlist that is current in the channel, without a reply. Raises BotError."""
        guild_id, new_name = requester_of(interaction).guild_id, _parse_name(name)
        shortlist = await self._database.shortlists.add(
            new_name,
            clean(brief)[:MAX_BRIEF_LENGTH],
            guild_id=guild_id,
            channel_id=interaction.channel_id or 0,
            maker_id=interaction.user.id,
            now=self._clock(),
        )
        if shortlist is None:
            await self._require_free_name(guild_id, new_name)
            count = len(await self._database.shortlists.list_summaries(guild_id=guild_id))
            raise Refused(_TOO_MANY if count >= MAX_SHORTLISTS else _CHANGED_MEANWHILE)
        return shortlist

    async def open_in_channel(self, interaction: Interaction, name: str) -> None:
        """Make a shortlist the channel's current one. Raises BotError."""
        shortlist = await self._lookup.get_by_name(interaction, name)
        channel_id = interaction.channel_id or 0
        if not await self._database.shortlists.set_current(shortlist.shortlist_id, channel_id=channel_id):
            raise Refused(SHORTLIST_GONE)
        message = _CURRENT if shortlist.closed_at is None else _CURRENT_BUT_CLOSED
        await interaction.response.send_message(message.format(title=title_of(shortlist)))

    async def list(self, interaction: Interaction, page: int = 1) -> None:
        """Answer with a page of the server's shortlists. Raises BotError."""
        summaries = await self._database.shortlists.list_summaries(
            guild_id=requester_of(interaction).guild_id
        )
        if not summaries:
            raise Refused("There are no shortlists here yet. Make one with `/shortlist new`.")
        pages = page_count(len(summaries), _LIST_PAGE_SIZE)
        page = min(max(1, page), pages)
        shown = summaries[(page - 1) * _LIST_PAGE_SIZE : page * _LIST_PAGE_SIZE]
        leaders = await self._lookup.visible_leaders(interaction, shown)
        rows = [list_row(summary, leader) for summary, leader in zip(shown, leaders, strict=True)]
        embed = discord.Embed(description="\n".join(rows), colour=NEUTRAL_COLOUR)
        content = list_headline(len(summaries), page, pages)
        view = list_view(page, pages)
        if is_press(interaction):
            await interaction.response.edit_message(content=content, embed=embed, view=view)
        elif view is None:
            await interaction.response.send_message(content, embed=embed)
        else:
            await interaction.response.send_message(content, embed=embed, view=view)

    async def close(self, interaction: Interaction, name: str | None) -> None:
        """Close a shortlist and name its winners. Raises BotError."""
        shortlist = await self._get_own(interaction, name)
        if not await self._database.shortlists.close(shortlist.shortlist_id, self._clock()):
            await self._lookup.get(interaction, shortlist.shortlist_id)
            raise Refused(f"{title_of(shortlist)} is closed already.")
        ranking = await self._lookup.rank(interaction, shortlist)
        await self._posts.schedule_updates(shortlist.shortlist_id)
        await interaction.response.send_message(decision(ranking), suppress_embeds=True)

    async def reopen(self, interaction: Interaction, name: str | None) -> None:
        """Open a closed shortlist for tracks, votes and notes again. Raises BotError."""
        shortlist = await self._get_own(interaction, name)
        if not await self._database.shortlists.reopen(shortlist.shortlist_id):
            await self._lookup.get(interaction, shortlist.shortlist_id)
            raise Refused(f"{title_of(shortlist)} is open already.")
        await self._posts.schedule_updates(shortlist.shortlist_id)
        await interaction.response.send_message(f"{title_of(shortlist)} is open again, for tracks and votes.")

    async def rename(self, interaction: Interaction, new_name: str, name: str | None) -> None:
        """Give a shortlist another name. Raises BotError."""
        shortlist = await self._get_own(interaction, name)
        new_name = _parse_name(new_name)
        outcome = await self._database.shortlists.rename(shortlist.shortlist_id, new_name)
        if outcome == "gone":
            raise Refused(SHORTLIST_GONE)
        if outcome == "taken":
            await self._require_free_name(shortlist.guild_id, new_name)
            raise Refused(_CHANGED_MEANWHILE)
        await self._posts.schedule_updates(shortlist.shortlist_id)
        await interaction.response.send_message(
            f"{title_of(shortlist)} is called **{escape(new_name, 100)}** now."
        )

    async def remove(self, interaction: Interaction, asset_id: str) -> None:
        """Remove a track, also a hidden one, from the channel's shortlist. Raises BotError."""
        shortlist = await self._get_own(interaction, None)
        entry = await self._database.entries.get(shortlist.shortlist_id, asset_id)
        if entry is None or not await self._database.entries.remove(shortlist.shortlist_id, asset_id):
            shortlist = await self._lookup.get(interaction, shortlist.shortlist_id)
            is_closed = entry is not None and shortlist.closed_at is not None
            raise Refused(SHORTLIST_CLOSED if is_closed else TRACK_GONE)
        await self._posts.schedule_updates(shortlist.shortlist_id)
        is_visible = await self._lookup.visible_tracks(interaction, [entry.track])
        track = escape(entry.track.name, 200) if is_visible else asset_id
        await interaction.response.send_message(
            f"**{track}** is off {title_of(shortlist)}, with its votes and notes.", ephemeral=True
        )

    async def confirm_delete(self, interaction: Interaction, name: str | None) -> None:
        """Ask for confirmation, with the button that deletes the shortlist. Raises BotError."""
        shortlist = await self._get_own(interaction, name)
        question = plural(
            len(await self._database.entries.list_all(shortlist.shortlist_id)),
            "Delete {title}? It has {count} track. Its votes and notes are deleted too, "
            "and that can't be undone. To keep it, dismiss this message.",
            "Delete {title}? It has {count} tracks. Their votes and notes are deleted too, "
            "and that can't be undone. To keep it, dismiss this message.",
            title=title_of(shortlist),
        )
        await interaction.response.send_message(
            question, view=delete_view(shortlist.shortlist_id), ephemeral=True
        )

    async def delete(self, interaction: Interaction, shortlist_id: int) -> None:
        """Delete a shortlist for good. Raises BotError."""
        shortlist = await self._lookup.get(interaction, shortlist_id)
        _require_maker(interaction, shortlist)
        posts = await self._database.posts.list_by_shortlist(shortlist_id)
        if not await self._database.shortlists.delete(shortlist_id):
            raise Refused(SHORTLIST_GONE)
        self._posts.schedule_deleted(posts)
        await interaction.response.edit_message(content=f"{title_of(shortlist)} is deleted.", view=None)

    async def export(self, interaction: Interaction, export_format: ExportFormat, name: str | None) -> None:
        """Answer with a file of the visible tracks, best first. Raises BotError."""
        shortlist = await self._lookup.get_by_name(interaction, name)
        ranking = await self._lookup.rank(interaction, shortlist)
        if not ranking.entries:
            await self._lookup.get(interaction, shortlist.shortlist_id)
            raise Refused(
                f"This server's filters hide all tracks on {title_of(shortlist)}."
                if ranking.hidden_count
                else f"There is nothing on {title_of(shortlist)} to export yet."
            )
        file_name, content = await asyncio.to_thread(export, ranking, export_format)
        if len(content) > interaction.filesize_limit:
            raise Refused("That file would be larger than Discord allows. Please try another format.")
        await defer(interaction, thinking=True)
        headline = f"{title_of(shortlist)} · {track_count(len(ranking.entries))}"
        file = discord.File(BytesIO(content), file_name)
        await interaction.edit_original_response(
            content="\n".join((headline, *hidden_line(ranking))), attachments=[file]
        )

    async def _get_own(self, interaction: Interaction, name: str | None) -> Shortlist:
        """The shortlist, if the member may change it. Raises Refused."""
        shortlist = await self._lookup.get_by_name(interaction, name)
        _require_maker(interaction, shortlist)
        return shortlist

    async def _require_free_name(self, guild_id: int, name: str) -> None:
        """Raises Refused if a shortlist of the guild has that name."""
        other = await self._database.shortlists.get_by_name(name, guild_id=guild_id)
        if other is not None:
            raise Refused(
                f"There is a shortlist called **{escape(other.name, 100)}** already. "
                "Please choose another name."
            )


def _require_maker(interaction: Interaction, shortlist: Shortlist) -> None:
    """Raises Refused if the member is neither the maker nor a moderator."""
    if interaction.user.id != shortlist.maker_id and not is_moderator(interaction):
        raise Refused(_MAKER_ONLY)


def _parse_name(typed: str) -> str:
    """The cleaned name. Raises Refused if it is empty or too long."""
    name = clean(typed)
    if not name:
        raise Refused("A shortlist needs a name that people can read.")
    if len(name) > MAX_NAME_LENGTH:
        raise Refused(f"A shortlist's name can have at most {MAX_NAME_LENGTH} characters.")
    return name

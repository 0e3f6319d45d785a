"""/budget and /budget-set: what is left to search with, and what moderators allow."""

from datetime import timedelta
from typing import Final, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.bot import Bot
from bot.budgets.rate_limiter import BucketStatus
from bot.errors import Refused
from bot.interactions.context import requester_of
from bot.models.rates import Rates, Scope, in_words, parse_rates
from bot.text import mention

Interaction: TypeAlias = discord.Interaction[Bot]

_WHOSE: Final = {"member": "Yours", "guild": "This server's", "key": "All servers together"}
_OF_EACH: Final = {"member": "each member", "guild": "this server"}
_CHANGES_SHOWN: Final = 5


class Budget(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command(extras={"example": "/budget"})
    async def budget(self, interaction: Interaction) -> None:
        """Show how many searches are left for you and for this server"""
        requester = requester_of(interaction)
        lines = [_standing_line(status) for status in await self.bot.rate_limiter.statuses(requester)]
        lines.append("-# What has been found before costs nothing: turn its pages, or search for it again.")
        if interaction.permissions.manage_guild:
            lines += await self._change_lines(requester.guild_id)
        await interaction.response.send_message("\n".join(lines), ephemeral=True)

    @app_commands.command(name="budget-set", extras={"example": "/budget-set member:6/minute"})
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    @app_commands.describe(
        member="What each member may search: 6/minute, or several: 6/minute, 60/hour; or default",
        guild="What this server may search in all, up to what the bot's operator allows; or default",
    )
    async def budget_set(
        self,
        interaction: Interaction,
        member: Range[str, 1, 60] | None = None,
        guild: Range[str, 1, 60] | None = None,
    ) -> None:
        """Set how many searches each member and this server may make"""
        wishes: dict[Scope, Rates | None] = {}
        if member is not None:
            wishes["member"] = read_rates(member)
        if guild is not None:
            wishes["guild"] = read_rates(guild)
        if not wishes:
            raise Refused("Say what to set: `member`, `guild` or both, such as `6/minute`.")
        requester = requester_of(interaction)
        await self.bot.rate_limiter.set_rates(requester, wishes)
        lines = [
            f"From now on, {_OF_EACH[scope]} may make **{in_words(rates)}** new searches."
            if rates is not None
            else f"From now on, the bot's own default holds for {_OF_EACH[scope]}."
            for scope, rates in wishes.items()
        ]
        lines += await self._change_lines(requester.guild_id)
        await interaction.response.send_message("\n".join(lines), ephemeral=True)

    async def _change_lines(self, guild_id: int) -> list[str]:
        changes = await self.bot.database.guild_rates.list_changes(guild_id, _CHANGES_SHOWN)
        return [
            f"-# <t:{int(change.changed_at)}:f> {mention(change.member_id)}: {_OF_EACH[change.scope]}"
            f" {change.before or 'default'} → {change.after or 'default'}"
            for change in changes
        ]


def read_rates(text: str) -> Rates | None:
    """What was typed; None for the operator's default. Raises Refused where it can't be read."""
    if text.strip().casefold() == "default":
        return None
    try:
        return parse_rates(text)
    except ValueError as error:
        form = "Write it like `6/minute`, `6/minute, 60/hour` or `default`."
        raise Refused(f"I can't read that. {form}") from error


def _standing_line(status: BucketStatus) -> str:
    rate = status.bucket.rate
    line = f"**{_WHOSE[status.bucket.scope]}**: {status.left} of {rate.count} new searches left ({rate})"
    if status.full_in <= 0:
        return line
    full_at = discord.utils.utcnow() + timedelta(seconds=status.full_in)
    return f"{line}, all of them back {discord.utils.format_dt(full_at, 'R')}"


async def setup(bot: Bot) -> None:
    await bot.add_cog(Budget(bot))

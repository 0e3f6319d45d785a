"""/budget and /budget-set: the searches that are left, and the rates that moderators set."""

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
from bot.models.rates import Rates, Scope, format_rates, parse_rates
from bot.text import mention

Interaction: TypeAlias = discord.Interaction[Bot]

_STATUS: Final = {
    "member": "**Yours**: {remaining} of {count} new searches left ({rate}).",
    "guild": "**This server's**: {remaining} of {count} new searches left ({rate}).",
    "key": "**All servers together**: {remaining} of {count} new searches left ({rate}).",
}
_RATES_SET: Final = {
    "member": "New searches for each member are now limited to **{rates}**.",
    "guild": "New searches in this server are now limited to **{rates}**.",
}
_RATES_RESET: Final = {
    "member": "Each member has the bot's default budget again.",
    "guild": "This server has the bot's default budget again.",
}
_CHANGE: Final = {
    "member": "-# <t:{at}:f> {member} changed each member's budget from {before} to {after}.",
    "guild": "-# <t:{at}:f> {member} changed this server's budget from {before} to {after}.",
}
_MAX_CHANGES_SHOWN: Final = 5


class Budget(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command(extras={"example": "/budget"})
    async def budget(self, interaction: Interaction) -> None:
        """Show how many searches are left for you and for this server"""
        requester = requester_of(interaction)
        lines = [_status_line(status) for status in await self.bot.rate_limiter.statuses(requester)]
        lines.append("-# Earlier results are free: page through them, or repeat the search.")
        if interaction.permissions.manage_guild:
            lines += await self._change_lines(requester.guild_id)
        await interaction.response.send_message("\n".join(lines), ephemeral=True)

    @app_commands.command(name="budget-set", extras={"example": "/budget-set member:6/minute"})
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    @app_commands.describe(
        member="New searches of each member: 6/minute, or several rates: 6/minute, 60/hour; or default",
        guild="New searches of the whole server, up to the limit of the bot's operator; or default",
    )
    async def budget_set(
        self,
        interaction: Interaction,
        member: Range[str, 1, 60] | None = None,
        guild: Range[str, 1, 60] | None = None,
    ) -> None:
        """Set how many searches each member and this server may make"""
        changes: dict[Scope, Rates | None] = {}
        if member is not None:
            changes["member"] = parse_rates_or_default(member)
        if guild is not None:
            changes["guild"] = parse_rates_or_default(guild)
        if not changes:
            raise Refused("Please set `member`, `guild` or both, for example to `6/minute`.")
        requester = requester_of(interaction)
        await self.bot.rate_limiter.set_rates(requester, changes)
        lines = [
            _RATES_RESET[scope] if rates is None else _RATES_SET[scope].format(rates=format_rates(rates))
            for scope, rates in changes.items()
        ]
        lines += await self._change_lines(requester.guild_id)
        await interaction.response.send_message("\n".join(lines), ephemeral=True)

    async def _change_lines(self, guild_id: int) -> list[str]:
        changes = await self.bot.database.guild_rates.list_changes(guild_id, _MAX_CHANGES_SHOWN)
        return [
            _CHANGE[change.scope].format(
                at=int(change.changed_at),
                member=mention(change.member_id),
                before=change.before or "default",
                after=change.after or "default",
            )
            for change in changes
        ]


def parse_rates_or_default(text: str) -> Rates | None:
    """The typed rates; None for "default", the operator's. Raises Refused if they can't be parsed."""
    if text.strip().casefold() == "default":
        return None
    try:
        return parse_rates(text)
    except ValueError as error:
        raise Refused(
            "I can't read that. Write it like `6/minute`, `6/minute, 60/hour` or `default`."
        ) from error


def _status_line(status: BucketStatus) -> str:
    rate = status.bucket.rate
    line = _STATUS[status.bucket.scope].format(remaining=status.remaining, count=rate.count, rate=rate)
    if status.seconds_until_full <= 0:
        return line
    full_at = discord.utils.utcnow() + timedelta(seconds=status.seconds_until_full)
    return f"{line} All of them are back {discord.utils.format_dt(full_at, 'R')}."


async def setup(bot: Bot) -> None:
    await bot.add_cog(Budget(bot))

"""FilterService: where moderators look at their server's rules, change them and try them out."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from io import BytesIO
from typing import Final

import discord
from msgspec.structs import replace

from bot.database import Database
from bot.errors import Refused, StorageError
from bot.filters.cache import FilterCache
from bot.filters.parsing import MAX_RULES, WHOLE_SERVER, in_words, rule_key
from bot.interactions.client import Interaction
from bot.interactions.context import filter_channel_id, is_moderator, requester_of, require_moderator
from bot.interactions.responses import Reply, defer
from bot.models.pages import page_count
from bot.models.rules import Rule, RuleChange
from bot.models.search import SavedSearch, Search
from bot.moderation.actions import FilterActions
from bot.moderation.components import history_view, reset_view, rules_view
from bot.moderation.embeds import (
    CHANGES_A_PAGE,
    RULES_A_PAGE,
    change_in_words,
    choice_name,
    hidden_embed,
    history_embed,
    reset_embed,
    rule_and_place,
    rules_embed,
    shown_embed,
)
from bot.moderation.import_export import FILE_NAME, MAX_FILE_BYTES, read_rules_file, write_rules_file
from bot.search.embeds import headline
from bot.search.finder import Finder
from bot.text import escape, fold

HISTORY_SECONDS: Final = 90 * 24 * 60 * 60.0
"""How long it is recorded who changed a server's filters."""

_CHANNELS_NAMED: Final = 30
_CHOICE: Final = "rule:"
"""Before a rule's id, lest it be taken for words that somebody typed."""

_SHOWN: Final = 80
_NONE: Final = "There are no filters here: every track is shown. Make one with `/filters block`."


_log = logging.getLogger(__name__)


class FilterService(FilterActions):
    """Every answer is for the moderator alone; each method raises MissingPermissions for anybody else."""

    def __init__(
        self,
        *,
        filter_cache: FilterCache,
        finder: Finder,
        database: Database,
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        """`changed` is awaited after a change of rules, for what is shown already."""
        self._filter_cache = filter_cache
        self._finder = finder
        self._rules = database.rules
        self._genres = database.genres
        self._clock = clock
        self._wall_clock = wall_clock
        self._changed = changed

    async def show(self, interaction: Interaction, page: int = 1, said: str = "") -> None:
        """The rules in force here, below what has just been `said`."""
        require_moderator(interaction)
        here = filter_channel_id(interaction)
        _, every = await self._rules.list_with_version(requester_of(interaction).guild_id)
        rules = sorted(
            (rule for rule in every if rule.channel_id in {0, here}), key=lambda rule: rule.channel_id != 0
        )
        page = max(1, min(page, page_count(len(rules), RULES_A_PAGE)))
        lines = [said] if said else []
        if len(every) > len(rules):
            places = sorted({rule.channel_id for rule in every} - {0, here})
            named = ", ".join(f"<#{place}>" for place in places[:_CHANNELS_NAMED])
            more = " and others" if len(places) > _CHANNELS_NAMED else ""
            lines.append(f"-# Rules for other channels alone: {named}{more}")
        if not rules:
            lines.append(_NONE)
        embeds = [rules_embed(rules, page, here=here)] if rules else []
        await Reply(interaction, private=True).send("\n".join(lines), embeds, rules_view(rules, page))

    async def add(self, interaction: Interaction, rules: Sequence[Rule]) -> None:
        """Add `rules`, all or none, and say what is new. Raises Refused where there are too many."""
        require_moderator(interaction)
        spellings = await self._genres.canonical_names([rule.text for rule in rules if "genre" in rule.kind])
        spelled = [
            replace(rule, text=spellings.get(rule_key(rule), rule.text)) if "genre" in rule.kind else rule
            for rule in rules
        ]
        changes = await self._put(interaction, spelled)
        lines = [f"From now on: {change_in_words(change).removeprefix('added ')}." for change in changes]
        lines += [
            f"-# I have never seen the genre **{escape(rule.text, _SHOWN)}**: is that how it is spelled?"
            for rule in spelled
            if "genre" in rule.kind and rule_key(rule) not in spellings
        ]
        known = len(rules) - len(changes)
        if known:
            lines.append("That is a rule already." if known == 1 else f"{known} of them were rules already.")
        lines.append("-# `/filters show` lists all; `/filters try` shows what members see.")
        await interaction.response.send_message("\n".join(lines), ephemeral=True)

    async def remove(self, interaction: Interaction, written: str) -> None:
        """Remove the rule that an id or its words stand for. Raises Refused where there is none."""
        require_moderator(interaction)
        requester = requester_of(interaction)
        _, rules = await self._rules.list_with_version(requester.guild_id)
        wanted = fold(written)
        found = [rule for rule in rules if wanted in _names(rule)]
        if len(found) != 1:
            raise Refused(
                "Several rules say that: choose one from the list."
                if found
                else "There is no such rule here. `/filters show` lists all."
            )
        await self._remove(interaction, found[0].rule_id)
        await interaction.response.send_message(_gone(found[0]), ephemeral=True)

    async def remove_and_show(self, interaction: Interaction, rule_id: int, page: int) -> None:
        require_moderator(interaction)
        rule = await self._remove(interaction, rule_id)
        said = _gone(rule) if rule else "That rule was gone already."
        await self.show(interaction, page, said)

    async def confirm_reset(self, interaction: Interaction) -> None:
        """Show what would go, with a copy to keep and a button that removes it."""
        require_moderator(interaction)
        requester = requester_of(interaction)
        version, rules = await self._rules.list_with_version(requester.guild_id)
        if not rules:
            raise Refused("There are no filters in this server.")
        await interaction.response.send_message(
            "-# The file keeps them all: `/filters paste` brings them back.",
            embed=reset_embed(rules),
            view=reset_view(version, len(rules)),
            file=_file(requester.guild_id, rules),
            ephemeral=True,
        )

    async def reset(self, interaction: Interaction, version: int) -> None:
        """Remove all rules, if they are still those that were shown. Raises Refused where they aren't."""
        require_moderator(interaction)
        requester = requester_of(interaction)
        removed = await self._rules.remove_all(
            requester.guild_id, version, member_id=requester.member_id, now=self._wall_clock()
        )
        if not removed:
            raise Refused("The rules have changed since. Look again with `/filters reset`.")
        await self._tell()
        await interaction.response.edit_message(
            content=f"{_counted(removed)} gone: every track is shown again.", embed=None, view=None
        )

    async def preview(self, interaction: Interaction, search: Search, channel_id: int) -> None:
        """What members would see of a search in a channel, and what is hidden from them."""
        require_moderator(interaction)
        requester = requester_of(interaction)
        filters = await self._filter_cache.get(requester.guild_id, channel_id)
        filters.require_visible(search)
        answer = Reply(interaction, private=True)
        unsaved = SavedSearch.of_nobody(
            search, guild_id=requester.guild_id, member_id=requester.member_id, now=self._clock()
        )
        page = await self._finder.page(
            unsaved, 1, requester=requester, filters=filters, while_asking=answer.defer
        )
        await answer.send(headline(page), [shown_embed(page), hidden_embed(page)], None)

    async def history(self, interaction: Interaction, page: int = 1) -> None:
        require_moderator(interaction)
        page = max(1, page)
        changes = await self._rules.list_changes(
            requester_of(interaction).guild_id,
            since=self._wall_clock() - HISTORY_SECONDS,
            most=CHANGES_A_PAGE + 1,
            skip=(page - 1) * CHANGES_A_PAGE,
        )
        shown = changes[:CHANGES_A_PAGE]
        view = history_view(shown, page, has_more=len(changes) > CHANGES_A_PAGE)
        await Reply(interaction, private=True).send("", [history_embed(shown, page)], view)

    async def export_rules(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        requester = requester_of(interaction)
        _, rules = await self._rules.list_with_version(requester.guild_id)
        if not rules:
            raise Refused("There are no filters in this server to copy.")
        await interaction.response.send_message(
            f"{_counted(len(rules))}. In another server, give this file to `/filters paste`.",
            file=_file(requester.guild_id, rules),
            ephemeral=True,
        )

    async def import_rules(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Add the rules of a file to those that are here, all or none. Raises Refused with what is wrong."""
        require_moderator(interaction)
        if file.size > MAX_FILE_BYTES:
            raise Refused("That file is too large to be one of `/filters copy`. Nothing has changed.")
        await defer(interaction, ephemeral=True, thinking=True)
        rules, left_out = read_rules_file(await file.read(), requester_of(interaction).guild_id)
        changes = await self._put(interaction, rules) if rules else []
        made = [change for change in changes if change.before is None]
        lines = [f"{_counted(len(made))} added; {_counted(len(rules) - len(changes))} stood here already."]
        lines += [f"Changed: {change_in_words(change)}." for change in changes if change.before is not None]
        if left_out:
            lines.append(f"{_counted(left_out)} for single channels of another server left out.")
        await interaction.edit_original_response(content="\n".join(lines))

    async def rule_choices(self, interaction: Interaction, typed: str) -> list[tuple[str, str]]:
        """Rules that `typed` may mean, and what stands for each; those in force here come first."""
        if not is_moderator(interaction):  # autocomplete asks no checks
            return []
        here = filter_channel_id(interaction)
        try:
            _, rules = await self._rules.list_with_version(requester_of(interaction).guild_id)
        except StorageError as error:
            _log.error("No rules to offer: %r", error.__cause__)
            return []
        rules.sort(key=lambda rule: rule.channel_id not in {WHOLE_SERVER, here})
        named = [(choice_name(rule, here), f"{_CHOICE}{rule.rule_id}") for rule in rules]
        return [choice for choice in named if fold(typed) in fold(choice[0])]

    async def _put(self, interaction: Interaction, rules: Sequence[Rule]) -> list[RuleChange]:
        requester = requester_of(interaction)
        keyed = list({(rule.channel_id, rule.kind, rule_key(rule)): rule for rule in rules}.items())
        changes = await self._rules.add(
            requester.guild_id,
            [(rule, key) for (_, _, key), rule in keyed],
            member_id=requester.member_id,
            now=self._wall_clock(),
            most=MAX_RULES,
        )
        if changes is None:
            raise Refused(
                f"A server can have {MAX_RULES} rules, and that would be more. Nothing has changed; "
                "remove some with `/filters show` first."
            )
        await self._tell()
        return changes

    async def _remove(self, interaction: Interaction, rule_id: int) -> Rule | None:
        requester = requester_of(interaction)
        rule = await self._rules.remove(
            requester.guild_id, rule_id, member_id=requester.member_id, now=self._wall_clock()
        )
        await self._tell()
        return rule

    async def _tell(self) -> None:
        """Let answers that are on their way, and posts that stand, know of other rules."""
        self._filter_cache.record_change()
        await self._changed()


def _file(guild_id: int, rules: Sequence[Rule]) -> discord.File:
    return discord.File(BytesIO(write_rules_file(guild_id, rules)), FILE_NAME)


def _counted(count: int) -> str:
    return f"{count} rule{'s' if count != 1 else ''}"


def _gone(rule: Rule) -> str:
    return f"No longer a rule: {rule_and_place(rule)}."


def _names(rule: Rule) -> set[str]:
    """What stands for it: what was chosen from the list, or its words."""
    return {f"{_CHOICE}{rule.rule_id}", fold(in_words(rule)), fold(rule.text)}

"""FilterService: shows, changes, tries out, exports and imports a server's rules."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from io import BytesIO
from typing import Final

import discord
from msgspec.structs import replace

from bot.database import Database
from bot.errors import Refused, StorageError
from bot.filters.cache import FilterCache
from bot.filters.parsing import MAX_RULES, rule_key
from bot.i18n import plural
from bot.interactions.context import filter_channel_id, is_moderator, requester_of, require_moderator
from bot.interactions.responses import Reply, defer
from bot.interactions.services import Interaction
from bot.models.pages import page_count
from bot.models.rules import WHOLE_SERVER, Rule, RuleChange
from bot.models.search import SavedSearch, Search
from bot.moderation.actions import FilterActions
from bot.moderation.components import history_view, reset_view, rules_view
from bot.moderation.embeds import (
    HISTORY_PAGE_SIZE,
    RULES_PAGE_SIZE,
    hidden_tracks_embed,
    history_embed,
    reset_embed,
    rules_embed,
    visible_tracks_embed,
)
from bot.moderation.import_export import FILE_NAME, MAX_FILE_BYTES, decode_rules_file, encode_rules_file
from bot.moderation.replies import (
    ALL_REMOVED,
    EXPORTED,
    NO_RULES,
    REMOVED_ALREADY,
    added_lines,
    import_lines,
    other_channels_line,
)
from bot.moderation.wording import choice_name, rule_removed, typed_names
from bot.search.finder import Finder
from bot.search.headline import headline
from bot.text import fold

RULE_HISTORY_SECONDS: Final = 90 * 24 * 60 * 60.0
"""Time for which it is recorded who changed a server's filters, as `/privacy` tells members."""

_DAY_SECONDS: Final = 24 * 60 * 60
_log = logging.getLogger(__name__)


class FilterService(FilterActions):
    """Every reply is ephemeral. Each method raises MissingPermissions for a member who is no moderator."""

    def __init__(
        self,
        *,
        filter_cache: FilterCache,
        finder: Finder,
        database: Database,
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
        on_change: Callable[[], Awaitable[None]],
    ) -> None:
        """`on_change` is awaited after each change of rules, to update messages that show tracks."""
        self._filter_cache = filter_cache
        self._finder = finder
        self._rules = database.rules
        self._genres = database.genres
        self._clock = clock
        self._wall_clock = wall_clock
        self._on_change = on_change

    async def show(self, interaction: Interaction, page: int = 1, notice: str = "") -> None:
        require_moderator(interaction)
        here = filter_channel_id(interaction)
        _, all_rules = await self._rules.list_with_version(requester_of(interaction).guild_id)
        rules = sorted(
            (rule for rule in all_rules if rule.channel_id in {WHOLE_SERVER, here}),
            key=lambda rule: rule.channel_id != WHOLE_SERVER,
        )
        page = max(1, min(page, page_count(len(rules), RULES_PAGE_SIZE)))
        other_channels = sorted({rule.channel_id for rule in all_rules} - {WHOLE_SERVER, here})
        lines = [notice, other_channels_line(other_channels), "" if rules else NO_RULES]
        embeds = [rules_embed(rules, page, here=here)] if rules else []
        await Reply(interaction, private=True).send(
            "\n".join(filter(None, lines)), embeds, rules_view(rules, page)
        )

    async def add(self, interaction: Interaction, rules: Sequence[Rule]) -> None:
        """Add `rules`, all or none, and reply with the effect. Raises Refused if there would be too many."""
        require_moderator(interaction)
        spellings = await self._genres.get_canonical_names(
            [rule.text for rule in rules if "genre" in rule.kind]
        )
        spelled = [
            replace(rule, text=spellings.get(rule_key(rule), rule.text)) if "genre" in rule.kind else rule
            for rule in rules
        ]
        changes = await self._add(interaction, spelled)
        unknown = [rule for rule in spelled if "genre" in rule.kind and rule_key(rule) not in spellings]
        lines = added_lines(changes, known=_without(spelled, changes), unknown_genres=unknown)
        await interaction.response.send_message("\n".join(lines), ephemeral=True)

    async def remove(self, interaction: Interaction, text: str) -> None:
        """Remove the rule that a choice or typed words name. Raises Refused unless there is exactly one."""
        require_moderator(interaction)
        here = filter_channel_id(interaction)
        _, rules = await self._rules.list_with_version(requester_of(interaction).guild_id)
        named = _named(rules, text, here)
        if not named:
            raise Refused("I found no such rule. `/filters show` lists the rules in force here.")
        if len(named) > 1:
            raise Refused("Several rules match that. Please choose one from the list.")
        rule = await self._remove(interaction, named[0].rule_id)
        if rule is None:
            raise Refused(REMOVED_ALREADY)
        await interaction.response.send_message(rule_removed(rule), ephemeral=True)

    async def remove_and_show(self, interaction: Interaction, rule_id: int, page: int) -> None:
        require_moderator(interaction)
        rule = await self._remove(interaction, rule_id)
        await self.show(interaction, page, rule_removed(rule) if rule else REMOVED_ALREADY)

    async def confirm_reset(self, interaction: Interaction) -> None:
        """Show all rules, a file of them, and a button that removes them. Raises Refused if none."""
        require_moderator(interaction)
        requester = requester_of(interaction)
        version, rules = await self._rules.list_with_version(requester.guild_id)
        if not rules:
            raise Refused("There are no filters in this server, so there is nothing to remove.")
        await interaction.response.send_message(
            "-# This file has all the rules: `/filters paste` brings them back.",
            embed=reset_embed(rules),
            view=reset_view(version, len(rules)),
            file=_file(requester.guild_id, rules),
            ephemeral=True,
        )

    async def reset(self, interaction: Interaction, version: int) -> None:
        require_moderator(interaction)
        requester = requester_of(interaction)
        removed = await self._rules.remove_all(
            requester.guild_id, version, member_id=requester.member_id, now=self._wall_clock()
        )
        if not removed:
            raise Refused("The rules have changed since you looked. Please run `/filters reset` again.")
        await self._publish_change()
        content = plural(removed, *ALL_REMOVED)
        await interaction.response.edit_message(content=content, embed=None, view=None)

    async def preview(self, interaction: Interaction, search: Search, channel_id: int) -> None:
        """Show which tracks members would see in a channel, and which are hidden. Raises Refused."""
        require_moderator(interaction)
        requester = requester_of(interaction)
        filters = await self._filter_cache.get(requester.guild_id, channel_id)
        filters.require_visible(search)
        reply = Reply(interaction, private=True)
        unsaved = SavedSearch.unsaved(
            search, guild_id=requester.guild_id, member_id=requester.member_id, now=self._clock()
        )
        page = await self._finder.page(unsaved, 1, requester=requester, filters=filters, defer=reply.defer)
        embeds = [visible_tracks_embed(page), hidden_tracks_embed(page)]
        await reply.send(headline(page), embeds, None)

    async def history(self, interaction: Interaction, page: int = 1) -> None:
        require_moderator(interaction)
        page = max(1, page)
        changes = await self._rules.list_changes(
            requester_of(interaction).guild_id,
            since=self._wall_clock() - RULE_HISTORY_SECONDS,
            limit=HISTORY_PAGE_SIZE + 1,
            offset=(page - 1) * HISTORY_PAGE_SIZE,
        )
        shown = changes[:HISTORY_PAGE_SIZE]
        view = history_view(shown, page, has_more=len(changes) > HISTORY_PAGE_SIZE)
        embed = history_embed(shown, page, days=RULE_HISTORY_SECONDS / _DAY_SECONDS)
        await Reply(interaction, private=True).send("", [embed], view)

    async def export_rules(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        requester = requester_of(interaction)
        _, rules = await self._rules.list_with_version(requester.guild_id)
        if not rules:
            raise Refused("There are no filters in this server, so there is nothing to copy.")
        content = plural(len(rules), *EXPORTED)
        await interaction.response.send_message(
            content, file=_file(requester.guild_id, rules), ephemeral=True
        )

    async def import_rules(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Add the rules of a file to those of the server, all or none. Raises Refused with the reason."""
        require_moderator(interaction)
        if file.size > MAX_FILE_BYTES:
            raise Refused("That file is too large to be one that `/filters copy` made. Nothing has changed.")
        await defer(interaction, ephemeral=True, thinking=True)
        rules, skipped = decode_rules_file(await file.read(), requester_of(interaction).guild_id)
        distinct = list(_by_key(rules).values())
        changes = await self._add(interaction, distinct) if distinct else []
        lines = import_lines(
            changes,
            known=len(distinct) - len(changes),
            repeated=len(rules) - len(distinct),
            skipped=skipped,
        )
        await interaction.edit_original_response(content="\n".join(lines))

    async def rule_choices(self, interaction: Interaction, typed: str) -> list[tuple[str, str]]:
        """The names and values of rules whose names contain `typed`; those in force here come first."""
        if not is_moderator(interaction):  # autocomplete runs no checks
            return []
        here = filter_channel_id(interaction)
        try:
            _, rules = await self._rules.list_with_version(requester_of(interaction).guild_id)
        except StorageError as error:
            _log.error("Rules are not offered, because they could not be read: %r", error.__cause__)
            return []
        rules.sort(key=lambda rule: rule.channel_id not in {WHOLE_SERVER, here})
        choices = [(choice_name(rule, here), _choice_value(rule)) for rule in rules]
        return [choice for choice in choices if fold(typed) in fold(choice[0])]

    async def _add(self, interaction: Interaction, rules: Sequence[Rule]) -> list[RuleChange]:
        requester = requester_of(interaction)
        changes = await self._rules.add(
            requester.guild_id,
            [(rule, key) for (_, _, key), rule in _by_key(rules).items()],
            member_id=requester.member_id,
            now=self._wall_clock(),
            limit=MAX_RULES,
        )
        if changes is None:
            raise Refused(
                f"A server can have {MAX_RULES} rules, and that would be more. Nothing has changed. "
                "You can remove some with `/filters show`."
            )
        if changes:
            await self._publish_change()
        return changes

    async def _remove(self, interaction: Interaction, rule_id: int) -> Rule | None:
        """Remove a rule and return it; None if somebody has removed it already."""
        requester = requester_of(interaction)
        rule = await self._rules.remove(
            requester.guild_id, rule_id, member_id=requester.member_id, now=self._wall_clock()
        )
        if rule is not None:
            await self._publish_change()
        return rule

    async def _publish_change(self) -> None:
        """Let answers in progress, and messages that show tracks, follow the new rules."""
        self._filter_cache.record_change()
        await self._on_change()


def _by_key(rules: Iterable[Rule]) -> dict[tuple[int, str, str], Rule]:
    """`rules` by channel, kind and key; of several that mean the same, the last."""
    return {(rule.channel_id, rule.kind, rule_key(rule)): rule for rule in rules}


def _without(rules: Iterable[Rule], changes: Iterable[RuleChange]) -> list[Rule]:
    """Those of `rules` that no change has added."""
    added = _by_key(
        Rule(each.kind, each.after, each.channel_id) for each in changes if each.after is not None
    )
    return [rule for key, rule in _by_key(rules).items() if key not in added]


def _named(rules: Sequence[Rule], text: str, here: int) -> list[Rule]:
    """The rules that a choice of autocomplete stands for, or else those that the typed words name."""
    folded = fold(text)
    chosen = [rule for rule in rules if folded in {_choice_value(rule), fold(choice_name(rule, here))}]
    return chosen or [rule for rule in rules if folded in typed_names(rule)]


def _choice_value(rule: Rule) -> str:
    """Has a prefix, so that it is not taken for the number in a rule such as the word "2"."""
    return f"rule:{rule.rule_id}"


def _file(guild_id: int, rules: Sequence[Rule]) -> discord.File:
    return discord.File(BytesIO(encode_rules_file(guild_id, rules)), FILE_NAME)

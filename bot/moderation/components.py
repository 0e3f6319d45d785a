"""Buttons that remove rules, turn the pages of their list and history, and confirm a reset."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import discord
from discord import ui

from bot.i18n import plural
from bot.interactions.client import Interaction, service_of
from bot.interactions.components import (
    PersistentItemType,
    PersistentView,
    TargetButton,
    page_buttons,
)
from bot.models.pages import page_count
from bot.models.rules import Rule, RuleChange
from bot.moderation.actions import FilterActions
from bot.moderation.embeds import HISTORY_PAGE_SIZE, RULES_PAGE_SIZE

_BUTTONS_PER_ROW: Final = 5
"""Discord's limit."""


class RemoveRuleButton(TargetButton, kind="unrule"):
    """Removes a rule, and shows the same page of the rules that are left."""

    async def respond(self, interaction: Interaction) -> None:
        await service_of(interaction, FilterActions).remove_and_show(interaction, self.target_id, self.page)


class RulesPageButton(TargetButton, kind="rules"):
    async def respond(self, interaction: Interaction) -> None:
        await service_of(interaction, FilterActions).show(interaction, self.page)


class HistoryButton(TargetButton, kind="rule-changes"):
    async def respond(self, interaction: Interaction) -> None:
        await service_of(interaction, FilterActions).history(interaction, self.page)


class ResetButton(TargetButton, kind="reset-rules"):
    """Removes all rules, if they are still those shown above it: its id has their version."""

    async def respond(self, interaction: Interaction) -> None:
        await service_of(interaction, FilterActions).reset(interaction, self.target_id)


PERSISTENT_ITEMS: Final[tuple[PersistentItemType, ...]] = (
    RemoveRuleButton,
    RulesPageButton,
    HistoryButton,
    ResetButton,
)


def rules_view(rules: Sequence[Rule], page: int) -> ui.View | None:
    """Buttons that remove the rules on the page, and that turn the page; None if there are no rules."""
    first = (page - 1) * RULES_PAGE_SIZE
    shown = rules[first : first + RULES_PAGE_SIZE]
    if not shown:
        return None
    buttons: list[ui.Item[Any]] = [
        RemoveRuleButton(rule.rule_id, page, label=f"✕ {first + index + 1}", row=index // _BUTTONS_PER_ROW)
        for index, rule in enumerate(shown)
    ]
    pages = page_count(len(rules), RULES_PAGE_SIZE)
    if pages > 1:
        buttons += page_buttons(partial(RulesPageButton, 0), page, has_next=page < pages, row=4)
    return PersistentView(*buttons)


def history_view(changes: Sequence[RuleChange], page: int, *, has_more: bool) -> ui.View | None:
    """The buttons that turn the page, or None if there is one page only."""
    if page == 1 and not has_more and len(changes) <= HISTORY_PAGE_SIZE:
        return None
    return PersistentView(*page_buttons(partial(HistoryButton, 0), page, has_next=has_more))


def reset_view(version: int, count: int) -> ui.View:
    """The button that confirms the removal of `count` rules."""
    label = plural(count, "Remove the one rule", "Remove all {count} rules")
    return PersistentView(ResetButton(version, 0, label=label, style=discord.ButtonStyle.danger))

"""Buttons that remove rules, turn the pages of their list and history, and confirm a reset."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import discord
from discord import ui

from bot.i18n import plural
from bot.interactions.client import Interaction, service_of
from bot.interactions.components import (
    PersistentItemType,
    PersistentView,
    TargetButton,
    page_buttons,
    target_template,
)
from bot.models.pages import page_count
from bot.models.rules import Rule, RuleChange
from bot.moderation.actions import FilterActions
from bot.moderation.embeds import HISTORY_PAGE_SIZE, RULES_PAGE_SIZE

_BUTTONS_PER_ROW: Final = 5
"""Discord's limit."""


class RemoveRuleButton(TargetButton, template=target_template("unrule")):
    """Removes a rule, and shows the same page of the rules that are left."""

    kind = "unrule"

    async def pressed(self, interaction: Interaction) -> None:
        await service_of(interaction, FilterActions).remove_and_show(interaction, self.number, self.page)


class RulesPageButton(TargetButton, template=target_template("rules")):
    kind = "rules"

    async def pressed(self, interaction: Interaction) -> None:
        await service_of(interaction, FilterActions).show(interaction, self.page)


class HistoryButton(TargetButton, template=target_template("rule-changes")):
    kind = "rule-changes"

    async def pressed(self, interaction: Interaction) -> None:
        await service_of(interaction, FilterActions).history(interaction, self.page)


class ResetButton(TargetButton, template=target_template("reset-rules")):
    """Removes all rules, if they are still those shown above it: its id has their version."""

    kind = "reset-rules"

    async def pressed(self, interaction: Interaction) -> None:
        await service_of(interaction, FilterActions).reset(interaction, self.number)


BUTTONS: Final[tuple[PersistentItemType, ...]] = (
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
    view = PersistentView()
    for index, rule in enumerate(shown):
        view.add_item(
            RemoveRuleButton(
                rule.rule_id, page, label=f"✕ {first + index + 1}", row=index // _BUTTONS_PER_ROW
            )
        )
    pages = page_count(len(rules), RULES_PAGE_SIZE)
    if pages > 1:
        for button in page_buttons(partial(RulesPageButton, 0), page, has_next=page < pages, row=4):
            view.add_item(button)
    return view


def history_view(changes: Sequence[RuleChange], page: int, *, has_more: bool) -> ui.View | None:
    """The buttons that turn the page, or None if there is one page only."""
    if page == 1 and not has_more and len(changes) <= HISTORY_PAGE_SIZE:
        return None
    view = PersistentView()
    for button in page_buttons(partial(HistoryButton, 0), page, has_next=has_more):
        view.add_item(button)
    return view


def reset_view(version: int, count: int) -> ui.View:
    view = PersistentView()
    label = plural(count, "Remove the one rule", "Remove all {count} rules")
    view.add_item(ResetButton(version, 0, label=label, style=discord.ButtonStyle.danger))
    return view

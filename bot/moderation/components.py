"""The buttons under a list of rules, the history and the question before a reset."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import discord
from discord import ui

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
from bot.moderation.embeds import CHANGES_A_PAGE, RULES_A_PAGE

_A_ROW: Final = 5


class RemoveRuleButton(TargetButton, template=target_template("unrule")):
    """Removes a rule, and shows what is left on the same page."""

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
    """Removes every rule that was shown beside it; where there are others by now, asks again."""

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
    """A button for each rule on the page, numbered as the list is, and those that turn the page."""
    first = (page - 1) * RULES_A_PAGE
    shown = rules[first : first + RULES_A_PAGE]
    if not shown:
        return None
    view = PersistentView()
    for place, rule in enumerate(shown):
        view.add_item(
            RemoveRuleButton(rule.rule_id, page, label=f"✕ {first + place + 1}", row=place // _A_ROW)
        )
    pages = page_count(len(rules), RULES_A_PAGE)
    if pages > 1:
        for button in page_buttons(partial(RulesPageButton, 0), page, has_next=page < pages, row=4):
            view.add_item(button)
    return view


def history_view(changes: Sequence[RuleChange], page: int, *, has_more: bool) -> ui.View | None:
    if page == 1 and not has_more and len(changes) <= CHANGES_A_PAGE:
        return None
    view = PersistentView()
    for button in page_buttons(partial(HistoryButton, 0), page, has_next=has_more):
        view.add_item(button)
    return view


def reset_view(version: int, count: int) -> ui.View:
    view = PersistentView()
    label = f"Remove all {count} rules" if count > 1 else "Remove the one rule"
    view.add_item(ResetButton(version, 0, label=label, style=discord.ButtonStyle.danger))
    return view

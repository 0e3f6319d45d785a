"""What the buttons of the moderators' screens can ask for; FilterService does it."""

from abc import ABC, abstractmethod

from bot.interactions.client import Interaction


class FilterActions(ABC):
    @abstractmethod
    async def show(self, interaction: Interaction, page: int = 1, said: str = "") -> None:
        """Show a page of the rules in force here, below the sentence `said`."""

    @abstractmethod
    async def remove_and_show(self, interaction: Interaction, rule_id: int, page: int) -> None:
        """Remove a rule, and show the page that it was on."""

    @abstractmethod
    async def history(self, interaction: Interaction, page: int = 1) -> None:
        """Show a page of the changes to the rules."""

    @abstractmethod
    async def reset(self, interaction: Interaction, version: int) -> None:
        """Remove all rules, if they are still those of `version`. Raises Refused where they are not."""

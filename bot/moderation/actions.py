"""FilterActions: the methods that the moderators' buttons call; FilterService implements them."""

from abc import ABC, abstractmethod

from bot.interactions.services import Interaction


class FilterActions(ABC):
    @abstractmethod
    async def show(self, interaction: Interaction, page: int = 1, notice: str = "") -> None:
        """Show a page of the rules in force here, below the sentence `notice`."""

    @abstractmethod
    async def remove_and_show(self, interaction: Interaction, rule_id: int, page: int) -> None:
        """Remove a rule, and show the page that it was on."""

    @abstractmethod
    async def history(self, interaction: Interaction, page: int = 1) -> None:
        """Show a page of the changes to the rules."""

    @abstractmethod
    async def reset(self, interaction: Interaction, version: int) -> None:
        """Remove all rules. Raises Refused if they have changed since `version`."""

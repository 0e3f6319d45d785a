"""SearchActions: the actions of the buttons and menus under a page; SearchService implements them."""

from abc import ABC, abstractmethod

from bot.interactions.services import Interaction


class SearchActions(ABC):
    @abstractmethod
    async def show_page(self, interaction: Interaction, search_id: int, number: int) -> None:
        """Replace the message of the pressed button by page `number` of a search. Raises BotError."""

    @abstractmethod
    async def retry_page(self, interaction: Interaction, search_id: int, number: int) -> None:
        """Show page `number` of a search after an earlier failure. Raises BotError."""

    @abstractmethod
    async def search_similar(self, interaction: Interaction, search_id: int, asset_id: str) -> None:
        """Start a new search for tracks similar to one track of a page. Raises BotError."""

"""What the buttons and menus under an answer can ask for; SearchService does it."""

from abc import ABC, abstractmethod

from bot.interactions.client import Interaction


class SearchActions(ABC):
    @abstractmethod
    async def show_page(self, interaction: Interaction, search_id: int, number: int) -> None:
        """Replace the pressed message by page `number` of a search. Raises BotError."""

    @abstractmethod
    async def retry_page(self, interaction: Interaction, search_id: int, number: int) -> None:
        """Look for page `number` again after a failure. Raises BotError."""

    @abstractmethod
    async def search_similar(self, interaction: Interaction, search_id: int, asset_id: str) -> None:
        """Search for tracks like one track of an answer. Raises BotError."""

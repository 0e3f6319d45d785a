"""Actions that buttons, menus and modals of shortlists call; the services of this package implement them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from bot.interactions.services import Interaction
from bot.models.shortlists import Vote


class PostActions(ABC):
    """Implemented by ShortlistPosts."""

    @abstractmethod
    async def show_page(self, interaction: Interaction, shortlist_id: int, page: int) -> None:
        """Turn the pressed post to a page of its ranking. Raises Refused if the shortlist is gone."""


class ListActions(ABC):
    """Implemented by ShortlistService."""

    @abstractmethod
    async def list(self, interaction: Interaction, page: int = 1) -> None:
        """Show a page of the server's shortlists. Raises BotError."""

    @abstractmethod
    async def delete(self, interaction: Interaction, shortlist_id: int) -> None:
        """Delete a shortlist for good. Raises BotError."""


class AddActions(ABC):
    """Implemented by AddTracks."""

    @abstractmethod
    async def add_chosen(self, interaction: Interaction, search_id: int, asset_ids: Sequence[str]) -> None:
        """Add the tracks chosen in a search's menu to the channel's shortlist. Raises BotError."""

    @abstractmethod
    async def add_to_new(
        self, interaction: Interaction, search_id: int, asset_ids: Sequence[str], name: str, brief: str
    ) -> None:
        """Create a shortlist with the chosen tracks. Raises BotError."""


class BallotActions(ABC):
    """Implemented by Voting."""

    @abstractmethod
    async def show_ballot(
        self, interaction: Interaction, shortlist_id: int, asset_id: str, *, page: int
    ) -> None:
        """Send the member a ballot on a track of a post's `page`. Raises BotError."""

    @abstractmethod
    async def show_next_ballot(self, interaction: Interaction, shortlist_id: int, asset_id: str) -> None:
        """Replace the ballot on `asset_id` by the next track without the member's vote. Raises BotError."""

    @abstractmethod
    async def vote(
        self, interaction: Interaction, shortlist_id: int, asset_id: str, vote: Vote | None
    ) -> None:
        """Store the member's vote, None to withdraw it, and show it on the ballot. Raises BotError."""

    @abstractmethod
    async def open_note_modal(self, interaction: Interaction, shortlist_id: int, asset_id: str) -> None:
        """Open the modal for the member's note on a track. Raises BotError."""

    @abstractmethod
    async def save_note_and_show(
        self, interaction: Interaction, shortlist_id: int, asset_id: str, text: str
    ) -> None:
        """Store the note of the modal, or remove it if empty, and show the ballot. Raises BotError."""

    @abstractmethod
    async def send_asset_id(self, interaction: Interaction, shortlist_id: int, asset_id: str) -> None:
        """Send the member the URI that a game uses for a track. Raises BotError."""

    @abstractmethod
    async def send_asset_id_from_post(
        self, interaction: Interaction, shortlist_id: int, asset_id: str, *, page: int
    ) -> None:
        """As `send_asset_id`, for a choice on a post's `page`. Raises BotError."""

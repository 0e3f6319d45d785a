"""StoredPosition: the page that a saved search has reached, moved back if the page is not shown."""

import logging
from types import TracebackType
from typing import Self

from bot.database import Database
from bot.errors import StorageError
from bot.models.search import SavedSearch

_log = logging.getLogger(__name__)


class StoredPosition:
    """Context manager around showing a page: restores the position if its block raises.

    The position is stored before the page is shown, so that a killed process never repeats a page.
    """

    def __init__(self, database: Database, saved: SavedSearch) -> None:
        self._searches = database.searches
        self._saved = saved
        self._page = saved.page

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            await self.move_to(self._saved.previous_page)

    async def move_to(self, page: int) -> None:
        """Store `page` as the position, unless another command has changed it since.

        A StorageError is logged, not raised: the page can be shown, and /more shows it once more.
        """
        if page == self._page:
            return
        try:
            await self._searches.move_page(self._saved.search_id, self._page, page)
        except StorageError as error:
            _log.error("The position of a search could not be stored: %r", error.__cause__)
        else:
            self._page = page

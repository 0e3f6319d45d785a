"""Page arithmetic."""

import pytest

from bot.models.pages import page_count


@pytest.mark.parametrize(("items", "pages"), [(0, 1), (1, 1), (5, 1), (6, 2), (10, 2), (11, 3)])
def test_pages_are_filled_and_there_is_at_least_one(items: int, pages: int) -> None:
    assert page_count(items, 5) == pages

"""Arithmetic of pages."""

import pytest

from bot.models.pages import page_count


@pytest.mark.parametrize(("items", "pages"), [(0, 1), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
def test_the_last_page_may_be_shorter_and_an_empty_list_has_one(items: int, pages: int) -> None:
    assert page_count(items, 10) == pages

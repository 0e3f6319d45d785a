"""Arithmetic of pages, which are counted from 1."""


def page_count(items: int, page_size: int) -> int:
    """How many pages `items` fill; an empty list has one page too."""
    return max(1, -(-items // page_size))

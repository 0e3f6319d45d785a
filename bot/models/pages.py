"""Page arithmetic; pages are numbered from 1."""


def page_count(items: int, page_size: int) -> int:
    """The number of pages that `items` fill: at least 1."""
    return max(1, -(-items // page_size))

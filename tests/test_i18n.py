"""Plurals: the form for a count, with the count and other values filled in."""

import pytest

from bot.i18n import plural


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "0 tracks in Boss"),
        (1, "1 track in Boss"),
        (2, "2 tracks in Boss"),
        (1234, "1,234 tracks in Boss"),
    ],
)
def test_the_form_follows_the_count(count: int, expected: str) -> None:
    assert plural(count, "{count} track in {name}", "{count} tracks in {name}", name="Boss") == expected

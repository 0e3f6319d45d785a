"""Plural forms: the sentence of a count, with its values filled in."""

import pytest

from bot.i18n import plural


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(0, "0 tracks by {x}"), (1, "1 track by {x}"), (2, "2 tracks by {x}"), (1234, "1,234 tracks by {x}")],
)
def test_the_form_fits_the_count_and_values_are_literal(count: int, sentence: str) -> None:
    assert plural(count, "{count} track by {artist}", "{count} tracks by {artist}", artist="{x}") == sentence

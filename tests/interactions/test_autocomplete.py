"""Autocomplete's choices: within Discord's limits, and never empty."""

from bot.interactions.autocomplete import MAX_CHOICES, choice, genre_choices


def test_a_long_choice_is_cut_to_a_hundred_characters() -> None:
    made = choice("n" * 101, "v" * 101)

    assert (made.name, made.value) == ("n" * 99 + "…", "v" * 100)


def test_a_choice_without_visible_characters_has_a_name_all_the_same() -> None:
    assert choice("\u200b", "1000").name == "…"


def test_the_genre_typed_comes_first_and_none_comes_twice() -> None:
    assert [each.value for each in genre_choices(" Lo-Fi ", ["Jazz", "Lo-Fi"])] == ["Lo-Fi", "Jazz"]


def test_no_more_genres_are_offered_than_discord_takes() -> None:
    assert len(genre_choices("x", [f"Genre {number}" for number in range(40)])) == MAX_CHOICES

"""Buttons and menus under a page: which there are, and what they say."""

from typing import Any

import pytest

from bot.models.search import SavedSearch, Search, Track
from bot.search.components import SimilarMenu, page_view, retry_view, track_option
from tests.support.pages import page

TRACK = Track("1", "x")


def labels(view: Any) -> list[tuple[str, str, bool]]:
    """Label, custom id and whether it can be pressed, of each button."""
    return [
        (each["label"], each["custom_id"], not each.get("disabled", False))
        for row in view.to_components()
        for each in row["components"]
        if each["type"] == 2
    ]


@pytest.mark.parametrize(
    ("facts", "buttons"),
    [
        ({"continuation": "end"}, [("◀", "page:7:0", False), ("▶", "page:7:2", False)]),
        ({"continuation": "next page"}, [("◀", "page:7:0", False), ("▶", "page:7:2", True)]),
        (
            {"continuation": "keep looking", "number": 2},
            [("◀", "page:7:1", True), ("Keep looking", "page:7:2", True)],
        ),
    ],
)
def test_buttons_lead_to_the_pages_that_exist(facts: dict[str, Any], buttons: list[Any]) -> None:
    assert labels(page_view(7, page(TRACK, **facts), ())) == buttons


def test_a_search_without_results_has_no_buttons() -> None:
    assert page_view(7, page(continuation="end", found=0), ()) is None


def test_an_empty_later_page_leads_back() -> None:
    view = page_view(7, page(number=2, continuation="end"), (SimilarMenu,))

    assert labels(view) == [("◀", "page:7:1", True), ("▶", "page:7:3", False)]


def test_a_menu_offers_the_tracks_with_an_asset_id() -> None:
    view: Any = page_view(7, page(TRACK, Track("x", "No id")), (SimilarMenu,))
    (menu,) = view.to_components()[1]["components"]

    assert menu["custom_id"] == "like:7:1"
    assert [option["value"] for option in menu["options"]] == ["1"]


@pytest.mark.parametrize(
    ("back", "buttons"),
    [
        (None, ["Try again"]),
        ((7, 2), ["Try again"]),
        ((7, 1), ["Try again", "Back to calm"]),
        ((8, 2), ["Try again", "Back to calm"]),
    ],
)
def test_the_way_back_is_left_out_if_it_is_the_page_to_retry(
    back: tuple[int, int] | None, buttons: list[str]
) -> None:
    saved = None
    if back is not None:
        saved = SavedSearch(
            back[0], 1, 1, Search("calm"), private=False, page=back[1], previous_page=0, created_at=1
        )

    assert [label for label, _, _ in labels(retry_view(7, 2, back_to=saved))] == buttons


@pytest.mark.parametrize(
    ("track", "description"),
    [
        (Track("1", "x", artist="A", bpm=127.6, duration=61), "A · 128 BPM · 1:01"),
        (Track("1", "x", duration=61), "1:01"),
        (Track("1", "x"), None),
        (Track("1", "x", bpm=0.4, duration=0.4), None),
    ],
)
def test_an_option_describes_its_track(track: Track, description: str | None) -> None:
    option = track_option(track, "+ ")

    assert (option.label, option.value, option.description) == ("+ x", "1", description)

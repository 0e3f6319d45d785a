"""Rankings: pages, places and winners."""

import pytest

from bot.models.search import Track
from bot.models.shortlists import Entry
from bot.shortlists.ranking import Ranking
from tests.support.shortlists import SHORTLIST, ranking_of


def test_pages_have_ten_tracks_with_positions_that_go_on() -> None:
    ranking = ranking_of(*(Track(str(number), f"T{number}") for number in range(25)))
    pages = [[(place, entry.track.name) for place, entry in ranking.page_entries(page)] for page in (1, 3)]

    assert ranking.page_count == 3
    assert pages[0] == [(place, f"T{place - 1}") for place in range(1, 11)]
    assert pages[1] == [(place, f"T{place - 1}") for place in range(21, 26)]


def test_a_page_that_does_not_exist_becomes_the_first_or_the_last() -> None:
    ranking = ranking_of(*(Track(str(number), f"T{number}") for number in range(25)))

    assert [ranking.clamp_page(page) for page in (-1, 0, 1, 3, 4, 99)] == [1, 1, 1, 3, 3, 3]
    assert ranking_of().page_count == 1
    assert ranking_of().page_entries(1) == []


def test_the_other_tracks_go_around_from_a_track_or_begin_at_the_top() -> None:
    ranking = ranking_of(*(Track(str(number), f"T{number}") for number in range(4)))

    assert ranking.other_asset_ids("1") == ["2", "3", "0"]
    assert ranking.other_asset_ids("gone") == ["0", "1", "2", "3"]


def test_the_first_three_places_win_and_equal_scores_share_a_place() -> None:
    votes = [(5, 0), (6, 2), (4, 0), (3, 1), (2, 0), (1, 0), (0, 0), (1, 3)]
    entries = [
        Entry(Track(str(n), f"T{n}"), 1, 1.0, None, likes, dislikes, 0, None)
        for n, (likes, dislikes) in enumerate(votes)
    ]
    shared = Ranking(SHORTLIST, entries, 0).winners
    apart = Ranking(SHORTLIST, [entries[0], *entries[2:]], 0).winners

    assert [(place, entry.track.name) for place, entry in shared] == [(1, "T0"), (2, "T1"), (2, "T2")]
    assert [(place, entry.track.name) for place, entry in apart] == [
        (1, "T0"),
        (2, "T2"),
        (3, "T3"),
        (3, "T4"),
    ]


@pytest.mark.parametrize("votes", [(0, 0), (2, 2), (1, 5)])
def test_a_track_without_more_likes_than_dislikes_does_not_win(votes: tuple[int, int]) -> None:
    entry = Entry(Track("1", "T"), 1, 1.0, None, *votes, 0, None)

    assert Ranking(SHORTLIST, [entry], 0).winners == []

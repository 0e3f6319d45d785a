"""Rankings: pages, places and winners."""

from bot.models.search import Track
from bot.models.shortlists import Entry
from bot.shortlists.ranking import Ranking
from tests.support.shortlists import (
    SHORTLIST,
)


def test_the_first_three_places_win_and_equal_scores_share_a_place() -> None:
    votes = [(5, 0), (6, 2), (4, 0), (3, 1), (2, 0), (1, 0), (0, 0), (1, 3)]
    entries = [
        Entry(Track(str(n), f"T{n}"), 1, 1.0, None, likes, dislikes, 0, None)
        for n, (likes, dislikes) in enumerate(votes)
    ]
    won = Ranking(SHORTLIST, entries, 0).winners

    assert [(place, entry.track.name) for place, entry in won] == [(1, "T0"), (2, "T1"), (2, "T2")]


def test_a_track_with_more_dislikes_than_likes_does_not_win() -> None:
    entry = Entry(Track("1", "T"), 1, 1.0, None, 1, 5, 0, None)

    assert Ranking(SHORTLIST, [entry], 0).winners == []

"""PageBuilder: pages are full and in order, and show each track once, whatever the service sends."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.filters.matching import Filters
from bot.models.ranges import Span
from bot.models.rules import Rule
from bot.models.search import PAGE_SIZE, Fallback, HiddenTrack, Page, Search, Track, Window
from bot.search.page_builder import PageBuilder

CALM = Search("calm", tempo=Span(low=100))


def windows_of(tempos: list[list[int]]) -> list[Window]:
    """Windows of tracks of these tempos, one after the other; the tempo is in the id too."""
    windows, start = [], 0
    total = sum(map(len, tempos))
    for beats in tempos:
        tracks = tuple(Track(f"{start + n}", "x", bpm=bpm) for n, bpm in enumerate(beats))
        windows.append(Window(tracks, start=start, end=start + len(beats), total=total))
        start += len(beats)
    return windows


def page(windows: list[Window], number: int, search: Search = CALM) -> Page:
    builder = PageBuilder(search, number, Filters())
    for window in windows:
        if builder.is_complete:
            break
        assert window.start == builder.next_start
        builder.add(window)
    return builder.page()


@given(st.lists(st.lists(st.sampled_from([90, 120]), min_size=1, max_size=12), min_size=1, max_size=6))
def test_the_pages_are_the_matching_tracks_in_order_five_by_five(tempos: list[list[int]]) -> None:
    windows = windows_of(tempos)
    wanted = [track for window in windows for track in window.tracks if track.bpm == 120]

    number = 1
    seen: list[Track] = []
    while True:
        shown = page(windows, number)
        seen += shown.tracks
        if shown.continuation == "end":
            break
        assert len(shown.tracks) == PAGE_SIZE
        assert shown.continuation == "next page"
        number += 1
    assert seen == wanted


def test_a_page_that_windows_did_not_fill_can_be_continued() -> None:
    windows = windows_of([[120, 90], [90, 90], [120] * 9])
    shown = page(windows[:2], 1)

    assert (len(shown.tracks), shown.found, shown.examined, shown.continuation) == (1, 1, 4, "keep looking")


def test_a_repeated_track_is_shown_once() -> None:
    twice = Track("1", "x", bpm=120)
    windows = [Window((twice, twice), start=0, end=2, total=4), Window((twice,), start=2, end=4, total=4)]

    assert page(windows, 1).tracks == (twice,)


def test_an_empty_window_ends_the_search() -> None:
    assert page([Window((), start=0, end=0, total=500)], 1).continuation == "end"


def test_without_a_total_a_short_window_is_the_last() -> None:
    full = Window(tuple(Track(str(n), "x", bpm=90) for n in range(100)), start=0, end=100)
    short = Window((Track("x", "x", bpm=90),), start=100, end=101)

    assert page([full], 1).continuation == "keep looking"
    assert page([full, short], 1).continuation == "end"


def test_tracks_by_the_artist_come_first_in_each_window() -> None:
    def by(artist: str, number: int) -> Track:
        return Track(str(number), "x", artist=artist)

    window = Window((by("B", 1), by("A", 2), by("b", 3)), start=0, end=3, total=3, matched_artist="B")
    shown = page([window], 1, Search("B", kind="artist"))

    assert [track.asset_id for track in shown.tracks] == ["1", "3", "2"]


def test_a_page_is_full_until_a_track_of_the_next_one_is_known() -> None:
    builder = PageBuilder(Search("calm"), 1, Filters())
    states = []
    for number in range(7):
        builder.add(Window((Track(str(number), "x"),), start=number, end=number + 1, total=7))
        states.append((builder.is_full, builder.is_complete, builder.is_at_end))

    assert states[3:] == [
        (False, False, False),
        (True, True, False),
        (False, True, False),
        (False, True, True),
    ]


def test_a_page_has_tracks_once_the_pages_before_it_are_full() -> None:
    builder = PageBuilder(Search("calm"), 2, Filters())
    states = []
    for number in range(4, 7):
        builder.add(Window(tuple(Track(str(n), "x") for n in range(number + 1)), start=0, end=100, total=900))
        states.append(builder.has_tracks)

    assert states == [False, True, True]


def test_the_facts_of_the_first_window_apply_to_the_whole_page() -> None:
    builder = PageBuilder(Search("calm"), 1, Filters())
    builder.add(Window((Track("1", "x", artist="A"),), 0, 1, 9, "text", "A"), Fallback("first", 1))
    builder.add(Window((Track("2", "x", artist="a"), Track("3", "x")), 1, 3, 3, "semantic", "B"))
    shown = builder.page()

    assert (shown.method, shown.matched_artist, shown.total) == ("text", "A", 9)
    assert shown.fallback == Fallback("first", 1)
    assert (shown.featured_artist, shown.featured_count) == ("A", 2)


def test_the_recognised_artist_is_featured_rather_than_the_typed_one() -> None:
    window = Window((Track("1", "x", artist="Typed"), Track("2", "x", artist="Recognised")), 0, 2, 2)
    typed = page([window], 1, Search("typed", kind="artist"))
    recognised = page([replace(window, matched_artist="Recognised")], 1, Search("typed", kind="artist"))
    music = page([window], 1, Search("typed"))

    assert [each.asset_id for each in typed.tracks] == ["1", "2"]
    assert [each.asset_id for each in recognised.tracks] == ["2", "1"]
    assert (music.featured_artist, music.featured_count) == (None, 0)


def test_a_hidden_artist_is_not_named() -> None:
    window = Window((Track("1", "x", artist="A"), Track("2", "y", artist="B")), 0, 2, 2, matched_artist="A")
    rule = Rule("block artist", "A")
    builder = PageBuilder(Search("calm"), 1, Filters([rule]))
    builder.add(window)
    shown = builder.page()

    assert shown.matched_artist is None
    assert [each.asset_id for each in shown.tracks] == ["2"]
    assert shown.hidden == (HiddenTrack(window.tracks[0], rule),)


def test_the_allow_list_is_named_if_the_search_has_no_genre() -> None:
    genres = []
    for search in (Search("calm"), Search("calm", genre="Jazz")):
        builder = PageBuilder(search, 1, Filters([Rule("allow genre", "Jazz")]))
        builder.add(Window((), start=0, end=0))
        genres.append(builder.page().allowed_genres)

    assert genres == [("Jazz",), ()]


def test_a_full_page_at_the_end_of_the_matches_is_the_last() -> None:
    tracks = tuple(Track(str(number), "x") for number in range(5))
    continuations = [page([Window(tracks, 0, 5, total)], 1, Search("x")).continuation for total in (5, 6)]

    assert continuations == ["end", "next page"]

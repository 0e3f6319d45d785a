"""Similar tracks: a search that starts from one track, and pages like any other."""

import pytest

from bot.models.ranges import Span
from bot.models.search import Search, Track
from bot.search.similar import similar_search
from tests.support.members import choose, options, press, shown, titles
from tests.support.world import Service, World, track


async def test_a_chosen_track_starts_a_search_for_similar_tracks(world: World, service: Service) -> None:
    service.catalogue = [
        track(0, bpm=140, duration=200, name="Cold Engine", album="Night Drive"),
        track(1, bpm=148, duration=239),
        track(2, bpm=149, duration=200),
        track(3, bpm=70, duration=200),
        track(4, bpm=280, duration=165),
        track(5, bpm=140, duration=241),
        track(6, bpm=140, duration=200, genre="Jazz"),
        track(7, bpm=None, duration=200),
    ]
    answer = shown(await world.mika.slash(world.channel, "music", query="dark driving"))
    result = await choose(world.noor, answer, "like", "1000")
    message = shown(result)

    assert service.asked[1] == {
        "query": "dark driving cold engine night drive",
        "limit": 100,
        "offset": 0,
        "filters": {"genres": ["Lo-Fi"], "duration": {"min": 160, "max": 240}},
    }
    assert titles(message) == ["Track 1", "Track 3", "Track 4"]
    assert "half time of 140" in (message.embeds[1].description or "")
    assert message.id != answer.id
    assert not result.ephemeral


async def test_a_search_for_similar_tracks_pages_like_any_other(world: World, service: Service) -> None:
    service.catalogue = [track(number, bpm=120, duration=200) for number in range(30)]
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await world.restart()
    message = shown(await choose(world.noor, answer, "like", "1003"))
    assert titles(message) == [f"Track {number}" for number in (0, 1, 2, 4, 5)]
    await press(world.mika, message, "▶")
    more = shown(await world.noor.slash(world.channel, "more"))

    assert titles(message) == [f"Track {number}" for number in range(6, 11)]
    assert titles(more) == [f"Track {number}" for number in range(11, 16)]
    assert options(more, "like") == [f"10{number}" for number in range(11, 16)]
    assert len(service.requests) == 2


async def test_tracks_similar_to_a_private_page_are_private(world: World) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm", private=True))
    result = await choose(world.mika, answer, "like", "1000")

    assert result.ephemeral
    assert titles(answer) == [f"Track {number}" for number in range(5)]


async def test_similar_menu_of_another_members_private_search_is_refused(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="secret", private=True)
    own = shown(await world.noor.slash(world.channel, "music", query="calm"))
    stored = world.env.backend.get_message(own.channel_id, own.id)
    stored.components[2]["components"][0]["custom_id"] = "like:1:1"
    result = await world.noor.select(own.message, ["1000"], custom_id="like:1:1")

    assert result.ephemeral
    assert "don't remember that search" in shown(result).content


@pytest.mark.parametrize(
    ("track", "found_by", "text"),
    [
        (Track("1", "Rain over Rome", artist="Rome"), Search("calm rain"), "calm rain over"),
        (Track("1", "Dawn", album="Dawn 1999"), Search("2001"), "dawn"),
        (Track("1", "Dawn", artist="Ada Beck"), Search("Ada Beck", kind="artist"), "dawn"),
        (Track("1", "1999", genre="House"), Search("2001"), "House"),
        (Track("1", "1999"), Search("Prince", kind="artist"), "1999 music"),
        (Track("1", "1999", genre="80"), Search("3"), "80 music"),
        (Track("1", "Rain", artist="Rain"), Search("rain"), "rain"),
        (Track("1", "你好世界 你好", bpm=0.4), Search("calm"), "calm 你好世界 你好"),
        (Track("1", "x" * 500, album="y" * 90), Search("z" * 100), "z" * 100 + " " + "y" * 90),
    ],
)
def test_the_query_describes_the_sound_without_the_artists_name(
    track: Track, found_by: Search, text: str
) -> None:
    search = similar_search(track, found_by)

    assert search.text == text
    assert (search.tempo, search.length, search.half_double) == (None, None, False)


def test_a_short_track_is_similar_to_tracks_up_to_15_seconds_longer() -> None:
    search = similar_search(Track("1", "x", bpm=5, duration=20), Search("x"))

    assert search.length == Span(5, 35)
    assert search.tempo == Span(1, 13)


async def test_a_track_that_filters_hide_now_starts_no_search(world: World, service: Service) -> None:
    service.catalogue = [track(number, name=f"Forbidden Dawn {number}") for number in range(5)]
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await world.sam.slash(world.channel, "filters block", word="forbidden")
    result = await choose(world.mika, answer, "like", "1000")

    assert result.ephemeral
    assert shown(result).content == (
        "This server's filters hide that track now. Please choose another one, or start a new search."
    )
    assert len(service.requests) == 1

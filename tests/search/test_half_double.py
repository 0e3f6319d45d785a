"""Tempo as musicians mean it: what is felt at a tempo at half or double time is found, and marked."""

from pathlib import Path

import msgspec
import pytest

from bot.database import open_database
from bot.models.ranges import Span
from bot.models.search import SavedSearch, Search, Track
from tests.support.members import press, shown, titles
from tests.support.world import Service, World, track

FIVE = (70, 140, 280, 141, 100)


async def test_half_and_double_time_count_and_are_marked(world: World, service: Service) -> None:
    service.catalogue = [track(bpm, bpm=bpm) for bpm in FIVE]

    message = shown(
        await world.mika.slash(world.channel, "music", query="calm", tempo="140", half_double=True)
    )

    assert titles(message) == ["Track 70", "Track 140", "Track 280"]
    assert [(embed.description or "").splitlines()[1] for embed in message.embeds] == [
        "70 BPM · half time of 140 · 3:40 · Lo-Fi",
        "140 BPM · 4:50 · Lo-Fi",
        "280 BPM · double time of 140 · 7:10 · Lo-Fi",
    ]
    assert "**140 BPM, also at half and double time**" in message.content


async def test_without_it_a_tempo_is_what_it_says(world: World, service: Service) -> None:
    service.catalogue = [track(bpm, bpm=bpm) for bpm in FIVE]

    message = shown(await world.mika.slash(world.channel, "artist", name="calm", tempo="140"))

    assert titles(message) == ["Track 140"]


async def test_it_holds_on_every_page_and_after_a_restart(world: World, service: Service) -> None:
    service.catalogue = [track(number, bpm=70) for number in range(12)]
    message = shown(
        await world.mika.slash(world.channel, "artist", name="x", tempo="136-144", half_double=True)
    )
    await world.restart()
    message = shown(await press(world.noor, message, "▶"))

    assert titles(message) == [f"Track {number}" for number in range(5, 10)]
    assert "half time of 140" in (message.embeds[0].description or "")


async def test_what_is_remembered_while_the_service_is_down_counts_too(
    world: World, service: Service
) -> None:
    service.catalogue = [track(bpm, name=f"Calm {bpm}", bpm=bpm) for bpm in FIVE]
    await world.mika.slash(world.channel, "music", query="anything")
    service.reply(500)

    message = shown(
        await world.mika.slash(world.channel, "music", query="calm", tempo="139-142", half_double=True)
    )

    assert sorted(titles(message)) == ["Calm 140", "Calm 141", "Calm 280", "Calm 70"]


@pytest.mark.parametrize(("bpm", "time"), [(70, "half"), (140.4, "full"), (279.6, "double"), (139, None)])
def test_time_is_told_by_the_tempo_as_it_is_shown(bpm: float, time: str | None) -> None:
    search = Search("x", tempo=Span(140, 140), half_double=True)

    assert search.time_feel_of(Track("1", "x", bpm=bpm)) == time
    assert search.wants(Track("1", "x", bpm=bpm)) == (time is not None)


async def test_searches_saved_before_it_was_known_still_page(tmp_path: Path) -> None:
    old = msgspec.msgpack.encode({"text": "calm", "tempo": {"low": 140, "high": 140}})

    async with open_database(str(tmp_path / "test.db")) as database:
        assert msgspec.msgpack.encode(Search("calm", tempo=Span(140, 140))) == old
        saved: SavedSearch = await database.searches.add(
            Search("calm", half_double=True), guild_id=1, channel_id=1, member_id=1, private=False, now=1
        )
        assert saved.search.half_double


@pytest.mark.parametrize(
    ("tempo", "bpm", "time"),
    [
        (Span(141, None), 70, None),
        (Span(141, None), 71, "half"),
        (Span(None, 89), 178, "double"),
        (Span(None, 89), 179, None),
        (Span(141, 143), 70, None),
        (Span(141, 143), 72, None),
    ],
)
def test_a_tempo_beyond_an_open_end_stays_beyond_it(tempo: Span, bpm: float, time: str | None) -> None:
    assert Search("calm", tempo=tempo, half_double=True).time_feel_of(Track("1", "x", bpm=bpm)) == time


@pytest.mark.parametrize(
    ("bpm", "time"), [(70, "half"), (71, "half"), (141, "full"), (282, "double"), (72, None)]
)
def test_an_odd_tempo_has_a_half(bpm: float, time: str | None) -> None:
    search = Search("calm", tempo=Span(141, 141), half_double=True)

    assert search.time_feel_of(Track("1", "x", bpm=bpm)) == time

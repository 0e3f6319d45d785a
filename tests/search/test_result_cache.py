"""ResultCache: stored tracks are searched by keyword while the service can't be."""

import pytest

from tests.support.members import titles
from tests.support.searches import search
from tests.support.world import Service, World, track


async def test_stored_tracks_are_found_by_their_words(world: World, service: Service) -> None:
    service.catalogue = [track(1, name="Rain over Kestrel"), track(2, name="Sun"), track(3, name="RAINS")]
    await search(world, "anything")
    service.reply(503)
    message = await search(world, "some rain please")

    assert set(titles(message)) == {"Rain over Kestrel", "RAINS"}
    assert "problems right now. These tracks are from earlier searches." in message.content
    assert "2 matches" in message.content


async def test_tracks_with_all_words_come_before_newer_tracks_with_some(
    world: World, service: Service
) -> None:
    service.catalogue = [track(0, name="Rain over Kestrel", bpm=150)]
    await search(world, "first")
    for start in range(6):
        service.catalogue = [
            track(100 * start + n, name=f"Rain {100 * start + n}", bpm=90) for n in range(1, 101)
        ]
        await search(world, f"then {start}")
    service.reply(503)
    by_name = await search(world, "rain over kestrel")
    by_tempo = await search(world, "rain", tempo="over 140")

    assert titles(by_name)[0] == "Rain over Kestrel"
    assert titles(by_tempo) == ["Rain over Kestrel"]


@pytest.mark.parametrize(
    ("option", "found"),
    [
        ({"genre": "jazz"}, ["Rain 2"]),
        ({"length": "under 60s"}, ["Rain 3"]),
        ({"tempo": "200"}, ["Rain 4"]),
        ({"tempo": "over 140"}, ["Rain 4"]),
    ],
)
async def test_every_criterion_applies_to_stored_tracks(
    world: World, service: Service, option: dict[str, str], found: list[str]
) -> None:
    service.catalogue = [
        track(1, name="Rain 1"), track(2, name="Rain 2", genre="Jazz"),
        track(3, name="Rain 3", duration=30), track(4, name="Rain 4", bpm=200),
    ]  # fmt: skip
    await search(world, "anything")
    service.reply(503)

    assert titles(await search(world, "rain", **option)) == found

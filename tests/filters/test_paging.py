"""Pages of a search whose tracks are partly hidden."""

from tests.support.filters import filters, music
from tests.support.members import forged_press, press, titles
from tests.support.world import Service, World, track


async def test_allowed_genre_in_another_spelling_is_found_and_its_spelling_learned(
    world: World, service: Service
) -> None:
    service.applies_filters = True
    service.catalogue = [track(n, genre="Lo-Fi" if n % 2 else "Rock") for n in range(20)]
    await filters(world, "allow", genre="lofi")
    message = await music(world)
    assert titles(message) == [f"Track {n}" for n in (1, 3, 5, 7, 9)]
    await press(world.mika, message, "▶")
    assert titles(message) == [f"Track {n}" for n in (11, 13, 15, 17, 19)]
    assert [asked.get("filters") for asked in service.asked] == [{"genres": ["lofi"]}, None]
    await music(world, query="other")

    assert service.asked[-1]["filters"] == {"genres": ["Lo-Fi"]}


async def test_empty_result_under_an_allow_list_is_cached(world: World, service: Service) -> None:
    await music(world, query="what teaches the spelling")
    await filters(world, "allow", genre="Lo-Fi")
    service.catalogue = [track(n) for n in range(98)]
    service.meta = {"total": 150}
    message = await music(world)
    await forged_press(world, world.mika, message, "page:2:20")
    asked = len(service.requests)
    for label in ("◀", "▶", "◀"):
        await press(world.mika, message, label)
    assert len(service.requests) == asked
    service.catalogue = []
    for _ in range(3):
        await music(world, query="nothing")

    assert len(service.requests) == asked + 1


async def test_pages_are_full_and_paging_back_shows_the_same_tracks(world: World, service: Service) -> None:
    service.catalogue = [track(n, genre="Rock" if n % 50 else "Jazz") for n in range(300)]
    await filters(world, "block", genre="Rock")
    message = await music(world)
    first = titles(message)
    assert first == [f"Track {n}" for n in (0, 50, 100, 150, 200)]
    await press(world.mika, message, "▶")
    assert titles(message) == ["Track 250"]
    await press(world.mika, message, "◀")

    assert titles(message) == first
    assert len(service.requests) == 3


async def test_reply_says_that_every_track_found_is_hidden(world: World, service: Service) -> None:
    service.catalogue = [track(n, genre="Rock") for n in range(8)]
    await filters(world, "block", genre="rock")
    message = await music(world)

    assert titles(message) == []
    assert "Everything that matches is hidden by this server's filters. Try other words." in message.content
    assert "8 tracks are hidden" in message.content

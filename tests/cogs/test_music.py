"""What members type, and what they see: the whole bot, in a simulated Discord."""

import pytest
import simcord

from bot.errors import BotError
from tests.support.members import press, shown, titles
from tests.support.world import Service, World, track


async def test_a_search_is_one_request_as_the_contract_says_it(world: World, service: Service) -> None:
    await world.mika.slash(world.channel, "music", query="upbeat summer vibes")

    (request,) = service.requests
    assert (request.method, str(request.url)) == ("POST", "http://audioscape.test/v1/search")
    assert request.headers["x-api-key"] == "the-key"
    assert request.headers["content-type"] == "application/json"
    assert service.asked == [{"query": "upbeat summer vibes", "limit": 100, "offset": 0}]


async def test_an_answer_shows_five_tracks_each_with_all_that_is_known_of_it(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    assert titles(message) == [f"Track {number}" for number in range(5)]
    first = message.embeds[0]
    assert first.url == "https://create.roblox.com/store/asset/1000"
    assert first.description == "**Artist 0** · *First Light*\n80 BPM · 2:30 · Lo-Fi"
    assert first.thumbnail.url == "https://covers.example.com/0.png"
    assert message.content == "🔎 **calm** · 40 matches · page 1 of 8"
    assert not message.ephemeral


async def test_what_a_track_lacks_is_left_out(world: World, service: Service) -> None:
    bare = dict.fromkeys(("artist", "album", "genre", "bpm", "duration", "thumbnail_url"))
    service.catalogue = [track(1, **bare), track(2, bpm=0, duration=0), track(3, album="", bpm=None)]

    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    assert [embed.description for embed in message.embeds] == [
        None,
        "**Artist 2** · *First Light*\nLo-Fi",
        "**Artist 3**\n2:33 · Lo-Fi",
    ]
    assert message.embeds[0].thumbnail.url is None


async def test_an_artists_own_tracks_come_first_and_say_so(world: World, service: Service) -> None:
    service.meta = {"matched_artist": "Artist 3"}

    message = shown(await world.mika.slash(world.channel, "artist", name="artist 3"))

    assert "In the style of **Artist 3**" in message.content
    assert titles(message) == ["Track 3", "Track 10", "Track 17", "Track 24", "Track 31"]
    assert (message.embeds[0].description or "").startswith("★ by **Artist 3** · ")
    message = shown(await press(world.mika, message, "▶"))
    assert titles(message) == ["Track 38", "Track 0", "Track 1", "Track 2", "Track 4"]
    assert (message.embeds[1].description or "").startswith("**Artist 0** · ")


async def test_an_artist_nobody_recognised_is_said(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "artist", name="nobody"))

    assert "No artist of that name was recognised" in message.content


async def test_keyword_matches_are_called_what_they_are(world: World, service: Service) -> None:
    service.meta = {"search_method": "text"}

    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    assert "Keyword matches" in message.content


async def test_nothing_found_says_what_to_loosen(world: World, service: Service) -> None:
    service.catalogue = []

    message = shown(
        await world.mika.slash(world.channel, "music", query="calm", tempo="120-130", genre="Jazz")
    )

    assert "nothing found" in message.content
    assert "a wider tempo" in message.content
    assert "related one" in message.content
    assert message.components == []


async def test_genre_and_length_travel_to_the_service_and_are_checked_again(
    world: World, service: Service
) -> None:
    service.catalogue = [track(1, genre="Jazz"), track(2, genre="lofi"), track(3, duration=999), track(4)]

    message = shown(
        await world.mika.slash(world.channel, "music", query="calm", genre="lo fi", length="1:00-3:00")
    )

    assert service.asked[0]["filters"] == {"genres": ["lo fi"], "duration": {"min": 60, "max": 180}}
    assert titles(message) == ["Track 2", "Track 4"]


async def test_a_genre_is_asked_for_as_the_service_spells_it(world: World, service: Service) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    await world.mika.slash(world.channel, "music", query="calm", genre="lofi")

    assert service.asked[1]["filters"] == {"genres": ["Lo-Fi"]}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"query": "   "}, "no words"),
        ({"query": "calm", "tempo": "130-120"}, "runs backwards"),
        ({"query": "calm", "tempo": "quick"}, "can't read"),
        ({"query": "calm", "length": "long"}, "can't read"),
        ({"query": "calm", "length": "3:00-1:00"}, "runs backwards"),
    ],
)
async def test_what_cannot_be_read_is_refused_privately_before_anything_is_asked(
    world: World, service: Service, options: dict[str, str], words: str
) -> None:
    result = await world.mika.slash(world.channel, "music", **options)
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert not result.deferred
    assert words in shown(result).content
    assert service.requests == []


async def test_an_unrecognised_artist_whose_tracks_came_all_the_same(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "artist", name="Artist 3"))

    assert "No artist" not in message.content
    assert "marked ★" in message.content
    assert (message.embeds[0].description or "").startswith("★ by **Artist 3**")


async def test_a_spelling_learned_later_is_asked_for_anew(world: World, service: Service) -> None:
    service.catalogue = []
    await world.mika.slash(world.channel, "music", query="calm", genre="lofi")
    service.catalogue = [track(1)]
    await world.mika.slash(world.channel, "music", query="other")
    message = shown(await world.mika.slash(world.channel, "music", query="calm", genre="lofi"))

    assert titles(message) == ["Track 1"]


class TestAutocomplete:
    async def test_genres_seen_are_offered_behind_what_was_typed(self, world: World) -> None:
        await world.mika.slash(world.channel, "music", query="calm")

        choices = await world.mika.autocomplete(world.channel, "music", "genre", "lof", query="x")

        assert [choice["value"] for choice in choices] == ["lof", "Lo-Fi"]

    async def test_a_tempo_is_explained_and_useful_ranges_are_offered(self, world: World) -> None:
        choices = await world.mika.autocomplete(world.channel, "music", "tempo", "128", query="x")

        assert choices[0] == {"name": "128 → 128 BPM", "value": "128"}
        assert {"name": "124–132 BPM", "value": "128±4"} in choices

    async def test_a_length_that_cannot_be_read_is_explained(self, world: World) -> None:
        choices = await world.mika.autocomplete(world.channel, "artist", "length", "long", name="x")

        assert choices[0]["value"] == "long"
        assert "2:30" in choices[0]["name"]

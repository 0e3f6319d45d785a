"""/music and /artist: options in, tracks out, in a simulated Discord."""

import pytest
import simcord

from bot.errors import BotError
from tests.support.members import press, shown, titles
from tests.support.world import Service, World, track


async def test_a_search_is_one_request_in_the_documented_form(world: World, service: Service) -> None:
    await world.mika.slash(world.channel, "music", query="upbeat summer vibes")

    (request,) = service.requests
    assert (request.method, str(request.url)) == ("POST", "http://audioscape.test/v1/search")
    assert request.headers["x-api-key"] == "the-key"
    assert request.headers["content-type"] == "application/json"
    assert service.asked == [{"query": "upbeat summer vibes", "limit": 100, "offset": 0}]


async def test_a_page_shows_five_tracks_with_all_their_fields(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    assert titles(message) == [f"Track {number}" for number in range(5)]
    first = message.embeds[0]
    assert first.url == "https://create.roblox.com/store/asset/1000"
    assert first.description == "**Artist 0** · *First Light*\n80 BPM · 2:30 · Lo-Fi"
    assert first.thumbnail.url == "https://covers.example.com/0.png"
    assert message.content == "🔎 **calm** · 40 matches · page 1 of 8"
    assert not message.ephemeral


async def test_missing_fields_of_a_track_are_left_out(world: World, service: Service) -> None:
    bare = dict.fromkeys(("artist", "album", "genre", "bpm", "duration", "thumbnail_url"))
    service.catalogue = [track(1, **bare), track(2, bpm=0, duration=0), track(3, album="", bpm=None)]

    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    assert [embed.description for embed in message.embeds] == [
        None,
        "**Artist 2** · *First Light*\nLo-Fi",
        "**Artist 3**\n2:33 · Lo-Fi",
    ]
    assert message.embeds[0].thumbnail.url is None


async def test_tracks_by_the_artist_come_first_and_are_marked(world: World, service: Service) -> None:
    service.meta = {"matched_artist": "Artist 3"}

    message = shown(await world.mika.slash(world.channel, "artist", name="artist 3"))

    assert "In the style of **Artist 3**. Tracks by the artist come first, marked ★." in message.content
    assert titles(message) == ["Track 3", "Track 10", "Track 17", "Track 24", "Track 31"]
    assert (message.embeds[0].description or "").startswith("★ by **Artist 3** · ")
    message = shown(await press(world.mika, message, "▶"))
    assert titles(message) == ["Track 38", "Track 0", "Track 1", "Track 2", "Track 4"]
    assert (message.embeds[1].description or "").startswith("**Artist 0** · ")


async def test_an_unrecognised_artist_is_reported(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "artist", name="nobody"))

    assert "No artist of that name was recognised. These are the closest matches." in message.content


async def test_keyword_matches_are_reported(world: World, service: Service) -> None:
    service.meta = {"search_method": "text"}

    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    assert "Keyword matches only: AudioScape's semantic search is unavailable right now." in message.content


async def test_an_empty_page_advises_how_to_widen_the_search(world: World, service: Service) -> None:
    service.catalogue = []

    message = shown(
        await world.mika.slash(world.channel, "music", query="calm", tempo="120-130", genre="Jazz")
    )

    assert "nothing found" in message.content
    assert message.content.endswith(
        "-# Try a wider tempo. Try it without a genre, or with a related one. "
        "Try fewer or simpler words: a mood, a genre, an instrument."
    )
    assert message.components == []


async def test_genre_and_length_are_sent_and_checked_again(world: World, service: Service) -> None:
    service.catalogue = [track(1, genre="Jazz"), track(2, genre="lofi"), track(3, duration=999), track(4)]

    message = shown(
        await world.mika.slash(world.channel, "music", query="calm", genre="lo fi", length="1:00-3:00")
    )

    assert service.asked[0]["filters"] == {"genres": ["lo fi"], "duration": {"min": 60, "max": 180}}
    assert titles(message) == ["Track 2", "Track 4"]


async def test_a_genre_is_sent_in_the_services_spelling(world: World, service: Service) -> None:
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
async def test_invalid_options_are_refused_privately_without_a_request(
    world: World, service: Service, options: dict[str, str], words: str
) -> None:
    result = await world.mika.slash(world.channel, "music", **options)
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert not result.deferred
    assert words in shown(result).content
    assert service.requests == []


async def test_tracks_by_an_unrecognised_artist_are_marked_too(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "artist", name="Artist 3"))

    assert "No artist" not in message.content
    assert "\n-# Tracks by the artist come first, marked ★." in message.content
    assert (message.embeds[0].description or "").startswith("★ by **Artist 3**")


async def test_a_spelling_learned_later_leads_to_a_new_request(world: World, service: Service) -> None:
    service.catalogue = []
    await world.mika.slash(world.channel, "music", query="calm", genre="lofi")
    service.catalogue = [track(1)]
    await world.mika.slash(world.channel, "music", query="other")
    message = shown(await world.mika.slash(world.channel, "music", query="calm", genre="lofi"))

    assert titles(message) == ["Track 1"]


TEMPOS = (70, 140, 280, 141, 100)


async def test_half_double_finds_and_marks_half_and_double_time(world: World, service: Service) -> None:
    service.catalogue = [track(bpm, bpm=bpm) for bpm in TEMPOS]

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


async def test_without_half_double_only_the_tempo_itself_matches(world: World, service: Service) -> None:
    service.catalogue = [track(bpm, bpm=bpm) for bpm in TEMPOS]

    message = shown(await world.mika.slash(world.channel, "artist", name="calm", tempo="140"))

    assert titles(message) == ["Track 140"]


async def test_half_double_applies_to_every_page_and_after_a_restart(world: World, service: Service) -> None:
    service.catalogue = [track(number, bpm=70) for number in range(12)]
    message = shown(
        await world.mika.slash(world.channel, "artist", name="x", tempo="136-144", half_double=True)
    )
    await world.restart()
    message = shown(await press(world.noor, message, "▶"))

    assert titles(message) == [f"Track {number}" for number in range(5, 10)]
    assert "half time of 140" in (message.embeds[0].description or "")


async def test_half_double_applies_during_an_outage(world: World, service: Service) -> None:
    service.catalogue = [track(bpm, name=f"Calm {bpm}", bpm=bpm) for bpm in TEMPOS]
    await world.mika.slash(world.channel, "music", query="anything")
    service.reply(500)

    message = shown(
        await world.mika.slash(world.channel, "music", query="calm", tempo="139-142", half_double=True)
    )

    assert sorted(titles(message)) == ["Calm 140", "Calm 141", "Calm 280", "Calm 70"]


class TestAutocomplete:
    async def test_known_genres_follow_the_typed_text(self, world: World) -> None:
        await world.mika.slash(world.channel, "music", query="calm")

        choices = await world.mika.autocomplete(world.channel, "music", "genre", "lof", query="x")

        assert [choice["value"] for choice in choices] == ["lof", "Lo-Fi"]

    async def test_a_tempo_is_explained_and_ranges_are_suggested(self, world: World) -> None:
        choices = await world.mika.autocomplete(world.channel, "music", "tempo", "128", query="x")

        assert choices[0] == {"name": "128 → 128 BPM", "value": "128"}
        assert {"name": "124–132 BPM", "value": "128±4"} in choices

    async def test_an_invalid_length_is_explained(self, world: World) -> None:
        choices = await world.mika.autocomplete(world.channel, "artist", "length", "long", name="x")

        assert choices[0]["value"] == "long"
        assert "2:30" in choices[0]["name"]

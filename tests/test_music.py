"""What members type and press, and what they see: the whole bot, in a simulated Discord."""

import json
from typing import Any

import discord
import httpx
import pytest
import simcord
from conftest import Clock, Service, World, answer, track
from simcord import InteractionResult, ResponseMessage

from bot.errors import BotError


def shown(result: InteractionResult) -> ResponseMessage:
    assert result.response is not None
    return result.response


def titles(message: Any) -> list[str]:
    return [embed.title for embed in message.embeds]


def button(message: Any, label: str) -> str:
    """The custom id of the button so labelled; fails where there is none that can be pressed."""
    buttons = [button for row in message.components for button in _children(row)]
    return str(next(b["custom_id"] for b in buttons if b["label"] == label and not b.get("disabled")))


def labels(message: Any) -> list[tuple[str, bool]]:
    """Each button's label, and whether it can be pressed."""
    return [(b["label"], not b.get("disabled")) for row in message.components for b in _children(row)]


def _children(row: Any) -> list[Any]:
    return list(row["components"])


async def press(who: simcord.MemberActor, message: ResponseMessage, label: str) -> InteractionResult:
    return await who.click(message.message, custom_id=button(message, label))


async def forged_press(
    world: World, who: simcord.MemberActor, message: ResponseMessage, custom_id: str
) -> InteractionResult:
    """A press whose id is not the one that the bot put there."""
    stored = world.env.backend.get_message(message.channel_id, message.id)
    stored.components[0]["components"][1]["custom_id"] = custom_id
    return await who.click(message.message, custom_id=custom_id)


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


async def test_twenty_pages_cost_one_request(world: World, service: Service) -> None:
    service.catalogue = [track(number) for number in range(100)]
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    for _ in range(9):
        message = shown(await world.mika.slash(world.channel, "more"))
    for _ in range(10):
        message = shown(await press(world.noor, message, "▶"))

    assert message.content.endswith("page 20 of 20")
    assert titles(message) == [f"Track {number}" for number in range(95, 100)]
    assert labels(message) == [("◀", True), ("▶", False)]
    assert len(service.requests) == 1


async def test_a_known_page_is_answered_in_one_callback_without_a_defer(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    unknown = len(world.sent())
    await world.noor.slash(world.channel, "music", query="  CALM ")
    more = await world.noor.slash(world.channel, "more")
    await press(world.noor, shown(more), "▶")

    assert [(sent.method, (sent.json or {}).get("type")) for sent in world.sent()[unknown:]] == [
        ("POST", discord.InteractionResponseType.channel_message.value),
        ("POST", discord.InteractionResponseType.channel_message.value),
        ("POST", discord.InteractionResponseType.message_update.value),
    ]


async def test_more_goes_on_with_my_own_search_else_with_the_channels(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    await world.noor.slash(world.channel, "music", query="loud")

    mine = shown(await world.mika.slash(world.channel, "more"))
    channels = shown(await world.sam.slash(world.channel, "more"))

    assert "**calm**" in mine.content
    assert "page 2" in mine.content
    assert "**loud**" in channels.content
    assert "page 2" in channels.content


async def test_more_knows_no_other_channel(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    elsewhere = world.guild.create_text_channel("elsewhere")

    result = await world.mika.slash(elsewhere, "more")
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "nothing to go on with" in shown(result).content


async def test_a_private_search_is_seen_and_continued_by_its_member_alone(world: World) -> None:
    private = await world.mika.slash(world.channel, "music", query="secret", private=True)
    mine = await world.mika.slash(world.channel, "more")
    others = await world.noor.slash(world.channel, "more")
    simcord.assert_error(world.env, BotError)

    assert private.ephemeral
    assert mine.ephemeral
    assert "page 2" in shown(mine).content
    assert "nothing to go on with" in shown(others).content


async def test_more_after_the_last_page_says_so_privately(world: World, service: Service) -> None:
    service.catalogue = service.catalogue[:3]
    await world.mika.slash(world.channel, "music", query="calm")

    result = await world.mika.slash(world.channel, "more")
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "last page" in shown(result).content


async def test_old_buttons_and_positions_work_after_a_restart(world: World, service: Service) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await press(world.noor, message, "▶")
    await world.restart()

    turned = shown(await press(world.noor, message, "▶"))
    more = shown(await world.mika.slash(world.channel, "more"))

    assert turned.content.endswith("page 3 of 8")
    assert more.content.endswith("page 4 of 8")
    assert len(service.requests) == 1


async def test_a_button_of_another_servers_search_is_refused(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    other = world.env.create_guild("Other server")
    channel = other.create_text_channel("music")
    stranger = other.add_member(world.env.create_user("stranger"))
    own = shown(await stranger.slash(channel, "music", query="other"))

    result = await forged_press(world, stranger, own, "page:1:2")

    assert result.ephemeral
    assert "don't remember" in shown(result).content
    assert titles(own) == [f"Track {number}" for number in range(5)]


async def test_a_button_of_somebody_elses_private_search_is_refused(world: World) -> None:
    await world.mika.slash(world.channel, "music", query="secret", private=True)
    own = shown(await world.noor.slash(world.channel, "music", query="other"))

    result = await forged_press(world, world.noor, own, "page:1:2")

    assert result.ephemeral
    assert "secret" not in shown(result).content


@pytest.mark.parametrize("custom_id", ["x", "page:1", "page:-1:1", "page:1:1:1", f"page:{9**40}:1"])
async def test_an_unknown_button_is_answered(world: World, custom_id: str) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    result = await forged_press(world, world.mika, message, custom_id)

    assert result.acknowledged
    assert result.ephemeral


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


async def test_tempo_is_filtered_over_as_many_windows_as_it_takes_three_at_most(
    world: World, service: Service
) -> None:
    service.catalogue = [track(number, bpm=140 if number % 100 == 0 else 90) for number in range(1000)]

    message = shown(await world.mika.slash(world.channel, "music", query="calm", tempo="over 130"))

    assert titles(message) == ["Track 0", "Track 100", "Track 200"]
    assert [asked["offset"] for asked in service.asked] == [0, 100, 200]
    assert "Looked through the first 300 of 1,000 matches" in message.content
    message = shown(await press(world.mika, message, "Keep looking"))
    assert titles(message) == ["Track 0", "Track 100", "Track 200", "Track 300", "Track 400"]
    assert [asked["offset"] for asked in service.asked[3:]] == [300, 400]


async def test_more_keeps_looking_for_a_page_that_is_not_full(world: World, service: Service) -> None:
    service.catalogue = [track(number, bpm=140 if number % 100 == 0 else 90) for number in range(1000)]
    await world.mika.slash(world.channel, "music", query="calm", tempo="over 130")

    message = shown(await world.mika.slash(world.channel, "more"))

    assert titles(message) == ["Track 0", "Track 100", "Track 200", "Track 300", "Track 400"]


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


@pytest.mark.parametrize(
    ("status", "content", "words"),
    [
        (400, {"json": {"error": "Missing required field: query"}}, "other, simpler words"),
        (401, {"json": {"error": "Invalid API key"}}, "key needs to be replaced"),
        (403, {}, "key needs to be replaced"),
        (404, {}, "in a way I don't know"),
        (429, {"json": {"message": "Too Many Requests"}}, "more searches from this bot than it allows"),
        (500, {}, "trouble on its side"),
        (503, {}, "trouble on its side"),
        (301, {"headers": {"location": "http://elsewhere.test/"}}, "in a way I don't know"),
        (204, {}, "in a way I don't know"),
        (200, {"text": "<h1>Hello</h1>"}, "wasn't readable"),
        (200, {"text": '{"tracks": ['}, "broke off"),
        (200, {"text": ""}, "broke off"),
        (200, {"json": []}, "wasn't what I expected"),
        (200, {"json": {"tracks": {}}}, "wasn't what I expected"),
        (200, {"json": {"tracks": [1, None, []]}}, "wasn't what I expected"),
        (200, {"content": b" " * (5 * 1024 * 1024 + 1)}, "far too large"),
    ],
)
async def test_every_answer_that_is_none_has_a_sentence_of_its_own_and_can_be_tried_again(
    world: World, service: Service, clock: Clock, status: int, content: dict[str, Any], words: str
) -> None:
    service.reply(status, **content)
    result = await world.mika.slash(world.channel, "music", query="calm")
    simcord.assert_error(world.env, BotError)

    message = shown(result)
    assert words in message.content
    assert message.embeds == []
    if status == 400:
        assert message.components == []
        return
    service.heal()
    clock.now += 61  # by then a closed door is open, and a refused key may be tried again
    again = await press(world.noor, message, "Try again")
    assert titles(shown(again)) == [f"Track {number}" for number in range(5)]
    assert shown(again).id == message.id


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (httpx.ConnectError("refused"), "can't get through"),
        (httpx.ConnectTimeout("lost"), "can't get through"),
        (httpx.ReadTimeout("slow"), "taking too long"),
        (httpx.ReadError("reset"), "broke off"),
    ],
)
async def test_a_broken_connection_is_a_sentence(
    world: World, service: Service, error: httpx.TransportError, words: str
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    service.handler = fail
    result = await world.mika.slash(world.channel, "music", query="calm")
    simcord.assert_error(world.env, BotError)

    assert words in shown(result).content


async def test_a_failing_page_leaves_the_message_as_it_was(world: World, service: Service) -> None:
    service.catalogue = [track(number) for number in range(200)]
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    service.reply(500)

    result = await forged_press(world, world.noor, message, "page:1:21")

    assert titles(message) == [f"Track {number}" for number in range(5)]
    (error,) = result.followups
    assert error.ephemeral
    assert "trouble on its side" in error.content
    service.heal()
    again = await press(world.noor, error, "Try again")
    assert titles(shown(again))[0] == "Track 100"


async def test_one_unusable_track_costs_that_track_alone(world: World, service: Service) -> None:
    service.catalogue = [track(1), {"name": "no id"}, None, "text", track(2, bpm="n/a"), track(3, name=None)]

    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    assert titles(message) == ["Track 1", "Track 2", "Untitled"]


async def test_an_unexpected_error_is_an_apology_with_a_reference_that_stands_in_the_log(
    world: World, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise RuntimeError("the-key is in here")

    service.handler = fail
    result = await world.mika.slash(world.channel, "music", query="calm")
    simcord.assert_error(world.env, RuntimeError)

    content = shown(result).content
    reference = content.split("`")[1]
    assert "my fault" in content
    assert "the-key" not in content
    (record,) = [record for record in caplog.records if reference in record.getMessage()]
    assert record.exc_info is not None


@pytest.mark.parametrize(
    "broken",
    [
        b'{"asset_id": "1", "name": "\xff"}', b'{"asset_id": ' + b"9" * 400 + b"}",
        b'{"asset_id": "1", "name": ' + b"9" * 5000 + b"}", b'{"asset_id": "1", "thumbnail_url": "https://a.b/\\ud800"}',
        b'{"asset_id": "1", "bpm": NaN, "duration": -Infinity}',
    ],
)  # fmt: skip
async def test_one_track_that_breaks_its_encoding_costs_no_other(
    world: World, service: Service, broken: bytes
) -> None:
    good = json.dumps(track(2)).encode()
    service.reply(200, content=b'{"tracks": [' + broken + b", " + good + b"]}")
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    assert "Track 2" in titles(message)


async def test_keep_looking_ends_on_the_last_page(world: World, service: Service) -> None:
    service.catalogue = [track(number, bpm=140 if number < 5 else 90) for number in range(700)]
    message = shown(await world.mika.slash(world.channel, "music", query="calm", tempo="over 130"))
    assert labels(message) == [("◀", False), ("▶", True)]
    message = shown(await press(world.noor, message, "▶"))
    assert "5 found, no more yet" in message.content
    message = shown(await press(world.noor, message, "Keep looking"))

    assert titles(message) == [f"Track {number}" for number in range(5)]
    assert labels(message) == [("◀", False), ("▶", False)]
    assert "Looked through all 700 matches" in message.content
    assert len(service.requests) == 7


async def test_a_page_far_beyond_the_end_shows_the_last_and_keeps_the_position(
    world: World, service: Service
) -> None:
    service.catalogue = [track(number) for number in range(1000)]
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await forged_press(world, world.noor, message, "page:1:9000000")
    more = shown(await world.mika.slash(world.channel, "more"))

    assert len(service.requests) <= 5
    assert int(more.content.split("page ")[1].split()[0]) < 100


async def test_more_beyond_the_end_is_private_though_it_had_to_look(world: World, service: Service) -> None:
    service.catalogue = [track(number) for number in range(100)]
    service.meta = {"total": 500}
    await world.mika.slash(world.channel, "music", query="calm")
    for _ in range(19):
        await world.mika.slash(world.channel, "more")
    history = len(world.channel.history(viewer=world.noor))
    result = await world.mika.slash(world.channel, "more")
    simcord.assert_error(world.env, BotError)

    assert "last page" in result.followups[0].content
    assert result.followups[0].ephemeral
    assert len(world.channel.history(viewer=world.noor)) == history


async def test_trying_again_what_all_may_see_is_shown_to_all(
    world: World, service: Service, clock: Clock
) -> None:
    service.reply(429, headers={"Retry-After": "10"})
    await world.mika.slash(world.channel, "music", query="calm")
    refused = await world.mika.slash(world.channel, "music", query="loud")
    simcord.assert_error(world.env, BotError)
    service.heal()
    clock.now += 11
    again = await press(world.mika, shown(refused), "Try again")

    assert refused.ephemeral
    assert not again.ephemeral
    assert titles(shown(again))[0] == "Track 0"
    assert shown(again).id != shown(refused).id


async def test_an_unrecognised_artist_whose_tracks_came_all_the_same(world: World) -> None:
    message = shown(await world.mika.slash(world.channel, "artist", name="Artist 3"))

    assert "No artist" not in message.content
    assert "marked ★" in message.content
    assert (message.embeds[0].description or "").startswith("★ by **Artist 3**")


async def test_a_service_that_does_not_count_is_not_put_words_in_its_mouth(
    world: World, service: Service
) -> None:
    service.catalogue = [track(number) for number in range(150)]
    service.meta = {"total": None}
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    assert message.content.endswith("100+ matches · page 1")
    await forged_press(world, world.mika, message, "page:1:30")

    assert message.content.endswith("150 matches · page 30 of 30")


async def test_the_last_page_counts_what_was_usable(world: World, service: Service) -> None:
    service.catalogue = [track(number) if number % 4 else {} for number in range(40)]
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await forged_press(world, world.mika, message, "page:1:6")

    assert message.content.endswith("30 matches · page 6 of 6")
    assert labels(message)[1] == ("▶", False)


async def test_cookies_are_not_kept(world: World, service: Service) -> None:
    service.reply(200, json=answer([track(1)]), headers={"Set-Cookie": "lb=abc"})
    for query in ("one", "two"):
        await world.mika.slash(world.channel, "music", query=query)

    assert all("cookie" not in request.headers for request in service.requests)


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

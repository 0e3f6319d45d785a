"""Error replies: the sentence for each failure, and the button that tries again."""

import json
from typing import Any

import httpx
import pytest
import simcord

from bot.errors import BotError
from tests.support.members import forged_press, press, private_reply, shown, titles
from tests.support.world import Clock, Pauses, Service, World, answer, track


@pytest.mark.parametrize(
    ("status", "content", "words"),
    [
        (400, {"json": {"error": "Missing required field: query"}}, "other, simpler words"),
        (401, {"json": {"error": "Invalid API key"}}, "key needs to be replaced"),
        (403, {}, "key needs to be replaced"),
        (404, {}, "in a way that I don't understand"),
        (429, {"json": {"message": "Too Many Requests"}}, "more searches from this bot than it allows"),
        (500, {}, "trouble on its side"),
        (503, {}, "trouble on its side"),
        (301, {"headers": {"location": "http://elsewhere.test/"}}, "in a way that I don't understand"),
        (204, {}, "in a way that I don't understand"),
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
    service.recover()
    clock.now += 61  # by then a closed door is open, and a refused key may be tried again
    again = await press(world.mika, message, "Try again")
    assert titles(shown(again)) == [f"Track {number}" for number in range(5)]
    assert not shown(again).ephemeral


async def test_an_error_after_all_have_seen_that_we_look_is_shown_to_all_and_mended_in_place(
    world: World, service: Service, pauses: Pauses
) -> None:
    pauses.defer_every_search()
    service.reply(500)
    result = await world.mika.slash(world.channel, "music", query="calm")
    simcord.assert_error(world.env, BotError)
    message = shown(result)
    assert kinds(world) == [5]
    assert not message.ephemeral
    service.recover()
    again = shown(await press(world.noor, message, "Try again"))

    assert titles(again) == [f"Track {number}" for number in range(5)]
    assert again.id == message.id


async def test_an_answer_that_comes_soon_is_given_without_a_sign_before(world: World, pauses: Pauses) -> None:
    await world.mika.slash(world.channel, "music", query="calm")
    pauses.defer_every_search()
    await world.mika.slash(world.channel, "music", query="other")

    assert kinds(world) == [4, 5]


async def test_an_error_that_comes_soon_is_for_the_one_who_asked(world: World, service: Service) -> None:
    service.reply(401)
    result = await world.mika.slash(world.channel, "music", query="calm")
    simcord.assert_error(world.env, BotError)

    assert shown(result).ephemeral
    assert kinds(world) == [4]


def kinds(world: World) -> list[int]:
    """The type of each first response: 4 is a message, 5 a deferred one."""
    return [(request.json or {})["type"] for request in world.sent() if request.path.endswith("callback")]


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
    error = private_reply(result)
    assert error.ephemeral
    assert "trouble on its side" in error.content
    service.recover()
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
    assert content.startswith("Sorry, something went wrong on my side.")
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


async def test_trying_again_what_all_may_see_is_shown_to_all(
    world: World, service: Service, clock: Clock
) -> None:
    service.reply(429, headers={"Retry-After": "10"})
    await world.mika.slash(world.channel, "music", query="calm")
    refused = await world.mika.slash(world.channel, "music", query="loud")
    simcord.assert_error(world.env, BotError)
    service.recover()
    clock.now += 11
    again = await press(world.mika, shown(refused), "Try again")

    assert refused.ephemeral
    assert not again.ephemeral
    assert titles(shown(again))[0] == "Track 0"
    assert shown(again).id != shown(refused).id


async def test_cookies_are_not_kept(world: World, service: Service) -> None:
    service.reply(200, json=answer([track(1)]), headers={"Set-Cookie": "lb=abc"})
    for query in ("one", "two"):
        await world.mika.slash(world.channel, "music", query=query)

    assert all("cookie" not in request.headers for request in service.requests)

"""Every request that the bot sends to Discord, checked against Discord's own specification of its API."""

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import simcord
from simcord import HttpLogEntry

from bot.errors import BotError
from bot.text import truncate
from tests.support.members import choose, options, press, shown
from tests.support.world import Pauses, Service, World, track

ROOT = Path(__file__).parents[2]
NAME = "discord-openapi.json"


def _specification() -> Path | None:
    """The file that DISCORD_OPENAPI names, or one called NAME in a folder beside the project."""
    if written := os.environ.get("DISCORD_OPENAPI"):
        return Path(written)
    return next(iter(sorted(ROOT.parent.glob(f"*/{NAME}"))), None)


PATH = _specification()
pytestmark = pytest.mark.skipif(PATH is None, reason=f"{NAME} is not beside the project")


@pytest.fixture(scope="module")
def specification() -> dict[str, Any]:
    assert PATH is not None
    loaded: dict[str, Any] = json.loads(PATH.read_bytes())
    return loaded


def check(specification: dict[str, Any], request: HttpLogEntry) -> None:
    """Fails where `request` is to no path of the specification, or its body isn't what that path takes."""
    segments = request.path.strip("/").split("/")
    candidates = [path for path in specification["paths"] if _fits(path.strip("/").split("/"), segments)]
    path = max(candidates, key=lambda each: each.count("{") * -1)
    operation = specification["paths"][path][request.method.lower()]
    body = operation.get("requestBody")
    if body is None:
        assert request.json is None
        return
    pointer = "/".join(
        part.replace("~", "~0").replace("/", "~1")
        for part in (
            "paths",
            path,
            request.method.lower(),
            "requestBody",
            "content",
            "application/json",
            "schema",
        )
    )
    jsonschema.Draft202012Validator({**specification, "$ref": f"#/{pointer}"}).validate(request.json)


def _fits(path: list[str], segments: list[str]) -> bool:
    return len(path) == len(segments) and all(
        part == segment or (re.fullmatch(r"\{\w+\}", part) and segment != "@me")
        for part, segment in zip(path, segments, strict=True)
    )


async def test_all_that_is_sent_for_every_command_and_button_is_valid(
    world: World, service: Service, pauses: Pauses, specification: dict[str, Any]
) -> None:
    service.catalogue = [track(number) for number in range(250)]
    search = await world.mika.slash(world.channel, "music", query="calm", genre="Lo-Fi", length="over 1:00")
    assert search.response is not None
    message = search.response
    await world.noor.click(message.message, custom_id="page:1:2")
    await world.noor.click(message.message, custom_id="page:1:1")
    await world.mika.slash(world.channel, "music", query="calm", tempo="over 130", private=True)
    await world.mika.slash(world.channel, "artist", name="Artist 3")
    await world.mika.slash(world.channel, "more")
    for option, typed in (("genre", "lo"), ("tempo", "128"), ("length", "nonsense")):
        await world.mika.autocomplete(world.channel, "music", option, typed, query="x")
    await world.mika.slash(world.channel, "music", query=" ")
    pauses.defer_every_search()
    service.reply(500)
    failed = await world.mika.slash(world.channel, "music", query="will fail")
    assert failed.response is not None
    await world.mika.click(failed.response.message, custom_id="again:4:1")
    simcord.assert_error(world.env, BotError)

    methods = {(request.method, request.path.split("/")[1]) for request in world.env.http_requests}
    assert {("PUT", "applications"), ("POST", "interactions"), ("PATCH", "webhooks")} <= methods
    for request in world.env.http_requests:
        check(specification, request)


async def test_all_that_is_sent_for_shortlists_is_valid(
    world: World, service: Service, specification: dict[str, Any]
) -> None:
    service.catalogue = [track(number) for number in range(250)]
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    form = await choose(world.mika, answer, "add", "1000", "1001", "1002", "1003", "1004")
    await world.mika.submit_modal(form, {"name": "Boss fight", "brief": "fast"})
    for _ in range(2):
        await press(world.mika, answer, "▶")
        await choose(world.mika, answer, "add", *options(answer, "add"))
    await choose(world.mika, answer, "like", options(answer, "like")[0])
    post = shown(await world.mika.slash(world.channel, "shortlist show"))
    await press(world.mika, post, "▶")
    ballot = (await choose(world.noor, post, "ballot", "1000")).followups[0]
    for label in ("👍", "👎", "Withdraw my vote", "Next without my vote", "Copy id"):
        await press(world.noor, ballot, label)
    form = await press(world.noor, ballot, "Note …")
    await world.noor.submit_modal(form, {"note": "too sad"})
    await choose(world.noor, post, "copy", "1001")
    four = {"first": "1000", "second": "1001", "third": "1002", "fourth": "1003"}
    await world.mika.slash(world.channel, "shortlist compare", **four)
    await world.mika.autocomplete(world.channel, "shortlist compare", "first", "tr", second="x")
    await world.mika.slash(world.channel, "shortlist list")
    await world.mika.slash(world.channel, "shortlist close")
    await world.env.advance_time(10)
    await world.restart()
    await world.mika.slash(world.channel, "shortlist reopen")
    question = await world.mika.slash(world.channel, "shortlist delete")
    await press(world.mika, shown(question), "Delete it")
    await world.env.advance_time(10)

    assert any(request.path.startswith("/channels/") for request in world.sent())
    for request in world.sent():
        check(specification, request)


async def test_a_shortlist_of_hostile_names_makes_valid_requests(
    world: World, service: Service, specification: dict[str, Any]
) -> None:
    for number, hostile in enumerate(("*" * 5000, "[x](http://y) @everyone `", "🎵" * 300, "\\", "-")):
        service.catalogue = [
            track(20 * number + each, name=hostile, artist=hostile, album=hostile, genre=hostile)
            for each in range(10)
        ]
        await world.mika.slash(
            world.channel,
            "shortlist new",
            name=(hostile * 50)[:49] + str(number),
            brief=(hostile * 300)[:300],
        )
        answer = shown(
            await world.mika.slash(world.channel, "music", query=(hostile * 3)[:199] + str(number))
        )
        for page in range(2):
            if page:
                await press(world.mika, answer, "▶")
            await choose(world.mika, answer, "add", *options(answer, "add"))
        for asset_id in options(answer, "add")[:4]:
            for who in (world.mika, world.noor, world.sam):
                await who.slash(
                    world.channel, "shortlist note", track=asset_id, text=truncate(hostile * 200, 200)
                )
        post = shown(await world.mika.slash(world.channel, "shortlist show"))
        ballot = (await choose(world.noor, post, "ballot", options(post, "ballot")[0])).followups[0]
        await press(world.noor, ballot, "👍")
        four = dict(zip(("first", "second", "third", "fourth"), options(answer, "add"), strict=False))
        await world.mika.slash(world.channel, "shortlist compare", **four)
        await world.mika.slash(world.channel, "shortlist close")
    await world.mika.slash(world.channel, "shortlist list")
    await world.env.advance_time(10)
    for request in world.sent():
        check(specification, request)
        embeds = ((request.json or {}).get("data") or request.json or {}).get("embeds") or []
        assert sum(map(_length, embeds)) <= 6000


def _length(embed: dict[str, Any]) -> int:
    fields = [text for field in embed.get("fields", ()) for text in (field["name"], field["value"])]
    return len("".join((embed.get("title") or "", embed.get("description") or "", *fields)))


async def test_hostile_names_make_valid_requests(
    world: World, service: Service, specification: dict[str, Any]
) -> None:
    for hostile in ("*" * 5000, "[x](http://y) @everyone `", "\u202e\u200b\n||", "🎵" * 300, "\\"):
        service.catalogue = [
            track(number, name=hostile, artist=hostile, album=hostile, genre=hostile) for number in range(5)
        ]
        service.meta = {"matched_artist": hostile}
        await world.mika.slash(world.channel, "music", query=(hostile * 3)[:200])
    for request in world.env.http_requests:
        check(specification, request)


def test_the_check_itself_refuses_what_is_invalid(specification: dict[str, Any]) -> None:
    path = "/interactions/1/token/callback"
    check(specification, HttpLogEntry("POST", path, {}, {"type": 4, "data": {"content": "x"}}, None))
    with pytest.raises(jsonschema.ValidationError):
        check(
            specification, HttpLogEntry("POST", path, {}, {"type": 4, "data": {"content": "x" * 4001}}, None)
        )

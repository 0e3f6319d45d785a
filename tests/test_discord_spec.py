"""Every request that the bot sends to Discord, checked against Discord's own specification of its API."""

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import simcord
from conftest import Service, World, track
from simcord import HttpLogEntry

from bot.errors import BotError

ROOT = Path(__file__).parent.parent
NAME = "discord-openapi.json"


def _specification() -> Path | None:
    """Where DISCORD_OPENAPI says, else a file of that name in a folder beside the project."""
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
    world: World, service: Service, specification: dict[str, Any]
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
    service.reply(500)
    failed = await world.mika.slash(world.channel, "music", query="will fail")
    assert failed.response is not None
    await world.mika.click(failed.response.message, custom_id="again:4:1")
    simcord.assert_error(world.env, BotError)

    methods = {(request.method, request.path.split("/")[1]) for request in world.env.http_requests}
    assert {("PUT", "applications"), ("POST", "interactions"), ("PATCH", "webhooks")} <= methods
    for request in world.env.http_requests:
        check(specification, request)


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

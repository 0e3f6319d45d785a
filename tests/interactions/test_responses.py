"""Responses: thumbnails that Discord refuses are left out, and a defer comes at most once."""

import pytest

from tests.support.members import press, shown, titles
from tests.support.world import Pauses, World

CALLBACK = "/interactions/*/*/callback"
ORIGINAL = "/webhooks/*/*/messages/@original"


def response_types(world: World) -> list[int]:
    """The type of each callback: 4 is a message, 5 a deferred one, 6 a deferred edit, 7 an edit."""
    return [(request.json or {})["type"] for request in world.sent() if request.path.endswith("callback")]


async def test_a_command_is_a_message_and_a_press_edits_it(world: World) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    turned = shown(await press(world.noor, answer, "▶"))

    assert response_types(world) == [4, 7]
    assert turned.id == answer.id


async def test_a_slow_command_is_deferred_and_then_edited(world: World, pauses: Pauses) -> None:
    pauses.defer_every_search()
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))

    assert response_types(world) == [5]
    assert [request.method for request in world.sent()][1:] == ["POST", "PATCH"]
    assert titles(answer) == [f"Track {number}" for number in range(5)]


@pytest.mark.parametrize(
    ("deferred", "method", "path"), [(False, "POST", CALLBACK), (True, "PATCH", ORIGINAL)]
)
async def test_thumbnails_that_discord_refuses_are_left_out(
    world: World, pauses: Pauses, *, deferred: bool, method: str, path: str
) -> None:
    if deferred:
        pauses.defer_every_search()
    world.env.inject_error(method, path, status=400, code=50035, message="Not a well formed URL")
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))

    assert titles(message) == [f"Track {number}" for number in range(5)]
    assert [embed.thumbnail.url for embed in message.embeds] == [None] * 5

"""The log: a line for each interaction, and never a secret, whatever way it came there."""

import json
import logging
import string
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import simcord
from hypothesis import given
from hypothesis import strategies as st

from bot.telemetry.interactions import InteractionRecord
from bot.telemetry.redaction import Redaction
from tests.support.members import press, shown
from tests.support.world import Service, World

ROOT = Path(__file__).parents[2]
KEY = 'the"key\\of/all%doors'
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"

CAREFREE = f"""
import logging, sys, warnings
from urllib.parse import quote
from bot.telemetry.logs import log_the_end, set_up_logging

KEY, TOKEN = {KEY!r}, {TOKEN!r}
set_up_logging("DEBUG", sys.argv[1], secrets=[KEY])
sys.excepthook = log_the_end
logging.captureWarnings(True)
log = logging.getLogger("anyone")
log.debug("the key is %s", KEY)
log.info("as %r and in https://x.test/?key=%s", KEY, quote(KEY, safe=""))
log.info("a token that nobody told us of: %s", TOKEN)
log.info("POST https://discord.com/api/v10/interactions/123/aW50ZXJhY3Rpb24/callback")
log.info("PATCH https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb24/messages/@original")
log.info("through http://somebody:my-word@proxy.test:8080/x")
log.info("headers", extra={{"headers": KEY}})
logging.getLogger("httpx").warning("x-api-key: %s", KEY)
logging.getLogger("httpcore.http11").debug("x-api-key: %s", KEY)
warnings.warn(KEY)
try:
    try:
        raise ValueError(KEY)
    except ValueError as error:
        raise RuntimeError("worse: " + TOKEN) from error
except RuntimeError:
    log.exception("went wrong with %s", KEY)
raise KeyError(KEY)
"""


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_no_secret_is_written_even_by_those_who_log_it(log_format: str) -> None:
    run = subprocess.run(  # noqa: S603 (our own words)
        [sys.executable, "-c", CAREFREE, log_format], cwd=ROOT, capture_output=True, text=True, check=False
    )
    written = run.stdout + run.stderr

    for secret in (
        KEY,
        repr(KEY)[1:-1],
        json.dumps(KEY)[1:-1],
        "of%2Fall",
        TOKEN,
        "aW50ZXJhY3Rpb24",
        "my-word",
    ):
        assert secret not in written
    assert written.count("•••") >= 12
    assert "went wrong with" in written
    assert "Needledrop ended because of an error" in written
    if log_format == "json":
        assert all(json.loads(line)["level"] for line in written.splitlines())


LETTERS = st.text(string.ascii_letters + string.digits + "\"'\\/%.-_[]", min_size=4, max_size=30)


@given(secret=LETTERS, before=st.text(), after=st.text())
def test_a_secret_is_found_wherever_it_stands(secret: str, before: str, after: str) -> None:
    assert secret not in Redaction([secret])(f"{before}{secret}{after}{secret}")


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [record.msg.fields for record in caplog.records if isinstance(record.msg, InteractionRecord)]


@pytest.fixture(autouse=True)
def _at_info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.telemetry.interactions")


async def test_a_line_says_where_an_answer_came_from(
    world: World, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    await press(world.noor, message, "▶")
    await world.restart()
    await world.noor.slash(world.channel, "music", query="calm")
    service.reply(500)
    await world.mika.slash(world.channel, "music", query="track")
    await world.mika.autocomplete(world.channel, "music", "tempo", "128", query="x")

    assert [line.get("origin") for line in lines(caplog)] == ["asked", "memory", "stored", "tracks", None]
    names = [line["command"] for line in lines(caplog)]
    assert names == ["/music", "PageButton", "/music", "/music", "/music"]
    assert {line["outcome"] for line in lines(caplog)} == {"answered"}
    assert str(world.mika.id) not in caplog.text.replace("Guilds intent", "")


async def test_a_line_has_the_reference_that_the_member_reads(
    world: World, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise LookupError("a bug")

    service.handler = fail
    result = await world.mika.slash(world.channel, "music", query="calm")
    simcord.assert_error(world.env, LookupError)
    (line,) = lines(caplog)

    assert line["outcome"] == "LookupError"
    assert line["reference"] in shown(result).content


async def test_a_refusal_is_named(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await world.mika.slash(world.channel, "more")
    simcord.assert_error(world.env)

    assert [(line["command"], line["outcome"]) for line in lines(caplog)] == [("/more", "Refused")]


async def test_a_press_that_nothing_else_answers_is_a_line_too(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    message = shown(await world.mika.slash(world.channel, "music", query="calm"))
    stored = world.env.backend.get_message(message.channel_id, message.id)
    stored.components[0]["components"][1]["custom_id"] = "of:another:time"
    await world.mika.click(message.message, custom_id="of:another:time")
    await world.env.advance_time(2)

    last = lines(caplog)[-1]
    assert (last["interaction"], last["command"], last["outcome"]) == ("component", "unknown", "Refused")

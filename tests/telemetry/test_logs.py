"""The log: both formats, and no secret in either of them, whatever logs it."""

import json
import subprocess
import sys

import pytest

from tests.support.command_line import ROOT

KEY = 'the"key\\of/all%doors'
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"

CARELESS_PROGRAM = f"""
import logging, sys, warnings
from urllib.parse import quote
from bot.telemetry.logs import log_uncaught_error, set_up_logging

KEY, TOKEN = {KEY!r}, {TOKEN!r}
set_up_logging("DEBUG", sys.argv[1], secrets=[KEY])
sys.excepthook = log_uncaught_error
logging.captureWarnings(True)
log = logging.getLogger("careless")
log.debug("the key is %s", KEY)
log.info("as %r and in https://x.test/?key=%s", KEY, quote(KEY, safe=""))
log.info("an unknown token: %s", TOKEN)
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
    log.exception("failed with %s", KEY)
try:
    raise LookupError("a bug")
except LookupError:
    logging.getLogger("discord.app_commands.tree").exception("Ignoring exception in autocomplete for mika")
raise KeyError(KEY)
"""


@pytest.fixture
def careless_log(request: pytest.FixtureRequest) -> str:
    """The output of the program in the log format that the test asks for."""
    run = subprocess.run(  # noqa: S603 (the program above)
        [sys.executable, "-c", CARELESS_PROGRAM, request.param],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return run.stdout + run.stderr


@pytest.mark.parametrize("careless_log", ["text", "json"], indirect=True)
def test_no_secret_is_written_by_code_that_logs_it(careless_log: str) -> None:
    spellings = (KEY, repr(KEY)[1:-1], json.dumps(KEY)[1:-1], "of%2Fall", TOKEN, "aW50ZXJhY3Rpb24", "my-word")

    assert [spelling for spelling in spellings if spelling in careless_log] == []
    assert "the key is •••" in careless_log
    assert "an unknown token: •••" in careless_log
    assert "interactions/•••/callback" in careless_log
    assert "webhooks/•••/messages/@original" in careless_log
    assert "http://•••@proxy.test" in careless_log
    assert careless_log.count("x-api-key: •••") == 1  # httpcore's line is DEBUG, at which no library logs
    assert "UserWarning: •••" in careless_log
    assert "ValueError: •••" in careless_log
    assert "RuntimeError: worse: •••" in careless_log
    assert "failed with •••" in careless_log
    assert "Needledrop stopped because of an unexpected error" in careless_log


@pytest.mark.parametrize("careless_log", ["json"], indirect=True)
def test_each_line_of_a_json_log_is_an_object_with_the_time_the_level_and_the_message(
    careless_log: str,
) -> None:
    lines = [json.loads(line) for line in careless_log.splitlines()]

    assert [line["level"] for line in lines] == [
        "DEBUG", *["INFO"] * 6, "WARNING", "WARNING", "ERROR", "ERROR", "CRITICAL",
    ]  # fmt: skip
    assert all({"time", "level", "logger", "message"} <= set(line) for line in lines)
    assert ["trace" in line for line in lines[-4:]] == [False, True, False, True]


@pytest.mark.parametrize("careless_log", ["text", "json"], indirect=True)
def test_failed_autocomplete_is_logged_without_its_traceback_and_the_member(careless_log: str) -> None:
    assert "Autocomplete failed: LookupError('a bug')" in careless_log
    assert "mika" not in careless_log
    assert "LookupError: a bug" not in careless_log

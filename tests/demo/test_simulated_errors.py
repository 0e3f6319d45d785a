"""The simulated errors: each query makes the client raise the error that it is named after."""

from collections.abc import AsyncIterator

import pytest

from bot.audioscape.client import AudioScape
from bot.demo.catalogue import running_catalogue
from bot.demo.simulated_errors import SIMULATED_ERRORS
from bot.errors import (
    AudioScapeError,
    CutShort,
    KeyRefused,
    QueryRefused,
    RateLimited,
    ServiceFailed,
    TooLarge,
    UnexpectedStatus,
    Unreadable,
    WrongShape,
)
from bot.models.search import Query

ERRORS: dict[str, type[AudioScapeError]] = {
    "simulate 400": QueryRefused,
    "simulate 401": KeyRefused,
    "simulate 404": UnexpectedStatus,
    "simulate 429": RateLimited,
    "simulate 500": ServiceFailed,
    "simulate cut short": CutShort,
    "simulate html": Unreadable,
    "simulate wrong shape": WrongShape,
    "simulate too large": TooLarge,
}


@pytest.fixture
async def audioscape() -> AsyncIterator[AudioScape]:
    async with running_catalogue("the-key") as url, AudioScape(url=url, key="the-key") as audioscape:
        yield audioscape


@pytest.mark.parametrize(("query", "error"), [*ERRORS.items(), ("Simulate 500", ServiceFailed)])
async def test_query_raises_the_error_that_it_simulates(
    audioscape: AudioScape, query: str, error: type[AudioScapeError]
) -> None:
    with pytest.raises(error):
        await audioscape.search(Query(query), 0)


def test_every_simulated_error_is_tested() -> None:
    """A slow response is tested with the running bot, in tests/operations/test_run.py."""
    assert set(SIMULATED_ERRORS) - set(ERRORS) == {"simulate slow"}

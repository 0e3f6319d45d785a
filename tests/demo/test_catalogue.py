"""The offline catalogue keeps AudioScape's contract, and the bot gets along with it over real HTTP."""

import ssl
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from bot.audioscape.client import AudioScape
from bot.demo.catalogue import running
from bot.demo.covers import cover
from bot.demo.simulated_errors import TROUBLES
from bot.demo.tracks import invented_tracks
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
from bot.models.ranges import Span
from bot.models.search import Query

ARTIST = invented_tracks()[0].artist
CERTIFICATES = ssl.create_default_context()  # read once, not for each of hundreds of clients


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with running("the-key") as url:
        yield url


async def post(url: str, body: Any, key: str = "the-key", **options: Any) -> httpx.Response:
    async with httpx.AsyncClient(verify=CERTIFICATES) as client:
        return await client.post(f"{url}/search", json=body, headers={"x-api-key": key}, **options)


def test_it_holds_many_tracks_of_many_genres_and_the_same_at_every_start() -> None:
    tracks = invented_tracks()

    assert len(tracks) >= 1000
    assert len({track.genre for track in tracks}) >= 20
    assert len({track.asset_id for track in tracks}) == len(tracks)
    assert any(int(track.asset_id) > 2**53 for track in tracks)
    assert tracks == invented_tracks()
    for field in ("bpm", "album", "thumbnail_url"):
        assert any(getattr(track, field) is None for track in tracks)


def test_covers_are_pictures_and_always_the_same() -> None:
    url = next(track.thumbnail_url for track in invented_tracks() if track.thumbnail_url)

    assert cover(url) == cover(url)
    assert cover(url) != cover(url + "2")
    assert Image.open(BytesIO(cover(url))).format == "PNG"


async def test_an_answer_has_every_field_of_the_contract(url: str) -> None:
    response = await post(url, {"query": "chill lo-fi beats"})
    found = response.json()

    assert response.status_code == 200
    assert len(found["tracks"]) == 20
    assert set(found["tracks"][0]) == {
        "asset_id", "name", "artist", "album", "duration", "genre", "bpm", "score", "thumbnail_url",
    }  # fmt: skip
    assert set(found["artists"][0]) == {"name", "track_count"}
    assert set(found["albums"][0]) == {"name", "artist", "track_count"}
    assert found["meta"] == {
        "total": found["meta"]["total"], "limit": 20, "offset": 0,
        "search_method": "text", "matched_artist": None,
    }  # fmt: skip


async def test_limit_and_offset_walk_through_all_matches_once(url: str) -> None:
    total = (await post(url, {"query": "dark"})).json()["meta"]["total"]
    seen = []
    for offset in range(0, total + 100, 100):
        found = (await post(url, {"query": "dark", "limit": 100, "offset": offset})).json()
        seen += [track["asset_id"] for track in found["tracks"]]

    assert total > 100
    assert len(seen) == len(set(seen)) == total


async def test_filters_keep_what_they_say(url: str) -> None:
    filters = {"genres": ["hip-hop-rap", "Lo-Fi"], "duration": {"min": 100, "max": 150}}
    tracks = (await post(url, {"query": "beats", "limit": 100, "filters": filters})).json()["tracks"]

    assert {track["genre"] for track in tracks} == {"Hip Hop / Rap", "Lo-Fi"}
    assert all(100 <= track["duration"] <= 150 for track in tracks)


async def test_an_artists_name_finds_their_style_and_says_who_was_meant(url: str) -> None:
    found = (await post(url, {"query": f"something like {ARTIST.upper()}", "limit": 100})).json()

    assert found["meta"]["matched_artist"] == ARTIST
    assert len({track["artist"] for track in found["tracks"]}) > 1
    assert ARTIST in {track["artist"] for track in found["tracks"]}


async def test_ids_are_looked_up_past_the_filters(url: str) -> None:
    asset_id = invented_tracks()[7].asset_id
    one = (await post(url, {"query": asset_id, "filters": {"genres": ["Polka"]}})).json()
    two = (await post(url, {"query": f"{asset_id}, 1"})).json()

    assert [track["asset_id"] for track in one["tracks"]] == [asset_id]
    assert one["meta"]["search_method"] == "id"
    assert two["meta"]["search_method"] == "ids-batch"


async def test_nonsense_finds_nothing(url: str) -> None:
    assert (await post(url, {"query": "qwxz blorp"})).json()["tracks"] == []


@pytest.mark.parametrize(
    "body",
    [
        {}, {"query": ""}, {"query": 5}, [], "x",
        {"query": "a", "limit": 0}, {"query": "a", "limit": 101}, {"query": "a", "limit": "5"},
        {"query": "a", "offset": -1}, {"query": "a", "filters": []},
        {"query": "a", "filters": {"genres": "Jazz"}},
        {"query": "a", "filters": {"duration": {"min": "1"}}},
    ],
)  # fmt: skip
async def test_what_breaks_the_contract_is_a_400_with_a_reason(url: str, body: Any) -> None:
    response = await post(url, body)

    assert response.status_code == 400
    assert response.json()["error"]


async def test_a_wrong_key_is_a_401(url: str) -> None:
    response = await post(url, {"query": "a"}, key="another")

    assert (response.status_code, response.json()) == (401, {"error": "Invalid API key"})


async def test_another_content_type_is_refused(url: str) -> None:
    async with httpx.AsyncClient(verify=CERTIFICATES) as client:
        response = await client.post(f"{url}/search", content=b"{}", headers={"x-api-key": "the-key"})
    assert response.status_code == 400


async def test_too_many_requests_are_a_429_until_time_has_passed() -> None:
    now = 0.0
    async with running("the-key", clock=lambda: now) as url:
        statuses = [(await post(url, {"query": "a"})).status_code for _ in range(121)]
        now = 1.0
        later = await post(url, {"query": "a"})

    assert statuses == [200] * 120 + [429]
    assert later.status_code == 200


async def test_the_bots_client_and_the_catalogue_understand_each_other(url: str) -> None:
    async with AudioScape(url=url, key="the-key") as audioscape:
        window = await audioscape.search(Query("beats", ("Lo-Fi",), Span(60, 200)), 0)

    assert window.tracks
    assert window.method == "text"
    assert {track.genre for track in window.tracks} == {"Lo-Fi"}


SIMULATED: dict[str, type[AudioScapeError]] = {
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


@pytest.mark.parametrize(("query", "error"), SIMULATED.items())
async def test_trouble_comes_on_demand(url: str, query: str, error: type[AudioScapeError]) -> None:
    async with AudioScape(url=url, key="the-key") as audioscape:
        with pytest.raises(error):
            await audioscape.search(Query(query), 0)


def test_every_trouble_on_demand_is_tried() -> None:
    assert set(TROUBLES) - set(SIMULATED) == {"simulate slow"}

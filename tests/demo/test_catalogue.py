"""The offline catalogue over HTTP: AudioScape's contract, and the bot's client as one that relies on it."""

import ssl
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.audioscape.client import AudioScape
from bot.demo.catalogue import running_catalogue
from bot.demo.search_index import SearchIndex
from bot.demo.tracks import invented_tracks
from bot.models.ranges import Span
from bot.models.search import Query

ARTIST = invented_tracks()[0].artist
CERTIFICATES = ssl.create_default_context()  # read once, not for each of hundreds of clients


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with running_catalogue("the-key") as url:
        yield url


async def post(url: str, body: Any, key: str = "the-key", **options: Any) -> httpx.Response:
    async with httpx.AsyncClient(verify=CERTIFICATES) as client:
        return await client.post(f"{url}/search", json=body, headers={"x-api-key": key}, **options)


async def test_response_has_every_field_of_the_contract(url: str) -> None:
    response = await post(url, {"query": "chill lo-fi beats"})
    result = response.json()

    assert response.status_code == 200
    assert len(result["tracks"]) == 20
    assert set(result["tracks"][0]) == {
        "asset_id", "name", "artist", "album", "duration", "genre", "bpm", "score", "thumbnail_url",
    }  # fmt: skip
    assert set(result["artists"][0]) == {"name", "track_count"}
    assert set(result["albums"][0]) == {"name", "artist", "track_count"}
    assert result["meta"] == {
        "total": result["meta"]["total"], "limit": 20, "offset": 0,
        "search_method": "text", "matched_artist": None,
    }  # fmt: skip


async def test_pages_by_limit_and_offset_have_every_match_once(url: str) -> None:
    total = (await post(url, {"query": "dark"})).json()["meta"]["total"]
    seen = []
    for offset in range(0, total + 100, 100):
        result = (await post(url, {"query": "dark", "limit": 100, "offset": offset})).json()
        seen += [track["asset_id"] for track in result["tracks"]]

    assert total > 100
    assert len(seen) == len(set(seen)) == total


async def test_filters_keep_only_the_tracks_that_pass_them(url: str) -> None:
    filters = {"genres": ["hip-hop-rap", "Lo-Fi"], "duration": {"min": 100, "max": 150}}
    tracks = (await post(url, {"query": "beats", "limit": 100, "filters": filters})).json()["tracks"]

    assert {track["genre"] for track in tracks} == {"Hip Hop / Rap", "Lo-Fi"}
    assert all(100 <= track["duration"] <= 150 for track in tracks)


async def test_name_of_an_artist_finds_similar_tracks_and_is_in_the_response(url: str) -> None:
    result = (await post(url, {"query": f"something like {ARTIST.upper()}", "limit": 100})).json()

    assert result["meta"]["matched_artist"] == ARTIST
    assert len({track["artist"] for track in result["tracks"]}) > 1
    assert ARTIST in {track["artist"] for track in result["tracks"]}


async def test_asset_ids_are_looked_up_without_the_filters(url: str) -> None:
    asset_id = invented_tracks()[7].asset_id
    one = (await post(url, {"query": asset_id, "filters": {"genres": ["Polka"]}})).json()
    two = (await post(url, {"query": f"{asset_id}, 1"})).json()

    assert [track["asset_id"] for track in one["tracks"]] == [asset_id]
    assert one["meta"]["search_method"] == "id"
    assert two["meta"]["search_method"] == "ids-batch"


async def test_query_without_matches_gives_an_empty_page(url: str) -> None:
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
async def test_request_that_breaks_the_contract_is_a_400_with_a_reason(url: str, body: Any) -> None:
    response = await post(url, body)

    assert response.status_code == 400
    assert response.json()["error"]


async def test_wrong_key_is_a_401(url: str) -> None:
    response = await post(url, {"query": "a"}, key="another")

    assert (response.status_code, response.json()) == (401, {"error": "Invalid API key"})


async def test_wrong_content_type_is_a_400(url: str) -> None:
    async with httpx.AsyncClient(verify=CERTIFICATES) as client:
        response = await client.post(f"{url}/search", content=b"{}", headers={"x-api-key": "the-key"})
    assert response.status_code == 400


async def test_request_beyond_the_rate_limit_is_a_429_until_time_has_passed() -> None:
    now = 0.0
    async with running_catalogue("the-key", clock=lambda: now) as url:
        statuses = [(await post(url, {"query": "a"})).status_code for _ in range(121)]
        now = 1.0
        later = await post(url, {"query": "a"})

    assert statuses == [200] * 120 + [429]
    assert later.status_code == 200


async def test_client_of_the_bot_reads_the_responses(url: str) -> None:
    async with AudioScape(url=url, key="the-key") as audioscape:
        window = await audioscape.search(Query("beats", ("Lo-Fi",), Span(60, 200)), 0)

    assert window.tracks
    assert window.method == "text"
    assert {track.genre for track in window.tracks} == {"Lo-Fi"}


async def test_catalogue_closes_its_index_and_its_port_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[None] = []
    close = SearchIndex.close

    def close_and_note(index: SearchIndex) -> None:
        close(index)
        closed.append(None)

    monkeypatch.setattr(SearchIndex, "close", close_and_note)
    async with running_catalogue("the-key") as url:
        assert closed == []

    assert closed == [None]
    with pytest.raises(httpx.ConnectError):
        await post(url, {"query": "a"})

"""Exports in every format, read back by readers of those formats."""

import csv
import io
import json
from pathlib import Path
from typing import Any, Literal

import pytest
import simcord
from hypothesis import given
from hypothesis import strategies as st
from lupa import lua51

from bot.errors import BotError
from bot.models.search import Track
from bot.models.shortlists import Shortlist
from bot.shortlists import service
from bot.shortlists.export import ExportFormat, export
from bot.shortlists.ranking import Ranking
from tests.support.members import press, shown
from tests.support.shortlists import (
    DELETE_SHORTLIST,
    SHORTLIST,
    bot_of,
    change_before,
    collect_tracks,
    open_ballot,
    post_ranking,
    ranking_of,
)
from tests.support.world import World

HOSTILE = [
    'say "hello"',
    "it's",
    "]] return nil --[[",
    "]=] ]==]",
    "two\nlines\r\nand three",
    "back\\slash\\",
    "\\",
    "=cmd()",
    "+1+1",
    "-2",
    "@SUM(A1)",
    " =HYPERLINK(1)",
    "\t=tab",
    "＝wide()",
    "a;=cmd()",
    'a;"=cmd()',
    'a; " = " ;\t=cmd()',
    "a\n=cmd()",
    'a\r\n "+1',
    "\"'=cmd()",
    "🎵 emoji 👩🏽‍🚀",
    "\u202eright to left\u202c שלום مرحبا",
    "${x} `{y}` %s",
    "nul\0 and \x7f and 9\x019",
    "end",
    "a,b;c|d\te",
]
FORMS: tuple[ExportFormat, ...] = ("luau", "json")
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def hostile_tracks() -> list[Track]:
    return [
        Track(str(2**53 + 1 + number), text, artist=text, album=text, genre=text, bpm=128.5, duration=150.0)
        for number, text in enumerate(HOSTILE)
    ]


def read_luau(content: bytes) -> dict[str, dict[str, Any]]:
    table = lua51.LuaRuntime(encoding="utf-8").execute(content.decode())
    return {name: dict(fields.items()) for name, fields in table.items()}


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_luau_module_is_a_table_by_track_name() -> None:
    tracks = hostile_tracks()
    name, content = export(ranking_of(*tracks), "luau")

    read = read_luau(content)
    assert name == "boss-fight.luau"
    assert read == {
        track.name: {
            "rank": rank,
            "id": f"rbxassetid://{track.asset_id}",
            "title": track.name,
            "artist": track.artist,
            "bpm": 128.5,
            "seconds": 150,
        }
        for rank, track in enumerate(tracks, 1)
    }


@pytest.mark.parametrize("names", [["A", "A", "A (2)", "A", "B"], ["A (2)", "A (3)", "A", "A", "A"]])
def test_tracks_with_the_same_name_are_all_in_the_luau_module(names: list[str]) -> None:
    tracks = [Track(str(number), name) for number, name in enumerate(names)]

    read = read_luau(export(ranking_of(*tracks), "luau")[1])

    assert len(read) == 5
    assert {fields["id"] for fields in read.values()} == {f"rbxassetid://{n}" for n in range(5)}
    assert all("artist" not in fields and "bpm" not in fields for fields in read.values())


@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=4))
def test_any_text_survives_every_format(texts: list[str]) -> None:
    tracks = [Track(str(9 * 10**18 + n), text, artist=text) for n, text in enumerate(texts)]

    luau = sorted(read_luau(export(ranking_of(*tracks), "luau")[1]).values(), key=lambda track: track["rank"])
    rows = read_csv(export(ranking_of(*tracks), "csv")[1])
    objects = json.loads(export(ranking_of(*tracks), "json")[1])["tracks"]

    assert [track["title"] for track in luau] == texts
    assert [track["title"] for track in objects] == texts
    assert [row["title"].replace("'", "") for row in rows] == [text.replace("'", "") for text in texts]


def test_no_csv_cell_is_a_formula_and_no_id_a_number() -> None:
    tracks = hostile_tracks()
    name, content = export(ranking_of(*tracks), "csv")
    rows = read_csv(content)

    assert name == "boss-fight.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    assert [row["asset"] for row in rows] == [f"rbxassetid://{track.asset_id}" for track in tracks]
    assert [row["rank"] for row in rows] == [str(rank) for rank in range(1, len(tracks) + 1)]
    assert [row["title"].removeprefix("'") for row in rows[:7]] == HOSTILE[:7]
    for row in rows:
        for cell in row.values():
            assert not cell.lstrip().startswith(FORMULA)


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_NONE])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_csv_cell_is_a_formula_with_other_delimiters_or_without_quotes(
    delimiter: str, quoting: Literal[1, 3]
) -> None:
    text = export(ranking_of(*hostile_tracks()), "csv")[1].decode("utf-8-sig")

    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting):
        for cell in row:
            assert not cell.lstrip(' "').startswith(FORMULA)


def test_rows_have_votes_and_query_and_whole_numbers_no_fraction() -> None:
    (row,) = read_csv(export(ranking_of(*hostile_tracks()[:1]), "csv")[1])
    luau, objects = (export(ranking_of(*hostile_tracks()[:1]), form)[1].decode() for form in FORMS)

    assert (row["seconds"], row["bpm"]) == ("150", "128.5")
    assert (row["likes"], row["dislikes"], row["found_by"]) == ("2", "1", "dark")
    assert "seconds = 150 }" in luau
    assert "bpm = 128.5," in luau
    assert '"seconds": 150,' in objects


def test_a_missing_field_is_left_out_of_the_luau_module() -> None:
    content = export(ranking_of(Track("1", "Plain")), "luau")[1].decode()

    assert content == 'return {\n\t["Plain"] = { rank = 1, id = "rbxassetid://1", title = "Plain" },\n}\n'


def test_json_has_ids_as_text() -> None:
    tracks = hostile_tracks()
    read = json.loads(export(ranking_of(*tracks), "json")[1])

    assert read["name"] == SHORTLIST.name
    assert [track["asset_id"] for track in read["tracks"]] == [track.asset_id for track in tracks]
    assert [track["title"] for track in read["tracks"]] == HOSTILE
    assert (read["tracks"][0]["seconds"], read["tracks"][0]["likes"]) == (150, 2)


def test_plain_ids_are_one_per_line() -> None:
    content = export(ranking_of(*hostile_tracks()), "ids")[1].decode()

    assert content.splitlines() == [track.asset_id for track in hostile_tracks()]


@pytest.mark.parametrize("form", ["luau", "csv", "json", "ids"])
def test_a_thousand_tracks_are_exported_in_the_order_of_the_ranking(form: Any) -> None:
    tracks = [Track(str(2**60 + n), "The same name") for n in range(1000)]
    content = export(ranking_of(*tracks), form)[1].decode()
    places = [content.index(track.asset_id) for track in tracks]

    assert places == sorted(places)
    assert form != "luau" or len(read_luau(content.encode())) == 1000


def test_a_name_whose_letters_unfold_gives_a_file_name_of_sixty_letters() -> None:
    unfolding = Ranking(Shortlist(1, 1, "㎒" * 50, "", 1, 1.0, None, 0), [], 0)

    assert export(unfolding, "ids")[0] == "mhz" * 20 + ".txt"


def test_a_name_without_letters_gives_a_generic_file_name() -> None:
    unnamed = Ranking(Shortlist(1, 1, "../🔥", "", 1, 1.0, None, 0), [], 0)

    assert export(unnamed, "ids")[0] == "shortlist.txt"


async def test_an_export_is_attached_best_first(world: World) -> None:
    await collect_tracks(world)
    await press(world.noor, await open_ballot(world.noor, await post_ranking(world), "1002"), "👍")
    files = {}
    for form in ("luau", "csv", "json", "ids"):
        message = shown(await world.noor.slash(world.channel, "shortlist export", format=form))
        files[message.attachments[0].filename] = (await message.attachments[0].read()).decode("utf-8-sig")

    assert set(files) == {"boss-fight.luau", "boss-fight.csv", "boss-fight.json", "boss-fight.txt"}
    assert files["boss-fight.txt"].split() == ["1002", "1000", "1001"]
    table = lua51.LuaRuntime().execute(files["boss-fight.luau"])
    assert table["Track 2"]["id"] == "rbxassetid://1002"
    assert table["Track 2"]["rank"] == 1
    assert json.loads(files["boss-fight.json"])["tracks"][0]["likes"] == 1


async def test_an_export_of_an_empty_shortlist_is_refused(world: World) -> None:
    await world.mika.slash(world.channel, "shortlist new", name="Boss fight")
    result = await world.mika.slash(world.channel, "shortlist export", format="csv")
    simcord.assert_error(world.env, BotError)

    assert "nothing on" in shown(result).content


async def test_a_file_that_discord_would_not_take_is_refused_in_private(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await collect_tracks(world)
    monkeypatch.setattr(service, "export", lambda *_: ("large.csv", b"x" * (200 * 2**20)))
    result = await world.mika.slash(world.channel, "shortlist export", format="csv")
    simcord.assert_error(world.env, BotError)

    assert result.ephemeral
    assert "larger than Discord allows" in shown(result).content


async def test_a_shortlist_that_is_deleted_during_an_export_is_called_gone(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await collect_tracks(world)
    store = bot_of(world).database.entries
    change_before(monkeypatch, store, "list_all", tmp_path / "test.db", DELETE_SHORTLIST)
    result = await world.mika.slash(world.channel, "shortlist export", format="csv")
    simcord.assert_error(world.env, BotError)

    assert "That shortlist is gone" in shown(result).content

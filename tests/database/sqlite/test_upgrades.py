"""Upgrades: a database of every version keeps all its content, also if the upgrade is killed."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.database import Database, open_database
from bot.database.sqlite.schema import migrations, verify
from bot.errors import OperatorError
from bot.models.ranges import Span
from bot.models.rates import Bucket, Rate, parse_rates
from bot.models.rules import Rule
from bot.models.search import Query, Search
from bot.models.shortlists import Post
from tests.support.dump import dump
from tests.support.killed import killed_at_every_stage, remove

DATABASES = Path(__file__).parents[2] / "support" / "databases"
VERSIONS = sorted(path.stem for path in DATABASES.glob("*.sql"))
NOW = 1_800_000_000.0

DARK = Search("dark cinematic tension", tempo=Span(120, 130))
EMBER = Search("Quinn Ember", kind="artist", genre="Lo-Fi", length=Span(60, None))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "old.db"


def fill(path: Path, version: str) -> None:
    remove(path)
    with closing(sqlite3.connect(path)) as sqlite:
        sqlite.executescript((DATABASES / f"{version}.sql").read_text())
        sqlite.execute("PRAGMA journal_mode = WAL")


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as sqlite:
        return verify(sqlite)


def test_a_database_of_every_earlier_version_is_kept() -> None:
    earlier = [f"{number:04}" for number in range(1, len(migrations()))]

    assert set(earlier) <= set(VERSIONS), "keep one of the version before yours: see tests/support/dump.py"


async def test_eight_connections_that_open_at_once_upgrade_once(path: Path) -> None:
    async def size() -> int:
        async with open_database(str(path)) as database:
            return await database.maintenance.count_windows()

    fill(path, "0001")
    sizes = await asyncio.gather(*(size() for _ in range(8)))

    assert sizes == [1] * 8
    assert version_of(path) == len(migrations())


def open_once(path: Path) -> None:
    async def open_and_close() -> None:
        async with open_database(str(path)):
            pass

    asyncio.run(open_and_close())


def test_newer_database_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 999")
    before = path.read_bytes()

    with pytest.raises(OperatorError, match="newer than this Needledrop"):
        open_once(path)
    assert path.read_bytes() == before


def test_migration_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    fill(path, "0004")
    with closing(sqlite3.connect(path)) as sqlite:
        sqlite.execute("ALTER TABLE searches ADD COLUMN page_before TEXT")  # which the next migration adds
        before = list(dump(sqlite))

    with pytest.raises(OperatorError, match="duplicate column"):
        open_once(path)
    with closing(sqlite3.connect(path)) as sqlite:
        assert list(dump(sqlite)) == before


def test_file_with_a_damaged_page_is_refused_and_left_alone(path: Path) -> None:
    fill(path, "0005")
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 4] = os.urandom(4096)
    path.write_bytes(content)

    with pytest.raises(OperatorError, match="can't be used"):
        open_once(path)
    assert path.read_bytes() == content


def test_file_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE photographs (name)")
    before = path.read_bytes()

    with pytest.raises(OperatorError, match="another program"):
        open_once(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["nowhere/test.db", "folder"])
def test_path_that_cannot_be_opened_is_an_operator_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(OperatorError, match="can't be used"):
        open_once(tmp_path / name)


@pytest.mark.parametrize("version", VERSIONS)
async def test_content_of_an_earlier_version_is_kept(path: Path, version: str) -> None:
    fill(path, version)
    async with open_database(str(path)) as database:
        held = await everything(database, digest_in(path))

    assert version_of(path) == len(migrations())
    assert held["public"] == (DARK, 903, 7, False)
    assert held["private"] == (EMBER, 904, 0, True)
    assert held["answer"] == ["Slow Rain", "Night Drive"]
    assert held["spelling"] == ["Lo-Fi"]
    assert held["synced"] == b"\x01\x02" * 16
    assert held["next"] == 3
    assert held["guild"] == NOW + 60
    if version >= "0002":
        assert held["member"] == NOW + 10
        assert held["circuit"] == (NOW + 30, True)
        assert held["rates"] == {"member": parse_rates("2/minute, 9/hour")}
        assert held["changes"] == [907, 906, 906, 906]
        assert held["tracks"] == ["Slow Rain"]
    if version >= "0003":
        assert held["rules"] == [Rule("block word", "christmas", 902, 2)]
        assert held["rule changes"] == [907, 906, 906]
    if version >= "0004":
        assert held["shortlist"] == ("Boss fight", "130 to 150 BPM", 903)
        assert held["entries"] == [("Track 0", 1, 0, "loops well")]
        assert held["vote"] == 1
        assert held["post"] == Post(905, 902, 902, 901, 1, 1)
    if version >= "0005":
        assert held["page before"] == 8


def digest_in(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as sqlite:
        return bytes(sqlite.execute("SELECT digest FROM windows").fetchone()[0])


async def everything(database: Database, digest: bytes) -> dict[str, Any]:
    """All content of the kept databases, read as the bot does."""
    held: dict[str, Any] = {}
    for name, search_id in (("public", 1), ("private", 2)):
        saved = await database.searches.get(search_id, guild_id=901)
        assert saved is not None
        held[name] = (saved.search, saved.member_id, saved.page, saved.private)
        held.setdefault("page before", saved.previous_page)
    window = await database.windows.get(digest, 0, since=NOW)
    assert window is not None
    held["answer"] = [track.name for track in window.tracks]
    held["spelling"] = list((await database.genres.get_canonical_names(["lo fi"])).values())
    held["synced"] = await database.synced_commands.get(905)
    buckets = [Bucket("guild", 901, 0, Rate(1, 60)), Bucket("member", 901, 903, Rate(6, 60))]
    held["guild"], held["member"] = await database.budgets.clamp_and_get_full_at(buckets, NOW)
    held["circuit"] = await database.circuit.clamp_and_get(NOW + 900)
    held["rates"] = await database.guild_rates.get(901)
    held["changes"] = [change.member_id for change in await database.guild_rates.list_changes(901, 9)]
    held["tracks"] = [track.name for track in await database.tracks.search(Query("rain"), (), ["rain"], 9)]
    _, held["rules"] = await database.rules.list_with_version(901)
    held["rule changes"] = [
        each.member_id for each in await database.rules.list_changes(901, since=0, limit=9)
    ]
    held |= await shortlist_content(database)
    added = await database.searches.add(DARK, guild_id=901, channel_id=1, member_id=1, private=False, now=NOW)
    held["next"] = added.search_id
    return held


async def shortlist_content(database: Database) -> dict[str, Any]:
    shortlist = await database.shortlists.get_current(guild_id=901, channel_id=902)
    if shortlist is None:
        return {}
    entries = await database.entries.list_all(shortlist.shortlist_id)
    return {
        "shortlist": (shortlist.name, shortlist.brief, shortlist.maker_id),
        "entries": [(entry.track.name, entry.likes, entry.dislikes, entry.note) for entry in entries],
        "vote": await database.votes.get(shortlist.shortlist_id, "1000", member_id=903),
        "post": await database.posts.get(905),
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_upgrade_that_is_killed_is_completed_at_the_next_start(path: Path, version: str) -> None:
    async def upgrade() -> None:
        async with open_database(str(path)):
            pass

    def state() -> str:
        with closing(sqlite3.connect(path)) as sqlite:
            verify(sqlite)
            lines = list(dump(sqlite))
        expected = reached[version_of(path)]
        return "whole" if lines == expected else f"neither before nor after: {lines}"

    reached = stages(path, version, fill)
    assert killed_at_every_stage(lambda: fill(path, version), upgrade, state) == {"whole"}


def stages(path: Path, version: str, fill: Callable[[Path, str], None]) -> dict[int, list[str]]:
    """The dump of the file at this version and after each further migration."""
    fill(path, version)
    looks = {}
    with closing(sqlite3.connect(path)) as sqlite:
        looks[int(version)] = list(dump(sqlite))
        for number, script in enumerate(migrations()[int(version) :], int(version) + 1):
            sqlite.executescript(f"{script}\nPRAGMA user_version = {number};")
            looks[number] = list(dump(sqlite))
    return looks


def test_erasure_that_is_killed_has_erased_all_or_nothing(path: Path) -> None:
    def prepare() -> None:
        fill(path, "0002")
        with closing(sqlite3.connect(path)) as sqlite:
            rows = [(number, 901, 902, 903, b"x" * 200, 0, 1, NOW, 1) for number in range(10, 20_000)]
            sqlite.executemany("INSERT INTO searches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            sqlite.execute("UPDATE guild_rate_changes SET member_id = 903")
            sqlite.commit()

    async def erase() -> None:
        async with open_database(str(path)) as database:
            await database.privacy.erase_member(903, NOW + 3600)

    def left() -> str:
        with closing(sqlite3.connect(path)) as sqlite:
            verify(sqlite)
            counts = [
                sqlite.execute(f"SELECT count(*) FROM {table} WHERE member_id = 903").fetchone()[0]  # noqa: S608
                for table in ("searches", "buckets", "guild_rate_changes")
            ]
        return {(19_991, 1, 4): "all", (0, 0, 0): "nothing"}.get(tuple(counts), str(counts))

    assert killed_at_every_stage(prepare, erase, left) == {"all", "nothing"}

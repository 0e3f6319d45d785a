"""Chaos test: kills a process under load, and finds every acknowledged change that the database lost.

Run it with `make chaos`. Each cycle forks a process that writes as the bot does and reports every
acknowledged change over a pipe; kills it with SIGKILL at a random moment; and compares the reports with the
database.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

from bot.database import Database, open_database
from bot.models.rates import Bucket, Rate, parse_rates
from bot.models.rules import Rule
from bot.models.search import Search, Track, Window

Report: TypeAlias = Callable[..., None]
"""Takes the kind of a change and its values."""

NOW = 1_800_000_000.0
RATE = Rate(1000, 1000)
MAX_LIFE_SECONDS = 0.12


async def load(path: str, cycle: int, pipe: int) -> None:
    """Write without end, six kinds of change at a time, and report each change once it is acknowledged."""

    def report(*change: Any) -> None:
        os.write(pipe, json.dumps(change).encode() + b"\n")

    async with open_database(path) as database:
        await asyncio.gather(
            add_searches(database, cycle, report),
            pay(database, cycle, report),
            put_windows(database, cycle, report),
            set_rates(database, cycle, report),
            add_rules(database, cycle, report),
            vote(database, cycle, report),
        )


async def vote(database: Database, cycle: int, report: Report) -> None:
    place = dict.fromkeys(("guild_id", "channel_id", "maker_id"), cycle)
    shortlist = await database.shortlists.add("Boss fight", "", **place, now=NOW)
    if shortlist is None:
        raise ValueError("a shortlist could not be made")
    report("shortlist", shortlist.shortlist_id)
    track = Track(str(cycle), "Rain")
    await database.entries.add(shortlist.shortlist_id, [track], member_id=1, now=NOW, found_by=None)
    for number in range(1, 10**6):
        await database.votes.vote(shortlist.shortlist_id, track.asset_id, member_id=number, vote=1)
        report("vote", number)


async def add_searches(database: Database, cycle: int, report: Report) -> None:
    while True:
        saved = await database.searches.add(
            Search("calm"), guild_id=cycle, channel_id=1, member_id=1, private=False, now=NOW
        )
        report("page", saved.search_id, saved.page)
        for _ in range(5):
            turned = await database.searches.claim_next_page(guild_id=cycle, channel_id=1, member_id=1)
            if turned is not None:
                report("page", turned.search_id, turned.page)


async def pay(database: Database, cycle: int, report: Report) -> None:
    buckets = [Bucket("member", cycle, 1, RATE), Bucket("guild", cycle, 0, RATE)]
    count = 0
    while await database.budgets.pay(buckets, NOW):
        count += 1
        report("paid", count)


async def put_windows(database: Database, cycle: int, report: Report) -> None:
    for number in range(10**9):
        digest = b"%d-%d" % (cycle, number)
        tracks = tuple(Track(f"{cycle}-{number}-{n}", f"Rain {n}") for n in range(20))
        window = Window(tracks, start=0, end=len(tracks), fetched_at=NOW)
        await database.windows.put(digest, window)
        report("window", digest.decode())
        await database.tracks.put(tracks, NOW)
        report("track", tracks[-1].asset_id)


async def set_rates(database: Database, cycle: int, report: Report) -> None:
    for number in range(1, 10**6):
        rates = parse_rates(f"{number}/hour")
        await database.guild_rates.update(cycle, {"guild": rates}, member_id=1, now=NOW)
        report("rate", number)


async def add_rules(database: Database, cycle: int, report: Report) -> None:
    for number in range(1, 10**6):
        # Two at a time, all or none; each rule comes with the record of its change.
        rules = [(Rule("block word", f"{number}"), f"{number}"), (Rule("length", f"-{number}"), "")]
        await database.rules.add(cycle, rules, member_id=1, now=NOW, limit=10**9)
        report("rules", number)


def losses(sqlite: sqlite3.Connection, cycle: int, changes: Sequence[Any]) -> list[str]:
    """The acknowledged changes of this cycle that are not in the database.

    The last change may be stored without being acknowledged: the process was killed in between.
    """
    pages: dict[int, int] = {}
    latest = {"paid": 0, "rate": 0, "rules": 0, "vote": 0, "shortlist": 0}
    lost = []
    for kind, *values in changes:
        if kind == "page":
            pages[values[0]] = values[1]
        elif kind == "window":
            query = "SELECT 1 FROM windows WHERE digest = ?"
            lost += [] if fetch_one(sqlite, query, values[0].encode()) else [f"window {values[0]}"]
        elif kind == "track":
            query = "SELECT 1 FROM tracks WHERE asset_id = ?"
            lost += [] if fetch_one(sqlite, query, values[0]) else [f"track {values[0]}"]
        else:
            latest[kind] = values[0]
    for search_id, page in pages.items():
        stored = fetch_one(sqlite, "SELECT page FROM searches WHERE search_id = ?", search_id)
        lost += [] if stored in {page, page + 1} else [f"search {search_id}: {page}, {stored}"]
    return [
        *lost,
        *lost_budgets(sqlite, cycle, latest),
        *lost_rules(sqlite, cycle, latest["rules"]),
        *lost_votes(sqlite, latest["shortlist"], latest["vote"]),
    ]


def lost_budgets(sqlite: sqlite3.Connection, cycle: int, latest: Mapping[str, int]) -> Iterator[str]:
    for scope in ("member", "guild"):
        full_at = fetch_one(
            sqlite, "SELECT full_at FROM buckets WHERE scope = ? AND guild_id = ?", scope, cycle
        )
        paid = round(((full_at or NOW) - NOW) / RATE.interval)
        if paid not in {latest["paid"], latest["paid"] + 1}:
            yield f"{scope}: {latest['paid']}, {paid}"
    rate = fetch_one(sqlite, "SELECT rates FROM guild_rates WHERE guild_id = ?", cycle)
    if int((rate or "0/hour").split("/")[0]) not in {latest["rate"], latest["rate"] + 1}:
        yield f"rate {latest['rate']}, {rate}"


def lost_rules(sqlite: sqlite3.Connection, cycle: int, latest: int) -> Iterator[str]:
    words = fetch_one(sqlite, "SELECT count(*) FROM rules WHERE guild_id = ? AND kind = 'block word'", cycle)
    length = fetch_one(sqlite, "SELECT text FROM rules WHERE guild_id = ? AND kind = 'length'", cycle)
    records = fetch_one(sqlite, "SELECT count(*) FROM rule_changes WHERE guild_id = ?", cycle)
    is_whole = f"-{words}" == (length or "-0") and records == 2 * words
    if not is_whole or words not in {latest, latest + 1}:
        yield f"rules {latest}, {words}, {length}, {records}"


def lost_votes(sqlite: sqlite3.Connection, shortlist_id: int, latest: int) -> Iterator[str]:
    votes = fetch_one(sqlite, "SELECT count(*) FROM shortlist_votes WHERE shortlist_id = ?", shortlist_id)
    likes = fetch_one(sqlite, "SELECT likes FROM shortlist_tracks WHERE shortlist_id = ?", shortlist_id) or 0
    if likes != votes or votes not in {latest, latest + 1}:
        yield f"votes {latest}, {votes}, {likes}"


def fetch_one(sqlite: sqlite3.Connection, query: str, *values: Any) -> Any:
    row = sqlite.execute(query, values).fetchone()
    return row[0] if row else None


def run_cycle(path: str, cycle: int, chance: random.Random) -> int:
    """Run and kill one process. Returns the number of acknowledged changes; exits if one was lost."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        asyncio.run(load(path, cycle, writing))
        os._exit(0)
    os.close(writing)
    time.sleep(chance.uniform(0, MAX_LIFE_SECONDS))
    os.kill(process, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        lines = pipe.read().split(b"\n")[:-1]
    os.waitpid(process, 0)
    changes = [json.loads(line) for line in lines]
    with closing(sqlite3.connect(path)) as sqlite:
        health = fetch_one(sqlite, "PRAGMA integrity_check")
        if changes:
            sqlite.execute("INSERT INTO track_words (track_words) VALUES ('integrity-check')")
        lost = losses(sqlite, cycle, changes) if changes else []
    if health != "ok" or lost:
        sys.exit(f"Cycle {cycle}: integrity {health}; lost: {lost}")
    return len(changes)


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill a process under load, again and again.")
    parser.add_argument("--cycles", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=15, help="stop after so many minutes")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)  # noqa: S311 (a moment to be killed at, not a secret)
    end = time.monotonic() + 60 * arguments.minutes
    done = acknowledged = 0
    with tempfile.TemporaryDirectory(prefix="needledrop-chaos-") as folder:
        while done < arguments.cycles and time.monotonic() < end:
            # A new file every 50 cycles, so that some kills hit its creation.
            path = str(Path(folder) / f"{done // 50}.db")
            acknowledged += run_cycle(path, done + 1, chance)
            done += 1
    print(f"{done} cycles, {acknowledged} changes acknowledged, none lost (seed {arguments.seed})")  # noqa: T201


if __name__ == "__main__":
    main()

"""Kills a process under load, again and again, and looks whether the database lost what it had acknowledged.

Run it with `make chaos`. Each cycle forks a process that writes as the bot does and says, over a pipe, what
has been acknowledged; kills it with SIGKILL at a random moment; and compares.
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
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.database import Database, open_database
from bot.models.rates import Bucket, Rate, parse_rates
from bot.models.rules import Rule
from bot.models.search import Search, Track, Window

NOW = 1_800_000_000.0
RATE = Rate(1000, 1000)
LONGEST_LIFE_SECONDS = 0.12


async def load(path: str, cycle: int, pipe: int) -> None:
    """Write without end, four at a time, each telling of its writes once they are acknowledged."""

    def told(*change: Any) -> None:
        os.write(pipe, json.dumps(change).encode() + b"\n")

    async with open_database(path) as database:
        await asyncio.gather(
            searching(database, cycle, told),
            paying(database, cycle, told),
            storing(database, cycle, told),
            setting(database, cycle, told),
            ruling(database, cycle, told),
            voting(database, cycle, told),
        )


async def voting(database: Database, cycle: int, told: Any) -> None:
    place = dict.fromkeys(("guild_id", "channel_id", "maker_id"), cycle)
    shortlist = await database.shortlists.add("Boss fight", "", **place, now=NOW)
    if shortlist is None:
        raise ValueError("a shortlist could not be made")
    told("shortlist", shortlist.shortlist_id)
    track = Track(str(cycle), "Rain")
    await database.entries.add(shortlist.shortlist_id, [track], member_id=1, now=NOW, found_by=None)
    for number in range(1, 10**6):
        await database.votes.vote(shortlist.shortlist_id, track.asset_id, member_id=number, vote=1)
        told("vote", number)


async def searching(database: Database, cycle: int, told: Any) -> None:
    while True:
        saved = await database.searches.add(
            Search("calm"), guild_id=cycle, channel_id=1, member_id=1, private=False, now=NOW
        )
        told("page", saved.search_id, saved.page)
        for _ in range(5):
            turned = await database.searches.claim_next_page(guild_id=cycle, channel_id=1, member_id=1)
            if turned is not None:
                told("page", turned.search_id, turned.page)


async def paying(database: Database, cycle: int, told: Any) -> None:
    buckets = [Bucket("member", cycle, 1, RATE), Bucket("guild", cycle, 0, RATE)]
    count = 0
    while await database.budgets.pay(buckets, NOW):
        count += 1
        told("paid", count)


async def storing(database: Database, cycle: int, told: Any) -> None:
    for number in range(10**9):
        digest = b"%d-%d" % (cycle, number)
        tracks = tuple(Track(f"{cycle}-{number}-{n}", f"Rain {n}") for n in range(20))
        window = Window(tracks, start=0, end=len(tracks), fetched_at=NOW)
        await database.windows.put(digest, window)
        told("window", digest.decode())
        await database.tracks.put(tracks, NOW)
        told("track", tracks[-1].asset_id)


async def setting(database: Database, cycle: int, told: Any) -> None:
    for number in range(1, 10**6):
        rates = parse_rates(f"{number}/hour")
        await database.guild_rates.update(cycle, {"guild": rates}, member_id=1, now=NOW)
        told("rate", number)


async def ruling(database: Database, cycle: int, told: Any) -> None:
    for number in range(1, 10**6):
        # Two at a time, all or none: of a rule that was acknowledged its record is there too.
        rules = [(Rule("block word", f"{number}"), f"{number}"), (Rule("length", f"-{number}"), "")]
        await database.rules.add(cycle, rules, member_id=1, now=NOW, most=10**9)
        told("rules", number)


def losses(sqlite: sqlite3.Connection, cycle: int, changes: Sequence[Any]) -> list[str]:
    """What was acknowledged in this cycle and is not there."""
    pages: dict[int, int] = {}
    latest = {"paid": 0, "rate": 0, "rules": 0, "vote": 0, "shortlist": 0}
    lost = []
    for kind, *values in changes:
        if kind == "page":
            pages[values[0]] = values[1]
        elif kind == "window":
            query = "SELECT 1 FROM windows WHERE digest = ?"
            lost += [] if one(sqlite, query, values[0].encode()) else [f"window {values[0]}"]
        elif kind == "track":
            query = "SELECT 1 FROM tracks WHERE asset_id = ?"
            lost += [] if one(sqlite, query, values[0]) else [f"track {values[0]}"]
        else:
            latest[kind] = values[0]
    for search_id, page in pages.items():
        kept = one(sqlite, "SELECT page FROM searches WHERE search_id = ?", search_id)
        lost += (
            [] if kept is not None and kept in {page, page + 1} else [f"search {search_id}: {page}, {kept}"]
        )
    for scope in ("member", "guild"):
        full_at = one(sqlite, "SELECT full_at FROM buckets WHERE scope = ? AND guild_id = ?", scope, cycle)
        paid = round(((full_at or NOW) - NOW) / RATE.interval)
        lost += [] if paid in {latest["paid"], latest["paid"] + 1} else [f"{scope}: {latest['paid']}, {paid}"]
    words = one(sqlite, "SELECT count(*) FROM rules WHERE guild_id = ? AND kind = 'block word'", cycle)
    longest = one(sqlite, "SELECT text FROM rules WHERE guild_id = ? AND kind = 'length'", cycle)
    records = one(sqlite, "SELECT count(*) FROM rule_changes WHERE guild_id = ?", cycle)
    is_whole = f"-{words}" == (longest or "-0") and records == 2 * words
    is_kept = words in {latest["rules"], latest["rules"] + 1}
    lost += [] if is_whole and is_kept else [f"rules {latest['rules']}, {words}, {longest}, {records}"]
    rate = one(sqlite, "SELECT rates FROM guild_rates WHERE guild_id = ?", cycle)
    kept_rate = int((rate or "0/hour").split("/")[0])
    lost += [] if kept_rate in {latest["rate"], latest["rate"] + 1} else [f"rate {latest['rate']}, {rate}"]
    votes = one(sqlite, "SELECT count(*) FROM shortlist_votes WHERE shortlist_id = ?", latest["shortlist"])
    likes = one(sqlite, "SELECT likes FROM shortlist_tracks WHERE shortlist_id = ?", latest["shortlist"]) or 0
    is_kept = votes in {latest["vote"], latest["vote"] + 1}
    lost += [] if is_kept and likes == votes else [f"votes {latest['vote']}, {votes}, {likes}"]
    return lost


def one(sqlite: sqlite3.Connection, query: str, *values: Any) -> Any:
    row = sqlite.execute(query, values).fetchone()
    return row[0] if row else None


def cycle_of(path: str, cycle: int, chance: random.Random) -> int:
    """One life and death; how many changes were acknowledged in it. Exits where one was lost."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        asyncio.run(load(path, cycle, writing))
        os._exit(0)
    os.close(writing)
    time.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))
    os.kill(process, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        lines = pipe.read().split(b"\n")[:-1]
    os.waitpid(process, 0)
    changes = [json.loads(line) for line in lines]
    sqlite = sqlite3.connect(path)
    try:
        health = one(sqlite, "PRAGMA integrity_check")
        if changes:
            sqlite.execute("INSERT INTO track_words (track_words) VALUES ('integrity-check')")
        lost = losses(sqlite, cycle, changes) if changes else []
    finally:
        sqlite.close()
    if health != "ok" or lost:
        sys.exit(f"Cycle {cycle}: integrity {health}; lost: {lost}")
    return len(changes)


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill a process under load, again and again.")
    parser.add_argument("--cycles", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=15, help="stop after so long, whatever is left")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)  # noqa: S311 (a moment to be killed at, not a secret)
    end = time.monotonic() + 60 * arguments.minutes
    done = acknowledged = 0
    with tempfile.TemporaryDirectory(prefix="needledrop-chaos-") as folder:
        while done < arguments.cycles and time.monotonic() < end:
            # A new file now and then, so that it is also killed while it makes one.
            path = str(Path(folder) / f"{done // 50}.db")
            acknowledged += cycle_of(path, done + 1, chance)
            done += 1
    print(f"{done} cycles, {acknowledged} changes acknowledged, none lost (seed {arguments.seed})")  # noqa: T201


if __name__ == "__main__":
    main()

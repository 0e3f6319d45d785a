"""`/healthz`, `/metrics` and the log, as a host and a monitoring system see them: over the wire."""

import asyncio
import json
import re
import signal
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tests.support.command_line import is_ready, output, process
from tests.support.discord_stand_in import CHANNEL_ID, GUILD_ID, MEMBER_ID, TOKEN, DiscordStandIn
from tests.support.monitors import Monitor
from tests.support.peers import serving

ROOT = Path(__file__).parents[2]


async def test_it_is_well_once_it_is_connected(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    async with process(environment):
        await is_ready(discord)
        assert await monitor.becomes(200) == "well\n"


async def test_it_is_not_well_before_it_is_connected(environment: dict[str, str], monitor: Monitor) -> None:
    async def never_ready(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(never_ready, at_once=True) as url:
        nowhere = url.replace("http", "ws")
        async with process(environment | {"DISCORD_GATEWAY_URL": nowhere}):
            assert await monitor.becomes(503) == "gateway: not connected\n"


async def test_a_locked_database_is_not_well_and_said_so_without_hanging(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor, tmp_path: Path
) -> None:
    async with process(environment):
        await is_ready(discord)
        await monitor.becomes(200)
        with closing(sqlite3.connect(tmp_path / "needledrop.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert "database is locked" in await monitor.becomes(503)
            async with asyncio.timeout(5):
                assert len([await monitor.health() for _ in range(20)]) == 20
            assert "needledrop_gateway_connected 1.0" in await monitor.scrape()
        assert await monitor.becomes(200) == "well\n"


async def test_a_lost_connection_is_not_well_until_it_is_back(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    async with process(environment):
        await is_ready(discord)
        await monitor.becomes(200)
        discord.is_out = True
        await discord.hang_up()
        assert await monitor.becomes(503) == "gateway: not connected\n"
        assert await monitor.value("needledrop_gateway_connected") == 0
        discord.is_out = False
        await monitor.becomes(200)

        assert await monitor.value("needledrop_gateway_reconnects_total") == 1


async def test_a_connection_that_was_not_resumed_yet_is_not_well(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    async with process(environment):
        await is_ready(discord)
        await monitor.becomes(200)
        discord.is_mute = True
        await discord.hang_up()
        await discord.ignored.wait()
        assert (await monitor.health())[0] == 503
        discord.is_mute = False
        await discord.hang_up()
        assert await monitor.becomes(200) == "well\n"


async def test_what_members_do_is_counted_and_names_nobody(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    async with process(environment | {"MEMBER_BUDGET": "3/day", "LOG_FORMAT": "json"}) as bot:
        await is_ready(discord)
        await discord.command("music", query="chill lo-fi beats")
        await discord.answer()
        await discord.command("music", query="chill lo-fi beats")
        await discord.answer()
        await discord.press("page:1:2")
        await discord.answer()
        await discord.suggest("music", "tempo", "128")
        await discord.answer()
        await discord.command("music", query="simulate 500")
        await discord.answer()
        await discord.command("music", query="another one")
        await discord.answer()
        await discord.command("music", query="and another one")
        await discord.answer()
        await discord.command("music", query="beyond the budget")
        await discord.answer()
        await discord.command("nonsense")
        await discord.answer()
        value = monitor.value
        interactions = {
            (command, outcome): await value("needledrop_interactions_total", command=command, outcome=outcome)
            for command in ("/music", "PageButton", "unknown")
            for outcome in ("answered", "ServiceFailed", "BudgetSpent", "Refused")
        }
        found = {
            origin: await value("needledrop_lookups_total", origin=origin)
            for origin in ("memory", "asked", "stale")
        }
        requests = {
            outcome: await value("needledrop_api_request_seconds_count", outcome=outcome)
            for outcome in ("answered", "ServiceFailed")
        }
        scraped = await monitor.scrape()
        waits = [
            await value(f"needledrop_{which}_answer_seconds_count", command="/music")
            for which in ("first", "final")
        ]
        refused = await value("needledrop_budget_refusals_total", scope="member")
        size = await value("needledrop_database_bytes")
        windows = [await value("needledrop_windows", place=place) for place in ("memory", "stored")]
        statements = await value("needledrop_database_statement_seconds_count")
        bot.send_signal(signal.SIGTERM)
        log = await output(bot)

    assert interactions["/music", "BudgetSpent"] == refused == 1
    assert interactions["PageButton", "answered"] == 1
    assert interactions["unknown", "Refused"] == 1
    assert interactions["/music", "answered"] == 5  # with the suggestions
    assert interactions["/music", "ServiceFailed"] == 1
    assert waits == [7, 7]
    assert found["memory"] >= 2
    assert found["asked"] == 3
    assert requests == {"answered": 3, "ServiceFailed": 2}
    assert min(size, statements) > 0
    assert windows == [3, 3]
    for secret in (TOKEN, "the-key", GUILD_ID, MEMBER_ID, CHANNEL_ID, "chill", "interaction-token"):
        assert secret not in scraped
        assert secret not in log


def interactions(log: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in log.splitlines()]
    assert all({"time", "level", "logger", "message"} <= set(line) for line in lines)
    return [line for line in lines if "interaction" in line]


async def test_each_interaction_is_one_line_for_machines(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    async with process(environment | {"LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG"}) as bot:
        await is_ready(discord)
        await monitor.becomes(200)
        await discord.command("music", query="chill lo-fi beats")
        await discord.answer()
        for _ in range(2):
            await discord.command("music", query="chill lo-fi beats")
            await discord.answer()
        await discord.command("music", query="  ")
        await discord.answer()
        await discord.suggest("music", "tempo", "128")
        await discord.answer()
        bot.send_signal(signal.SIGTERM)
        log = await output(bot)
    lines = interactions(log)

    kinds = [line["interaction"] for line in lines]
    assert kinds == [*["application_command"] * 4, "autocomplete"]
    assert [line["outcome"] for line in lines] == ["answered", "answered", "answered", "Refused", "answered"]
    assert [line.get("origin") for line in lines] == ["asked", "memory", "memory", None, None]
    assert all(line["command"] == "/music" and line["level"] == "INFO" for line in lines)
    assert all(0 < line["first_seconds"] <= line["seconds"] for line in lines)
    for secret in (TOKEN, "the-key", "interaction-token", MEMBER_ID):
        assert secret not in log


async def test_the_line_is_readable_without_a_setting(
    discord: DiscordStandIn, environment: dict[str, str]
) -> None:
    async with process(environment) as bot:
        await is_ready(discord)
        await discord.command("music", query="chill lo-fi beats")
        await discord.answer()
        bot.send_signal(signal.SIGTERM)
        log = await output(bot)

    (line,) = [line for line in log.splitlines() if "/music" in line]
    assert "/music: answered in" in line
    assert "from asked" in line
    assert line[:4].isdecimal()


async def test_a_port_that_is_taken_is_a_sentence(environment: dict[str, str], monitor: Monitor) -> None:
    with closing(socket.socket()) as other:
        other.bind(("0.0.0.0", monitor.port))  # noqa: S104 (it is taken for a moment, and never listened on)
        other.listen()
        async with process(environment) as bot:
            log = await output(bot)

    assert bot.returncode == 1
    assert f"PORT {monitor.port}" in log
    assert "Traceback" not in log


async def test_the_dashboard_shows_all_that_is_measured_and_nothing_else(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    async with process(environment):
        await is_ready(discord)
        await monitor.becomes(200)
        families = list(text_string_to_metric_families(await monitor.scrape()))
    samples = {family.name: {family.name + ending for ending in ENDINGS[family.type]} for family in families}
    asked = set(re.findall(r"\b(?:needledrop|process)_\w+", dashboard_queries()))
    shown = {family for family, names in samples.items() if names & asked}

    assert asked <= set().union(*samples.values())
    assert {family for family in samples if family.startswith("needledrop")} <= shown


ENDINGS = {
    "counter": ["_total"],
    "gauge": [""],
    "histogram": ["_bucket", "_count", "_sum"],
    "info": ["_info"],
}


def dashboard_queries() -> str:
    dashboard = json.loads((ROOT / "docs" / "grafana.json").read_text())
    return " ".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])

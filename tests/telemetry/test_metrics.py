"""The metrics: what members do is counted, nobody is named, and the dashboard shows all of it."""

import json
import re
import signal
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import QueryRefused, ServiceFailed
from bot.telemetry.metrics import REGISTRY, ServiceStatus
from tests.support.command_line import ROOT, output, process, wait_until_ready
from tests.support.discord_stand_in import CHANNEL_ID, GUILD_ID, MEMBER_ID, TOKEN, DiscordStandIn
from tests.support.monitors import Monitor

SAMPLES = {
    "counter": ["_total"],
    "gauge": [""],
    "histogram": ["_bucket", "_count", "_sum"],
    "info": ["_info"],
}
"""The endings of a metric's samples, by its type."""


async def use_the_bot(discord: DiscordStandIn) -> None:
    """Seven searches, of which three are answered by requests, and one each of the rest that is counted."""
    for query in ("chill lo-fi beats", "chill lo-fi beats"):
        await discord.command("music", query=query)
        await discord.answer()
    await discord.press("page:1:2")
    await discord.answer()
    await discord.suggest("music", "tempo", "128")
    await discord.answer()
    for query in ("simulate 500", "another one", "and another one", "beyond the budget"):
        await discord.command("music", query=query)
        await discord.answer()
    await discord.command("nonsense")
    await discord.answer()


async def test_what_members_do_is_counted_without_naming_anybody(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    async with process(environment | {"MEMBER_BUDGET": "3/day", "LOG_FORMAT": "json"}) as bot:
        await wait_until_ready(discord)
        await use_the_bot(discord)
        metrics = await monitor.scrape()
        bot.send_signal(signal.SIGTERM)
        log = await output(bot)

    def value(name: str, **labels: str) -> float:
        return sum_of(metrics, name, **labels)

    def interactions(command: str, outcome: str) -> float:
        return value("needledrop_interactions_total", command=command, outcome=outcome)

    assert interactions("/music", "answered") == 5  # four searches and an autocomplete
    assert interactions("/music", "ServiceFailed") == 1
    assert interactions("/music", "BudgetSpent") == 1
    assert interactions("PageButton", "answered") == 1
    assert interactions("unknown", "Refused") == 1
    assert value("needledrop_budget_refusals_total", scope="member") == 1
    for response in ("first", "final"):
        assert value(f"needledrop_{response}_answer_seconds_count", command="/music") == 7
    assert value("needledrop_lookups_total", origin="memory") == 2
    assert value("needledrop_lookups_total", origin="asked") == 3
    assert value("needledrop_api_request_seconds_count", outcome="answered") == 3
    assert value("needledrop_api_request_seconds_count", outcome="ServiceFailed") == 2
    assert value("needledrop_windows", place="memory") == 3
    assert value("needledrop_windows", place="stored") == 3
    assert value("needledrop_database_bytes") > 0
    assert value("needledrop_database_statement_seconds_count") > 0
    for text in (metrics, log):
        secrets = (TOKEN, "the-key", GUILD_ID, MEMBER_ID, CHANNEL_ID, "chill", "interaction-token")
        assert [secret for secret in secrets if secret in text] == []


async def test_dashboard_shows_every_metric_and_no_other(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    async with process(environment):
        await wait_until_ready(discord)
        await monitor.becomes(200)
        families = list(text_string_to_metric_families(await monitor.scrape()))
    samples = {family.name: {family.name + ending for ending in SAMPLES[family.type]} for family in families}
    queried = set(re.findall(r"\b(?:needledrop|process)_\w+", dashboard_queries()))
    shown = {family for family, names in samples.items() if names & queried}

    assert queried <= set().union(*samples.values())
    assert {family for family in samples if family.startswith("needledrop")} <= shown


def test_every_metric_is_described_by_a_sentence() -> None:
    descriptions = {family.name: family.documentation for family in REGISTRY.collect()}

    assert [name for name, text in descriptions.items() if not re.fullmatch(r"[A-Z1].+\w\.", text)] == []


def sum_of(metrics: str, name: str, **labels: str) -> float:
    """The sum of all samples of that name whose labels include `labels`."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(metrics)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def dashboard_queries() -> str:
    dashboard: Any = json.loads((ROOT / "docs" / "grafana.json").read_text())
    return " ".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])


class TestServiceStatus:
    def test_outage_starts_with_the_first_failure_and_ends_with_a_response(self) -> None:
        status = ServiceStatus()
        status.record(0.2, ServiceFailed())
        began_at = status.failed_at
        status.record(0.2, ServiceFailed())

        assert began_at is not None
        assert status.failed_at == began_at
        status.record(0.3, None)
        assert (status.failed_at is None, status.seconds) == (True, 0.3)

    @pytest.mark.parametrize("error", [QueryRefused(), LookupError("a bug")])
    def test_error_that_is_not_audioscapes_leaves_the_status_as_it_is(self, error: Exception) -> None:
        status = ServiceStatus()
        status.record(0.2, error)

        assert (status.failed_at, status.answered_at) == (None, None)

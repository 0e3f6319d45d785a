"""Every metric of `/metrics`, and the status of AudioScape; no label names a member or a server."""

import time
from functools import cache
from types import TracebackType
from typing import Final, Literal, Self, TypeAlias

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)

from bot import __version__
from bot.errors import AudioScapeError

Origin: TypeAlias = Literal["memory", "stored", "asked", "stale", "tracks"]
"""The source of a window of results: the memory cache, the database, AudioScape, an expired window that is
shown during an outage, or a search of all tracks in the database."""

_ANSWER_BUCKETS: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0)
"""In seconds. Discord waits 3 seconds for the first response; the bot gives its final one within 12."""

_STATEMENT_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 2.5)
"""In seconds."""

disable_created_metrics()  # type: ignore[no-untyped-call] # they add a second series to each metric: when it was created
REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
Info("needledrop", "The version of Needledrop.", registry=REGISTRY).info({"version": __version__})

INTERACTIONS: Final = Counter(
    "needledrop_interactions",
    "Commands, button presses and autocompletes, by outcome.",
    ("kind", "command", "outcome"),
    registry=REGISTRY,
)
FIRST_ANSWER: Final = Histogram(
    "needledrop_first_answer_seconds",
    "Seconds from an interaction to the first response that Discord accepted, deferrals included.",
    ("kind", "command"),
    buckets=_ANSWER_BUCKETS,
    registry=REGISTRY,
)
FINAL_ANSWER: Final = Histogram(
    "needledrop_final_answer_seconds",
    "Seconds from an interaction to the end of its task.",
    ("kind", "command"),
    buckets=_ANSWER_BUCKETS,
    registry=REGISTRY,
)
API_REQUESTS: Final = Histogram(
    "needledrop_api_request_seconds",
    "Seconds that requests to AudioScape took, by outcome.",
    ("outcome",),
    buckets=_ANSWER_BUCKETS,
    registry=REGISTRY,
)
API_UNDER_WAY: Final = Gauge(
    "needledrop_api_requests_under_way",
    "Requests to AudioScape that wait for their response.",
    registry=REGISTRY,
)
REFUSALS: Final = Counter(
    "needledrop_budget_refusals",
    "Searches refused because a budget was used up, by scope.",
    ("scope",),
    registry=REGISTRY,
)
STATEMENT: Final = Histogram(
    "needledrop_database_statement_seconds",
    "Seconds that database statements took, including the wait in the queue and for locks.",
    buckets=_STATEMENT_BUCKETS,
    registry=REGISTRY,
)
RECONNECTS: Final = Counter(
    "needledrop_gateway_reconnects",
    "Reconnections to the gateway, by how the session continued.",
    ("how",),
    registry=REGISTRY,
)

# Gauges that bot/operations/health.py sets before each scrape.
CONNECTED: Final = Gauge(
    "needledrop_gateway_connected", "1 while every shard is connected, else 0.", registry=REGISTRY
)
LATENCY: Final = Gauge(
    "needledrop_gateway_latency_seconds", "Latency of the gateway's heartbeat.", registry=REGISTRY
)
LOOP_LAG: Final = Gauge(
    "needledrop_loop_lag_seconds",
    "Seconds that a task waits for its turn in the event loop.",
    registry=REGISTRY,
)
DATABASE_BYTES: Final = Gauge(
    "needledrop_database_bytes", "Size of the database with its write-ahead log.", registry=REGISTRY
)
WINDOWS: Final = Gauge(
    "needledrop_windows",
    "Windows of 100 results that can be shown without a request, by place.",
    ("place",),
    registry=REGISTRY,
)

_LOOKUPS: Final = Counter(
    "needledrop_lookups", "Windows of results that were looked up, by source.", ("origin",), registry=REGISTRY
)
_LOOKUPS_BY_ORIGIN: Final = {
    origin: _LOOKUPS.labels(origin) for origin in ("memory", "stored", "asked", "stale", "tracks")
}
_REFUSALS_BY_SCOPE: Final = {scope: REFUSALS.labels(scope) for scope in ("member", "guild", "key")}


# Binding labels takes longer than counting. The caches are bounded, as commands and outcomes are.
_interactions_of: Final = cache(INTERACTIONS.labels)
_first_answers_of: Final = cache(FIRST_ANSWER.labels)
_final_answers_of: Final = cache(FINAL_ANSWER.labels)


def count_interaction(
    kind: str, command: str, outcome: str, seconds: float, first_seconds: float | None
) -> None:
    """Count one interaction and its duration; `first_seconds` is None if it got no response."""
    _interactions_of(kind, command, outcome).inc()
    _final_answers_of(kind, command).observe(seconds)
    if first_seconds is not None:
        _first_answers_of(kind, command).observe(first_seconds)


def count_lookup(origin: Origin) -> None:
    _LOOKUPS_BY_ORIGIN[origin].inc()


def count_refusal(scope: str) -> None:
    _REFUSALS_BY_SCOPE[scope].inc()


class ServiceStatus:
    """The outcome of the latest requests to AudioScape; `answered_at` and `failed_at` are monotonic times."""

    def __init__(self) -> None:
        self.answered_at: float | None = None
        self.seconds = 0.0
        """Duration of the latest successful request."""
        self.failed_at: float | None = None
        """Start of the current outage, or None if the latest request succeeded."""

    def record(self, seconds: float, error: BaseException | None) -> None:
        if isinstance(error, AudioScapeError) and error.is_outage:
            self.failed_at = self.failed_at or time.monotonic()
        elif error is None:
            self.answered_at, self.seconds, self.failed_at = time.monotonic(), seconds, None


SERVICE_STATUS: Final = ServiceStatus()


class ApiRequest:
    """Context manager that times one request to AudioScape and records its outcome."""

    __slots__ = ("_began_at",)

    def __enter__(self) -> Self:
        API_UNDER_WAY.inc()
        self._began_at = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        seconds = time.perf_counter() - self._began_at
        API_UNDER_WAY.dec()
        API_REQUESTS.labels("answered" if kind is None else kind.__name__).observe(seconds)
        SERVICE_STATUS.record(seconds, error)

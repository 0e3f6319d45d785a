"""What is counted and timed, for `/metrics`: nothing of who asked, where, or for what."""

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
"""Where an answer came from: at hand, from the database, from the service, from before an outage, or put
together from all tracks seen."""

_PATIENCE: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0)
"""Seconds. Discord waits 3 of them for a first answer, and a member 12 at most for the last."""

_DISK: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 2.5)

disable_created_metrics()  # type: ignore[no-untyped-call] # they are a second series for each, of when it began
REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
Info("needledrop", "Which Needledrop this is.", registry=REGISTRY).info({"version": __version__})

INTERACTIONS: Final = Counter(
    "needledrop_interactions",
    "Commands, presses and suggestions, by what became of them.",
    ("kind", "command", "outcome"),
    registry=REGISTRY,
)
FIRST_ANSWER: Final = Histogram(
    "needledrop_first_answer_seconds",
    "From an interaction to the first answer that Discord took, a deferral included.",
    ("kind", "command"),
    buckets=_PATIENCE,
    registry=REGISTRY,
)
FINAL_ANSWER: Final = Histogram(
    "needledrop_final_answer_seconds",
    "From an interaction to the end of all that it led to.",
    ("kind", "command"),
    buckets=_PATIENCE,
    registry=REGISTRY,
)
API_REQUESTS: Final = Histogram(
    "needledrop_api_request_seconds",
    "Requests to AudioScape, by what became of them.",
    ("outcome",),
    buckets=_PATIENCE,
    registry=REGISTRY,
)
API_UNDER_WAY: Final = Gauge(
    "needledrop_api_requests_under_way", "Requests to AudioScape that have no answer yet.", registry=REGISTRY
)
REFUSALS: Final = Counter(
    "needledrop_budget_refusals",
    "Searches refused because a budget was spent.",
    ("scope",),
    registry=REGISTRY,
)
STATEMENT: Final = Histogram(
    "needledrop_database_statement_seconds",
    "One statement, with its wait for its turn and for locks.",
    buckets=_DISK,
    registry=REGISTRY,
)
RECONNECTS: Final = Counter(
    "needledrop_gateway_reconnects", "Gateway connections after the first.", ("how",), registry=REGISTRY
)

# Told when somebody looks.
CONNECTED: Final = Gauge("needledrop_gateway_connected", "1 while every shard is.", registry=REGISTRY)
LATENCY: Final = Gauge("needledrop_gateway_latency_seconds", "Of the heartbeat.", registry=REGISTRY)
LOOP_LAG: Final = Gauge("needledrop_loop_lag_seconds", "How late the event loop is.", registry=REGISTRY)
DATABASE_BYTES: Final = Gauge("needledrop_database_bytes", "With its log.", registry=REGISTRY)
WINDOWS: Final = Gauge(
    "needledrop_windows", "Windows of 100 results that are open to be shown.", ("place",), registry=REGISTRY
)

_LOOKUPS: Final = Counter(
    "needledrop_lookups", "Windows of results, by where they were found.", ("origin",), registry=REGISTRY
)
_FOUND: Final = {
    origin: _LOOKUPS.labels(origin) for origin in ("memory", "stored", "asked", "stale", "tracks")
}
_REFUSED: Final = {scope: REFUSALS.labels(scope) for scope in ("member", "guild", "key")}


# Binding labels takes longer than counting; there are only so many commands and outcomes.
_interactions: Final = cache(INTERACTIONS.labels)
_first: Final = cache(FIRST_ANSWER.labels)
_final: Final = cache(FINAL_ANSWER.labels)


def count_interaction(kind: str, command: str, outcome: str, seconds: float, first: float | None) -> None:
    """`first` is None where no answer was seen."""
    _interactions(kind, command, outcome).inc()
    _final(kind, command).observe(seconds)
    if first is not None:
        _first(kind, command).observe(first)


def count_found(origin: Origin) -> None:
    _FOUND[origin].inc()


def count_refusal(scope: str) -> None:
    _REFUSED[scope].inc()


class ServiceStatus:
    """How the search service was when it was last asked; moments as `time.monotonic` tells them."""

    def __init__(self) -> None:
        self.answered_at: float | None = None
        self.seconds = 0.0
        """How long the last answer took."""
        self.failed_at: float | None = None
        """None where the last request was answered."""

    def beat(self, seconds: float, error: BaseException | None) -> None:
        if isinstance(error, AudioScapeError) and error.is_outage:
            self.failed_at = self.failed_at or time.monotonic()
        elif error is None:
            self.answered_at, self.seconds, self.failed_at = time.monotonic(), seconds, None


SERVICE_STATUS: Final = ServiceStatus()


class ApiRequest:
    """Times one request to the search service; a context manager."""

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
        SERVICE_STATUS.beat(seconds, error)

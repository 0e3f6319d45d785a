"""Watches every interaction from its beginning to its end: one line in the log, and its metrics.

discord.py runs each interaction in a task of its own, and asks an `interaction_check` there first: the
command tree's, a button's or a view's. `begin` is called from those; the end of the task is the end of it.
"""

import asyncio
import logging
import time
from contextvars import ContextVar
from typing import Any, Final

import discord

from bot.telemetry.metrics import Origin, count_found, count_interaction

_FARTHEST: Final[tuple[Origin | None, ...]] = (None, "memory", "stored", "asked", "stale", "tracks")
"""An answer of several parts is named after the one that came from farthest."""

_log = logging.getLogger(__name__)


class InteractionRecord:
    """One interaction, while it is answered. As text and as `fields` it is its line in the log."""

    __slots__ = (
        "_began_at",
        "_interaction",
        "_name",
        "first_seconds",
        "kind",
        "origin",
        "outcome",
        "reference",
        "seconds",
    )

    def __init__(self, interaction: discord.Interaction[Any], name: str | None) -> None:
        self._interaction: discord.Interaction[Any] | None = interaction
        self._name = name
        self.kind = interaction.type.name
        self._began_at = time.perf_counter()
        self.first_seconds: float | None = None
        self.seconds = 0.0
        self.origin: Origin | None = None
        self.outcome: str | None = None
        self.reference: str | None = None

    @property
    def name(self) -> str:
        """What was typed or pressed; of our own names alone, so that there are only so many."""
        if self._name is not None:
            return self._name
        command = None if self._interaction is None else self._interaction.command
        return "unknown" if command is None else f"/{command.qualified_name}"

    def is_of(self, *, member_id: int | None, guild_id: int | None) -> bool:
        """Whether it is the member's, or in the guild; None stands for any."""
        asked = self._interaction
        return asked is not None and member_id in {None, asked.user.id} and guild_id in {None, asked.guild_id}

    @property
    def fields(self) -> dict[str, object]:
        told = {
            "interaction": self.kind,
            "command": self.name,
            "outcome": self.outcome,
            "seconds": round(self.seconds, 4),
            "first_seconds": None if self.first_seconds is None else round(self.first_seconds, 4),
            "origin": self.origin,
            "reference": self.reference,
        }
        return {name: value for name, value in told.items() if value is not None}

    def __str__(self) -> str:
        suggestions = " (suggestions)" if self.kind == "autocomplete" else ""
        first = "" if self.first_seconds is None else f", first after {self.first_seconds * 1000:.0f} ms"
        origin = "" if self.origin is None else f", from {self.origin}"
        reference = "" if self.reference is None else f", reference {self.reference}"
        text = f"{self.name}{suggestions}: {self.outcome} in {self.seconds * 1000:.0f} ms"
        return f"{text}{first}{origin}{reference}"

    def record_first(self) -> None:
        if self.first_seconds is None:
            self.first_seconds = time.perf_counter() - self._began_at

    def end(self, task: "asyncio.Task[Any]") -> None:
        self.seconds = time.perf_counter() - self._began_at
        _under_way.pop(self, None)
        is_answered = self._interaction is not None and self._interaction.response.is_done()
        if is_answered and self.first_seconds is None:
            self.first_seconds = self.seconds
        if self.outcome is None:
            self.outcome = self._silent_outcome(task)
        self._name = self.name
        self._interaction = None  # who it was is forgotten, however long the line is kept
        count_interaction(self.kind, self.name, self.outcome, self.seconds, self.first_seconds)
        _log.info(self)

    def _silent_outcome(self, task: "asyncio.Task[Any]") -> str:
        """What became of it, where it ended in no error that we know of."""
        if task.cancelled():
            return "cancelled"
        is_answered = self._interaction is not None and self._interaction.response.is_done()
        return "answered" if is_answered else "unanswered"


_current: Final[ContextVar[InteractionRecord | None]] = ContextVar("record", default=None)
_under_way: Final[dict[InteractionRecord, asyncio.Task[Any]]] = {}


def track_interaction(interaction: discord.Interaction[Any], name: str | None = None) -> None:
    """Watch what the running task does for `interaction`; commands are named after themselves."""
    task = asyncio.current_task()
    if task is not None:
        record = InteractionRecord(interaction, name)
        _current.set(record)
        _under_way[record] = task
        task.add_done_callback(record.end)


def record_source(origin: Origin) -> None:
    """Note where a part of the answer came from."""
    count_found(origin)
    record = _current.get()
    if record is not None and _FARTHEST.index(origin) > _FARTHEST.index(record.origin):
        record.origin = origin


def record_error(error: Exception, reference: str | None = None) -> None:
    """Note what the interaction ended in, and under which reference more stands in the log."""
    record = _current.get()
    if record is not None:
        record.outcome = type(error).__name__
        record.reference = record.reference or reference


def other_tasks(*, member_id: int | None = None, guild_id: int | None = None) -> set[asyncio.Task[Any]]:
    """What is done for the member, or in the guild, right now; but for what is done by the same button."""
    own = _current.get()
    return {
        task
        for record, task in _under_way.items()
        if record.is_of(member_id=member_id, guild_id=guild_id) and (own is None or record.name != own.name)
    }


def tasks_under_way() -> set[asyncio.Task[Any]]:
    """The tasks of all interactions that are being answered right now."""
    return set(_under_way.values())


def record_first_response() -> None:
    """Note that Discord has taken an answer; call it in the task that gave it."""
    record = _current.get()
    if record is not None:
        record.record_first()

"""One record for each interaction, from its start to its end: a line in the log, and its metrics.

discord.py runs each interaction in its own task and calls an `interaction_check` there first: the command
tree's, a component's or a view's. Those call `track_interaction`; the end of the task ends the record.
"""

import asyncio
import logging
import time
from contextvars import ContextVar
from typing import Any, Final

import discord

from bot.telemetry.metrics import Origin, count_interaction, count_lookup

_ORIGINS_BY_RANK: Final[tuple[Origin | None, ...]] = (None, "memory", "stored", "asked", "stale", "tracks")
"""An answer made of several windows is labelled with the last of their origins in this order."""

_log = logging.getLogger(__name__)


class InteractionRecord:
    """One interaction. `str` gives its line in a text log, `fields` its fields in a JSON log."""

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
        """The command or the component's class; only names from our code, so that their number is bounded."""
        if self._name is not None:
            return self._name
        command = None if self._interaction is None else self._interaction.command
        return "unknown" if command is None else f"/{command.qualified_name}"

    def belongs_to(self, *, member_id: int | None, guild_id: int | None) -> bool:
        """True if the member caused it, and it is in the guild; None stands for any."""
        asked = self._interaction
        return asked is not None and member_id in {None, asked.user.id} and guild_id in {None, asked.guild_id}

    @property
    def fields(self) -> dict[str, object]:
        fields = {
            "interaction": self.kind,
            "command": self.name,
            "outcome": self.outcome,
            "seconds": round(self.seconds, 4),
            "first_seconds": None if self.first_seconds is None else round(self.first_seconds, 4),
            "origin": self.origin,
            "reference": self.reference,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def __str__(self) -> str:
        name = f"{self.name} (autocomplete)" if self.kind == "autocomplete" else self.name
        parts = [f"{name}: {self.outcome} in {self.seconds * 1000:.0f} ms"]
        if self.first_seconds is not None:
            parts.append(f"first response after {self.first_seconds * 1000:.0f} ms")
        if self.origin is not None:
            parts.append(f"origin {self.origin}")
        if self.reference is not None:
            parts.append(f"reference {self.reference}")
        return ", ".join(parts)

    def record_first_response(self) -> None:
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
        self._interaction = None  # the log may keep the record for long, and must not keep the member with it
        count_interaction(self.kind, self.name, self.outcome, self.seconds, self.first_seconds)
        _log.info(self)

    def _silent_outcome(self, task: "asyncio.Task[Any]") -> str:
        """The outcome of a task that recorded no error."""
        if task.cancelled():
            return "cancelled"
        is_answered = self._interaction is not None and self._interaction.response.is_done()
        return "answered" if is_answered else "unanswered"


_current: Final[ContextVar[InteractionRecord | None]] = ContextVar("record", default=None)
_under_way: Final[dict[InteractionRecord, asyncio.Task[Any]]] = {}


def track_interaction(interaction: discord.Interaction[Any], name: str | None = None) -> None:
    """Record what the current task does for `interaction`; without `name` the record has the command's."""
    task = asyncio.current_task()
    if task is not None:
        record = InteractionRecord(interaction, name)
        _current.set(record)
        _under_way[record] = task
        task.add_done_callback(record.end)


def record_source(origin: Origin) -> None:
    """Record the source of one window of the answer."""
    count_lookup(origin)
    record = _current.get()
    if record is not None and _ORIGINS_BY_RANK.index(origin) > _ORIGINS_BY_RANK.index(record.origin):
        record.origin = origin


def record_error(error: Exception, reference: str | None = None) -> None:
    """Record the error that ended the interaction, and the reference of its traceback in the log."""
    record = _current.get()
    if record is not None:
        record.outcome = type(error).__name__
        record.reference = record.reference or reference


def record_cancellation() -> None:
    """Record that the interaction's task was cancelled: discord.py's event tasks end as if they were not."""
    record = _current.get()
    if record is not None:
        record.outcome = "cancelled"


def other_tasks(*, member_id: int | None = None, guild_id: int | None = None) -> set[asyncio.Task[Any]]:
    """The tasks under way for the member, or in the guild, except those of the current task's component."""
    own = _current.get()
    return {
        task
        for record, task in _under_way.items()
        if record.belongs_to(member_id=member_id, guild_id=guild_id)
        and (own is None or record.name != own.name)
    }


def tasks_under_way() -> set[asyncio.Task[Any]]:
    """The tasks of all interactions that are being answered right now."""
    return set(_under_way.values())


def record_first_response() -> None:
    """Record that Discord accepted a response; call it in the task that sent the response."""
    record = _current.get()
    if record is not None:
        record.record_first_response()

"""Checks at import that the private parts of libraries that the bot uses are still there."""

import inspect
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any, NamedTuple

from bot.errors import OperatorError


class PrivateUse(NamedTuple):
    """One private or undocumented part of a library, and what the bot uses it for."""

    owner: Any
    """The class or module that has it."""
    name: str
    purpose: str
    parameters: frozenset[str] = frozenset()
    """Parameters that it must take by name."""
    sets: frozenset[str] = frozenset()
    """Attributes that it must set on an instance, as no class shows them."""

    def __str__(self) -> str:
        return f"{self.owner.__name__}.{self.name} ({self.purpose})"

    def missing(self) -> list[str]:
        """One phrase for each part that is gone."""
        found = inspect.getattr_static(self.owner, self.name, None)
        if found is None:
            return [str(self)]
        function = inspect.unwrap(getattr(found, "__func__", found))
        parameters = self.parameters - set(inspect.signature(function).parameters if self.parameters else ())
        attributes = self.sets - set(function.__code__.co_names if self.sets else ())
        return [
            *(f"{self}: its parameter {each}" for each in sorted(parameters)),
            *(f"{self}: its attribute {each}" for each in sorted(attributes)),
        ]


def verify(library: str, checked_version: str, uses: Iterable[PrivateUse]) -> None:
    """Raises OperatorError if the installed `library` lacks any of `uses`.

    `checked_version` is the release for which all of them were looked up in its source.
    """
    if gone := [each for use in uses for each in use.missing()]:
        raise OperatorError(
            f"Needledrop can't run with {library} {version(library)}, which lacks {'; '.join(gone)}. "
            f"Install {library} {checked_version}, the version that it was checked with."
        )

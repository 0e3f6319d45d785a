"""What Discord is told of our commands, and what is new in it."""

import hashlib
from collections.abc import Iterable
from typing import Any, Final, TypeAlias

import msgspec
from discord import app_commands

CommandPayload: TypeAlias = dict[str, Any]

_COMPARED: Final = frozenset(
    """
    name description type options default_member_permissions contexts integration_types nsfw
    required choices value autocomplete channel_types min_value max_value min_length max_length
    """.split()  # noqa: SIM905 (words, as a list of strings, would be four times as long)
)
"""Of commands and their options; Discord adds more of its own."""


def told(tree: app_commands.CommandTree[Any]) -> list[CommandPayload]:
    """Every command, as a sync tells Discord of it."""
    return [command.to_dict(tree) for command in tree.get_commands()]


def digest(commands: Iterable[CommandPayload]) -> bytes:
    """The same as long as there is nothing new to tell."""
    return hashlib.sha256(msgspec.json.encode(list(commands), order="sorted")).digest()


def changes(ours: Iterable[CommandPayload], known: Iterable[CommandPayload]) -> list[str]:
    """What a sync would change of what Discord knows: +new, -gone and ~changed commands."""
    wanted = {command["name"]: _plain(command) for command in ours}
    present = {command["name"]: _plain(command) for command in known}
    return [
        *(f"+{name}" for name in wanted if name not in present),
        *(f"-{name}" for name in present if name not in wanted),
        *(f"~{name}" for name in wanted if name in present and wanted[name] != present[name]),
    ]


def _plain(value: Any) -> Any:
    """Without what is only a default; numbers as text, since Discord gives some of them back so."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return str(value)
    return {
        name: _plain(each)
        for name, each in value.items()
        if name in _COMPARED and each is not None and each is not False and each != []
    }

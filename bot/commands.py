"""What Discord is told of our commands, and what is new in it."""

import hashlib
from collections.abc import Iterable
from typing import Any, Final, TypeAlias

import msgspec
from discord import app_commands

Told: TypeAlias = dict[str, Any]

_DISCORDS_OWN: Final = frozenset({"id", "application_id", "nsfw"})


def told(tree: app_commands.CommandTree[Any]) -> list[Told]:
    """Every command, as a sync tells Discord of it."""
    return [command.to_dict(tree) for command in tree.get_commands()]


def digest(commands: Iterable[Told]) -> bytes:
    """The same as long as there is nothing new to tell."""
    return hashlib.sha256(msgspec.json.encode(list(commands), order="sorted")).digest()


def changes(ours: Iterable[Told], known: Iterable[app_commands.AppCommand]) -> list[str]:
    """What a sync would change of what Discord knows: +new, -gone and ~changed commands."""
    wanted = {command["name"]: _plain(command) for command in ours}
    present = {command.name: _plain(_told_before(command)) for command in known}
    return [
        *(f"+{name}" for name in wanted if name not in present),
        *(f"-{name}" for name in present if name not in wanted),
        *(f"~{name}" for name in wanted if name in present and wanted[name] != present[name]),
    ]


def _told_before(command: app_commands.AppCommand) -> Told:
    permissions = command.default_member_permissions
    return {
        **command.to_dict(),
        "default_member_permissions": None if permissions is None else permissions.value,
    }


def _plain(value: Any) -> Any:
    """Without what is only a default, and without what Discord adds of its own."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    plain = {name: _plain(each) for name, each in value.items() if name not in _DISCORDS_OWN}
    return {name: each for name, each in plain.items() if each not in (None, False, [], {})}

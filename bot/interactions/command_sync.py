"""Command sync: the payload of all commands, its digest, and what a sync would change."""

import hashlib
import logging
from collections.abc import Iterable
from typing import Any, Final, Protocol, TypeAlias

import discord
import msgspec
from discord import app_commands

CommandPayload: TypeAlias = dict[str, Any]

_COMPARED: Final = frozenset(
    """
    name description type options default_member_permissions nsfw
    required choices value autocomplete channel_types min_value max_value min_length max_length
    """.split()  # noqa: SIM905 (words, as a list of strings, would be four times as long)
)
"""Fields of commands and options that are compared; Discord adds others.

`contexts` and `integration_types` are not among them: discord.py 2.7.1 misreads them in `fetch_commands`.
"""

_log = logging.getLogger(__name__)


class DigestStore(Protocol):
    """Remembers the digest of the last sync, by the id of the application."""

    async def get(self, application_id: int) -> bytes | None: ...

    async def put(self, application_id: int, digest: bytes) -> None: ...


async def sync_if_changed(
    tree: app_commands.CommandTree[Any], application_id: int, synced: DigestStore
) -> None:
    """Sync the commands, unless they are those of the last sync. A failure is logged.

    Discord limits how often commands may be written, and shows rewritten ones late.
    """
    commands = payloads(tree)
    if await synced.get(application_id) == digest(commands):
        return
    try:
        await tree.sync()
    except discord.HTTPException as error:
        _log.error("The commands could not be synced, so members see the earlier ones: %s", error)
        return
    await synced.put(application_id, digest(commands))
    _log.info("Synced %d commands with Discord", len(commands))


def payloads(tree: app_commands.CommandTree[Any]) -> list[CommandPayload]:
    """The payload that a sync sends, a dict for each command."""
    return [command.to_dict(tree) for command in tree.get_commands()]


def digest(commands: Iterable[CommandPayload]) -> bytes:
    """A SHA-256 over the payloads: Discord needs a sync if it has changed."""
    return hashlib.sha256(msgspec.json.encode(list(commands), order="sorted")).digest()


def list_changes(ours: Iterable[CommandPayload], registered: Iterable[CommandPayload]) -> list[str]:
    """The commands that a sync would add (+name), remove (-name) and change (~name)."""
    wanted = {command["name"]: _plain(command) for command in ours}
    present = {command["name"]: _plain(command) for command in registered}
    return [
        *(f"+{name}" for name in wanted if name not in present),
        *(f"-{name}" for name in present if name not in wanted),
        *(f"~{name}" for name in wanted if name in present and wanted[name] != present[name]),
    ]


def _plain(value: Any) -> Any:
    """`value` without defaults, and with numbers as text, since Discord returns some of them so."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return str(value)
    return {
        name: _plain(each)
        for name, each in value.items()
        if name in _COMPARED and each is not None and each is not False and each != []
    }


async def fetch_payloads(tree: app_commands.CommandTree[Any]) -> list[CommandPayload]:
    """The commands that Discord has registered, as payloads that can be compared with ours."""
    return [_payload(command) for command in await tree.fetch_commands()]


def _payload(command: app_commands.AppCommand) -> CommandPayload:
    permissions = command.default_member_permissions
    return {
        "name": command.name,
        "description": command.description,
        "type": command.type.value,
        "nsfw": command.nsfw,
        "default_member_permissions": None if permissions is None else permissions.value,
        "options": [_option_payload(option) for option in command.options],
    }


def _option_payload(option: app_commands.Argument | app_commands.AppCommandGroup) -> CommandPayload:
    payload = {"name": option.name, "description": option.description, "type": option.type.value}
    if isinstance(option, app_commands.AppCommandGroup):
        return payload | {"options": [_option_payload(each) for each in option.options]}
    return payload | {
        "required": option.required,
        "autocomplete": option.autocomplete,
        "choices": [{"name": each.name, "value": each.value} for each in option.choices],
        "channel_types": [each.value for each in option.channel_types],
        "min_value": option.min_value,
        "max_value": option.max_value,
        "min_length": option.min_length,
        "max_length": option.max_length,
    }

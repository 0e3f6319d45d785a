"""Members' actions, and the messages that they see."""

from typing import Any

import simcord
from simcord import InteractionResult, ResponseMessage

from tests.support.world import World


def shown(result: InteractionResult) -> ResponseMessage:
    assert result.response is not None
    return result.response


def private_reply(result: InteractionResult) -> ResponseMessage:
    """The reply to one member: the first follow-up of a deferred response, else the response."""
    return result.followups[0] if result.followups else shown(result)


def titles(message: Any) -> list[str]:
    return [embed.title for embed in message.embeds]


def button(message: Any, label: str) -> str:
    """The custom id of the enabled button with that label. Raises StopIteration if there is none."""
    buttons = [button for row in message.components for button in _children(row) if "label" in button]
    return str(next(b["custom_id"] for b in buttons if b["label"] == label and not b.get("disabled")))


def labels(message: Any) -> list[tuple[str, bool]]:
    """The label of each button, and True if it is enabled."""
    return [
        (b["label"], not b.get("disabled"))
        for row in message.components
        for b in _children(row)
        if b["type"] == 2
    ]


def _children(row: Any) -> list[Any]:
    return list(row["components"])


async def press(who: simcord.MemberActor, message: ResponseMessage, label: str) -> InteractionResult:
    return await who.click(message.message, custom_id=button(message, label))


async def forged_press(
    world: World, who: simcord.MemberActor, message: ResponseMessage, custom_id: str
) -> InteractionResult:
    """Press a button after its custom id was replaced by another."""
    stored = world.env.backend.get_message(message.channel_id, message.id)
    stored.components[0]["components"][1]["custom_id"] = custom_id
    return await who.click(message.message, custom_id=custom_id)


async def choose(
    who: simcord.MemberActor, message: ResponseMessage, kind: str, *values: str
) -> InteractionResult:
    """Choose `values` in the menu whose custom id begins with `kind`."""
    menus = [menu for row in message.components for menu in _children(row) if "options" in menu]
    menu = next(menu for menu in menus if menu["custom_id"].startswith(f"{kind}:"))
    return await who.select(message.message, values, custom_id=menu["custom_id"])


def options(message: Any, kind: str) -> list[str]:
    """The values of the menu whose custom id begins with `kind`; empty without such a menu."""
    menus = [menu for row in message.components for menu in _children(row) if "options" in menu]
    found = [menu for menu in menus if menu["custom_id"].startswith(f"{kind}:")]
    return [option["value"] for menu in found for option in menu["options"]]

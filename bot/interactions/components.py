"""What our buttons and menus have in common: ids that outlive a restart, and an answer to every error."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Final, Self, TypeAlias, TypeVar

import discord
from discord import ui

from bot.interactions.client import Interaction
from bot.interactions.error_replies import reply_to_error
from bot.telemetry.interactions import track_interaction

_Item = TypeVar("_Item", bound=ui.Item[Any])

_FORM_SECONDS: Final = 60 * 60.0


class PersistentItem(ui.DynamicItem[_Item], template=r"(?!)"):
    """A button or menu whose custom id holds all that it needs, so that it works after a restart.

    `answer_press` finds it by its id alone. The id is input: `pressed` takes the guild, the channel and the
    member from the interaction.
    """

    pattern: ClassVar[re.Pattern[str]]
    chosen: Sequence[str] = ()
    """The values chosen in a menu."""

    def __init_subclass__(cls, *, template: str) -> None:
        super().__init_subclass__(template=template)
        cls.pattern = re.compile(template)

    async def respond(self, interaction: Interaction) -> None:
        """Respond to a press. Every error becomes a reply."""
        track_interaction(interaction, type(self).__name__)
        self.chosen = press_data(interaction).get("values", ())
        try:
            await self.pressed(interaction)
        except Exception as error:  # noqa: BLE001 (an event handler's errors are only logged, without a reply)
            await reply_to_error(interaction, error)

    async def pressed(self, interaction: Interaction) -> None:
        """Answer the press. Whatever is raised becomes a reply."""
        raise NotImplementedError


class PersistentView(ui.View):
    """A layout of persistent items. It is stopped, so that discord.py doesn't keep it and dispatch to it."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.stop()


class TemporaryView(ui.View):
    """What can be pressed for as long as the process lives; for what no custom id could say."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        track_interaction(interaction, type(self).__name__)
        return True

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, _: ui.Item[Any], /
    ) -> None:
        await reply_to_error(interaction, error)


class TargetButton(PersistentItem[ui.Button[Any]], template=r"(?!)"):
    """A button whose id is its kind and two numbers: what it is about, and which page of it."""

    kind: ClassVar[str]

    def __init__(
        self,
        number: int,
        page: int,
        *,
        label: str = "",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
        row: int | None = None,
    ) -> None:
        self.number = number
        self.page = page
        custom_id = f"{self.kind}:{number}:{page}"
        super().__init__(ui.Button(label=label, style=style, disabled=disabled, custom_id=custom_id, row=row))

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["number"]), int(match["page"]), label=getattr(item, "label", None) or "")


class TargetMenu(PersistentItem[ui.Select[Any]], template=r"(?!)"):
    """A menu of the same ids; one of its options can be chosen, or any number of them."""

    kind: ClassVar[str]
    words: ClassVar[str]
    takes_several: ClassVar[bool] = False

    def __init__(self, number: int, page: int, options: Sequence[discord.SelectOption] = ()) -> None:
        self.number = number
        self.page = page
        most = max(1, len(options)) if self.takes_several else 1
        custom_id = f"{self.kind}:{number}:{page}"
        super().__init__(
            ui.Select(placeholder=self.words, options=list(options), max_values=most, custom_id=custom_id)
        )

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["number"]), int(match["page"]))


def target_template(kind: str) -> str:
    """The pattern of the ids of a kind of TargetButton or TargetMenu."""
    return rf"{kind}:(?P<number>\d{{1,18}}):(?P<page>[1-9]\d{{0,6}}|0)"


def page_buttons(
    button: Callable[..., ui.Item[Any]], page: int, *, has_next: bool, row: int | None = None
) -> tuple[ui.Item[Any], ui.Item[Any]]:
    """◀ and ▶ around `page`. `button` takes a page's number, and `label`, `disabled` and `row`."""
    return (
        button(page - 1, label="◀", disabled=page == 1, row=row),
        button(page + 1, label="▶", disabled=not has_next, row=row),
    )


class BaseModal(ui.Modal):
    """A form that a member fills in. It lives as long as the process, an hour at most.

    Its id is among the client's `open_modals` for so long: whatever else comes in can be told apart.
    """

    def __init__(self, interaction: Interaction, title: str) -> None:
        super().__init__(title=title, timeout=_FORM_SECONDS)
        self._open_modals: set[str] = interaction.client.open_modals
        self._open_modals.add(self.custom_id)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        track_interaction(interaction, type(self).__name__)
        return True

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        try:
            await self.submitted(interaction)
        finally:
            self._open_modals.discard(self.custom_id)

    async def submitted(self, interaction: Interaction) -> None:
        """Answer what was filled in. Whatever is raised becomes a reply."""
        raise NotImplementedError

    async def on_error(  # type: ignore[override]  # discord.py leaves the item out for forms
        self, interaction: Interaction, error: Exception, /
    ) -> None:
        await reply_to_error(interaction, error)

    async def on_timeout(self) -> None:
        self._open_modals.discard(self.custom_id)


PersistentItemType: TypeAlias = type[PersistentItem[Any]]


async def answer_press(kinds: Iterable[PersistentItemType], interaction: Interaction) -> bool:
    """Answer a press of one of `kinds`. True if its custom id belongs to one of them."""
    custom_id = str(press_data(interaction).get("custom_id"))
    for kind in kinds:
        if match := kind.pattern.fullmatch(custom_id):
            item = await kind.from_custom_id(interaction, ui.Button(), match)
            await item.respond(interaction)
            return True
    return False


def press_data(interaction: Interaction) -> Any:
    """The payload of a press or a modal: `custom_id`, and the `values` chosen in a menu."""
    return interaction.data or {}

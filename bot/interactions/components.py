"""Components: buttons and menus that survive a restart, and modals; all are recorded and answer errors."""

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Final, Self, TypeAlias

import discord
from discord import ui

from bot.interactions.error_replies import reply_to_error
from bot.interactions.services import Interaction
from bot.telemetry.interactions import record_cancellation, track_interaction

_MODAL_SECONDS: Final = 60 * 60.0


class PersistentItem:
    """Mixin for a button or menu whose custom id holds all that it needs, so that it works after a restart.

    `answer_press` finds the class by the custom id. The id is input: `respond` takes the guild, the channel
    and the member from the interaction.
    """

    pattern: ClassVar[re.Pattern[str]]
    """Matches the whole custom id; its groups are what `from_match` needs."""
    chosen: Sequence[str] = ()
    """The values chosen in a menu."""

    def __init_subclass__(cls, *, template: str | None = None, **options: Any) -> None:
        super().__init_subclass__(**options)
        if template is not None:
            cls.pattern = re.compile(template)

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """The item that a custom id stands for."""
        raise NotImplementedError

    async def respond(self, interaction: Interaction) -> None:
        """Respond to a press. Every exception becomes a reply."""
        raise NotImplementedError


PersistentItemType: TypeAlias = type[PersistentItem]


async def answer_press(kinds: Iterable[PersistentItemType], interaction: Interaction) -> bool:
    """Answer a press of one of `kinds`. False if its custom id belongs to none of them."""
    data = interaction_data(interaction)
    for kind in kinds:
        if match := kind.pattern.fullmatch(str(data.get("custom_id"))):
            track_interaction(interaction, kind.__name__)
            try:
                item = kind.from_match(match)
                item.chosen = data.get("values", ())
                await item.respond(interaction)
            except asyncio.CancelledError:
                record_cancellation()
                raise
            except Exception as error:  # noqa: BLE001 (an event handler's errors are only logged, without a reply)
                await reply_to_error(interaction, error)
            return True
    return False


def interaction_data(interaction: Interaction) -> Any:
    """The payload: of a press its `custom_id` and the `values` chosen, of a modal its `custom_id`."""
    return interaction.data or {}


class PersistentView(ui.View):
    """A layout of persistent items. It is stopped, so that discord.py doesn't keep it and dispatch to it."""

    def __init__(self, *items: ui.Item[Any]) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)
        self.stop()


class TemporaryView(ui.View):
    """A view whose buttons work as long as the process lives, for what no custom id can hold."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        track_interaction(interaction, type(self).__name__)
        return True

    async def on_error(
        self, interaction: discord.Interaction[Any], error: Exception, _: ui.Item[Any], /
    ) -> None:
        await reply_to_error(interaction, error)


class TargetButton(PersistentItem, ui.Button[Any]):
    """A button whose custom id is `KIND:TARGET_ID:PAGE`."""

    kind: ClassVar[str]

    def __init_subclass__(cls, *, kind: str) -> None:
        super().__init_subclass__(template=_target_template(kind))
        cls.kind = kind

    def __init__(
        self,
        target_id: int,
        page: int,
        *,
        label: str = "",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
        row: int | None = None,
    ) -> None:
        self.target_id = target_id
        self.page = page
        custom_id = f"{self.kind}:{target_id}:{page}"
        super().__init__(label=label, style=style, disabled=disabled, custom_id=custom_id, row=row)

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        return cls(int(match["target_id"]), int(match["page"]))


class TargetMenu(PersistentItem, ui.Select[Any]):
    """A menu with a custom id like a TargetButton's. One option can be chosen, or several with `multiple`."""

    kind: ClassVar[str]
    text: ClassVar[str]
    """The placeholder."""
    multiple: ClassVar[bool] = False

    def __init_subclass__(cls, *, kind: str) -> None:
        super().__init_subclass__(template=_target_template(kind))
        cls.kind = kind

    def __init__(self, target_id: int, page: int, options: Sequence[discord.SelectOption] = ()) -> None:
        self.target_id = target_id
        self.page = page
        super().__init__(
            placeholder=self.text,
            options=list(options),
            max_values=max(1, len(options)) if self.multiple else 1,
            custom_id=f"{self.kind}:{target_id}:{page}",
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        return cls(int(match["target_id"]), int(match["page"]))


def _target_template(kind: str) -> str:
    return rf"{kind}:(?P<target_id>\d{{1,18}}):(?P<page>[1-9]\d{{0,6}}|0)"


def page_buttons(
    button: Callable[..., ui.Item[Any]], page: int, *, has_next: bool, row: int | None = None
) -> tuple[ui.Item[Any], ui.Item[Any]]:
    """◀ and ▶ around `page`. `button` takes a page's number, and `label`, `disabled` and `row`."""
    return (
        button(page - 1, label="◀", disabled=page == 1, row=row),
        button(page + 1, label="▶", disabled=not has_next, row=row),
    )


class BaseModal(ui.Modal):
    """A modal, which lives as long as the process and an hour at most.

    While it is open, its custom id is in the client's `open_modals`: any other modal is out of date.
    """

    def __init__(self, interaction: Interaction, title: str) -> None:
        super().__init__(title=title, timeout=_MODAL_SECONDS)
        self._open_modals = interaction.client.open_modals
        self._open_modals.add(self.custom_id)

    async def open(self, interaction: Interaction) -> None:
        """Show the modal as the response. Raises DISCORD_ERRORS."""
        try:
            await interaction.response.send_modal(self)
        except BaseException:
            self._open_modals.discard(self.custom_id)
            raise

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        track_interaction(interaction, type(self).__name__)
        return True

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        try:
            await self.respond(interaction)
        finally:
            self._open_modals.discard(self.custom_id)

    async def respond(self, interaction: Interaction) -> None:
        """Respond to what was submitted. Every exception becomes a reply."""
        raise NotImplementedError

    async def on_error(  # type: ignore[override]  # discord.py passes no item for modals
        self, interaction: Interaction, error: Exception, /
    ) -> None:
        await reply_to_error(interaction, error)

    async def on_timeout(self) -> None:
        self._open_modals.discard(self.custom_id)

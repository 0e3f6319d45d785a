"""Components: a press is answered once, a modal is known as long as it is open."""

import gc
import weakref

import discord

from bot.interactions.components import page_buttons
from bot.search.components import PageButton
from tests.support.members import choose, press, shown, titles
from tests.support.shortlists import collect_tracks, open_ballot, post_ranking
from tests.support.world import World


async def test_one_press_is_one_response(world: World) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    sent = len(world.sent())
    turned = shown(await press(world.noor, answer, "▶"))
    await world.env.advance_time(5)

    assert titles(turned) == [f"Track {number}" for number in range(5, 10)]
    assert [request.path.rpartition("/")[2] for request in world.sent()[sent:]] == ["callback"]


async def test_a_press_in_a_thread_is_answered(world: World) -> None:
    world.env.backend.create_thread(world.channel.id, "a thread", world.mika.id)
    (thread,) = world.channel.threads
    answer = shown(await world.mika.slash(thread, "music", query="calm"))

    assert titles(shown(await press(world.noor, answer, "▶")))[0] == "Track 5"


async def test_several_values_of_a_menu_arrive(world: World) -> None:
    await collect_tracks(world, "1000", "1003", "1004")

    assert "3 tracks" in (await post_ranking(world)).content


async def test_discord_py_keeps_no_view_of_persistent_items(world: World) -> None:
    views: list[weakref.ref[discord.ui.View]] = []
    make = discord.ui.View.__init__

    def remember(self: discord.ui.View, **options: float | None) -> None:
        make(self, **options)
        views.append(weakref.ref(self))

    discord.ui.View.__init__ = remember  # type: ignore[method-assign]
    try:
        answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
        await press(world.noor, answer, "▶")
        await world.mika.slash(world.channel, "privacy")
    finally:
        discord.ui.View.__init__ = make  # type: ignore[method-assign]
    gc.collect()

    assert len(views) == 3
    assert [view for view in views if view() is not None] == []


async def test_an_open_modal_is_known_until_it_is_submitted(world: World) -> None:
    answer = shown(await world.mika.slash(world.channel, "music", query="calm"))
    form = await choose(world.mika, answer, "add", "1000")
    known = len(world.bot.open_modals)
    await world.mika.submit_modal(form, {"name": "Boss fight"})

    assert (known, len(world.bot.open_modals)) == (1, 0)


async def test_a_modal_that_discord_refuses_is_not_known_as_open(world: World) -> None:
    await collect_tracks(world)
    ballot = await open_ballot(world.mika, await post_ranking(world), "1000")
    world.env.inject_error("POST", "/interactions/*/*/callback", status=500, message="injected")
    await press(world.mika, ballot, "Note …")

    assert world.bot.open_modals == set()


def test_the_first_and_the_last_page_have_a_disabled_button() -> None:
    def states(page: int, *, has_next: bool) -> list[tuple[str | None, bool]]:
        buttons = page_buttons(
            lambda number, **options: PageButton(7, number, **options), page, has_next=has_next
        )
        return [(button.custom_id, button.disabled) for button in buttons if isinstance(button, PageButton)]

    assert states(1, has_next=True) == [("page:7:0", True), ("page:7:2", False)]
    assert states(2, has_next=False) == [("page:7:1", False), ("page:7:3", True)]

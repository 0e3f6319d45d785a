"""Buttons under the lists of rules."""

import logging

import pytest

from tests.support.filters import (
    filters,
    import_file,
    moderator_elsewhere,
    music,
    refusal,
    rules_file,
    rules_of,
)
from tests.support.members import forged_press, labels, press, shown
from tests.support.world import World


async def test_each_listed_rule_has_a_button_that_removes_it_also_after_a_restart(world: World) -> None:
    await filters(world, "block", genre="Rock", artist="Drake")
    await filters(world, "length", max="5:00", channel=world.channel)
    message = await filters(world, "show")
    assert message.ephemeral
    rock = "The genre **Rock** is hidden in this server."
    drake = "The artist **Drake** is hidden in this server."
    length = f"Only tracks of up to **5:00** are shown in <#{world.channel.id}>."
    assert rules_of(message) == [rock, drake, length]
    await press(world.sam, message, "✕ 2")
    assert rules_of(message) == [rock, length]
    assert message.content == "I removed the rule that hid the artist **Drake** in this server."
    await world.restart()
    await press(world.sam, message, "✕ 1")
    await press(world.sam, message, "✕ 1")

    assert message.content.endswith(
        "There are no filters here: every track is shown. `/filters block` hides a genre, an artist or words."
    )
    assert message.embeds == []
    assert message.components == []


async def test_rules_are_paged_and_removing_the_last_page_shows_the_one_before(world: World) -> None:
    for number in range(23):
        await filters(world, "block", word=f"word {number}")
    message = await filters(world, "show")
    assert len(rules_of(message)) == 20
    await press(world.sam, message, "▶")
    assert (
        rules_of(message)[-1]
        == "Tracks with **word 22** in their title, artist or album are hidden in this server."
    )
    for place in (23, 22, 21):
        await press(world.sam, message, f"✕ {place}")

    assert len(rules_of(message)) == 20


async def test_reset_is_confirmed_and_refused_if_the_rules_changed_since(world: World) -> None:
    await filters(world, "block", genre="Rock", artist="Drake")
    message = await filters(world, "reset")
    listed = (
        "- The genre **Rock** is hidden in this server.\n- The artist **Drake** is hidden in this server."
    )
    assert message.embeds[0].description == listed
    assert rules_of(await filters(world, "show"))
    await filters(world, "block", word="later")
    pressed = await press(world.sam, message, "Remove all 2 rules")
    words = await refusal(world, pressed, is_press=True)
    assert words == "The rules have changed since you looked. Please run `/filters reset` again."
    message = await filters(world, "reset")
    await press(world.sam, message, "Remove all 3 rules")

    assert message.content == "All 3 rules are removed. Every track is shown again."
    assert rules_of(await filters(world, "show")) == []


async def test_forged_press_by_a_member_is_refused_and_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await filters(world, "block", genre="Rock")
    message = await music(world)
    for custom_id in ("unrule:1:1", "rules:0:1", "rule-changes:0:1", "reset-rules:1:0"):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            result = await forged_press(world, world.mika, message, custom_id)
        assert "Only moderators can do this" in await refusal(world, result, is_press=True)
        assert "refused to a member who is no moderator" in caplog.text

    assert rules_of(await filters(world, "show")) == ["The genre **Rock** is hidden in this server."]


async def test_button_with_the_id_of_another_guilds_rule_removes_nothing(world: World) -> None:
    await filters(world, "block", genre="Rock")
    there, channel = await moderator_elsewhere(world)
    await there.slash(channel, "filters block", genre="Pop")
    message = shown(await there.slash(channel, "filters show"))
    stored = world.env.backend.get_message(message.channel_id, message.id)
    stored.components[0]["components"][0]["custom_id"] = "unrule:1:1"
    answer = shown(await there.click(message.message, custom_id="unrule:1:1"))

    assert answer.content == "That rule is already removed."
    assert rules_of(answer) == ["The genre **Pop** is hidden in this server."]
    assert rules_of(await filters(world, "show")) == ["The genre **Rock** is hidden in this server."]


async def test_button_of_a_rule_removed_meanwhile_says_so_and_shows_the_others(world: World) -> None:
    await filters(world, "block", genre="Rock", artist="Drake")
    message = await filters(world, "show")
    await filters(world, "remove", rule="Drake")
    await press(world.sam, message, "✕ 2")

    assert message.content == "That rule is already removed."
    assert rules_of(message) == ["The genre **Rock** is hidden in this server."]


async def test_reset_of_one_rule_has_a_label_and_a_reply_in_the_singular(world: World) -> None:
    await filters(world, "block", genre="Rock")
    message = await filters(world, "reset")
    await press(world.sam, message, "Remove the one rule")

    assert message.content == "The one rule is removed. Every track is shown again."
    assert message.embeds == []
    assert message.components == []


async def test_twenty_rules_have_no_page_buttons_and_twenty_one_have(world: World) -> None:
    rules = [{"rule": "block word", "text": f"word {number}"} for number in range(20)]
    await import_file(world, rules_file(rules))
    one_page = labels(await filters(world, "show"))
    await filters(world, "block", word="one more")
    first_page = labels(await filters(world, "show"))

    assert one_page == [(f"✕ {number}", True) for number in range(1, 21)]
    assert first_page == [*one_page, ("◀", False), ("▶", True)]


async def test_ten_changes_have_no_page_buttons_and_eleven_have(world: World) -> None:
    rules = [{"rule": "block word", "text": f"word {number}"} for number in range(10)]
    await import_file(world, rules_file(rules))
    assert labels(await filters(world, "history")) == []
    await filters(world, "block", word="one more")

    assert labels(await filters(world, "history")) == [("◀", False), ("▶", True)]


async def test_history_button_with_page_zero_shows_the_first_page(world: World) -> None:
    rules = [{"rule": "block word", "text": f"word {number}"} for number in range(11)]
    await import_file(world, rules_file(rules))
    message = await filters(world, "show")
    await forged_press(world, world.sam, message, "rule-changes:0:0")

    assert message.embeds[0].footer.text == "The last 90 days · page 1"
    assert labels(message) == [("◀", False), ("▶", True)]

"""FilterService: what moderators change, and the replies to it."""

import logging
import time

import pytest

from bot.errors import StorageError
from bot.models.rules import Rule
from bot.moderation.service import RULE_HISTORY_SECONDS
from bot.privacy.retention import delete_expired
from tests.support.filters import bot_of, filters, import_file, music, refusal, rules_file, rules_of, text
from tests.support.members import press
from tests.support.shortlists import collect_tracks, post_ranking, tallies
from tests.support.world import Service, World, track


async def test_rules_of_other_channels_are_not_listed_but_their_channels_are_named(world: World) -> None:
    other = world.guild.create_text_channel("other")
    await filters(world, "block", genre="Rock", channel=other)
    message = await filters(world, "show")

    assert rules_of(message) == []
    assert message.content == (
        f"-# These channels have rules of their own: <#{other.id}>.\n"
        "There are no filters here: every track is shown. "
        "`/filters block` hides a genre, an artist or words."
    )


async def test_try_follows_the_rules_of_the_chosen_channel(world: World, service: Service) -> None:
    service.catalogue = [track(0, genre="Rock"), track(1)]
    other = world.guild.create_text_channel("other")
    await filters(world, "block", genre="Rock", channel=other)

    assert f"The genre **Rock** is hidden in <#{other.id}>." in text(
        await filters(world, "try", query="calm", channel=other)
    )
    assert "The genre **Rock** is hidden" not in text(await filters(world, "try", query="calm"))


async def test_history_expires_after_90_days_and_the_rule_stays(world: World) -> None:
    await filters(world, "block", genre="Rock")
    bot = bot_of(world)
    (change,) = await bot.database.rules.list_changes(world.guild.id, since=0, limit=9)
    moments = (change.changed_at, change.changed_at + 0.001)
    seen = [await bot.database.rules.list_changes(world.guild.id, since=since, limit=9) for since in moments]
    assert seen == [[change], []]
    await delete_expired(bot.database, change.changed_at + RULE_HISTORY_SECONDS + 1)

    assert await bot.database.rules.list_changes(world.guild.id, since=0, limit=9) == []
    assert rules_of(await filters(world, "show")) == ["The genre **Rock** is hidden in this server."]


async def test_genre_is_stored_in_the_spelling_of_audioscape_and_an_unknown_one_is_queried(
    world: World,
) -> None:
    await music(world)
    known = await filters(world, "block", genre="lofi")
    assert known.content.startswith("**Lo-Fi** is now hidden in this server.")
    assert "never seen" not in known.content
    unknown = await filters(world, "allow", genre="Jaz")

    assert unknown.content.split("\n")[:2] == [
        "**Jaz** is now on the list of genres allowed in this server. Other genres are hidden.",
        "-# I have never seen the genre **Jaz**. Is that how it is spelled?",
    ]


async def test_rule_501_is_refused_and_a_known_rule_is_not(world: World) -> None:
    bot = bot_of(world)
    rules = [{"rule": "block word", "text": f"word {number}"} for number in range(499)]
    await import_file(world, rules_file(rules))
    await filters(world, "block", word="the 500th")
    words = await refusal(
        world, await world.sam.slash(world.channel, "filters block", word="the 501st", genre="Rock")
    )
    assert "500 rules" in words
    again = await filters(world, "block", word="word 3")

    assert again.content.startswith(
        "That was a rule already: "
        "Tracks with **word 3** in their title, artist or album are hidden in this server.\n"
    )
    assert len((await bot.database.rules.list_with_version(world.guild.id))[1]) == 500


async def test_number_to_remove_is_the_text_of_a_rule_and_not_its_position(world: World) -> None:
    await filters(world, "block", genre="Rock", artist="Drake", word="2")
    await filters(world, "remove", rule="2")
    assert rules_of(await filters(world, "show")) == [
        "The genre **Rock** is hidden in this server.",
        "The artist **Drake** is hidden in this server.",
    ]
    await filters(world, "block", word="drake")
    result = await world.sam.slash(world.channel, "filters remove", rule="DRAKE")

    assert await refusal(world, result) == "Several rules match that. Please choose one from the list."


async def test_length_that_replaces_another_names_both(world: World) -> None:
    await filters(world, "length", max="5:00")
    message = await filters(world, "length", max="4:00")

    assert message.content.split("\n")[0] == (
        "This server now shows only tracks of up to **4:00**. "
        "This replaces an earlier rule: Only tracks of up to **5:00** are shown in this server."
    )


async def test_reply_names_the_new_rule_and_the_one_known_before(world: World) -> None:
    await filters(world, "block", artist="Drake")
    message = await filters(world, "block", artist="DRAKE", word="christmas")

    assert message.content.split("\n")[:2] == [
        "Tracks with **christmas** in their title, artist or album are now hidden in this server.",
        "That was a rule already: The artist **DRAKE** is hidden in this server.",
    ]


async def test_rule_removed_meanwhile_by_another_moderator_is_not_claimed_as_removed(world: World) -> None:
    await filters(world, "block", genre="Rock")
    store = bot_of(world).database.rules
    list_with_version = store.list_with_version

    async def list_then_lose_a_rule(guild_id: int) -> tuple[int, list[Rule]]:
        version, rules = await list_with_version(guild_id)
        await store.remove(guild_id, rules[0].rule_id, member_id=1, now=1)
        return version, rules

    store.list_with_version = list_then_lose_a_rule  # type: ignore[method-assign]
    result = await world.sam.slash(world.channel, "filters remove", rule="Rock")

    assert await refusal(world, result) == "That rule is already removed."


async def test_reset_confirmed_twice_removes_once_and_then_says_that_the_rules_changed(
    world: World,
) -> None:
    await filters(world, "block", genre="Rock")
    first, second = [await filters(world, "reset") for _ in range(2)]
    await press(world.sam, first, "Remove the one rule")
    pressed = await press(world.sam, second, "Remove the one rule")

    assert "have changed since you looked" in await refusal(world, pressed, is_press=True)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        (
            "remove",
            {"rule": "nonsense"},
            "I found no such rule. `/filters show` lists the rules in force here.",
        ),
        ("reset", {}, "There are no filters in this server, so there is nothing to remove."),
        ("copy", {}, "There are no filters in this server, so there is nothing to copy."),
    ],
)
async def test_command_about_rules_that_do_not_exist_is_refused(
    world: World, name: str, options: dict[str, str], words: str
) -> None:
    assert await refusal(world, await world.sam.slash(world.channel, f"filters {name}", **options)) == words


async def test_many_channels_with_rules_are_named_in_part(world: World) -> None:
    store = bot_of(world).database.rules
    made = [(Rule("block word", "a", channel_id), "a") for channel_id in range(101, 132)]
    await store.add(world.guild.id, made[:30], member_id=1, now=1, limit=500)
    thirty = (await filters(world, "show")).content.split("\n")[0]
    await store.add(world.guild.id, made, member_id=1, now=1, limit=500)
    thirty_one = (await filters(world, "show")).content.split("\n")[0]

    named = ", ".join(f"<#{channel_id}>" for channel_id in range(101, 131))
    assert thirty == f"-# These channels have rules of their own: {named}."
    assert thirty_one == f"-# More than 30 channels have rules of their own, among them {named}."


async def test_try_of_a_search_that_can_find_nothing_is_refused_and_not_sent(
    world: World, service: Service
) -> None:
    await filters(world, "allow", genre="Jazz")
    await filters(world, "block", genre="Jazz")
    result = await world.sam.slash(world.channel, "filters try", query="calm")

    assert "nothing is left to show" in await refusal(world, result)
    assert service.requests == []


async def test_history_shows_only_the_last_90_days(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await filters(world, "block", genre="Rock")
    service = bot_of(world).filter_service
    now = time.time()
    monkeypatch.setattr(service, "_wall_clock", lambda: now + RULE_HISTORY_SECONDS - 60)
    within = await filters(world, "history")
    monkeypatch.setattr(service, "_wall_clock", lambda: now + RULE_HISTORY_SECONDS + 60)
    beyond = await filters(world, "history")

    assert "**Rock**" in text(within)
    assert "**Rock**" not in text(beyond)


async def test_no_rule_is_offered_if_the_rules_cannot_be_read(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filters(world, "block", genre="Rock")

    async def fail(_: int) -> tuple[int, list[Rule]]:
        raise StorageError

    monkeypatch.setattr(bot_of(world).database.rules, "list_with_version", fail)
    with caplog.at_level(logging.ERROR):
        choices = await world.sam.autocomplete(world.channel, "filters remove", "rule", "")

    assert choices == []
    assert "Rules are not offered, because they could not be read" in caplog.text


async def test_posts_show_tracks_again_seconds_after_a_reset(world: World) -> None:
    await collect_tracks(world)
    post = await post_ranking(world)
    await filters(world, "block", genre="Lo-Fi")
    await world.env.advance_time(4)
    hidden = tallies(post)
    await press(world.sam, await filters(world, "reset"), "Remove the one rule")
    await world.env.advance_time(4)

    assert hidden == []
    assert len(tallies(post)) == 3


async def test_each_change_is_recorded_for_answers_in_progress_and_nothing_else_is(world: World) -> None:
    cache = bot_of(world).filter_cache
    counts = [cache.change_count]
    for name, options in (("block", {"word": "a"}), ("block", {"word": "A"}), ("remove", {"rule": "a"})):
        await filters(world, name, **options)
        counts.append(cache.change_count)
    await import_file(world, rules_file([{"rule": "block word", "text": "b"}]))
    counts.append(cache.change_count)
    await press(world.sam, await filters(world, "reset"), "Remove the one rule")
    counts.append(cache.change_count)

    assert counts == [0, 1, 1, 2, 3, 4]

"""Changes of rules take effect at once, in every process."""

import logging
import subprocess
import sys
import time
from typing import Any

import pytest

from bot.errors import StorageError
from bot.filters.cache import FilterCache
from bot.models.rules import Rule
from bot.moderation.service import RULE_HISTORY_SECONDS
from bot.privacy.retention import delete_expired
from tests.support.filters import bot_of, filters, music, refusal, text
from tests.support.members import forged_press, press, titles
from tests.support.world import Clock, Service, World, track


async def test_rule_holds_from_the_next_press_also_after_a_restart(world: World, service: Service) -> None:
    service.catalogue = [track(n, genre="Rock" if n in {1, 8} else "Lo-Fi") for n in range(20)]
    message = await music(world)
    await filters(world, "block", genre="Rock")
    await press(world.noor, message, "▶")
    assert titles(message) == ["Track 6", "Track 7", "Track 9", "Track 10", "Track 11"]
    await world.restart()
    await press(world.noor, message, "◀")

    assert titles(message) == ["Track 0", "Track 2", "Track 3", "Track 4", "Track 5"]
    assert len(service.requests) == 1


async def test_more_of_a_genre_hidden_since_is_refused(world: World) -> None:
    message = await music(world, genre="Lo-Fi")
    await filters(world, "block", genre="Lo-Fi")
    pressed = await press(world.mika, message, "▶")
    assert "The genre **Lo-Fi** is hidden in this server" in await refusal(world, pressed, is_press=True)
    typed = await world.mika.slash(world.channel, "more")

    assert "The genre **Lo-Fi** is hidden in this server" in await refusal(world, typed)


async def test_rule_hides_tracks_stored_before_it_in_an_outage(
    world: World, service: Service, clock: Clock
) -> None:
    await music(world)
    await filters(world, "block", word="track 1", artist="Artist 0")
    service.reply(500)
    clock.now += 3600
    stale = await music(world)
    assert "From memory" in stale.content
    assert titles(stale) == [f"Track {n}" for n in (2, 3, 4, 5, 6)]
    from_tracks = await music(world, query="first light")

    assert "Artist 0" not in text(from_tracks)
    assert "Track 1" not in titles(from_tracks)
    assert from_tracks.embeds


async def test_rule_holds_for_stored_pages_in_an_outage(world: World, service: Service) -> None:
    service.catalogue = [track(n, genre="Rock" if n % 2 else "Jazz") for n in range(20)]
    message = await music(world)
    await press(world.mika, message, "▶")
    await filters(world, "allow", genre="Jazz")
    service.reply(500)
    await press(world.mika, message, "◀")

    assert titles(message) == [f"Track {n}" for n in (0, 2, 4, 6, 8)]
    assert "From memory" in message.content


async def test_search_of_stored_tracks_finds_the_few_that_are_visible(world: World, service: Service) -> None:
    service.catalogue = [track(n, name=f"Storm {n}", genre="Jazz" if n < 5 else "Rock") for n in range(300)]
    message = await music(world)
    for page in (25, 45):
        await forged_press(world, world.mika, message, f"page:1:{page}")
    bot = bot_of(world)
    await bot.result_cache.flush()
    await filters(world, "block", genre="Rock")
    service.reply(500)

    assert len(titles(await music(world, query="storm"))) == 5


async def test_rule_made_during_a_request_holds_for_its_answer(world: World, service: Service) -> None:
    service.catalogue = [track(n, genre="Rock") for n in range(8)]
    bot = bot_of(world)
    search = bot.finder._audioscape.search  # noqa: SLF001 (the moment between question and answer)
    made = [(Rule("block genre", "Rock"), "rock")]

    async def slow_search(*asked: Any) -> Any:
        await bot.database.rules.add(world.guild.id, made, member_id=1, now=1, limit=9)
        bot.filter_cache.record_change()
        return await search(*asked)

    bot.finder._audioscape.search = slow_search  # type: ignore[assignment,method-assign]  # noqa: SLF001
    message = await music(world)

    assert titles(message) == []
    assert "hidden by this server's filters" in message.content
    assert len(service.requests) == 1


async def test_rule_holds_after_its_record_of_change_expired(world: World, service: Service) -> None:
    service.catalogue = [track(0, genre="Rock"), track(1)]
    await music(world)
    await filters(world, "block", genre="Rock")
    bot = bot_of(world)
    await delete_expired(bot.database, time.time() + RULE_HISTORY_SECONDS + 60)

    assert titles(await music(world)) == ["Track 1"]


async def test_rule_made_by_another_process_holds_at_once(world: World) -> None:
    message = await music(world)
    other = await world.new_bot()
    made = [(Rule("block word", "track"), "track")]
    await other.database.rules.add(world.guild.id, made, member_id=1, now=1, limit=9)
    await press(world.mika, message, "▶")

    assert titles(message) == []


async def test_removed_rule_hides_nothing(world: World, service: Service) -> None:
    service.catalogue = [track(0, genre="Rock")]
    await filters(world, "block", genre="Rock")
    await filters(world, "remove", rule="no genre rock")

    assert titles(await music(world)) == ["Track 0"]


def test_filter_engine_does_not_import_discord() -> None:
    modules = ("parsing", "matching", "cache", "wording")
    imports = "; ".join(f"import bot.filters.{module}" for module in modules)
    program = f"import sys; {imports}; sys.exit('discord' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0  # noqa: S603


async def test_no_genre_is_offered_if_the_rules_cannot_be_read(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    await music(world)

    async def fail(_: int) -> int:
        raise StorageError

    monkeypatch.setattr(bot_of(world).database.rules, "get_version", fail)
    with caplog.at_level(logging.ERROR):
        choices = await world.mika.autocomplete(world.channel, "music", "genre", "", query="x")

    assert choices == []
    assert "Genres are not offered, because the rules could not be read" in caplog.text


async def test_rules_are_read_again_only_after_a_change(world: World) -> None:
    await filters(world, "block", genre="Rock")
    database, cache = bot_of(world).database, bot_of(world).filter_cache
    first = await cache.get(world.guild.id, world.channel.id)
    second = await cache.get(world.guild.id, world.channel.id)
    version = await database.rules.get_version(world.guild.id)
    with_version = await cache.get(world.guild.id, world.channel.id, version=version)
    await filters(world, "block", genre="Pop")
    changed = await cache.get(world.guild.id, world.channel.id)

    assert first is second
    assert first is with_version
    assert [rule.text for rule in changed.rules] == ["Rock", "Pop"]


async def test_cache_has_room_for_a_number_of_rules_and_not_of_channels(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.filters.cache._CACHE_SIZE", 5)
    cache = FilterCache(database=bot_of(world).database)
    for word in ("a", "b"):
        await filters(world, "block", word=word)
    first = await cache.get(world.guild.id, 1)
    await cache.get(world.guild.id, 2)

    assert await cache.get(world.guild.id, 1) is not first

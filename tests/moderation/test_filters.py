"""What moderators set with /filters, and what members see of it: the whole bot, in a simulated Discord."""

import json
import logging
import time
from typing import Any

import discord
import pytest
import simcord
from simcord import InteractionResult, ResponseMessage

from bot.bot import Bot
from bot.errors import BotError
from bot.models.rules import Rule
from bot.moderation.service import HISTORY_SECONDS
from bot.privacy.retention import sweep
from tests.support.members import forged_press, labels, press, shown, titles, told
from tests.support.world import Clock, Service, World, track


async def rule(world: World, name: str, **options: Any) -> ResponseMessage:
    return shown(await world.sam.slash(world.channel, f"filters {name}", **options))


async def music(world: World, **options: Any) -> ResponseMessage:
    return shown(await world.mika.slash(world.channel, "music", **{"query": "calm", **options}))


def text(message: Any) -> str:
    """All that stands in a message."""
    parts = [part for embed in message.embeds for part in (embed.title, embed.description, embed.footer.text)]
    return "\n".join(filter(None, [message.content, *parts]))


def rules_of(message: Any) -> list[str]:
    """The numbered lines of `/filters show`."""
    return [line.split("` ")[-1] for line in text(message).split("\n") if line.startswith("`")]


async def refused(world: World, result: InteractionResult, *, is_press: bool = False) -> str:
    """What was answered to the one alone who asked for what can't be."""
    if not is_press:  # the simulation counts what a command raises, and claims are made by type
        simcord.assert_error(world.env, BotError)
    message = told(result)
    assert message.ephemeral
    return message.content


class TestWhatMembersSee:
    async def test_a_blocked_genre_is_not_shown_and_what_is_hidden_is_said(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(n, genre="Rock" if n in {1, 3, 6} else "Lo-Fi") for n in range(20)]
        await rule(world, "block", genre="rock")
        message = await music(world)

        assert titles(message) == ["Track 0", "Track 2", "Track 4", "Track 5", "Track 7"]
        assert "3 hidden by this server's filters" in message.content
        assert "17 found" in message.content

    @pytest.mark.parametrize("genre", ["Lo-Fi", "lofi", "lo fi", "LO-FI", "ｌｏ－ｆｉ"])
    async def test_a_genre_is_the_same_however_it_is_written(
        self, world: World, service: Service, genre: str
    ) -> None:
        service.catalogue = [track(0, genre="Lo-Fi"), track(1, genre="lofi"), track(2, genre="Lo-Fidelity")]
        await rule(world, "block", genre=genre)

        assert titles(await music(world)) == ["Track 2"]

    async def test_a_rule_for_rock_does_not_catch_rockabilly(self, world: World, service: Service) -> None:
        service.catalogue = [
            track(0, genre="Rock"),
            track(1, genre="Rockabilly"),
            track(2, genre="Hip Hop / Rap"),
        ]
        await rule(world, "block", genre="Rock")
        await rule(world, "block", genre="hip-hop-rap")

        assert titles(await music(world)) == ["Track 1"]

    async def test_an_allow_list_closes_and_travels_to_the_service(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(0, genre="Jazz"), track(1, genre=None), track(2, genre="Rock"), track(3)]
        await music(world, query="what teaches the spelling")
        await rule(world, "allow", genre="JAZZ")
        await rule(world, "allow", genre="lofi")
        message = await music(world)

        assert titles(message) == ["Track 0", "Track 3"]
        assert service.asked[-1]["filters"] == {"genres": ["Jazz", "Lo-Fi"]}

    async def test_where_nothing_is_found_among_the_allowed_genres_they_are_named(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = []
        await rule(world, "allow", genre="Jazz")

        assert "filters allow only **Jazz**: other words may help" in (await music(world)).content

    async def test_under_block_rules_alone_a_track_of_unknown_genre_is_shown(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(0, genre="Rock"), track(1, genre=None)]
        await rule(world, "block", genre="Rock")

        assert titles(await music(world)) == ["Track 1"]

    async def test_words_and_artists_match_whole_words_in_any_spelling(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [
            track(0, name="DARK Síde of it"),
            track(1, name="Darkside"),
            track(2, album="the ｄａｒｋ side"),
            track(3, artist="Drake & 21 Savage"),
            track(4, artist="Mandrake"),
            track(5, name="a song for drake"),
        ]
        await rule(world, "block", word="dark sÍde", artist="drake")

        assert titles(await music(world)) == ["Darkside", "Track 2", "Track 4", "a song for drake"]

    async def test_a_length_is_asked_for_and_checked_again(self, world: World, service: Service) -> None:
        service.catalogue = [track(0, duration=59), track(1, duration=60), track(2, duration=None)]
        service.catalogue += [track(3, duration=300), track(4, duration=301)]
        await rule(world, "length", min="1:00", max="5 min")
        message = await music(world, length="over 0:30")

        assert titles(message) == ["Track 1", "Track 3"]
        assert service.asked[-1]["filters"] == {"duration": {"min": 60, "max": 300}}

    async def test_a_rule_holds_for_the_digits_that_the_service_looks_up_past_its_filters(
        self, world: World, service: Service
    ) -> None:
        service.meta = {"search_method": "id"}
        service.catalogue = [track(7, genre="Rock")]
        await rule(world, "allow", genre="Jazz")
        message = await music(world, query="1007")

        assert titles(message) == []
        assert "other words may help" in message.content

    async def test_a_genre_that_is_blocked_is_refused_alone_and_with_the_rules_name(
        self, world: World, service: Service
    ) -> None:
        await rule(world, "block", genre="Rock")
        words = await refused(
            world, await world.mika.slash(world.channel, "music", query="calm", genre="ROCK")
        )
        assert "no genre **Rock**" in words
        await rule(world, "allow", genre="Jazz")
        words = await refused(
            world, await world.mika.slash(world.channel, "artist", name="somebody", genre="Pop")
        )
        assert "only **Jazz**" in words
        assert service.requests == []

    async def test_an_artist_who_is_blocked_is_not_spoken_of(self, world: World, service: Service) -> None:
        service.meta = {"matched_artist": "Artist 3"}
        await rule(world, "block", artist="artist 3")

        assert "Artist 3" not in text(await music(world))

    @pytest.mark.parametrize(
        ("rules", "options", "words"),
        [
            ([("allow", {"genre": "Jazz"}), ("block", {"genre": "Jazz"})], {}, "nothing is left"),
            ([("length", {"min": "5:00"})], {"length": "under 2:00"}, "only **5:00** and longer"),
            ([("length", {"min": "5:00"}), ("length", {"max": "2:00", "channel": True})], {}, "only up to"),
        ],
    )
    async def test_where_nothing_can_pass_nobody_is_asked(
        self, world: World, service: Service, rules: list[Any], options: dict[str, str], words: str
    ) -> None:
        for name, typed in rules:
            await rule(world, name, **{k: world.channel if v is True else v for k, v in typed.items()})
        result = await world.mika.slash(world.channel, "music", query="calm", **options)

        assert words in await refused(world, result)
        assert service.requests == []

    async def test_a_genre_that_is_both_allowed_and_blocked_is_not_asked_for(
        self, world: World, service: Service
    ) -> None:
        await rule(world, "allow", genre="Jazz")
        await rule(world, "allow", genre="Rock")
        await rule(world, "block", genre="Rock")
        await music(world)

        assert service.asked[0]["filters"] == {"genres": ["Jazz"]}

    async def test_an_allowed_genre_spelled_as_the_service_does_not_is_found_and_learned(
        self, world: World, service: Service
    ) -> None:
        service.obeys_filters = True
        service.catalogue = [track(n, genre="Lo-Fi" if n % 2 else "Rock") for n in range(20)]
        await rule(world, "allow", genre="lofi")
        message = await music(world)
        assert titles(message) == [f"Track {n}" for n in (1, 3, 5, 7, 9)]
        await press(world.mika, message, "▶")
        assert titles(message) == [f"Track {n}" for n in (11, 13, 15, 17, 19)]
        assert [asked.get("filters") for asked in service.asked] == [{"genres": ["lofi"]}, None]
        await music(world, query="other")

        assert service.asked[-1]["filters"] == {"genres": ["Lo-Fi"]}

    async def test_that_nothing_was_found_is_remembered_under_an_allow_list_too(
        self, world: World, service: Service
    ) -> None:
        await music(world, query="what teaches the spelling")
        await rule(world, "allow", genre="Lo-Fi")
        service.catalogue = [track(n) for n in range(98)]
        service.meta = {"total": 150}
        message = await music(world)
        await forged_press(world, world.mika, message, "page:2:20")
        asked = len(service.requests)
        for label in ("◀", "▶", "◀"):
            await press(world.mika, message, label)
        assert len(service.requests) == asked
        service.catalogue = []
        for _ in range(3):
            await music(world, query="nothing")

        assert len(service.requests) == asked + 1

    async def test_a_genre_that_is_hidden_is_not_offered(self, world: World, service: Service) -> None:
        service.catalogue = [track(n, genre=genre) for n, genre in enumerate(("Rock", "Rock", "Jazz", "Pop"))]
        await music(world)
        await rule(world, "block", genre="rock")
        choices = await world.mika.autocomplete(world.channel, "music", "genre", "", query="x")

        assert [choice["value"] for choice in choices] == ["Jazz", "Pop"]

    async def test_pages_stay_full_and_paging_back_shows_the_same(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(n, genre="Rock" if n % 50 else "Jazz") for n in range(300)]
        await rule(world, "block", genre="Rock")
        message = await music(world)
        first = titles(message)
        assert first == [f"Track {n}" for n in (0, 50, 100, 150, 200)]
        await press(world.mika, message, "▶")
        assert titles(message) == ["Track 250"]
        await press(world.mika, message, "◀")

        assert titles(message) == first
        assert len(service.requests) == 3

    async def test_when_everything_is_hidden_a_sentence_says_so(self, world: World, service: Service) -> None:
        service.catalogue = [track(n, genre="Rock") for n in range(8)]
        await rule(world, "block", genre="rock")
        message = await music(world)

        assert titles(message) == []
        assert (
            "All that was found is hidden by this server's filters: other words may help" in message.content
        )
        assert "8 hidden" in message.content


class TestWhenARuleTakesEffect:
    async def test_with_the_next_press_also_after_a_restart(self, world: World, service: Service) -> None:
        service.catalogue = [track(n, genre="Rock" if n in {1, 8} else "Lo-Fi") for n in range(20)]
        message = await music(world)
        await rule(world, "block", genre="Rock")
        await press(world.noor, message, "▶")
        assert titles(message) == ["Track 6", "Track 7", "Track 9", "Track 10", "Track 11"]
        await world.restart()
        await press(world.noor, message, "◀")

        assert titles(message) == ["Track 0", "Track 2", "Track 3", "Track 4", "Track 5"]
        assert len(service.requests) == 1

    async def test_for_more_and_for_searches_of_a_genre_blocked_since(self, world: World) -> None:
        message = await music(world, genre="Lo-Fi")
        await rule(world, "block", genre="Lo-Fi")
        pressed = await press(world.mika, message, "▶")
        assert "no genre **Lo-Fi**" in await refused(world, pressed, is_press=True)
        typed = await world.mika.slash(world.channel, "more")

        assert "no genre **Lo-Fi**" in await refused(world, typed)

    async def test_for_what_was_stored_before_and_is_shown_in_an_outage(
        self, world: World, service: Service, clock: Clock
    ) -> None:
        await music(world)
        await rule(world, "block", word="track 1", artist="Artist 0")
        service.reply(500)
        clock.now += 3600
        stale = await music(world)
        assert "From memory" in stale.content
        assert titles(stale) == [f"Track {n}" for n in (2, 3, 4, 5, 6)]
        from_tracks = await music(world, query="first light")

        assert "Artist 0" not in text(from_tracks)
        assert "Track 1" not in titles(from_tracks)
        assert from_tracks.embeds

    async def test_for_pages_of_a_search_whose_answers_are_stored_when_the_service_is_out(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(n, genre="Rock" if n % 2 else "Jazz") for n in range(20)]
        message = await music(world)
        await press(world.mika, message, "▶")
        await rule(world, "allow", genre="Jazz")
        service.reply(500)
        await press(world.mika, message, "◀")

        assert titles(message) == [f"Track {n}" for n in (0, 2, 4, 6, 8)]
        assert "From memory" in message.content

    async def test_for_tracks_remembered_that_are_many_and_mostly_hidden(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [
            track(n, name=f"Storm {n}", genre="Jazz" if n < 5 else "Rock") for n in range(300)
        ]
        message = await music(world)
        for page in (25, 45):
            await forged_press(world, world.mika, message, f"page:1:{page}")
        bot = world.env.bot
        assert isinstance(bot, Bot)
        await bot.result_cache.flush()
        await rule(world, "block", genre="Rock")
        service.reply(500)

        assert len(titles(await music(world, query="storm"))) == 5

    async def test_while_the_service_is_being_asked(self, world: World, service: Service) -> None:
        service.catalogue = [track(n, genre="Rock") for n in range(8)]
        bot = world.env.bot
        assert isinstance(bot, Bot)
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

    async def test_also_once_the_record_of_changes_is_swept_away(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(0, genre="Rock"), track(1)]
        await music(world)
        await rule(world, "block", genre="Rock")
        bot = world.env.bot
        assert isinstance(bot, Bot)
        await sweep(bot.database, time.time() + HISTORY_SECONDS + 60)

        assert titles(await music(world)) == ["Track 1"]

    async def test_a_rule_that_was_made_in_another_process(self, world: World) -> None:
        message = await music(world)
        other = await world.new_bot()
        made = [(Rule("block word", "track"), "track")]
        await other.database.rules.add(world.guild.id, made, member_id=1, now=1, limit=9)
        await press(world.mika, message, "▶")

        assert titles(message) == []

    async def test_a_removed_rule_hides_nothing_any_more(self, world: World, service: Service) -> None:
        service.catalogue = [track(0, genre="Rock")]
        await rule(world, "block", genre="Rock")
        await rule(world, "remove", rule="no genre rock")

        assert titles(await music(world)) == ["Track 0"]


class TestChannels:
    async def test_a_rule_of_a_channel_holds_there_and_in_its_threads_alone(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(0, genre="Rock"), track(1, genre="Jazz")]
        other = world.guild.create_text_channel("other")
        await rule(world, "block", genre="Rock", channel=world.channel)

        assert titles(await music(world)) == ["Track 1"]
        elsewhere = shown(await world.mika.slash(other, "music", query="calm"))
        assert titles(elsewhere) == ["Track 0", "Track 1"]
        world.env.backend.create_thread(world.channel.id, "a thread", world.mika.id)
        (thread,) = world.channel.threads
        assert titles(shown(await world.mika.slash(thread, "music", query="calm"))) == ["Track 1"]
        assert rules_of(shown(await world.sam.slash(thread, "filters show"))) == ["no genre **Rock**"]

    async def test_its_allow_list_is_in_place_of_the_servers_and_its_blocks_add_up(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(n, genre=g) for n, g in enumerate(("Rock", "Jazz", "Pop", "Metal"))]
        other = world.guild.create_text_channel("other")
        await rule(world, "allow", genre="Rock")
        await rule(world, "block", genre="Metal")
        for genre in ("Jazz", "Pop", "Metal"):
            await rule(world, "allow", genre=genre, channel=world.channel)
        await rule(world, "block", genre="Pop", channel=world.channel)

        assert titles(await music(world)) == ["Track 1"]
        assert titles(shown(await world.mika.slash(other, "music", query="calm"))) == ["Track 0"]

    async def test_rules_of_one_guild_never_touch_another(self, world: World, service: Service) -> None:
        service.catalogue = [track(0, genre="Rock")]
        await rule(world, "block", genre="Rock")
        guild = world.env.create_guild("Another server")
        channel = guild.create_text_channel("music")
        member = guild.add_member(world.env.create_user("else"))

        assert titles(shown(await member.slash(channel, "music", query="calm"))) == ["Track 0"]


class TestShowing:
    async def test_long_names_are_shown_as_far_as_there_is_room(self, world: World, service: Service) -> None:
        service.catalogue = [
            track(n, name="*" * 90, artist="_" * 90, album=None, genre="|" * 90) for n in range(40)
        ]
        rules = [{"rule": "block artist", "text": f"{n} {'a_' * 40}"} for n in range(60)]
        await paste(world, sheet_of([*rules, {"rule": "block genre", "text": "|" * 90}]))
        assert len(rules_of(await rule(world, "show"))) == 20
        assert "more" in text(await rule(world, "reset"))
        assert "Hidden from them" in text(await rule(world, "try", query="calm"))

        assert len(text(await rule(world, "history")).split("\n")) == 12

    async def test_all_rules_are_listed_and_each_has_a_button_that_removes_it(self, world: World) -> None:
        await rule(world, "block", genre="Rock", artist="Drake")
        await rule(world, "length", max="5:00", channel=world.channel)
        message = await rule(world, "show")
        assert message.ephemeral
        assert rules_of(message) == ["no genre **Rock**", "no artist **Drake**", "only up to **5:00**"]
        await press(world.sam, message, "✕ 2")
        assert rules_of(message) == ["no genre **Rock**", "only up to **5:00**"]
        await world.restart()
        await press(world.sam, message, "✕ 1")
        await press(world.sam, message, "✕ 1")

        assert "no filters here" in text(message)
        assert message.components == []

    async def test_what_holds_in_other_channels_is_not_in_force_here_but_said(self, world: World) -> None:
        other = world.guild.create_text_channel("other")
        await rule(world, "block", genre="Rock", channel=other)
        message = await rule(world, "show")

        assert rules_of(message) == []
        assert f"<#{other.id}>" in message.content

    async def test_many_rules_have_pages(self, world: World) -> None:
        for number in range(23):
            await rule(world, "block", word=f"word {number}")
        message = await rule(world, "show")
        assert len(rules_of(message)) == 20
        await press(world.sam, message, "▶")
        assert rules_of(message)[-1] == "no word **word 22**"
        for place in (23, 22, 21):
            await press(world.sam, message, f"✕ {place}")

        assert len(rules_of(message)) == 20

    async def test_hostile_rules_are_shown_as_they_are(self, world: World) -> None:
        message = await rule(world, "block", word="@everyone [x](https://y.example) *a* <@1>")

        assert r"\@everyone \[x\](https\://y.example) \*a\* \<\@1\>" in message.content

    async def test_try_shows_what_members_would_see_and_what_is_hidden_by_which_rule(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(0, genre="Rock"), track(1, name="Explicit"), track(2)]
        await rule(world, "block", genre="Rock", word="explicit")
        history = len(world.channel.history(viewer=world.noor))
        message = await rule(world, "try", query="calm")

        seen, hidden = message.embeds
        assert message.ephemeral
        assert seen.description == "**Track 2** by Artist 2 (Lo-Fi)"
        assert (hidden.description or "").split("\n") == [
            "**Track 0** by Artist 0 (Rock) · no genre **Rock**",
            "**Explicit** by Artist 1 (Lo-Fi) · no word **explicit**",
        ]
        assert len(world.channel.history(viewer=world.noor)) == history

    async def test_try_can_be_for_another_channel(self, world: World, service: Service) -> None:
        service.catalogue = [track(0, genre="Rock"), track(1)]
        other = world.guild.create_text_channel("other")
        await rule(world, "block", genre="Rock", channel=other)

        assert "no genre" in text(await rule(world, "try", query="calm", channel=other))
        assert "no genre" not in text(await rule(world, "try", query="calm"))

    async def test_history_says_who_changed_what_from_what_to_what_in_pages(self, world: World) -> None:
        await rule(world, "length", max="5:00")
        await rule(world, "length", max="4:00")
        await rule(world, "remove", rule="only up to 4:00")
        message = await rule(world, "history")
        lines = text(message).split("\n")[1:4]
        assert [line.split("> ", 2)[2] for line in lines] == [
            "removed only up to **4:00**",
            "only up to **5:00** → only up to **4:00**",
            "added only up to **5:00**",
        ]
        assert all(f"<@{world.sam.id}>" in line for line in lines)
        for number in range(10):
            await rule(world, "block", word=f"word {number}")
        message = await rule(world, "history")
        assert "word 9" in text(message).split("\n")[1]
        await press(world.sam, message, "▶")

        assert "added only up to **5:00**" in text(message)
        assert ("▶", False) in labels(message)

    async def test_history_goes_back_90_days(self, world: World) -> None:
        await rule(world, "block", genre="Rock")
        bot = world.env.bot
        assert isinstance(bot, Bot)
        (change,) = await bot.database.rules.list_changes(world.guild.id, since=0, limit=9)
        moments = (change.changed_at, change.changed_at + 0.001)
        seen = [
            await bot.database.rules.list_changes(world.guild.id, since=since, limit=9) for since in moments
        ]
        assert seen == [[change], []]
        await sweep(bot.database, change.changed_at + HISTORY_SECONDS + 1)

        assert await bot.database.rules.list_changes(world.guild.id, since=0, limit=9) == []
        assert rules_of(await rule(world, "show")) == ["no genre **Rock**"]


class TestChanging:
    async def test_a_genre_is_kept_in_the_spelling_seen_and_one_never_seen_is_said(
        self, world: World
    ) -> None:
        await music(world)
        known = await rule(world, "block", genre="lofi")
        assert known.content.startswith("From now on: no genre **Lo-Fi**.")
        assert "never seen" not in known.content
        unknown = await rule(world, "allow", genre="Jaz")

        assert "never seen the genre **Jaz**" in unknown.content

    async def test_the_501st_rule_is_refused_with_a_sentence(self, world: World) -> None:
        bot = world.env.bot
        assert isinstance(bot, Bot)
        rules = [{"rule": "block word", "text": f"word {number}"} for number in range(499)]
        await paste(world, sheet_of(rules))
        await rule(world, "block", word="the 500th")
        words = await refused(
            world, await world.sam.slash(world.channel, "filters block", word="the 501st", genre="Rock")
        )
        assert "500 rules" in words
        again = await rule(world, "block", word="word 3")

        assert "already" in again.content
        assert len((await bot.database.rules.list_with_version(world.guild.id))[1]) == 500

    @pytest.mark.parametrize(
        ("name", "options", "words"),
        [
            ("block", {}, "Say what to hide"),
            ("block", {"word": "!!!"}, "no letters or digits"),
            ("block", {"genre": "  "}, "no letters or digits"),
            ("length", {}, "Say how long"),
            ("length", {"min": "3:00", "max": "2:00"}, "must not be above"),
            ("length", {"max": "soon"}, "can't read"),
            ("length", {"min": "0"}, "Say how long"),
            ("remove", {"rule": "nonsense"}, "no such rule"),
            ("reset", {}, "no filters"),
            ("copy", {}, "no filters"),
        ],
    )
    async def test_what_cannot_be_a_rule_is_refused(
        self, world: World, name: str, options: dict[str, str], words: str
    ) -> None:
        assert words in await refused(
            world, await world.sam.slash(world.channel, f"filters {name}", **options)
        )

    async def test_an_artist_without_letters_can_be_blocked(self, world: World, service: Service) -> None:
        service.catalogue = [track(0, artist="!!!"), track(1)]
        await rule(world, "block", artist="!!!")

        assert titles(await music(world)) == ["Track 1"]

    async def test_remove_offers_the_rules_in_force(self, world: World) -> None:
        await rule(world, "block", genre="Rock", word="dark side")
        choices = await world.sam.autocomplete(world.channel, "filters remove", "rule", "DARK")
        assert [choice["name"] for choice in choices] == ["no word dark side"]
        await rule(world, "remove", rule=choices[0]["value"])

        assert rules_of(await rule(world, "show")) == ["no genre **Rock**"]

    async def test_a_number_is_the_text_of_a_rule_and_never_its_place_in_a_list(self, world: World) -> None:
        await rule(world, "block", genre="Rock", artist="Drake", word="2")
        await rule(world, "remove", rule="2")
        assert rules_of(await rule(world, "show")) == ["no genre **Rock**", "no artist **Drake**"]
        await rule(world, "block", word="drake")
        result = await world.sam.slash(world.channel, "filters remove", rule="DRAKE")

        assert "Several rules say that" in await refused(world, result)

    async def test_a_length_that_takes_the_place_of_another_says_of_which(self, world: World) -> None:
        await rule(world, "length", max="5:00")
        message = await rule(world, "length", max="4:00")

        assert "From now on: only up to **5:00** → only up to **4:00**." in message.content

    async def test_block_offers_genres_seen_the_most_frequent_first(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [track(n, genre=g) for n, g in enumerate(("Indie Rock", "Rock", "Rock", "Jazz"))]
        await music(world)
        choices = await world.sam.autocomplete(world.channel, "filters block", "genre", "ro")

        assert [choice["value"] for choice in choices] == ["ro", "Rock", "Indie Rock"]

    async def test_reset_asks_first_and_removes_what_was_shown(self, world: World) -> None:
        await rule(world, "block", genre="Rock", artist="Drake")
        message = await rule(world, "reset")
        assert "- no genre **Rock**\n- no artist **Drake**" in text(message)
        assert rules_of(await rule(world, "show"))
        await rule(world, "block", word="later")
        pressed = await press(world.sam, message, "Remove all 2 rules")
        words = await refused(world, pressed, is_press=True)
        assert "have changed" in words
        message = await rule(world, "reset")
        await press(world.sam, message, "Remove all 3 rules")

        assert "3 rules gone" in message.content
        assert rules_of(await rule(world, "show")) == []


async def paste(world: World, sheet: Any, who: simcord.MemberActor | None = None) -> InteractionResult:
    if isinstance(sheet, dict) and sheet["guild_id"] == "here":
        sheet = {**sheet, "guild_id": str(world.guild.id)}
    content = sheet if isinstance(sheet, bytes) else json.dumps(sheet).encode()
    file = ("filters.json", content)
    return await (who or world.sam).slash(world.channel, "filters paste", file=file)


async def copied(message: ResponseMessage) -> bytes:
    (attachment,) = message.attachments
    return await attachment.read()


def sheet_of(rules: list[Any], guild_id: str = "1", version: int = 1) -> Any:
    return {"needledrop_filters": version, "guild_id": guild_id, "rules": rules}


class TestTakingRulesElsewhere:
    async def test_a_copy_pasted_into_another_server_holds_there(
        self, world: World, service: Service
    ) -> None:
        service.catalogue = [
            track(0, genre="Rock"),
            track(1, artist="Drake"),
            track(2),
            track(3, duration=600),
        ]
        await rule(world, "block", genre="Rock", artist="Drake")
        await rule(world, "length", max="5:00")
        await rule(world, "block", word="secret", channel=world.channel)
        sheet = await copied(await rule(world, "copy"))
        guild = world.env.create_guild("Another server")
        channel = guild.create_text_channel("music")
        role = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
        there = guild.add_member(world.env.create_user("moderator"), roles=[role])
        file = ("filters.json", sheet)
        result = await there.slash(channel, "filters paste", file=file)
        assert "3 rules added" in shown(result).content
        assert "1 rule for single channels of another server left out" in shown(result).content

        assert titles(shown(await there.slash(channel, "music", query="calm"))) == ["Track 2"]

    async def test_pasted_where_it_came_from_it_brings_everything_back(self, world: World) -> None:
        await rule(world, "block", genre="Rock", word="a b", channel=world.channel)
        await rule(world, "length", min="1:00")
        sheet = await copied(await rule(world, "copy"))
        before = rules_of(await rule(world, "show"))
        await press(world.sam, await rule(world, "reset"), "Remove all 3 rules")
        await paste(world, sheet)

        assert rules_of(await rule(world, "show")) == before

    @pytest.mark.parametrize(
        ("sheet", "words"),
        [
            (b"", "no file of"),
            (b"\xff\xfe", "no file of"),
            ([], "no file of"),
            (sheet_of([], version=2), "another version"),
            (sheet_of([{"rule": "x"}]), "rule 1 of that file"),
            (sheet_of([{"rule": "block word", "text": 5}]), "no file of"),
            (
                sheet_of([{"rule": "block word", "text": "fine"}, {"rule": "length", "min": 5, "max": 1}]),
                "rule 2 of that file",
            ),
            (sheet_of([{"rule": "length"}]), "rule 1 of that file"),
            (sheet_of([{"rule": "length", "max": 9, "text": "x"}]), "and no text"),
            (sheet_of([{"rule": "block genre", "max": 9, "text": "x"}]), "Only a length"),
            (sheet_of([{"rule": "length", "max": 9}, {"rule": "length", "max": 8}]), "two lengths"),
            (sheet_of([{"rule": "length", "max": 1e-5}]), "rule 1 of that file"),
            (sheet_of([{"rule": "block word", "text": "a" * 101}]), "rule 1 of that file"),
            (sheet_of([{"rule": "block word", "text": "a", "channel_id": "x"}], "here"), "no channel"),
            (sheet_of([{"rule": "block word", "text": "a"}] * 501), "more than 500"),
        ],
    )
    async def test_a_file_that_is_wrong_anywhere_changes_nothing(
        self, world: World, sheet: Any, words: str
    ) -> None:
        await rule(world, "block", genre="Rock")
        assert words in await refused(world, await paste(world, sheet))

        assert rules_of(await rule(world, "show")) == ["no genre **Rock**"]

    async def test_what_stands_twice_in_a_file_is_one_rule(self, world: World) -> None:
        rules = [{"rule": "block word", "text": words} for words in ("a", "A", "b")]
        result = await paste(world, sheet_of(rules))

        assert shown(result).content == "2 rules added; 1 rule stood here already."

    async def test_a_huge_file_is_not_even_fetched(self, world: World) -> None:
        assert "too large" in await refused(world, await paste(world, b" " * (300 * 1024)))


class TestWhoMay:
    async def test_a_member_without_the_permission_sees_no_filters(self, world: World) -> None:
        with pytest.raises(simcord.SetupError):
            await world.mika.slash(world.channel, "filters show")

    async def test_a_forged_press_is_refused_and_logged(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        await rule(world, "block", genre="Rock")
        message = await music(world)
        for custom_id in ("unrule:1:1", "rules:0:1", "rule-changes:0:1", "reset-rules:1:0"):
            caplog.clear()
            with caplog.at_level(logging.WARNING):
                result = await forged_press(world, world.mika, message, custom_id)
            assert "for moderators" in await refused(world, result, is_press=True)
            assert "refused to a member" in caplog.text

        assert rules_of(await rule(world, "show")) == ["no genre **Rock**"]

    async def test_a_command_whose_permission_discord_was_made_to_ignore_is_refused_and_logged(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        await rule(world, "block", genre="Rock")
        bot = world.env.bot
        assert isinstance(bot, Bot)
        (command,) = [each for each in await bot.tree.fetch_commands() if each.name == "filters"]
        world.guild.set_command_permissions(command, {world.mika: True})
        choices = await world.mika.autocomplete(world.channel, "filters remove", "rule", "")
        assert choices == []
        assert await world.mika.autocomplete(world.channel, "filters allow", "genre", "") == []
        with caplog.at_level(logging.WARNING):
            result = await world.mika.slash(world.channel, "filters show")
        simcord.assert_error(world.env, discord.app_commands.MissingPermissions)

        assert shown(result).ephemeral
        assert "for moderators" in shown(result).content
        assert "refused to a member" in caplog.text

    async def test_a_rule_of_another_guild_cannot_be_removed(self, world: World) -> None:
        await rule(world, "block", genre="Rock")
        guild = world.env.create_guild("Another server")
        channel = guild.create_text_channel("music")
        role = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
        there = guild.add_member(world.env.create_user("moderator"), roles=[role])
        await there.slash(channel, "filters block", genre="Pop")
        message = shown(await there.slash(channel, "filters show"))
        stored = world.env.backend.get_message(message.channel_id, message.id)
        stored.components[0]["components"][0]["custom_id"] = "unrule:1:1"
        await there.click(message.message, custom_id="unrule:1:1")

        assert rules_of(await rule(world, "show")) == ["no genre **Rock**"]

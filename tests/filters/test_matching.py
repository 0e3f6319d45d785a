"""Matching: the tracks, genres and artists that the rules of a channel hide from members."""

import pytest
from msgspec.structs import replace

from bot.filters.matching import Filters
from bot.models.ranges import Span
from bot.models.rules import Rule
from bot.models.search import Search, Track
from tests.support.filters import filters, music, rules_of, text
from tests.support.members import shown, titles
from tests.support.world import Service, World, track


async def test_blocked_genre_is_hidden_and_the_hidden_tracks_are_counted(
    world: World, service: Service
) -> None:
    service.catalogue = [track(n, genre="Rock" if n in {1, 3, 6} else "Lo-Fi") for n in range(20)]
    await filters(world, "block", genre="rock")
    message = await music(world)

    assert titles(message) == ["Track 0", "Track 2", "Track 4", "Track 5", "Track 7"]
    assert "3 tracks are hidden by this server's filters" in message.content
    assert "17 found" in message.content


@pytest.mark.parametrize("genre", ["Lo-Fi", "lofi", "lo fi", "LO-FI", "ｌｏ－ｆｉ"])
async def test_genre_matches_in_every_spelling(world: World, service: Service, genre: str) -> None:
    service.catalogue = [track(0, genre="Lo-Fi"), track(1, genre="lofi"), track(2, genre="Lo-Fidelity")]
    await filters(world, "block", genre=genre)

    assert titles(await music(world)) == ["Track 2"]


async def test_rule_for_rock_does_not_hide_rockabilly(world: World, service: Service) -> None:
    service.catalogue = [
        track(0, genre="Rock"),
        track(1, genre="Rockabilly"),
        track(2, genre="Hip Hop / Rap"),
    ]
    await filters(world, "block", genre="Rock")
    await filters(world, "block", genre="hip-hop-rap")

    assert titles(await music(world)) == ["Track 1"]


async def test_allow_list_hides_other_genres_and_is_sent_to_audioscape(
    world: World, service: Service
) -> None:
    service.catalogue = [track(0, genre="Jazz"), track(1, genre=None), track(2, genre="Rock"), track(3)]
    await music(world, query="what teaches the spelling")
    await filters(world, "allow", genre="JAZZ")
    await filters(world, "allow", genre="lofi")
    message = await music(world)

    assert titles(message) == ["Track 0", "Track 3"]
    assert service.asked[-1]["filters"] == {"genres": ["Jazz", "Lo-Fi"]}


async def test_search_without_results_names_the_allowed_genres(world: World, service: Service) -> None:
    service.catalogue = []
    await filters(world, "allow", genre="Jazz")

    assert "filters allow only **Jazz**. Try other words." in (await music(world)).content


async def test_track_without_genre_is_shown_if_genres_are_only_blocked(
    world: World, service: Service
) -> None:
    service.catalogue = [track(0, genre="Rock"), track(1, genre=None)]
    await filters(world, "block", genre="Rock")

    assert titles(await music(world)) == ["Track 1"]


async def test_words_and_artists_match_whole_words_in_every_spelling(world: World, service: Service) -> None:
    service.catalogue = [
        track(0, name="DARK Síde of it"),
        track(1, name="Darkside"),
        track(2, album="the ｄａｒｋ side"),
        track(3, artist="Drake & 21 Savage"),
        track(4, artist="Mandrake"),
        track(5, name="a song for drake"),
    ]
    await filters(world, "block", word="dark sÍde", artist="drake")

    assert titles(await music(world)) == ["Darkside", "Track 2", "Track 4", "a song for drake"]


async def test_artist_without_letters_can_be_hidden(world: World, service: Service) -> None:
    service.catalogue = [track(0, artist="!!!"), track(1)]
    await filters(world, "block", artist="!!!")

    assert titles(await music(world)) == ["Track 1"]


async def test_length_is_sent_to_audioscape_and_checked_again(world: World, service: Service) -> None:
    service.catalogue = [track(0, duration=59), track(1, duration=60), track(2, duration=None)]
    service.catalogue += [track(3, duration=300), track(4, duration=301)]
    await filters(world, "length", min="1:00", max="5 min")
    message = await music(world, length="over 0:30")

    assert titles(message) == ["Track 1", "Track 3"]
    assert service.asked[-1]["filters"] == {"duration": {"min": 60, "max": 300}}


async def test_track_found_by_its_id_is_hidden_too(world: World, service: Service) -> None:
    service.meta = {"search_method": "id"}
    service.catalogue = [track(7, genre="Rock")]
    await filters(world, "allow", genre="Jazz")
    message = await music(world, query="1007")

    assert titles(message) == []
    assert "Try other words." in message.content


async def test_hidden_artist_is_not_named_as_the_matched_artist(world: World, service: Service) -> None:
    service.meta = {"matched_artist": "Artist 3"}
    await filters(world, "block", artist="artist 3")

    assert "Artist 3" not in text(await music(world))


async def test_genre_both_allowed_and_blocked_is_not_sent_to_audioscape(
    world: World, service: Service
) -> None:
    await filters(world, "allow", genre="Jazz")
    await filters(world, "allow", genre="Rock")
    await filters(world, "block", genre="Rock")
    await music(world)

    assert service.asked[0]["filters"] == {"genres": ["Jazz"]}


async def test_hidden_genre_is_not_offered_by_autocomplete(world: World, service: Service) -> None:
    service.catalogue = [track(n, genre=genre) for n, genre in enumerate(("Rock", "Rock", "Jazz", "Pop"))]
    await music(world)
    await filters(world, "block", genre="rock")
    choices = await world.mika.autocomplete(world.channel, "music", "genre", "", query="x")

    assert [choice["value"] for choice in choices] == ["Jazz", "Pop"]


async def test_channel_rule_holds_in_that_channel_and_its_threads_only(
    world: World, service: Service
) -> None:
    service.catalogue = [track(0, genre="Rock"), track(1, genre="Jazz")]
    other = world.guild.create_text_channel("other")
    await filters(world, "block", genre="Rock", channel=world.channel)

    assert titles(await music(world)) == ["Track 1"]
    elsewhere = shown(await world.mika.slash(other, "music", query="calm"))
    assert titles(elsewhere) == ["Track 0", "Track 1"]
    world.env.backend.create_thread(world.channel.id, "a thread", world.mika.id)
    (thread,) = world.channel.threads
    assert titles(shown(await world.mika.slash(thread, "music", query="calm"))) == ["Track 1"]
    assert rules_of(shown(await world.sam.slash(thread, "filters show"))) == [
        f"The genre **Rock** is hidden in <#{world.channel.id}>."
    ]


async def test_channel_allow_list_replaces_the_servers_and_its_blocks_add_up(
    world: World, service: Service
) -> None:
    service.catalogue = [track(n, genre=g) for n, g in enumerate(("Rock", "Jazz", "Pop", "Metal"))]
    other = world.guild.create_text_channel("other")
    await filters(world, "allow", genre="Rock")
    await filters(world, "block", genre="Metal")
    for genre in ("Jazz", "Pop", "Metal"):
        await filters(world, "allow", genre=genre, channel=world.channel)
    await filters(world, "block", genre="Pop", channel=world.channel)

    assert titles(await music(world)) == ["Track 1"]
    assert titles(shown(await world.mika.slash(other, "music", query="calm"))) == ["Track 0"]


async def test_rules_of_one_guild_do_not_hold_in_another(world: World, service: Service) -> None:
    service.catalogue = [track(0, genre="Rock")]
    await filters(world, "block", genre="Rock")
    guild = world.env.create_guild("Another server")
    channel = guild.create_text_channel("music")
    member = guild.add_member(world.env.create_user("else"))

    assert titles(shown(await member.slash(channel, "music", query="calm"))) == ["Track 0"]


async def test_word_in_the_name_of_an_artist_hides_the_artist_as_match_too(
    world: World, service: Service
) -> None:
    service.meta = {"matched_artist": "Artist 3"}
    service.catalogue = [track(0, artist="Somebody"), track(1, artist="Artist 3")]
    await filters(world, "block", word="artist")
    message = await music(world)

    assert titles(message) == ["Track 0"]
    assert "Artist 3" not in text(message)


def test_first_of_two_rules_with_the_same_words_is_named() -> None:
    first, second = Rule("block word", "Dark, Side", 0, 1), Rule("block word", "dark side", 7, 2)

    assert Filters([first, second]).hiding_rule(Track("1", "the dark side")) == first


@pytest.mark.parametrize("seconds", [59.9, 300.1, None])
def test_track_outside_the_allowed_length_or_of_unknown_length_is_hidden(seconds: float | None) -> None:
    rule = Rule("length", "60-300")

    assert Filters([rule]).hiding_rule(Track("1", "a", duration=seconds)) == rule
    assert Filters([rule]).hiding_rule(Track("1", "a", duration=60)) is None
    assert Filters([rule]).hiding_rule(Track("1", "a", duration=300)) is None


def test_query_has_the_strictest_bounds_of_the_rules_and_the_search() -> None:
    filters = Filters([Rule("length", "60-300"), Rule("length", "-240", 7)])

    assert filters.query_for(Search("calm")).length == Span(60, 240)
    assert filters.query_for(Search("calm", length=Span(90, 500))).length == Span(90, 240)
    assert Filters().query_for(Search("calm", length=Span(90, None))).length == Span(90, None)
    assert Filters().query_for(Search("calm")).length is None


@pytest.mark.parametrize("field", ["name", "artist", "album"])
def test_word_is_found_in_the_track_the_artist_and_the_album(field: str) -> None:
    rule = Rule("block word", "christmas")
    found = replace(Track("1", "a", "b", "c"), **{field: "A Christmas Hit"})

    assert Filters([rule]).hiding_rule(found) == rule


def test_words_of_two_names_in_a_row_are_no_phrase() -> None:
    assert Filters([Rule("block word", "dark side")]).hiding_rule(Track("1", "Dark", "Side")) is None


def test_artist_rule_does_not_hide_a_track_without_artist_that_mentions_the_name() -> None:
    assert Filters([Rule("block artist", "Drake")]).hiding_rule(Track("1", "A song for Drake")) is None

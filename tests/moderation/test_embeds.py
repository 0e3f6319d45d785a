"""Lists of rules, of hidden tracks and of changes."""

import re

from tests.support.filters import filters, import_file, rules_file, rules_of, text
from tests.support.members import labels, press, shown
from tests.support.world import Service, World, track


async def test_lists_of_long_names_fit_into_a_message(world: World, service: Service) -> None:
    service.catalogue = [
        track(n, name="*" * 90, artist="_" * 90, album=None, genre="|" * 90) for n in range(40)
    ]
    rules = [{"rule": "block artist", "text": f"{n} {'a_' * 40}"} for n in range(60)]
    await import_file(world, rules_file([*rules, {"rule": "block genre", "text": "|" * 90}]))
    assert len(rules_of(await filters(world, "show"))) == 20
    reset, tried = await filters(world, "reset"), await filters(world, "try", query="calm")
    for message, count in ((reset, 61), (tried, 40)):
        *listed, last = (message.embeds[-1].description or "").split("\n")
        assert last == f"… and {count - len(listed)} more"
        assert 3_000 < len("\n".join(listed)) <= 3_500

    assert len(text(await filters(world, "history")).split("\n")) == 12


async def test_markdown_and_mentions_in_a_rule_are_escaped(world: World) -> None:
    message = await filters(world, "block", word="@everyone [x](https://y.example) *a* <@1>")

    assert r"\@everyone \[x\](https\://y.example) \*a\* \<\@1\>" in message.content


async def test_try_shows_visible_tracks_and_hidden_ones_with_their_rule(
    world: World, service: Service
) -> None:
    service.catalogue = [track(0, genre="Rock"), track(1, name="Explicit"), track(2)]
    await filters(world, "block", genre="Rock", word="explicit")
    history = len(world.channel.history(viewer=world.noor))
    message = await filters(world, "try", query="calm")

    seen, hidden = message.embeds
    assert message.ephemeral
    assert seen.description == "**Track 2** by Artist 2 (Lo-Fi)"
    assert (hidden.description or "").split("\n") == [
        "**Track 0** by Artist 0 (Rock) · The genre **Rock** is hidden in this server.",
        (
            "**Explicit** by Artist 1 (Lo-Fi)"
            " · Tracks with **explicit** in their title, artist or album are hidden in this server."
        ),
    ]
    assert len(world.channel.history(viewer=world.noor)) == history


async def test_history_names_the_moderator_and_both_values_in_pages(world: World) -> None:
    await filters(world, "length", max="5:00")
    await filters(world, "length", max="4:00")
    await filters(world, "remove", rule="only up to 4:00")
    message = await filters(world, "history")
    lines = text(message).split("\n")[1:4]
    four = "Only tracks of up to **4:00** are shown in this server."
    five = "Only tracks of up to **5:00** are shown in this server."
    assert [line.split(" · ", 1)[1] for line in lines] == [
        f"<@{world.sam.id}> removed: {four}",
        f"<@{world.sam.id}> changed: {four} Before: {five}",
        f"<@{world.sam.id}> added: {five}",
    ]
    assert all(re.fullmatch(r"<t:\d{10}:f>", line.split(" · ")[0]) for line in lines)
    for number in range(10):
        await filters(world, "block", word=f"word {number}")
    message = await filters(world, "history")
    assert "word 9" in text(message).split("\n")[1]
    await press(world.sam, message, "▶")

    assert f"added: {five}" in text(message)
    assert message.embeds[0].footer.text == "The last 90 days · page 2"
    assert ("▶", False) in labels(message)


async def test_history_without_changes_says_so(world: World) -> None:
    assert (await filters(world, "history")).embeds[0].description == "There are no changes to show."


async def test_allowed_genre_replaced_by_the_list_of_this_channel_is_marked(world: World) -> None:
    await filters(world, "allow", genre="Jazz")
    await filters(world, "block", artist="Drake")
    await filters(world, "allow", genre="Rock", channel=world.channel)
    other = world.guild.create_text_channel("other")
    here = rules_of(await filters(world, "show"))
    there = rules_of(shown(await world.sam.slash(other, "filters show")))

    mention = f"<#{world.channel.id}>"
    assert here == [
        f"The genre **Jazz** is allowed in this server, except in {mention}, which has a list of its own.",
        "The artist **Drake** is hidden in this server.",
        f"The genre **Rock** is allowed in {mention}.",
    ]
    assert there == [
        "The genre **Jazz** is allowed in this server.",
        "The artist **Drake** is hidden in this server.",
    ]


async def test_rules_of_the_server_are_listed_before_those_of_the_channel(world: World) -> None:
    await filters(world, "block", word="first", channel=world.channel)
    await filters(world, "block", word="second")

    assert rules_of(await filters(world, "show")) == [
        "Tracks with **second** in their title, artist or album are hidden in this server.",
        f"Tracks with **first** in their title, artist or album are hidden in <#{world.channel.id}>.",
    ]


async def test_page_of_rules_has_their_numbers_and_the_count_of_all(world: World) -> None:
    rules = [{"rule": "block word", "text": f"word {number}"} for number in range(21)]
    await import_file(world, rules_file(rules))
    message = await filters(world, "show")
    await press(world.sam, message, "▶")

    assert (
        message.embeds[0].description
        == "` 21` Tracks with **word 20** in their title, artist or album are hidden in this server."
    )
    assert message.embeds[0].footer.text == "21 rules · page 2 of 2"


async def test_try_says_which_genres_audioscape_was_asked_for_and_why_the_others_are_hidden(
    world: World, service: Service
) -> None:
    service.catalogue = [track(0, genre="Rock", artist=None), track(1, genre=None), track(2, genre="Jazz")]
    await filters(world, "allow", genre="Jazz")
    visible, hidden = (await filters(world, "try", query="calm")).embeds

    assert visible.description == "**Track 2** by Artist 2 (Jazz)"
    assert hidden.description == (
        "**Track 0** (Rock) · Only these genres are allowed: **Jazz**.\n"
        "**Track 1** by Artist 1 · Only these genres are allowed: **Jazz**.\n"
        "I asked AudioScape for these genres only: **Jazz**."
    )


async def test_try_without_any_track_says_so(world: World, service: Service) -> None:
    service.catalogue = []
    embeds = (await filters(world, "try", query="calm")).embeds

    assert [embed.description for embed in embeds] == ["No tracks.", "No tracks."]


async def test_a_list_of_hidden_tracks_leaves_room_for_long_names_of_allowed_genres(
    world: World, service: Service
) -> None:
    for letter in "ABCDEF":
        await filters(world, "allow", genre=letter + "*" * 99)
    service.catalogue = [track(n, name="🎵" * 20, artist="🎵" * 40, genre="🎵" * 40) for n in range(100)]
    tried = await filters(world, "try", query="calm")

    hidden = tried.embeds[-1].description or ""
    assert "I asked AudioScape for these genres only: **A" in hidden
    assert "… and " in hidden
    assert len(hidden.encode("utf-16-le")) // 2 <= 4096

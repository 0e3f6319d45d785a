"""Names of rules, and sentences about changes of rules."""

import pytest

from bot.models.rules import Rule, RuleChange, RuleKind
from bot.moderation.wording import (
    change_sentence,
    choice_name,
    history_line,
    rule_added,
    rule_removed,
    typed_names,
)


@pytest.mark.parametrize(
    ("kind", "text", "server", "channel"),
    [
        (
            "allow genre",
            "Jazz",
            "**Jazz** is now on the list of genres allowed in this server. Other genres are hidden.",
            "**Jazz** is now on the list of genres allowed in <#7>. Other genres are hidden there.",
        ),
        (
            "block genre",
            "Chiptune",
            "**Chiptune** is now hidden in this server.",
            "**Chiptune** is now hidden in <#7>.",
        ),
        (
            "block artist",
            "Drake",
            "The artist **Drake** is now hidden in this server, also on tracks with other artists.",
            "The artist **Drake** is now hidden in <#7>, also on tracks with other artists.",
        ),
        (
            "block word",
            "christmas",
            "Tracks with **christmas** in their title, artist or album are now hidden in this server.",
            "Tracks with **christmas** in their title, artist or album are now hidden in <#7>.",
        ),
        (
            "length",
            "60-",
            "This server now shows only tracks of **1:00** or longer.",
            "<#7> now shows only tracks of **1:00** or longer.",
        ),
        (
            "length",
            "-60",
            "This server now shows only tracks of up to **1:00**.",
            "<#7> now shows only tracks of up to **1:00**.",
        ),
        (
            "length",
            "60-300",
            "This server now shows only tracks of **1:00–5:00**.",
            "<#7> now shows only tracks of **1:00–5:00**.",
        ),
    ],
)
def test_added_rule_has_a_sentence_for_the_server_and_for_a_channel(
    kind: RuleKind, text: str, server: str, channel: str
) -> None:
    assert rule_added(Rule(kind, text)) == server
    assert rule_added(Rule(kind, text, 7)) == channel


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("allow genre", "Jazz", "**Jazz** is no longer on the list of genres allowed in {place}."),
        ("block genre", "Rock", "I removed the rule that hid the genre **Rock** in {place}."),
        ("block artist", "Drake", "I removed the rule that hid the artist **Drake** in {place}."),
        ("block word", "a b", "I removed the rule in {place} that hid tracks with **a b**."),
        ("length", "60-", "I removed the rule that limited {place} to tracks of **1:00** or longer."),
        ("length", "-60", "I removed the rule that limited {place} to tracks of up to **1:00**."),
        ("length", "60-300", "I removed the rule that limited {place} to tracks of **1:00–5:00**."),
    ],
)
def test_removed_rule_has_a_sentence_for_the_server_and_for_a_channel(
    kind: RuleKind, text: str, sentence: str
) -> None:
    assert rule_removed(Rule(kind, text)) == sentence.format(place="this server")
    assert rule_removed(Rule(kind, text, 7)) == sentence.format(place="<#7>")


def test_replaced_length_of_a_channel_names_the_channel_and_both_lengths() -> None:
    assert change_sentence(RuleChange(1, 1, "length", 7, "60-", "-300")) == (
        "<#7> now shows only tracks of up to **5:00**. "
        "This replaces an earlier rule: Only tracks of **1:00** or longer are shown in <#7>."
    )


@pytest.mark.parametrize(
    ("kind", "text", "server", "here", "elsewhere"),
    [
        (
            "allow genre",
            "R&B",
            "Allowed genre: R&B",
            "Allowed genre in this channel: R&B",
            "Allowed genre in channel 8: R&B",
        ),
        (
            "block genre",
            "Rock",
            "Hidden genre: Rock",
            "Hidden genre in this channel: Rock",
            "Hidden genre in channel 8: Rock",
        ),
        (
            "block artist",
            "*NSYNC",
            "Hidden artist: *NSYNC",
            "Hidden artist in this channel: *NSYNC",
            "Hidden artist in channel 8: *NSYNC",
        ),
        (
            "block word",
            "a b",
            "Hidden words: a b",
            "Hidden words in this channel: a b",
            "Hidden words in channel 8: a b",
        ),
        (
            "length",
            "60-",
            "Only tracks of 1:00 or longer",
            "Only tracks of 1:00 or longer in this channel",
            "Only tracks of 1:00 or longer in channel 8",
        ),
        (
            "length",
            "-60",
            "Only tracks of up to 1:00",
            "Only tracks of up to 1:00 in this channel",
            "Only tracks of up to 1:00 in channel 8",
        ),
        (
            "length",
            "60-90",
            "Only tracks of 1:00–1:30",
            "Only tracks of 1:00–1:30 in this channel",
            "Only tracks of 1:00–1:30 in channel 8",
        ),
    ],
)
def test_choice_is_named_by_its_kind_and_its_place(
    kind: RuleKind, text: str, server: str, here: str, elsewhere: str
) -> None:
    assert [choice_name(Rule(kind, text, channel_id), 7) for channel_id in (0, 7, 8)] == [
        server,
        here,
        elsewhere,
    ]


def test_name_of_a_choice_fits_into_discords_limit() -> None:
    assert len(choice_name(Rule("block artist", "a" * 100, 10**18), 7)) == 100


@pytest.mark.parametrize(
    ("kind", "text", "names"),
    [
        ("allow genre", "Lo-Fi", {"allowed genre: lo-fi", "only genre lo-fi", "lo-fi"}),
        ("block genre", "Rock", {"hidden genre: rock", "no genre rock", "rock"}),
        ("block artist", "Drake", {"hidden artist: drake", "no artist drake", "drake"}),
        ("block word", "a b", {"hidden words: a b", "no word a b", "a b"}),
        ("length", "60-", {"only tracks of 1:00 or longer", "only 1:00 and longer", "60-"}),
        ("length", "-60", {"only tracks of up to 1:00", "only up to 1:00", "-60"}),
        ("length", "60-90", {"only tracks of 1:00–1:30", "only 1:00–1:30", "60-90"}),
    ],
)
def test_rule_can_be_typed_by_its_name_its_former_name_and_its_text(
    kind: RuleKind, text: str, names: set[str]
) -> None:
    assert typed_names(Rule(kind, text, 7)) == names


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (None, "-60", "added: Only tracks of up to **1:00** are shown in <#7>."),
        ("-60", None, "removed: Only tracks of up to **1:00** are shown in <#7>."),
        (
            "-60",
            "60-",
            (
                "changed: Only tracks of **1:00** or longer are shown in <#7>. "
                "Before: Only tracks of up to **1:00** are shown in <#7>."
            ),
        ),
    ],
)
def test_line_of_the_history_has_the_time_the_member_and_the_change(
    before: str | None, after: str | None, line: str
) -> None:
    change = RuleChange(5, 1_800_000_000.9, "length", 7, before, after)
    anonymous = RuleChange(0, 1_800_000_000.9, "length", 7, before, after)

    assert history_line(change) == f"<t:1800000000:f> · <@5> {line}"
    assert history_line(anonymous) == f"<t:1800000000:f> · somebody {line}"

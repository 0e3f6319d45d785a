"""What stands in an answer: Discord's limits hold, and nothing from outside does more than stand there."""

import re
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models.ranges import Span
from bot.models.search import Page, Search, Track
from bot.search.embeds import headline, track_embeds

text = st.text(max_size=600) | st.sampled_from(["@everyone", "[x](http://y)", "*" * 600, "\u202e", "a" * 600])
tracks = st.builds(
    Track,
    asset_id=st.text(min_size=1, max_size=500),
    name=text,
    artist=st.none() | text,
    album=st.none() | text,
    genre=st.none() | text,
    bpm=st.none() | st.floats(0.001, 999),
    duration=st.none() | st.floats(0.001, 86400),
    thumbnail_url=st.none() | text,
)


def page(*shown: Track, search: Search | None = None, **changes: Any) -> Page:
    facts: dict[str, Any] = {
        "number": 1, "tracks": shown, "search": search or Search("calm"), "method": "semantic",
        "matched_artist": None, "featured_artist": None, "total": 12,
        "found": 12, "looked_at": 12, "fallback": None, "own_tracks": 0, "more": "page",
    }  # fmt: skip
    return Page(**facts | changes)


@given(st.lists(tracks, min_size=1, max_size=5), st.text(max_size=200), st.none() | text)
def test_five_of_whatever_tracks_fit_into_one_message(
    shown: list[Track], query: str, artist: str | None
) -> None:
    made = page(*shown, search=Search(query, genre=query), matched_artist=artist, featured_artist=artist)
    embeds = track_embeds(made)

    assert len(headline(made)) <= 2000
    assert sum(len(embed) for embed in embeds) <= 6000
    for embed in embeds:
        assert len(embed.title or "") <= 256
        assert len(embed.description or "") <= 4096
        assert embed.url is None or len(embed.url) <= 2048
        assert re.fullmatch(r"[!-~]*", embed.url or "")
        for line in (embed.description or "").splitlines():
            assert line.strip()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "http://covers.example.com/1.png", "https://covers.example.com/a b.png",
        "https://" + "a" * 3000 + ".com/1.png", "https://covers.example.com/\n1.png",
        "//covers.example.com/1.png", "https://", "https://localhost/1.png", "https://127.0.0.1/1.png",
        "https://user:pass@example.com/1.png", "https://covers.example.com/1.png<script>",
        "HTTPS:/covers.example.com/", "", "https://exa mple.com/1.png",
    ],
)  # fmt: skip
def test_a_picture_that_discord_would_refuse_is_left_out(url: str) -> None:
    (embed,) = track_embeds(page(Track("1", "x", thumbnail_url=url)))

    assert embed.thumbnail.url is None


@pytest.mark.parametrize(
    "url",
    [
        "https://covers.example.com/a.png",
        "https://c.example.com:8443/a%20b.jpg?w=2&h=3",
        "https://x.example.com",
    ],
)
def test_a_good_picture_is_shown(url: str) -> None:
    (embed,) = track_embeds(page(Track("1", "x", thumbnail_url=url)))

    assert embed.thumbnail.url == url


def test_an_id_cannot_lead_elsewhere() -> None:
    (embed,) = track_embeds(page(Track("../../evil?x=1#", "x")))

    assert embed.url == "https://create.roblox.com/store/asset/..%2F..%2Fevil%3Fx%3D1%23"


@pytest.mark.parametrize("track", [Track("1", "x"), Track("1", "x", bpm=0.2, duration=0.3)])
def test_nothing_is_said_of_what_is_not_known(track: Track) -> None:
    (embed,) = track_embeds(page(track))

    assert embed.description is None
    assert embed.colour != discord.Colour.default()


def test_the_line_above_is_honest() -> None:
    narrowed = Search("calm", tempo=Span(120, 130), length=Span(high=90), genre="Lo-Fi")

    assert headline(page(Track("1", "x"))) == "🔎 **calm** · 12 matches · page 1 of 3"
    assert headline(page(Track("1", "x"), total=1, found=1, more="none")).endswith("1 match · page 1 of 1")
    assert headline(
        page(Track("1", "x"), search=narrowed, total=2500, found=7, looked_at=300, more="further")
    ) == (
        "🔎 **calm** · **Lo-Fi** · **120–130 BPM** · **1:30 and shorter** · 7 found so far · page 1\n"
        "-# Looked through the first 300 of 2,500 matches"
    )
    assert "Keyword matches" in headline(page(Track("1", "x"), method="text"))
    assert "In the style of **X\\_Y**" in headline(page(Track("1", "x"), matched_artist="X_Y"))

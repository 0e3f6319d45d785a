"""Embeds of tracks: within Discord's limits, whatever the service sends."""

import re

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models.search import Search, Track
from bot.search.embeds import track_embeds
from bot.search.headline import headline
from tests.support.pages import page

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


@given(st.lists(tracks, min_size=1, max_size=5), st.text(max_size=200), st.none() | text)
def test_five_of_any_tracks_fit_into_one_message(shown: list[Track], query: str, artist: str | None) -> None:
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
def test_a_thumbnail_that_discord_would_refuse_is_left_out(url: str) -> None:
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
def test_a_valid_thumbnail_is_shown(url: str) -> None:
    (embed,) = track_embeds(page(Track("1", "x", thumbnail_url=url)))

    assert embed.thumbnail.url == url


def test_an_id_is_quoted_in_the_address() -> None:
    (embed,) = track_embeds(page(Track("../../evil?x=1#", "x")))

    assert embed.url == "https://create.roblox.com/store/asset/..%2F..%2Fevil%3Fx%3D1%23"


@pytest.mark.parametrize("track", [Track("1", "x"), Track("1", "x", bpm=0.2, duration=0.3)])
def test_unknown_fields_are_left_out(track: Track) -> None:
    (embed,) = track_embeds(page(track))

    assert embed.description is None
    assert embed.colour != discord.Colour.default()

"""Pages as tests of embeds and headlines need them."""

from typing import Any

from bot.models.search import Page, Search, Track


def page(*tracks: Track, search: Search | None = None, **changes: Any) -> Page:
    """The first page of a search for "calm" with 12 matches, unless `changes` say otherwise."""
    fields: dict[str, Any] = {
        "number": 1,
        "tracks": tracks,
        "search": search or Search("calm"),
        "method": "semantic",
        "matched_artist": None,
        "featured_artist": None,
        "featured_count": 0,
        "total": 12,
        "found": 12,
        "examined": 12,
        "fallback": None,
        "continuation": "next page",
    }
    return Page(**fields | changes)

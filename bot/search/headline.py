"""The headline of a page: the search, its counts, and notes on origin, filters and what to try next."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.i18n import plural
from bot.models.pages import page_count
from bot.models.ranges import describe_length, describe_tempo
from bot.models.search import PAGE_SIZE, Fallback, Page, Search
from bot.text import escape

# With these sizes, a headline always fits into Discord's 2,000 characters.
_MAX_QUERY: Final = 600
_MAX_NAME: Final = 240
_MAX_GENRE: Final = 120
_MAX_GENRES_NAMED: Final = 5


def headline(page: Page) -> str:
    """The content of a page's message: the search and its counts on one line, each note on its own."""
    return "\n".join([" · ".join(_summary(page)), *(f"-# {note}" for note in _notes(page))])


def _summary(page: Page) -> Iterator[str]:
    search = page.search
    yield f"{'🎤' if search.kind == 'artist' else '🔎'} **{escape(search.text, _MAX_QUERY)}**"
    yield from (f"**{criterion}**" for criterion in _criteria(search))
    if not page.tracks:
        yield _empty_count(page)
    elif page.is_narrowed:
        yield _narrowed_count(page)
        yield f"page {page.number:,}"
    else:
        yield from _counts(page)


def _criteria(search: Search) -> Iterator[str]:
    if search.genre:
        yield escape(search.genre, _MAX_GENRE)
    if search.tempo:
        tempo = describe_tempo(search.tempo)
        yield f"{tempo}, also at half and double time" if search.half_double else tempo
    if search.length:
        yield describe_length(search.length)


def _empty_count(page: Page) -> str:
    if page.continuation == "end":
        return plural(page.found, "{count} found", "{count} found") if page.found else "nothing found"
    if page.found:
        return plural(page.found, "{count} found, no more yet", "{count} found, no more yet")
    return "nothing found yet"


def _narrowed_count(page: Page) -> str:
    if page.continuation == "end":
        return plural(page.found, "{count} found", "{count} found")
    return plural(page.found, "{count} found so far", "{count} found so far")


def _counts(page: Page) -> Iterator[str]:
    """The count of matches and the page number.

    At the end the found tracks are counted; before it, the service's total is used if it sent one.
    """
    if page.continuation != "end" and page.total is None:
        yield plural(page.found, "{count}+ match", "{count}+ matches")
        yield f"page {page.number:,}"
        return
    total = page.found if page.continuation == "end" else max(page.total or 0, page.found)
    yield plural(total, "{count} match", "{count} matches")
    yield f"page {page.number:,} of {page_count(total, PAGE_SIZE):,}"


def _notes(page: Page) -> Iterator[str]:
    if page.fallback is not None:
        yield _fallback_note(page.fallback)
    if page.tracks:
        yield from _origin_notes(page)
    if page.hidden:
        yield plural(
            len(page.hidden),
            "{count} track is hidden by this server's filters.",
            "{count} tracks are hidden by this server's filters.",
        )
    if page.is_narrowed and page.examined:
        yield _examined_note(page)
    if not page.tracks:
        yield " ".join(_advice(page))


def _fallback_note(fallback: Fallback) -> str:
    if fallback.fetched_at is None:
        return f"{fallback.reason} These tracks are from earlier searches."
    return f"{fallback.reason} These are earlier results, from <t:{int(fallback.fetched_at)}:R>."


def _origin_notes(page: Page) -> Iterator[str]:
    if page.matched_artist:
        artist = escape(page.matched_artist, _MAX_NAME)
        if page.featured_count:
            yield f"In the style of **{artist}**. Tracks by the artist come first, marked ★."
        else:
            yield f"In the style of **{artist}**."
    elif page.search.kind == "artist":
        if page.featured_count:
            yield "Tracks by the artist come first, marked ★."
        else:
            yield "No artist of that name was recognised. These are the closest matches."
    if page.method == "text" and (page.fallback is None or page.fallback.fetched_at is not None):
        yield "Keyword matches only: AudioScape's semantic search is unavailable right now."


def _examined_note(page: Page) -> str:
    if page.continuation != "end" and page.total is None:
        return plural(
            page.examined,
            "Looked through 1 match so far.",
            "Looked through the first {count} matches so far.",
        )
    total = max(page.total or 0, page.examined)
    if page.continuation == "end" or page.examined == total:
        return plural(total, "Looked through the only match.", "Looked through all {count} matches.")
    return plural(
        total,
        "Looked through 1 match so far.",
        "Looked through the first {examined} of {count} matches.",
        examined=f"{page.examined:,}",
    )


def genres_in_words(genres: Sequence[str]) -> str:
    """The names of `genres`, escaped; of a long list the first few, and the number of the others."""
    named = ", ".join(f"**{escape(genre, _MAX_GENRE)}**" for genre in genres[:_MAX_GENRES_NAMED])
    others = len(genres) - _MAX_GENRES_NAMED
    if others <= 0:
        return named
    return plural(others, "{genres} and {count} other", "{genres} and {count} others", genres=named)


def _advice(page: Page) -> Iterator[str]:
    """Whole sentences on how to find more."""
    if page.hidden and not page.found:
        if page.continuation == "end":
            yield "Everything that matches is hidden by this server's filters. Try other words."
        else:
            yield "Every match up to here is hidden by this server's filters."
            yield "Press **Keep looking**, or try other words."
    elif page.continuation != "end":
        yield "There are more matches to look through. Press **Keep looking**, or widen your search."
    elif page.allowed_genres:
        yield f"This server's filters allow only {genres_in_words(page.allowed_genres)}. Try other words."
    else:
        yield from _ways_to_widen(page.search)


def _ways_to_widen(search: Search) -> Iterator[str]:
    if search.tempo:
        yield "Try a wider tempo."
    if search.length:
        yield "Try another length."
    if search.genre:
        yield "Try it without a genre, or with a related one."
    if search.kind == "artist":
        yield "Try the artist's full name, or describe their sound with `/music`."
    else:
        yield "Try fewer or simpler words: a mood, a genre, an instrument."

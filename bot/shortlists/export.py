"""Formats: a ranking as a file for a game's source, a spreadsheet or a script. Pure."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

import msgspec

from bot.models.search import Track
from bot.models.shortlists import Entry
from bot.shortlists.ranking import Ranking
from bot.text import fold

Format: TypeAlias = Literal["luau", "csv", "json", "ids"]

_EXTENSIONS: Final[Mapping[Format, str]] = {"luau": "luau", "csv": "csv", "json": "json", "ids": "txt"}

# What makes a spreadsheet take a cell for a formula; behind a semicolon, a tab or a line break too, which
# part cells for some, to whom our quotes are none.
_FORMULA: Final = re.compile(r"(^|[;\t\r\n])(?=[\s\"']*[=+\-@＝＋－＠])")
_LUA_ESCAPES: Final = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
_CONTROLS: Final = re.compile(r'["\\\x00-\x1f\x7f]')


def address(asset_id: str) -> str:
    """How a game refers to an audio asset."""
    return f"rbxassetid://{asset_id}"


def export(ranking: Ranking, form: Format) -> tuple[str, bytes]:
    """A name for the file, and what is in it; the order is the ranking's."""
    words = re.findall(r"[a-z0-9]+", fold(ranking.shortlist.name))
    name = "-".join(words)[:60] or "shortlist"
    return f"{name}.{_EXTENSIONS[form]}", _WRITERS[form](ranking)


def _luau(ranking: Ranking) -> bytes:
    """A module that returns a table by name; ids are text, as no number of Luau's holds them all."""
    names = _unique(entry.track.name for entry in ranking.entries)
    rows = [
        f"\t[{_quoted(name)}] = {{ {_lua_fields(rank, entry.track)} }},\n"
        for rank, (name, entry) in enumerate(zip(names, ranking.entries, strict=True), 1)
    ]
    return f"return {{\n{''.join(rows)}}}\n".encode()


def _lua_fields(rank: int, track: Track) -> str:
    fields = {
        "rank": str(rank),
        "id": _quoted(address(track.asset_id)),
        "title": _quoted(track.name),
        "artist": None if track.artist is None else _quoted(track.artist),
        "bpm": _figure(track.bpm),
        "seconds": _figure(track.duration),
    }
    return ", ".join(f"{name} = {value}" for name, value in fields.items() if value is not None)


def _quoted(text: str) -> str:
    """A string literal of Lua 5.1 and of Luau, whatever `text` holds."""
    return '"' + _CONTROLS.sub(lambda match: _lua_escape(match[0]), text) + '"'


def _lua_escape(character: str) -> str:
    return _LUA_ESCAPES.get(character, f"\\{ord(character):03}")


def _unique(names: Iterable[str]) -> Sequence[str]:
    """Each name once: a table would keep only the last of two that are the same."""
    unique: dict[str, None] = {}
    counts = Counter[str]()
    for name in names:
        candidate = name
        while candidate in unique:
            counts[name] += 1
            candidate = f"{name} ({counts[name] + 1})"
        unique[candidate] = None
    return list(unique)


def _csv(ranking: Ranking) -> bytes:
    """The id stands in its address, as a spreadsheet rounds a long number; the mark tells it of UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    for rank, entry in enumerate(ranking.entries, 1):
        row = _row(rank, entry)
        if rank == 1:
            writer.writerow(row)
        writer.writerow(map(_cell, row.values()))
    return file.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def _json(ranking: Ranking) -> bytes:
    content = {
        "name": ranking.shortlist.name,
        "brief": ranking.shortlist.brief,
        "tracks": [
            {"asset_id": entry.track.asset_id, **_row(rank, entry)}
            for rank, entry in enumerate(ranking.entries, 1)
        ],
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2)


def _ids(ranking: Ranking) -> bytes:
    return "".join(f"{entry.track.asset_id}\n" for entry in ranking.entries).encode()


def _row(rank: int, entry: Entry) -> dict[str, Any]:
    track = entry.track
    return {
        "rank": rank,
        "asset": address(track.asset_id),
        "title": track.name,
        "artist": track.artist,
        "album": track.album,
        "genre": track.genre,
        "bpm": _whole(track.bpm),
        "seconds": _whole(track.duration),
        "likes": entry.likes,
        "dislikes": entry.dislikes,
        "found_by": entry.found_by,
    }


def _whole(number: float | None) -> float | None:
    """Without a decimal point where there is nothing behind it."""
    return int(number) if number is not None and number == int(number) else number


def _figure(number: float | None) -> str | None:
    return None if number is None else repr(_whole(number))


_WRITERS: Final[Mapping[Format, Callable[[Ranking], bytes]]] = {
    "luau": _luau,
    "csv": _csv,
    "json": _json,
    "ids": _ids,
}

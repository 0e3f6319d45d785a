"""Export: a ranking as a file in Luau, CSV, JSON or plain text. Pure."""

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

ExportFormat: TypeAlias = Literal["luau", "csv", "json", "ids"]

_EXTENSIONS: Final[Mapping[ExportFormat, str]] = {"luau": "luau", "csv": "csv", "json": "json", "ids": "txt"}

# The beginning of a cell that a spreadsheet reads as a formula. A cell can also begin after a semicolon, a
# tab or a line break: some spreadsheets separate cells there and ignore our quotes.
_FORMULA: Final = re.compile(r"(^|[;\t\r\n])(?=[\s\"']*[=+\-@＝＋－＠])")
_LUA_ESCAPES: Final = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
_LUA_SPECIAL: Final = re.compile(r'["\\\x00-\x1f\x7f]')


def asset_uri(asset_id: str) -> str:
    """The URI by which a game refers to an audio asset: https://create.roblox.com/docs/projects/assets"""
    return f"rbxassetid://{asset_id}"


def export(ranking: Ranking, export_format: ExportFormat) -> tuple[str, bytes]:
    """The file's name and content; tracks are in the order of the ranking."""
    words = re.findall(r"[a-z0-9]+", fold(ranking.shortlist.name))
    name = "-".join(words)[:60] or "shortlist"
    return f"{name}.{_EXTENSIONS[export_format]}", _WRITERS[export_format](ranking)


def _luau(ranking: Ranking) -> bytes:
    """A module that returns a table by name; ids are text, because a Luau number doesn't hold all of them."""
    names = _unique_names(entry.track.name for entry in ranking.entries)
    rows = [
        f"\t[{_lua_string(name)}] = {{ {_lua_fields(rank, entry.track)} }},\n"
        for rank, (name, entry) in enumerate(zip(names, ranking.entries, strict=True), 1)
    ]
    return f"return {{\n{''.join(rows)}}}\n".encode()


def _lua_fields(rank: int, track: Track) -> str:
    fields = {
        "rank": str(rank),
        "id": _lua_string(asset_uri(track.asset_id)),
        "title": _lua_string(track.name),
        "artist": None if track.artist is None else _lua_string(track.artist),
        "bpm": _lua_number(track.bpm),
        "seconds": _lua_number(track.duration),
    }
    return ", ".join(f"{name} = {value}" for name, value in fields.items() if value is not None)


def _lua_string(text: str) -> str:
    """`text` as a string literal of Lua 5.1 and of Luau."""
    return '"' + _LUA_SPECIAL.sub(lambda match: _lua_escape(match[0]), text) + '"'


def _lua_escape(character: str) -> str:
    return _LUA_ESCAPES.get(character, f"\\{ord(character):03}")


def _unique_names(names: Iterable[str]) -> Sequence[str]:
    """`names` with a number after each repetition: a table keeps only the last value of a key."""
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
    """Rows with an asset URI, because a spreadsheet rounds long numbers; the byte order mark says UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    for rank, entry in enumerate(ranking.entries, 1):
        row = _row(rank, entry)
        if rank == 1:
            writer.writerow(row)
        writer.writerow(map(_escape_formula, row.values()))
    return file.getvalue().encode("utf-8-sig")


def _escape_formula(value: Any) -> Any:
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
        "asset": asset_uri(track.asset_id),
        "title": track.name,
        "artist": track.artist,
        "album": track.album,
        "genre": track.genre,
        "bpm": _without_fraction(track.bpm),
        "seconds": _without_fraction(track.duration),
        "likes": entry.likes,
        "dislikes": entry.dislikes,
        "found_by": entry.found_by,
    }


def _without_fraction(number: float | None) -> float | None:
    """`number` as an integer if its fraction is zero."""
    return int(number) if number is not None and number == int(number) else number


def _lua_number(number: float | None) -> str | None:
    return None if number is None else repr(_without_fraction(number))


_WRITERS: Final[Mapping[ExportFormat, Callable[[Ranking], bytes]]] = {
    "luau": _luau,
    "csv": _csv,
    "json": _json,
    "ids": _ids,
}

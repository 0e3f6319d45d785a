"""Writes a database out as SQL, so that one of each version can be kept, and read, in tests/databases/.

Run it as `python tests/dump.py needledrop.db > tests/databases/0004.sql` before a new migration changes it.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing


def dump(sqlite: sqlite3.Connection) -> Iterator[str]:
    """Tables, what is in them, and only then the triggers, which would put more in."""
    parts = sqlite.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    hidden = {name for (name,) in sqlite.execute("SELECT name FROM pragma_table_list WHERE type = 'shadow'")}
    parts = [part for part in parts if part[1] not in hidden and not part[1].startswith("sqlite_")]
    yield from (f"{sql};" for kind, _, sql in parts if kind != "trigger")
    indexes = [name for kind, name, sql in parts if sql.startswith("CREATE VIRTUAL")]
    for name in (name for kind, name, _ in parts if kind == "table" and name not in indexes):
        columns = ", ".join(f"quote({column[1]})" for column in sqlite.execute(f"PRAGMA table_info({name})"))
        for row in sqlite.execute(f"SELECT {columns} FROM {name}"):  # noqa: S608 (names out of the schema)
            yield f"INSERT INTO {name} VALUES ({', '.join(row)});"  # noqa: S608
    yield from (f"INSERT INTO {name} ({name}) VALUES ('rebuild');" for name in indexes)  # noqa: S608
    yield from (f"{sql};" for kind, _, sql in parts if kind == "trigger")
    ((version,),) = sqlite.execute("PRAGMA user_version")
    yield f"PRAGMA user_version = {version};"


if __name__ == "__main__":
    with closing(sqlite3.connect(sys.argv[1])) as database:
        sys.stdout.writelines(f"{line}\n" for line in dump(database))

"""Dump of a database as SQL, of which tests/support/databases/ keeps one for each version.

Before a new migration changes the schema, run
`python tests/support/dump.py needledrop.db > tests/support/databases/0005.sql`.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing


def dump(sqlite: sqlite3.Connection) -> Iterator[str]:
    """The statements that create the database: tables, rows, and only then triggers, which would add rows."""
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

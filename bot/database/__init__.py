"""The database: all state that outlives the process, in one store per subject, over the SQLite engine.

A store's methods hide the SQL. Verbs: add, get, list, update, put (add or replace), remove, count; expire
(retention), erase (privacy). A method whose statement may match no row says so in its return value.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.database.budgets import BudgetStore
from bot.database.circuit import CircuitStore
from bot.database.genres import GenreStore
from bot.database.guild_rates import GuildRateStore
from bot.database.maintenance import MaintenanceStore
from bot.database.privacy import PrivacyStore
from bot.database.result_windows import WindowStore
from bot.database.rules import RuleStore
from bot.database.searches import SearchStore
from bot.database.shortlist_entries import EntryStore
from bot.database.shortlist_notes import NoteStore
from bot.database.shortlist_posts import PostStore
from bot.database.shortlist_votes import VoteStore
from bot.database.shortlists import ShortlistStore
from bot.database.sqlite.backup import back_up, restore
from bot.database.sqlite.connection import Connection, connect
from bot.database.sqlite.inspection import Inspection, inspect
from bot.database.synced_commands import SyncedCommandStore
from bot.database.tracks import TrackStore

__all__ = ["Database", "Inspection", "back_up", "inspect", "open_database", "restore"]


class Database:
    """The stores. Each of their methods raises StorageError if the engine fails."""

    def __init__(self, connection: Connection) -> None:
        self.searches = SearchStore(connection)
        self.windows = WindowStore(connection)
        self.tracks = TrackStore(connection)
        self.budgets = BudgetStore(connection)
        self.guild_rates = GuildRateStore(connection)
        self.rules = RuleStore(connection)
        self.circuit = CircuitStore(connection)
        self.genres = GenreStore(connection)
        self.shortlists = ShortlistStore(connection)
        self.entries = EntryStore(connection)
        self.votes = VoteStore(connection)
        self.notes = NoteStore(connection)
        self.posts = PostStore(connection)
        self.synced_commands = SyncedCommandStore(connection)
        self.privacy = PrivacyStore(connection)
        self.maintenance = MaintenanceStore(connection)


@asynccontextmanager
async def open_database(path: str) -> AsyncIterator[Database]:
    """The database in the file at `path`, which is created or upgraded if necessary. Raises OperatorError."""
    async with connect(path) as connection:
        yield Database(connection)

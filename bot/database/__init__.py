"""All that outlives the process, in SQLite: a room for each thing that is remembered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.database.backup import back_up, restore
from bot.database.budgets import Budgets
from bot.database.commands import SyncedCommands
from bot.database.connection import Connection, connect
from bot.database.door import DoorState
from bot.database.entries import Entries
from bot.database.genres import Genres
from bot.database.guild_rates import GuildRates
from bot.database.inspection import Inspection, inspect
from bot.database.posts import Posts
from bot.database.privacy import Privacy
from bot.database.rules import Rules
from bot.database.searches import Searches
from bot.database.shortlists import Shortlists
from bot.database.tracks import Tracks
from bot.database.upkeep import Upkeep
from bot.database.votes import Notes, Votes
from bot.database.windows import Windows

__all__ = ["Database", "Inspection", "back_up", "inspect", "open_database", "restore"]


class Database:
    """Its rooms' methods speak of intentions, so that another engine could stand behind them.

    Each raises StorageTrouble when the engine fails.
    """

    def __init__(self, connection: Connection) -> None:
        self.searches = Searches(connection)
        self.windows = Windows(connection)
        self.tracks = Tracks(connection)
        self.budgets = Budgets(connection)
        self.guild_rates = GuildRates(connection)
        self.rules = Rules(connection)
        self.door = DoorState(connection)
        self.genres = Genres(connection)
        self.shortlists = Shortlists(connection)
        self.entries = Entries(connection)
        self.votes = Votes(connection)
        self.notes = Notes(connection)
        self.posts = Posts(connection)
        self.synced_commands = SyncedCommands(connection)
        self.privacy = Privacy(connection)
        self.upkeep = Upkeep(connection)


@asynccontextmanager
async def open_database(path: str) -> AsyncIterator[Database]:
    """The database in the file at `path`, made or migrated where needed. Raises OperatorError."""
    async with connect(path) as connection:
        yield Database(connection)

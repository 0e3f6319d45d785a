"""Maintenance: a probe and figures for the operator, while the database is in use."""

from bot.database.sqlite.connection import Connection


class MaintenanceStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute

    async def probe_write(self) -> None:
        """Write one page with its present content. Raises StorageError if the database can't be written."""
        await self._execute("UPDATE door SET only = only")

    async def get_size(self) -> int:
        """The size of the database, in bytes."""
        ((size,),) = await self._execute(
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        )
        return int(size)

    async def count_windows(self) -> int:
        """The number of stored windows of results."""
        ((count,),) = await self._execute("SELECT count(*) FROM windows")
        return int(count)

"""What an operator wants to know of the database while it is in use."""

from bot.database.sqlite.connection import Connection


class MaintenanceStore:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    async def check_writable(self) -> None:
        """Write, really but cheaply: one page, which is as it was before. Raises StorageError."""
        await self._run("UPDATE door SET only = only")

    async def get_size(self) -> int:
        """In bytes."""
        ((size,),) = await self._run(
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        )
        return int(size)

    async def count_windows(self) -> int:
        """How many windows of results are stored."""
        ((count,),) = await self._run("SELECT count(*) FROM windows")
        return int(count)

"""What an operator wants to know of the database while it is in use."""

from bot.database.connection import Connection


class Upkeep:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    async def write(self) -> None:
        """Write, really but cheaply: one page, which is as it was before. Raises StorageTrouble."""
        await self._run("UPDATE door SET only = only")

    async def size(self) -> int:
        """In bytes."""
        ((size,),) = await self._run(
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        )
        return int(size)

    async def windows(self) -> int:
        """How many windows of results are stored."""
        ((count,),) = await self._run("SELECT count(*) FROM windows")
        return int(count)

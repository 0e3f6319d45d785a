"""The state of the connections to Discord's gateway, one for each shard."""

from discord.ext import commands

from bot.telemetry.metrics import RECONNECTS


class Gateway(commands.Cog):
    """A cog without commands that listens to the events of every shard."""

    def __init__(self, bot: commands.AutoShardedBot) -> None:
        self._bot = bot
        self._disconnected: set[int] = set()
        self._identified: set[int] = set()

    @property
    def is_connected(self) -> bool:
        """True if every shard is connected and its session is ready."""
        shards = self._bot.shards
        return (
            self._bot.is_ready()
            and not self._disconnected
            and bool(shards)
            and not any(shard.is_closed() for shard in shards.values())
        )

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        self._disconnected.discard(shard_id)
        if shard_id in self._identified:
            RECONNECTS.labels("identified").inc()
        self._identified.add(shard_id)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        self._disconnected.discard(shard_id)
        RECONNECTS.labels("resumed").inc()

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        self._disconnected.add(shard_id)

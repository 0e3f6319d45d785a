"""Keeps track of which connections to Discord's gateway stand, as discord.py tells of them."""

from discord.ext import commands

from bot.telemetry.metrics import RECONNECTS


class Gateway(commands.Cog):
    """Loaded like the cogs that members see, and hears of every shard."""

    def __init__(self, bot: commands.AutoShardedBot) -> None:
        self._bot = bot
        self._lost: set[int] = set()
        self._known: set[int] = set()

    @property
    def is_connected(self) -> bool:
        """Whether every shard is connected, and has been signed in."""
        shards = self._bot.shards
        return (
            self._bot.is_ready()
            and not self._lost
            and bool(shards)
            and not any(shard.is_closed() for shard in shards.values())
        )

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        self._lost.discard(shard_id)
        if shard_id in self._known:
            RECONNECTS.labels("identified").inc()
        self._known.add(shard_id)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        self._lost.discard(shard_id)
        RECONNECTS.labels("resumed").inc()

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        self._lost.add(shard_id)

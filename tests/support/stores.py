"""Steps that tests of the stores share."""

from typing import Final

from bot.database import Database
from bot.models.search import Track
from bot.models.shortlists import Shortlist

TRACKS: Final = [Track(str(2**53 + number), f"Track {number}") for number in range(1, 5)]

GONE_ID: Final = 999
"""The id of no shortlist."""


async def add_shortlist(database: Database, name: str = "Boss fight", *, guild_id: int = 1) -> Shortlist:
    """A new shortlist, current in the channel whose id is that of the guild."""
    shortlist = await database.shortlists.add(
        name, "", guild_id=guild_id, channel_id=guild_id, maker_id=1, now=1
    )
    assert shortlist is not None
    return shortlist


async def add_entries(database: Database, shortlist: Shortlist, *tracks: Track) -> set[str]:
    return await database.entries.add(shortlist.shortlist_id, tracks, member_id=1, now=1, found_by=None)


async def upvote_first(database: Database, shortlist: Shortlist) -> None:
    """Member 1 votes 👍 on the first of TRACKS."""
    assert await database.votes.vote(shortlist.shortlist_id, TRACKS[0].asset_id, member_id=1, vote=1)

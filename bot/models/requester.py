"""Requester: the member for whom an API request is made."""

import msgspec


class Requester(msgspec.Struct, frozen=True):
    """A member of a guild, taken from an interaction."""

    guild_id: int
    member_id: int

"""What Discord sends, as it sends it: users, guilds, messages and interactions."""

from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

APPLICATION_ID: Final = "900000000000000001"
_GUILDS_FROM: Final = 700_000_000_000_000_000
_MEMBERS_FROM: Final = 800_000_000_000_000_000
_CHANNELS_FROM: Final = 600_000_000_000_000_000
_ROLES_FROM: Final = 500_000_000_000_000_000

BOT_USER: Final[Json] = {
    "id": APPLICATION_ID,
    "username": "bot",
    "discriminator": "0",
    "global_name": None,
    "avatar": None,
    "bot": True,
    "public_flags": 0,
}

APPLICATION: Final[Json] = {
    "id": APPLICATION_ID,
    "name": "bot",
    "description": "",
    "icon": None,
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "",
    "owner": BOT_USER,
    "flags": 0,
}


def guild_id(number: int) -> str:
    return str(_GUILDS_FROM + number)


def guild_create(number: int) -> Json:
    """A small guild: a dozen channels, a few roles, and of its members the bot alone."""
    roles = [_role(_GUILDS_FROM + number, "@everyone")]
    roles += [_role(_ROLES_FROM + 10 * number + place, f"Role {place}") for place in range(4)]
    return {
        "id": guild_id(number),
        "name": f"Guild {number}",
        "owner_id": str(_MEMBERS_FROM + number),
        "roles": roles,
        "channels": [_channel(_CHANNELS_FROM + 100 * number + place, place) for place in range(12)],
        "members": [{"user": BOT_USER, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}],
        "emojis": [],
        "stickers": [],
        "features": [],
        "threads": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "member_count": 50,
        "large": False,
        "icon": None,
        "splash": None,
        "banner": None,
        "description": None,
        "verification_level": 1,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "nsfw_level": 0,
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "joined_at": "2026-01-01T00:00:00+00:00",
    }


def _role(role_id: int, name: str) -> Json:
    return {
        "id": str(role_id),
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 1,
        "permissions": "137411140374081",
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def _channel(channel_id: int, place: int) -> Json:
    return {
        "id": str(channel_id),
        "type": 0,
        "name": f"channel-{place}",
        "position": place,
        "topic": None,
        "nsfw": False,
        "parent_id": None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "permission_overwrites": [],
    }


def message(message_id: int, sent: Json) -> Json:
    """What became of the content that the bot `sent`."""
    return {
        "id": str(message_id),
        "channel_id": str(_CHANNELS_FROM),
        "author": BOT_USER,
        "content": sent.get("content") or "",
        "timestamp": "2026-01-01T00:00:00.000000+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": sent.get("embeds") or [],
        "pinned": False,
        "type": 20,
        "flags": sent.get("flags") or 0,
        "components": sent.get("components") or [],
        "application_id": APPLICATION_ID,
        "webhook_id": APPLICATION_ID,
    }


def interaction(number: int, member: int, **kind: Any) -> Json:
    """What `member` does in the first guild; `kind` is its type, its data and, of a press, its message."""
    guild = guild_id(1)
    channel = _channel(_CHANNELS_FROM + member, 0) | {"permissions": "2248473465835073", "guild_id": guild}
    return {
        "id": str(910_000_000_000_000_000 + number),
        "application_id": APPLICATION_ID,
        "token": f"token-{number}",
        "version": 1,
        "guild_id": guild,
        "guild": {"id": guild, "features": [], "locale": "en-US"},
        "channel_id": channel["id"],
        "channel": channel,
        "member": {
            "user": {
                "id": str(_MEMBERS_FROM + member),
                "username": f"member{member}",
                "discriminator": "0",
                "global_name": f"Member {member}",
                "avatar": None,
                "public_flags": 0,
            },
            "roles": [],
            "flags": 0,
            "nick": None,
            "avatar": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "premium_since": None,
            "communication_disabled_until": None,
            "joined_at": "2026-01-01T00:00:00.000000+00:00",
            "permissions": "2248473465835073",
        },
        "app_permissions": "562949953601536",
        "locale": "en-US",
        "guild_locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {"0": guild},
        "context": 0,
        "attachment_size_limit": 10_485_760,
        **kind,
    }

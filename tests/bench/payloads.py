"""Discord's payloads: users, guilds, messages and interactions, with all fields that Discord sends."""

from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

APPLICATION_ID: Final = "900000000000000001"
_FIRST_GUILD_ID: Final = 700_000_000_000_000_000
_FIRST_MEMBER_ID: Final = 800_000_000_000_000_000
_FIRST_CHANNEL_ID: Final = 600_000_000_000_000_000
_FIRST_ROLE_ID: Final = 500_000_000_000_000_000

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
    return str(_FIRST_GUILD_ID + number)


def guild_create(number: int) -> Json:
    """A small guild: 12 channels, 5 roles, and only the bot in its list of members."""
    roles = [_role(_FIRST_GUILD_ID + number, "@everyone")]
    roles += [_role(_FIRST_ROLE_ID + 10 * number + position, f"Role {position}") for position in range(4)]
    return {
        "id": guild_id(number),
        "name": f"Guild {number}",
        "owner_id": str(_FIRST_MEMBER_ID + number),
        "roles": roles,
        "channels": [
            _channel(_FIRST_CHANNEL_ID + 100 * number + position, position) for position in range(12)
        ],
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


def _channel(channel_id: int, position: int) -> Json:
    return {
        "id": str(channel_id),
        "type": 0,
        "name": f"channel-{position}",
        "position": position,
        "topic": None,
        "nsfw": False,
        "parent_id": None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "permission_overwrites": [],
    }


def message(message_id: int, sent: Json) -> Json:
    """The message that Discord makes of the body that the bot `sent`."""
    return {
        "id": str(message_id),
        "channel_id": str(_FIRST_CHANNEL_ID),
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
    """An interaction of `member` in the first guild; `kind` is its type, its data and a press's message."""
    guild = guild_id(1)
    channel = _channel(_FIRST_CHANNEL_ID + member, 0) | {"permissions": "2248473465835073", "guild_id": guild}
    return {
        "id": str(910_000_000_000_000_000 + number),
        "application_id": APPLICATION_ID,
        "token": f"token-{number}",
        "version": 1,
        "guild_id": guild,
        "guild": {"id": guild, "features": [], "locale": "en-US"},
        "channel_id": channel["id"],
        "channel": channel,
        "member": _member(member),
        "app_permissions": "562949953601536",
        "locale": "en-US",
        "guild_locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {"0": guild},
        "context": 0,
        "attachment_size_limit": 10_485_760,
        **kind,
    }


def _member(number: int) -> Json:
    return {
        "user": {
            "id": str(_FIRST_MEMBER_ID + number),
            "username": f"member{number}",
            "discriminator": "0",
            "global_name": f"Member {number}",
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
    }

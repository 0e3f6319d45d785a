"""Config: every setting, read once from the environment; all problems are reported together."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self, TypeVar
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values

from bot.errors import OperatorError
from bot.models.ranges import parse_duration
from bot.models.rates import DEFAULT_LIMITS, Limits, parse_rates

AUDIOSCAPE_API_URL: Final = "https://api.audioscape.ai/developer/v1"
DISCORD_API_URL: Final = "https://discord.com/api/v10"
DATABASE_URL: Final = "sqlite:///needledrop.db"
FRESH_SECONDS: Final = 15 * 60.0
"""The age, in seconds, up to which results answer the same search without a request."""

MAX_PORT: Final = 65535

LOG_FORMATS: Final = ("text", "json")
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting. The repr leaves out the two secrets."""

    discord_token: str = field(repr=False)
    audioscape_api_key: str = field(repr=False)
    audioscape_api_url: str = AUDIOSCAPE_API_URL
    discord_api_url: str = DISCORD_API_URL
    discord_gateway_url: str | None = None
    database_path: str = "needledrop.db"
    """The path of a file, or `:memory:`."""
    limits: Limits = DEFAULT_LIMITS
    fresh_seconds: float = FRESH_SECONDS
    log_level: str = "INFO"
    log_format: str = "text"
    port: int | None = None
    """The port of `/healthz` and `/metrics`; None if they are not served."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read every setting. Raises OperatorError with a line for each one that is missing or wrong."""
        config, problems = cls.read(environment)
        if problems:
            lines = "\n".join(f"  - {problem}" for problem in problems.values())
            raise OperatorError(
                f"Needledrop can't start with these settings:\n{lines}\n"
                "Set them in the environment or in a file named .env; .env.example explains each."
            )
        return config

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> tuple[Self, Mapping[str, str]]:
        """Read every setting, and report problems by the names of their settings, a sentence each.

        In the Config, a wrong setting has its default, and a missing or wrong secret is as it was given.
        """
        settings = _Settings(environment)
        config = cls(
            discord_token=settings.required(
                "DISCORD_TOKEN", "it is the bot's token, from Discord's developer portal"
            ),
            audioscape_api_key=settings.required(
                "AUDIOSCAPE_API_KEY", "it is the key to AudioScape's search API"
            ),
            audioscape_api_url=settings.read("AUDIOSCAPE_API_URL", AUDIOSCAPE_API_URL, _web_url),
            discord_api_url=settings.read("DISCORD_API_URL", DISCORD_API_URL, _web_url),
            discord_gateway_url=settings.read("DISCORD_GATEWAY_URL", None, _gateway_url),
            database_path=settings.read("DATABASE_URL", _sqlite_path(DATABASE_URL), _sqlite_path),
            limits=Limits(
                member=settings.read("MEMBER_BUDGET", DEFAULT_LIMITS.member, parse_rates),
                guild=settings.read("GUILD_BUDGET", DEFAULT_LIMITS.guild, parse_rates),
                key=settings.read("KEY_BUDGET", DEFAULT_LIMITS.key, parse_rates),
            ),
            fresh_seconds=settings.read("RESULTS_FRESH", FRESH_SECONDS, _duration),
            log_level=settings.read("LOG_LEVEL", "INFO", _log_level),
            log_format=settings.read("LOG_FORMAT", "text", _log_format),
            port=settings.read("PORT", None, _port),
        )
        return config, settings.problems

    @property
    def secrets(self) -> tuple[str, str]:
        return self.discord_token, self.audioscape_api_key


def environment() -> dict[str, str]:
    """The environment of the process, and below it the `.env` file in the working directory.

    Raises OperatorError if there is a `.env` file that can't be read.
    """
    try:
        values = dotenv_values(".env") if Path(".env").is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(
            "The file .env can't be read as UTF-8 text. Check its contents and permissions."
        ) from error
    return {name: value for name, value in values.items() if value is not None} | dict(os.environ)


class _Settings:
    """The reader of single settings; it collects their problems."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: dict[str, str] = {}

    def required(self, name: str, meaning: str) -> str:
        """The secret `name`; `meaning` completes the sentence "NAME is missing: …"."""
        value = self._environment.get(name, "").strip()
        if not value:
            self.problems[name] = f"{name} is missing: {meaning}."
        elif not (value.isascii() and value.isprintable() and " " not in value):
            self.problems[name] = f"{name} contains a space or an invalid character. Copy it again."
        return value

    def read(self, name: str, default: _Value, parse: Callable[[str], _Value]) -> _Value:
        """The setting `name` as `parse` understands it, or `default` if it is empty or wrong."""
        text = self._environment.get(name, "").strip()
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as error:
            self.problems[name] = f"{name} is wrong: {error}."
            return default


def _web_url(text: str) -> str:
    return _url(text, ("https", "http"))


def _gateway_url(text: str) -> str:
    return _url(text, ("wss", "ws"))


def _url(text: str, schemes: tuple[str, str]) -> str:
    expected = f"write a URL that begins with {schemes[0]}:// or {schemes[1]}://"
    try:
        parts = urlsplit(text)
        is_valid = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise ValueError(expected) from error
    if not is_valid or any(character.isspace() for character in text):
        raise ValueError(expected)
    return text.rstrip("/")


def _sqlite_path(text: str) -> str:
    prefix = "sqlite:///"
    path = unquote(text.removeprefix(prefix))
    if not text.startswith(prefix) or not path or not path.isprintable():
        raise ValueError("write sqlite:/// and the path of a file, such as sqlite:///needledrop.db")
    return path


def _duration(text: str) -> float:
    seconds = parse_duration(text)
    if seconds is None:
        raise ValueError("write a duration, such as 15 min, 90 s or 1 h")
    return seconds


def _log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise ValueError(f"write one of {', '.join(LOG_LEVELS)}")
    return text.upper()


def _log_format(text: str) -> str:
    if text.lower() not in LOG_FORMATS:
        raise ValueError(f"write one of {', '.join(LOG_FORMATS)}")
    return text.lower()


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= MAX_PORT:
        raise ValueError(f"write a number from 1 to {MAX_PORT}")
    return int(text)

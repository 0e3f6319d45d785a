"""The environment, read once; all that is missing or wrong is said at once."""

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
"""How old an answer may be when somebody makes the same search."""

_LAST_PORT: Final = 65535

LOG_FORMATS: Final = ("text", "json")
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting. The two secrets are left out of its repr."""

    discord_token: str = field(repr=False)
    audioscape_api_key: str = field(repr=False)
    audioscape_api_url: str = AUDIOSCAPE_API_URL
    discord_api_url: str = DISCORD_API_URL
    discord_gateway_url: str | None = None
    database_path: str = "needledrop.db"
    """A file's path, or `:memory:`."""
    limits: Limits = DEFAULT_LIMITS
    fresh_seconds: float = FRESH_SECONDS
    log_level: str = "INFO"
    log_format: str = "text"
    port: int | None = None
    """Where `/healthz` and `/metrics` are served; None for nowhere."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Raises OperatorError with a line for each setting that is missing or wrong."""
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
        """The settings, and a sentence for each that is missing or wrong, in whose place is its default."""
        settings = _Settings(environment)
        config = cls(
            discord_token=settings.required(
                "DISCORD_TOKEN", "the bot's token, from Discord's developer portal"
            ),
            audioscape_api_key=settings.required("AUDIOSCAPE_API_KEY", "the key to AudioScape's search"),
            audioscape_api_url=settings.read("AUDIOSCAPE_API_URL", AUDIOSCAPE_API_URL, web_url),
            discord_api_url=settings.read("DISCORD_API_URL", DISCORD_API_URL, web_url),
            discord_gateway_url=settings.read("DISCORD_GATEWAY_URL", None, _gateway_url),
            database_path=settings.read("DATABASE_URL", _sqlite_path(DATABASE_URL), _sqlite_path),
            limits=Limits(
                member=settings.read("MEMBER_BUDGET", DEFAULT_LIMITS.member, parse_rates),
                guild=settings.read("GUILD_BUDGET", DEFAULT_LIMITS.guild, parse_rates),
                key=settings.read("KEY_BUDGET", DEFAULT_LIMITS.key, parse_rates),
            ),
            fresh_seconds=settings.read("RESULTS_FRESH", FRESH_SECONDS, _span),
            log_level=settings.read("LOG_LEVEL", "INFO", _log_level),
            log_format=settings.read("LOG_FORMAT", "text", _log_format),
            port=settings.read("PORT", None, _port),
        )
        return config, settings.problems

    @property
    def secrets(self) -> tuple[str, str]:
        return self.discord_token, self.audioscape_api_key


def environment() -> dict[str, str]:
    """The process's environment, over what a `.env` file in the working directory holds."""
    try:
        written = dotenv_values(".env") if Path(".env").is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError("The file .env is there but can't be read as text.") from error
    return {name: value for name, value in written.items() if value is not None} | dict(os.environ)


class _Settings:
    """Reads settings one by one and gathers what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: dict[str, str] = {}

    def required(self, name: str, meaning: str) -> str:
        value = self._environment.get(name, "").strip()
        if not value:
            self.problems[name] = f"{name} is missing: {meaning}."
        elif not (value.isascii() and value.isprintable() and " " not in value):
            self.problems[name] = f"{name} holds blanks or characters that can't be part of it."
        return value

    def read(self, name: str, default: _Value, parse: Callable[[str], _Value]) -> _Value:
        written = self._environment.get(name, "").strip()
        if not written:
            return default
        try:
            return parse(written)
        except ValueError as error:
            self.problems[name] = f"{name} is wrong: {error}."
            return default


def web_url(written: str) -> str:
    """An http or https address without the slash at its end. Raises ValueError for anything else."""
    return _url(written, ("https", "http"))


def _gateway_url(written: str) -> str:
    return _url(written, ("wss", "ws"))


def _url(written: str, schemes: tuple[str, str]) -> str:
    form = f"write an address that begins with {schemes[0]}:// or {schemes[1]}://"
    try:
        parts = urlsplit(written)
        valid = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise ValueError(form) from error
    if not valid or any(character.isspace() for character in written):
        raise ValueError(form)
    return written.rstrip("/")


def _sqlite_path(written: str) -> str:
    prefix = "sqlite:///"
    path = unquote(written.removeprefix(prefix))
    if not written.startswith(prefix) or not path or not path.isprintable():
        raise ValueError("write sqlite:/// and a file's path, such as sqlite:///needledrop.db")
    return path


def _span(written: str) -> float:
    seconds = parse_duration(written)
    if seconds is None:
        raise ValueError("write a span of time, such as 15 min, 90 s or 1 h")
    return seconds


def _log_level(written: str) -> str:
    if written.upper() not in LOG_LEVELS:
        raise ValueError(f"write one of {', '.join(LOG_LEVELS)}")
    return written.upper()


def _log_format(written: str) -> str:
    if written.lower() not in LOG_FORMATS:
        raise ValueError(f"write one of {', '.join(LOG_FORMATS)}")
    return written.lower()


def _port(written: str) -> int:
    if not written.isdecimal() or not 0 < int(written) <= _LAST_PORT:
        raise ValueError(f"write a number from 1 to {_LAST_PORT}")
    return int(written)

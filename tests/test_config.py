"""The environment: what it may say, and how all that is wrong is said at once."""

import re
from pathlib import Path

import pytest

from bot.config import Config, environment
from bot.errors import OperatorError
from bot.models.rates import Limits, Rate, parse_rates

REQUIRED = {"DISCORD_TOKEN": "token", "AUDIOSCAPE_API_KEY": "key"}
ROOT = Path(__file__).parents[1]


def test_a_token_and_a_key_are_enough() -> None:
    config = Config.from_environment(REQUIRED)

    assert config.audioscape_api_url == "https://api.audioscape.ai/developer/v1"
    assert config.discord_api_url == "https://discord.com/api/v10"
    assert config.discord_gateway_url is None
    assert config.database_path == "needledrop.db"
    assert config.limits == Limits(
        member=parse_rates("6/minute"), guild=parse_rates("20/minute"), key=parse_rates("60/minute")
    )
    assert config.fresh_seconds == 15 * 60


def test_every_setting_is_read() -> None:
    config = Config.from_environment(
        REQUIRED
        | {
            "AUDIOSCAPE_API_URL": "http://127.0.0.1:8600/developer/v1/",
            "DISCORD_API_URL": "http://127.0.0.1:1/api/v10",
            "DISCORD_GATEWAY_URL": "ws://127.0.0.1:2",
            "DATABASE_URL": "sqlite:////var/lib/needledrop/my%20notes.db",
            "GUILD_BUDGET": "200 / Hour",
            "MEMBER_BUDGET": "6/minute, 60/hour",
            "KEY_BUDGET": "1000/day",
            "RESULTS_FRESH": "1 h",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "JSON",
            "PORT": "8080",
        }
    )

    assert config.audioscape_api_url == "http://127.0.0.1:8600/developer/v1"
    assert config.discord_gateway_url == "ws://127.0.0.1:2"
    assert config.database_path == "/var/lib/needledrop/my notes.db"
    assert config.limits == Limits(
        member=(Rate(6, 60), Rate(60, 3600)), guild=(Rate(200, 3600),), key=(Rate(1000, 86400),)
    )
    assert config.fresh_seconds == 3600
    assert (config.log_level, config.log_format, config.port) == ("DEBUG", "json", 8080)


def test_all_that_is_wrong_is_said_at_once_and_no_secret_with_it() -> None:
    wrong = {
        "DISCORD_TOKEN": "two words",
        "AUDIOSCAPE_API_URL": "api.audioscape.ai",
        "DISCORD_GATEWAY_URL": "https://gateway",
        "DATABASE_URL": "postgres://x",
        "GUILD_BUDGET": "0/minute",
        "MEMBER_BUDGET": "6/minute,",
        "KEY_BUDGET": "many",
        "RESULTS_FRESH": "a while",
        "LOG_LEVEL": "chatty",
        "LOG_FORMAT": "xml",
        "PORT": "70000",
    }
    with pytest.raises(OperatorError) as error:
        Config.from_environment(wrong)

    for name in (*wrong, "AUDIOSCAPE_API_KEY"):
        assert name in str(error.value)
    assert "two words" not in str(error.value)


def test_the_secrets_are_not_in_what_is_printed_of_it() -> None:
    config = Config.from_environment({"DISCORD_TOKEN": "s3cret", "AUDIOSCAPE_API_KEY": "k3y"})

    assert "s3cret" not in repr(config)
    assert "k3y" not in repr(config)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("LOG_LEVEL=DEBUG\nGUILD_BUDGET=1/day\n")
    monkeypatch.setenv("LOG_LEVEL", "ERROR")

    assert environment()["LOG_LEVEL"] == "ERROR"
    assert environment()["GUILD_BUDGET"] == "1/day"


def test_every_setting_stands_in_the_example_with_a_comment() -> None:
    example = (ROOT / ".env.example").read_text()
    source = (ROOT / "bot" / "config.py").read_text()

    settings = set(re.findall(r'settings\.(?:required|read)\(\s*"(\w+)"', source))
    assert settings == set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE))
    assert all(re.search(rf"^# .+\n(?:# .+\n)*#? ?{name}=", example, re.MULTILINE) for name in settings)

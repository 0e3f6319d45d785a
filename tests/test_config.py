"""The settings: their defaults, their values, and one report of everything that is missing or wrong."""

import re
from pathlib import Path

import pytest

from bot.config import Config, environment
from bot.errors import OperatorError
from bot.models.rates import Limits, Rate, parse_rates

REQUIRED = {"DISCORD_TOKEN": "token", "AUDIOSCAPE_API_KEY": "key"}
WRONG = {
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
ROOT = Path(__file__).parents[1]


def test_token_and_key_are_the_only_required_settings() -> None:
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
            "DATABASE_URL": "sqlite:////var/lib/needledrop/my%20music.db",
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
    assert config.database_path == "/var/lib/needledrop/my music.db"
    assert config.limits == Limits(
        member=(Rate(6, 60), Rate(60, 3600)), guild=(Rate(200, 3600),), key=(Rate(1000, 86400),)
    )
    assert config.fresh_seconds == 3600
    assert (config.log_level, config.log_format, config.port) == ("DEBUG", "json", 8080)


def test_everything_missing_or_wrong_is_reported_at_once_without_a_secret() -> None:
    with pytest.raises(OperatorError) as error:
        Config.from_environment(WRONG)

    for name in (*WRONG, "AUDIOSCAPE_API_KEY"):
        assert f"\n  - {name} " in str(error.value)
    assert "two words" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("DISCORD_TOKEN", "", "is missing: it is the bot's token, from Discord's developer portal."),
        ("DISCORD_TOKEN", "two words", "contains a space or an invalid character. Copy it again."),
        ("PORT", "0", "is wrong: write a number from 1 to 65535."),
        ("LOG_FORMAT", "xml", "is wrong: write one of text, json."),
        ("RESULTS_FRESH", "soon", "is wrong: write a duration, such as 15 min, 90 s or 1 h."),
        ("DISCORD_API_URL", "http://", "is wrong: write a URL that begins with https:// or http://."),
        ("DISCORD_API_URL", "http://[", "is wrong: write a URL that begins with https:// or http://."),
    ],
)  # fmt: skip
def test_problem_is_a_sentence_and_the_setting_has_its_default(name: str, value: str, problem: str) -> None:
    config, problems = Config.read(REQUIRED | {name: value})
    defaults = Config.from_environment(REQUIRED)

    assert problems == {name: f"{name} {problem}"}
    assert name == "DISCORD_TOKEN" or config == defaults


def test_repr_has_no_secret() -> None:
    config = Config.from_environment({"DISCORD_TOKEN": "s3cret", "AUDIOSCAPE_API_KEY": "k3y"})

    assert "s3cret" not in repr(config)
    assert "k3y" not in repr(config)


def test_environment_takes_precedence_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("LOG_LEVEL=DEBUG\nGUILD_BUDGET=1/day\n")
    monkeypatch.setenv("LOG_LEVEL", "ERROR")

    assert environment()["LOG_LEVEL"] == "ERROR"
    assert environment()["GUILD_BUDGET"] == "1/day"


def test_file_that_is_not_text_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_bytes(b"\xff\xfe")

    with pytest.raises(OperatorError, match=r"The file \.env can't be read as UTF-8 text"):
        environment()


def test_every_setting_is_explained_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    source = (ROOT / "bot" / "config.py").read_text()

    settings = set(re.findall(r'settings\.(?:required|read)\(\s*"(\w+)"', source))
    assert settings == set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE))
    assert all(re.search(rf"^# .+\n(?:# .+\n)*#? ?{name}=", example, re.MULTILINE) for name in settings)

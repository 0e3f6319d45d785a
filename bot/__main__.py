"""The command line: `python -m bot` runs the bot, and its other commands look after it or show it."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from bot import __version__
from bot.config import Config, environment
from bot.database import back_up, restore
from bot.errors import OperatorError
from bot.telemetry.logs import log_the_end, set_up_logging
from bot.telemetry.redaction import Redaction

try:
    from bot.operations.check import check, sync
    from bot.operations.run import run, run_in_loop
except OperatorError as error:  # raised at import if a private part of a library is gone
    sys.exit(str(error))


def _run(_: argparse.Namespace) -> None:
    config = Config.from_environment(environment())
    set_up_logging(config.log_level, config.log_format, secrets=config.secrets)
    sys.excepthook = log_the_end
    run_in_loop(lambda: run(config))


def _check(_: argparse.Namespace) -> None:
    set_up_logging("CRITICAL")
    if not asyncio.run(check(environment())):
        sys.exit(1)


def _sync(arguments: argparse.Namespace) -> None:
    if arguments.remove and arguments.guild is None:
        raise OperatorError("--remove needs --guild ID: what is for everybody stays.")
    config = Config.from_environment(environment())
    set_up_logging("WARNING", secrets=config.secrets)
    _say(asyncio.run(sync(config, arguments.guild, remove=arguments.remove)))


def _backup(arguments: argparse.Namespace) -> None:
    _end_tidily_when_told()
    size = back_up(_database_path(), arguments.file, replace=arguments.replace)
    _say(f"Backed up to {arguments.file}: {size / 2**20:.1f} MB.")


def _restore(arguments: argparse.Namespace) -> None:
    _end_tidily_when_told()
    previous = restore(arguments.file, _database_path())
    kept = "" if previous is None else f" What was there before is kept in {previous}."
    _say(f"Restored {arguments.file}.{kept}")


def _end_tidily_when_told() -> None:
    """SIGTERM would end the process at once, and leave half a file."""
    signal.signal(signal.SIGTERM, lambda _, __: sys.exit(143))


def _say(text: str) -> None:
    print(text)  # noqa: T201 (it is the command's output)


def _database_path() -> str:
    """For what needs no other setting."""
    config, problems = Config.read(environment())
    if problem := problems.get("DATABASE_URL"):
        raise OperatorError(problem)
    return config.database_path


def _demo(arguments: argparse.Namespace) -> None:
    try:
        from bot.demo.simulation import demo  # noqa: PLC0415 (the bot itself runs without its packages)
    except ModuleNotFoundError as error:
        raise OperatorError(
            f"The demo needs {error.name}, which is not installed: use `make demo`."
        ) from error
    settings = environment()
    set_up_logging("WARNING", secrets=[settings.get("AUDIOSCAPE_API_KEY", "").strip()])
    demo(settings, port=arguments.port)


def _catalogue(arguments: argparse.Namespace) -> None:
    from bot.demo.catalogue import serve  # noqa: PLC0415 (the bot itself does without)

    serve(port=arguments.port, key=arguments.key)


_COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], None]]] = {
    "run": _run,
    "check": _check,
    "sync": _sync,
    "backup": _backup,
    "restore": _restore,
    "demo": _demo,
    "catalogue": _catalogue,
}


def _port(written: str) -> int:
    port = int(written)
    if not 0 <= port <= _LAST_PORT:
        raise ValueError
    return port


_LAST_PORT: Final = 65535


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Needledrop finds music on Discord.")
    parser.add_argument("--version", action="version", version=f"Needledrop {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", help="run the bot on Discord (the default); settings are in .env.example")
    commands.add_parser("check", help="look at the settings, the database, AudioScape and Discord")
    sync_parser = commands.add_parser("sync", help="tell Discord of the commands, changed or not")
    sync_parser.add_argument("--guild", type=int, metavar="ID", help="for this one server alone, at once")
    sync_parser.add_argument("--remove", action="store_true", help="take that server's own commands back")
    backup = commands.add_parser("backup", help="copy the database to FILE, while the bot runs")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.add_argument("--replace", action="store_true", help="overwrite FILE")
    restore_parser = commands.add_parser("restore", help="put a backup in the place of the database")
    restore_parser.add_argument("file", type=Path, metavar="FILE")
    demo = commands.add_parser("demo", help="use the bot in your browser, without Discord and without a key")
    demo.add_argument("--port", type=_port, default=0, help="port on 127.0.0.1 (default: any free one)")
    catalogue = commands.add_parser("catalogue", help="serve the offline catalogue alone, for development")
    catalogue.add_argument("--port", type=_port, default=8600, help="port on 127.0.0.1 (default: 8600)")
    catalogue.add_argument("--key", default="demo", help="the key it accepts (default: demo)")
    return parser.parse_args()


def main() -> None:
    arguments = _arguments()
    logging.captureWarnings(capture=True)
    try:
        _COMMANDS[arguments.command or "run"](arguments)
    except OperatorError as error:
        sys.exit(Redaction(())(str(error)))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

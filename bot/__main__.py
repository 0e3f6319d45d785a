"""The command line: `python -m bot` runs the bot; other commands check it, back it up or demonstrate it."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from bot import __version__
from bot.config import MAX_PORT, Config, environment
from bot.database import back_up, restore
from bot.errors import OperatorError
from bot.telemetry.logs import log_uncaught_error, set_up_logging
from bot.telemetry.redaction import Redaction

try:
    from bot.operations.check import check, sync
    from bot.operations.run import run, run_in_loop
except OperatorError as error:  # raised at import if a private part of a library is gone
    sys.exit(str(error))


def _run(_: argparse.Namespace) -> None:
    config = Config.from_environment(environment())
    set_up_logging(config.log_level, config.log_format, secrets=config.secrets)
    sys.excepthook = log_uncaught_error
    run_in_loop(lambda: run(config))


def _check(_: argparse.Namespace) -> None:
    set_up_logging("CRITICAL")
    if not asyncio.run(check(environment())):
        sys.exit(1)


def _sync(arguments: argparse.Namespace) -> None:
    if arguments.remove and arguments.guild is None:
        raise OperatorError("--remove needs --guild ID: only the commands of one server can be removed.")
    config = Config.from_environment(environment())
    set_up_logging("WARNING", secrets=config.secrets)
    _print(asyncio.run(sync(config, arguments.guild, remove=arguments.remove)))


def _backup(arguments: argparse.Namespace) -> None:
    _exit_on_sigterm()
    size = back_up(_database_path(), arguments.file, replace=arguments.replace)
    _print(f"Backed up to {arguments.file}: {size / 2**20:.1f} MB.")


def _restore(arguments: argparse.Namespace) -> None:
    _exit_on_sigterm()
    previous = restore(arguments.file, _database_path())
    if previous is None:
        _print(f"Restored {arguments.file}.")
    else:
        _print(f"Restored {arguments.file}. The previous database is kept in {previous}.")


def _exit_on_sigterm() -> None:
    """Raise SystemExit on SIGTERM, so that an unfinished file is removed; the default kills the process."""
    signal.signal(signal.SIGTERM, lambda _, __: sys.exit(143))


def _print(text: str) -> None:
    print(text)  # noqa: T201 (it is the command's output)


def _database_path() -> str:
    """The database's path, for commands that need no other setting. Raises OperatorError."""
    config, problems = Config.read(environment())
    if problem := problems.get("DATABASE_URL"):
        raise OperatorError(problem)
    return config.database_path


def _demo(arguments: argparse.Namespace) -> None:
    try:
        from bot.demo.simulation import run_demo  # noqa: PLC0415 (its packages are optional)
    except ModuleNotFoundError as error:
        raise OperatorError(
            f"The demo needs the package {error.name}, which is not installed. "
            "Run `make demo`, which installs it."
        ) from error
    config, problems = Config.read(environment())
    set_up_logging("WARNING", secrets=config.secrets)
    run_demo(config, problems, port=arguments.port)


def _catalogue(arguments: argparse.Namespace) -> None:
    from bot.demo.catalogue import serve  # noqa: PLC0415 (no other command needs it)

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


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_PORT:
        raise argparse.ArgumentTypeError(f"write a number from 0 to {MAX_PORT}")
    return int(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Needledrop finds music on Discord.")
    parser.add_argument("--version", action="version", version=f"Needledrop {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser(
        "run", help="run the bot on Discord (the default); .env.example explains the settings"
    )
    commands.add_parser("check", help="check the settings, the database, AudioScape and Discord")
    _add_sync(commands.add_parser("sync", help="register the commands with Discord, even if unchanged"))
    backup = commands.add_parser("backup", help="copy the database to FILE; the bot may run meanwhile")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.add_argument("--replace", action="store_true", help="overwrite FILE")
    restore_parser = commands.add_parser("restore", help="replace the database by the backup in FILE")
    restore_parser.add_argument("file", type=Path, metavar="FILE")
    demo = commands.add_parser("demo", help="try the bot in your browser, without Discord and without a key")
    demo.add_argument("--port", type=_port, default=0, help="port on 127.0.0.1 (default: any free port)")
    catalogue = commands.add_parser("catalogue", help="serve the offline music catalogue, for development")
    catalogue.add_argument("--port", type=_port, default=8600, help="port on 127.0.0.1 (default: 8600)")
    catalogue.add_argument("--key", default="demo", help="the API key that it accepts (default: demo)")
    return parser.parse_args()


def _add_sync(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--guild", type=int, metavar="ID", help="for this server only")
    parser.add_argument("--remove", action="store_true", help="remove the commands of that server again")


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

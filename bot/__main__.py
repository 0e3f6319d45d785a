"""The command line: `python -m bot` runs the bot; `demo` and `catalogue` need neither token nor key."""

import argparse
import logging
import sys
from collections.abc import Callable, Mapping
from typing import Final

from bot import __version__
from bot.config import Config, environment
from bot.errors import OperatorError
from bot.logs import set_up_logging
from bot.run import run, run_in_loop


def _run(_: argparse.Namespace) -> None:
    config = Config.from_environment(environment())
    set_up_logging(config.log_level)
    run_in_loop(lambda: run(config))


def _demo(arguments: argparse.Namespace) -> None:
    try:
        from bot.demo.world import demo  # noqa: PLC0415 (it needs packages that the bot itself does without)
    except ModuleNotFoundError as error:
        raise OperatorError(
            f"The demo needs {error.name}, which is not installed: use `make demo`."
        ) from error
    set_up_logging("WARNING")
    demo(environment(), port=arguments.port)


def _catalogue(arguments: argparse.Namespace) -> None:
    from bot.demo.catalogue import serve  # noqa: PLC0415 (the bot itself does without)

    serve(port=arguments.port, key=arguments.key)


_COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], None]]] = {
    "run": _run,
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
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

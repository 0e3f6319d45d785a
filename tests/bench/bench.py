"""Measures Needledrop beside a minimal bot, over loopback: `make bench`, or some parts of it by name."""

import argparse
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

import uvloop

from tests.bench import answers, filters, growth, guilds, starts
from tests.bench.report import Table, as_markdown
from tests.bench.scale import QUICK, WHOLE, Scale

Part: TypeAlias = Callable[[Scale], Awaitable[list[Table]]]

PARTS: Final[Mapping[str, Part]] = {
    "answers": answers.measure,
    "starts": starts.measure,
    "guilds": guilds.measure,
    "growth": growth.measure,
    "filters": filters.measure,
}


async def measure(names: list[str], scale: Scale) -> None:
    began_at = time.monotonic()
    for name in names or PARTS:
        for table in await PARTS[name](scale):
            print(as_markdown(table), flush=True)  # noqa: T201 (it is the benchmark's output)
    print(f"Measured in {time.monotonic() - began_at:.0f} s, {scale.rounds} round(s).")  # noqa: T201 (as above)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument(
        "--quick", action="store_true", help="only test that every part works; the figures mean nothing"
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    uvloop.run(measure(arguments.parts, QUICK if arguments.quick else WHOLE))


if __name__ == "__main__":
    main()

"""The benchmark: every part runs, and prints every figure."""

import asyncio
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


async def run_bench(*arguments: str) -> tuple[int | None, str]:
    bench = await asyncio.create_subprocess_exec(
        sys.executable, "tests/bench/bench.py", *arguments, cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        async with asyncio.timeout(120):
            written, _ = await bench.communicate()
    finally:
        if bench.returncode is None:
            bench.kill()
            await bench.wait()
    return bench.returncode, written.decode()


@pytest.mark.parametrize(
    ("part", "figures"),
    [
        (
            "answers",
            ("known search, p50", "▶, CPU of 1,000", "/more, answers", "The busiest of the stand-ins"),
        ),
        ("starts", ("start to first answer",)),
        ("guilds", ("30 guilds, default intents", "more than with one")),
        ("growth", ("search from memory, 1,000 tracks",)),
        ("filters", ("3 rules", "500 rules")),
    ],
)
async def test_quick_run_prints_every_figure(part: str, figures: tuple[str, ...]) -> None:
    status, written = await run_bench("--quick", part)

    assert status == 0, written
    assert [figure for figure in figures if figure not in written] == []


async def test_unknown_part_is_named_in_a_sentence() -> None:
    status, written = await run_bench("--quick", "nonsense")

    assert status == 2
    assert "no such part: nonsense" in written
    assert "Traceback" not in written

"""The report: tables with the medians of the rounds, and the ratios to the minimal bot."""

from collections.abc import Sequence
from statistics import median

import msgspec


class Line(msgspec.Struct):
    """One figure: Needledrop's, the minimal bot's if it has one, and the target."""

    name: str
    unit: str
    ours: Sequence[float]
    """One figure for each round."""
    minimal: Sequence[float] | None = None
    target: float | None = None
    """The maximum of the ratio if there is one, else of Needledrop's own figure."""

    @property
    def ratio(self) -> float | None:
        """The median of the rounds' ratios; both figures of a round are measured at about the same time."""
        if self.minimal is None:
            return None
        return median(ours / theirs for ours, theirs in zip(self.ours, self.minimal, strict=True))


class Table(msgspec.Struct):
    title: str
    lines: list[Line]
    remarks: list[str] = []


def as_markdown(table: Table) -> str:
    """The table in Markdown, readable in a terminal and in the documentation."""
    head = ["", "Needledrop", "minimal bot", "ratio", "target", ""]
    rows = [_row(line) for line in table.lines]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    rules = ["-" * width if column == 0 else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    parts = [
        f"### {table.title}",
        "",
        _joined(head, widths),
        f"| {' | '.join(rules[:-1])} | {'-' * widths[-1]} |",
    ]
    parts += [_joined(row, widths) for row in rows]
    return "\n".join([*parts, *(f"\n{remark}" for remark in table.remarks), ""])


def _row(line: Line) -> list[str]:
    ours, ratio = median(line.ours), line.ratio
    compared = ours if ratio is None else ratio
    return [
        line.name,
        _figure(ours, line.unit),
        "" if line.minimal is None else _figure(median(line.minimal), line.unit),
        "" if ratio is None else f"{ratio:.2f}",
        ""
        if line.target is None
        else f"≤ {line.target:.2f}"
        if ratio is not None
        else f"≤ {_figure(line.target, line.unit)}",
        "" if line.target is None else "met" if compared <= line.target else "missed",
    ]


def _figure(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        cell.ljust(width) if column == 0 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join([first, *rest])} |"


def percentile(values: Sequence[float], fraction: float) -> float:
    """The value that `fraction` of all `values` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(fraction * len(ordered)))]

"""What was measured, as a table: medians of the rounds, and ratios to the minimal bot in the same run."""

from collections.abc import Sequence
from statistics import median

import msgspec


class Line(msgspec.Struct):
    """One figure: ours, the minimal bot's where it has one, and what we want it to be."""

    name: str
    unit: str
    ours: Sequence[float]
    """One figure a round."""
    minimal: Sequence[float] | None = None
    most: float | None = None
    """The target: of the ratio where there is one, else of our own figure."""

    @property
    def ratio(self) -> float | None:
        """The median of the rounds' ratios, each of two figures taken within seconds of each other."""
        if self.minimal is None:
            return None
        return median(ours / theirs for ours, theirs in zip(self.ours, self.minimal, strict=True))


class Table(msgspec.Struct):
    title: str
    lines: list[Line]
    remarks: list[str] = []


def written(table: Table) -> str:
    """In Markdown, so that it can be read here and shown in the documentation."""
    head = ["", "Needledrop", "minimal bot", "ratio", "target", ""]
    rows = [_row(line) for line in table.lines]
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    rules = ["-" * width if place == 0 else "-" * (width - 1) + ":" for place, width in enumerate(widths)]
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
    judged = ours if ratio is None else ratio
    return [
        line.name,
        _figure(ours, line.unit),
        "" if line.minimal is None else _figure(median(line.minimal), line.unit),
        "" if ratio is None else f"{ratio:.2f}",
        ""
        if line.most is None
        else f"≤ {line.most:.2f}"
        if ratio is not None
        else f"≤ {_figure(line.most, line.unit)}",
        "" if line.most is None else "met" if judged <= line.most else "missed",
    ]


def _figure(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        cell.ljust(width) if place == 0 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join([first, *rest])} |"


def percentile(values: Sequence[float], part: float) -> float:
    """The value that `part` of all `values` don't exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]

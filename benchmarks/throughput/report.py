"""What a case found: a table for people, JSON for programs, a picture."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .lab import Spread, circumstances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .job import Measured

RESULTS = Path(__file__).parent.parent / "results"


@dataclass(kw_only=True)
class Chart:
    """A picture: named series over the same places. `bars` where the places are names, lines where they are numbers."""

    series: dict[str, list[tuple[Any, Spread]]]
    x: str
    y: str
    bars: bool = False
    log_x: bool = False
    log_y: bool = False
    title: str = ""


@dataclass(kw_only=True)
class Report:
    """A case and its findings."""

    case: str
    title: str
    columns: list[str]
    rows: list[list[Any]]
    goals: list[str] = field(default_factory=list)
    """What the case was to reach, and what it reached."""
    remarks: list[str] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """The table, as Markdown that can be read without."""
        cells = [self.columns, *([_cell(value) for value in row] for row in self.rows)]
        widths = [max(len(row[n]) for row in cells) for n in range(len(self.columns))]
        lines = [
            "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
            for row in cells
        ]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        parts = [f"## {self.title}", "", *lines, ""]
        parts += [f"- {line}" for line in (*self.goals, *self.remarks)]
        return "\n".join(parts)

    def save(self, folder: Path) -> None:
        """Write the table, the numbers and the picture."""
        folder.mkdir(parents=True, exist_ok=True)
        around = circumstances()
        (folder / f"{self.case}.md").write_text(f"{self.text()}\n", encoding="utf-8")
        found: dict[str, Any] = {"case": self.case, "title": self.title, "goals": self.goals, "circumstances": around}
        found |= {"columns": self.columns, "rows": self.rows, "data": self.data}
        (folder / f"{self.case}.json").write_text(json.dumps(found, indent=1, default=_plain), encoding="utf-8")
        if self.charts:
            from .plots import draw

            draw(self.charts, self.title, folder / f"{self.case}.png")


def goal(name: str, reached: float, wanted: float, *, unit: str = "", most: bool = False, digits: int = 2) -> str:
    """A line that says whether a figure was reached."""
    met = reached <= wanted if most else reached >= wanted
    sign = "at most" if most else "at least"
    return f"{name}: {reached:.{digits}f}{unit} ({sign} {wanted:g}{unit}: {'reached' if met else 'MISSED'})"


def throughput_columns() -> list[str]:
    """The columns of `throughput_row`."""
    return ["contacts/s", "range", "CPU ms/1,000", "range ", "p50 ms", "p99 ms", "peak MiB"]


def throughput_row(measured: Sequence[Measured]) -> list[Any]:
    """The usual figures of several rounds."""
    speed = Spread.of(one.per_second for one in measured)
    cpu = Spread.of(one.cpu_ms for one in measured)
    middle, late = (Spread.of(one.latency_ms[mark] for one in measured).median for mark in ("p50", "p99"))
    peak = Spread.of(one.peak_mib for one in measured).median
    return [
        round(speed.median),
        f"{speed.low:,.0f}-{speed.high:,.0f}",
        round(cpu.median, 1),
        f"{cpu.low:.1f}-{cpu.high:.1f}",
        round(middle, 1),
        round(late, 1),
        round(peak),
    ]


def _cell(value: Any) -> str:
    if isinstance(value, Spread):
        return f"{value.median:,.2f} ({value.low:,.2f}-{value.high:,.2f})"
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.1f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def _plain(value: Any) -> Any:
    import msgspec

    return msgspec.to_builtins(value) if isinstance(value, msgspec.Struct) else str(value)

"""Pictures of the findings, with matplotlib."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .report import Chart

COLOURS = ("#1f4e9c", "#d1495b", "#2e8b57", "#edae49", "#7b5ea7", "#00798c", "#8d6e63", "#6c757d", "#9acd32")
OURS = "#d1495b"


def draw(charts: Sequence[Chart], title: str, file: Path) -> None:
    """One picture with the charts beside each other."""
    figure, every = plt.subplots(1, len(charts), figsize=(7 * len(charts), 4.6), squeeze=False)
    for axes, chart in zip(every[0], charts, strict=True):
        (_bars if chart.bars else _lines)(axes, chart)
        axes.set_xlabel(chart.x)
        axes.set_ylabel(chart.y)
        axes.set_title(chart.title, fontsize=10)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(title, fontsize=12)
    figure.tight_layout()
    figure.savefig(file, dpi=110)
    plt.close(figure)


def _lines(axes: Any, chart: Chart) -> None:
    for colour, (name, points) in zip(_colours(chart), chart.series.items(), strict=False):
        places = [place for place, _ in points]
        middle = [spread.median for _, spread in points]
        axes.plot(places, middle, "o-", label=name, color=colour, markersize=4)
        low, high = [spread.low for _, spread in points], [spread.high for _, spread in points]
        axes.fill_between(places, low, high, color=colour, alpha=0.15, linewidth=0)
    if chart.log_x:
        axes.set_xscale("log", base=2)
        axes.set_xticks(sorted({place for points in chart.series.values() for place, _ in points}))
        axes.get_xaxis().set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    if chart.log_y:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    axes.legend(fontsize=8)


def _bars(axes: Any, chart: Chart) -> None:
    """Bars that lie down: names stay readable."""
    places = list(dict.fromkeys(place for points in chart.series.values() for place, _ in points))
    height = 0.8 / len(chart.series)
    for n, (colour, (name, points)) in enumerate(zip(_colours(chart), chart.series.items(), strict=False)):
        at = [places.index(place) + n * height for place, _ in points]
        middle = [spread.median for _, spread in points]
        error = [
            [spread.median - spread.low for _, spread in points],
            [spread.high - spread.median for _, spread in points],
        ]
        axes.barh(at, middle, height, xerr=error, label=name, color=colour, error_kw={"elinewidth": 0.8, "capsize": 2})
    axes.set_yticks([n + 0.4 - height / 2 for n in range(len(places))], places)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    if len(chart.series) > 1:
        axes.legend(fontsize=8)


def _colours(chart: Chart) -> list[str]:
    others = cycle([colour for colour in COLOURS if colour != OURS])
    return [OURS if name.startswith("ours") and name != "ours-batches" else next(others) for name in chart.series]

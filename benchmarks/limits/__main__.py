"""What the limits promise, measured: ``python -m benchmarks.limits`` prints a table, writes JSON and a plot."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from . import hours, sockets
from .rows import Row

RESULTS = Path(__file__).parent.parent / "results"


def measurements(requests: int, seconds: float, seed: int) -> dict[str, Callable[[], Iterator[Row]]]:
    """All groups of cases, by the name that ``--only`` takes."""
    return {
        "plan": lambda: hours.million(seed),
        "stranger": lambda: hours.stranger(seed),
        "day": lambda: hours.day(seed),
        "rivals": lambda: sockets.rivals(requests),
        "second": lambda: sockets.second(requests, busy=False),
        "busy": lambda: sockets.second(requests, busy=True),
        "cold": lambda: sockets.cold(requests),
        "singles": lambda: sockets.singles(requests),
        "redis": lambda: sockets.shared(seconds),
        "restart": lambda: sockets.restart(seconds),
    }


def table(rows: list[Row]) -> list[str]:
    """Median and range over the runs of each case."""
    cases: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        cases.setdefault((row.group, row.case), []).append(row)
    lines = [f"{'':24}{'case':44}{'429s':>10}{'late':>8}  values: median (range)"]
    for (group, case), runs in cases.items():
        values = ", ".join(f"{name} {_spread([run.values[name] for run in runs])}" for name in runs[0].values)
        met = [run.good for run in runs]
        verdict = "" if met[0] is None else f"  [{sum(map(bool, met))}/{len(met)}: {runs[0].target}]"
        refused, late = _whole([run.refused for run in runs]), _whole([run.late for run in runs])
        lines.append(f"{group:24}{case:44}{refused:>10}{late:>8}  {values}{verdict}")
    return lines


def _spread(values: list[float]) -> str:
    middle = statistics.median(values)
    return f"{middle:.3f}" if len(values) == 1 else f"{middle:.3f} ({min(values):.3f}-{max(values):.3f})"


def _whole(values: list[int]) -> str:
    return str(values[0]) if len(set(values)) == 1 else f"{min(values)}-{max(values)}"


def plot(rows: list[Row], path: Path) -> bool:
    """Arrivals in each second, ours beside the others; False where matplotlib is missing."""
    try:
        import matplotlib as mpl

        mpl.use("Agg")
        from matplotlib import pyplot
    except ImportError:
        return False
    shown = {f"{row.group}: {row.case}": row for row in rows if row.arrivals}
    figure, axes = pyplot.subplots(len(shown), 1, figsize=(9, 1.6 * len(shown) + 1), sharex=True, squeeze=False)
    for (name, row), axis in zip(shown.items(), axes[:, 0], strict=True):
        seconds = range(int(row.arrivals[-1]) + 1)
        counts = [sum(second <= moment < second + 1 for moment in row.arrivals) for second in seconds]
        axis.bar(list(seconds), counts, width=0.9)
        axis.axhline(25, color="black", linewidth=0.8)
        axis.set_title(f"{name}: {row.refused} refused", fontsize=9, loc="left")
        axis.set_xlim(0, 60)
    axes[-1, 0].set_xlabel("seconds; bars: requests accepted by a server of 25 in any second")
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    return True


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limits")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--requests", type=int, default=1_000, help="per case over real sockets (1000: 40 s)")
    parser.add_argument("--seconds", type=float, default=40.0, help="of the cases with several processes")
    parser.add_argument("--only", nargs="*", default=[], help="plan stranger day rivals second busy cold singles ...")
    options = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    began = time.monotonic()
    for number in range(options.runs):
        for name, measure in measurements(options.requests, options.seconds, number + 1).items():
            if not options.only or name in options.only:
                rows.extend(measure())
                print(f"run {number + 1}: {name} done at {time.monotonic() - began:.0f} s", file=sys.stderr)
        (RESULTS / "limits.json").write_text(json.dumps([asdict(row) for row in rows]))
    print("\n".join(table(rows)))
    if any(row.arrivals for row in rows) and not plot(rows, RESULTS / "limits.png"):
        print("no plot: matplotlib is not installed (group `bench`)")


if __name__ == "__main__":
    main()

"""Lists of growing length: the peak of memory must not grow with them."""

from __future__ import annotations

from typing import Any

from .. import contenders
from ..job import Job, Measured
from ..lab import Scale, Server, Spread, interleaved
from ..report import Chart, Report, goal, throughput_columns, throughput_row

MOST = 20.0
"""MiB between the smallest and the largest."""
COLLECTS = 100_000
"""The script keeps everything: it is not asked for more than that."""


def run(scale: Scale) -> Report:
    """Ours, the bare loop, and the script that collects."""
    sizes = (10_000, 100_000) if scale is Scale.QUICK else (10_000, 100_000, 1_000_000)
    rounds = scale.pick(1, 2, 5)
    with Server() as server:
        jobs = {
            (name, size): Job(contender=name, base_url=server.url("plain"), contacts=size)
            for name in ("ours", "ours-batches", "bare", "script")
            for size in sizes
            if name != "script" or size <= COLLECTS
        }
        found = interleaved(jobs, rounds)
    growth = _peak(found["ours", sizes[-1]]).median - _peak(found["ours", sizes[0]]).median
    rows: list[list[Any]] = [
        [contenders.BY_NAME[name].label, size, *throughput_row(found[name, size])] for name, size in found
    ]
    series: dict[str, list[tuple[Any, Spread]]] = {
        name: [(size, _peak(found[name, size])) for size in sizes if (name, size) in found]
        for name in ("ours", "bare", "script")
    }
    return Report(
        case="sizes",
        title=f"Lists of growing length, plain bodies, 32 in flight, {rounds} rounds",
        columns=["contender", "contacts", *throughput_columns()],
        rows=rows,
        goals=[goal(f"peak memory of {sizes[-1]:,} over {sizes[0]:,}", growth, MOST, unit=" MiB", most=True, digits=1)],
        charts=[Chart(series=series, x="contacts", y="peak MiB", log_x=True, log_y=True)],
        data={"measured": [[*key, measured] for key, measured in found.items()]},
    )


def _peak(measured: list[Measured]) -> Spread:
    return Spread.of(one.peak_mib for one in measured)

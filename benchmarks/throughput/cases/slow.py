"""A consumer that takes its time: does the engine wait for it, or does memory fill up?"""

from __future__ import annotations

from typing import Any

from .. import contenders
from ..job import Job
from ..lab import Scale, Server, Spread, interleaved
from ..report import Chart, Report

PAUSE = 0.02
"""Seconds per hundred contacts: 5,000 contacts a second at most."""


def run(scale: Scale) -> Report:
    """Ours against gather, which holds nothing back."""
    contacts, rounds = scale.pick(10_000, 40_000, 100_000), scale.pick(1, 3, 5)
    with Server() as server:
        jobs = {
            name: Job(contender=name, base_url=server.url("plain"), contacts=contacts, concurrency=32, pause=PAUSE)
            for name in ("ours", "ours-batches", "bare")
        }
        found = interleaved(jobs, rounds)
    possible = 100 / PAUSE
    rows: list[list[Any]] = []
    for name, measured in found.items():
        speed = Spread.of(one.per_second for one in measured)
        peak = Spread.of(one.peak_mib for one in measured)
        over = Spread.of(one.peak_mib - one.base_mib for one in measured)
        rows.append(
            [contenders.BY_NAME[name].label, round(speed.median), f"{speed.median / possible:.1%}", peak, over.median]
        )
    series = {"peak": [(name, Spread.of(one.peak_mib for one in measured)) for name, measured in found.items()]}
    return Report(
        case="slow",
        title=f"A consumer that takes {PAUSE * 1000:g} ms per hundred, {contacts:,} contacts, {rounds} rounds",
        columns=["contender", "contacts/s", "of the consumer's own rate", "peak MiB (range)", "over the base MiB"],
        rows=rows,
        charts=[Chart(series=series, x="peak MiB", y="", bars=True)],
        data={"measured": list(found.items())},
    )

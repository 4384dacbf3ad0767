"""Records three times as wide as usual: long histories, and fields no struct knows of."""

from __future__ import annotations

from typing import Any

from .. import contenders
from ..job import Job
from ..lab import Scale, Server, Spread, interleaved
from ..report import Chart, Report, throughput_columns, throughput_row
from .bulk import ratio

NAMES = ("floor", "bare", "ours", "ours-batches", "json", "pydantic")


def run(scale: Scale) -> Report:
    """Some contenders, both encodings."""
    contacts, rounds = scale.pick(3_000, 10_000, 30_000), scale.pick(2, 5, 9)
    with Server() as server:
        jobs = {
            (variant, name): Job(contender=name, base_url=server.url(f"{variant}.wide"), contacts=contacts)
            for variant in ("plain", "gzip")
            for name in NAMES
        }
        found = interleaved(jobs, rounds)
    rows: list[list[Any]] = [
        [
            key[0],
            contenders.BY_NAME[key[1]].label,
            *throughput_row(found[key]),
            round(ratio(found, key, (key[0], "bare")).median, 2),
            round(ratio(found, key, (key[0], "bare"), cpu=True).median, 2),
        ]
        for key in found
    ]
    series = {
        variant: [(name, Spread.of(one.cpu_ms for one in found[variant, name])) for name in NAMES]
        for variant in ("plain", "gzip")
    }
    return Report(
        case="wide",
        title=f"Wide records: 8 KB each, {contacts:,} contacts, 32 in flight, {rounds} rounds",
        columns=["body", "contender", *throughput_columns(), "of bare", "CPU of bare"],
        rows=rows,
        charts=[Chart(series=series, x="CPU ms per 1,000 contacts", y="", bars=True)],
        data={"measured": [[*key, measured] for key, measured in found.items()]},
    )

"""What could make it faster from outside: uvloop, and other libraries to unpack gzip with."""

from __future__ import annotations

import gzip
import importlib
import statistics
import time
import zlib
from typing import Any

from ..bodies import Answer
from ..job import Job
from ..lab import Scale, Server, Spread, interleaved
from ..report import Chart, Report, throughput_columns, throughput_row
from .bulk import ratio


def run(scale: Scale) -> Report:
    """Ours and the bare loop on both event loops; gunzip on its own."""
    contacts, rounds = scale.pick(5_000, 20_000, 50_000), scale.pick(2, 7, 15)
    loops = ["asyncio"] + (["uvloop"] if _there("uvloop") else [])
    with Server() as server:
        jobs = {
            (variant, name, loop): Job(
                contender=name, base_url=server.url(variant), contacts=contacts, loop=loop, concurrency=32
            )
            for variant in ("plain", "gzip")
            for name in ("bare", "ours")
            for loop in loops
        }
        found = interleaved(jobs, rounds)
    rows: list[list[Any]] = [
        [
            variant,
            name,
            loop,
            *throughput_row(found[variant, name, loop]),
            round(ratio(found, (variant, name, loop), (variant, name, "asyncio"), cpu=True).median, 2),
        ]
        for variant, name, loop in found
    ]
    unzip = _gunzip(scale.pick(20, 100, 300))
    series = {
        loop: [
            (f"{name}, {variant}", Spread.of(one.cpu_ms for one in found[variant, name, loop]))
            for variant in ("plain", "gzip")
            for name in ("bare", "ours")
        ]
        for loop in loops
    }
    return Report(
        case="loops",
        title=f"Event loops, {contacts:,} contacts, 32 in flight, {rounds} rounds",
        columns=["body", "contender", "loop", *throughput_columns(), "CPU of asyncio"],
        rows=rows,
        remarks=[f"gunzip with {name}: {ms:.2f} ms per 1,000 contacts" for name, ms in unzip.items()],
        charts=[Chart(series=series, x="CPU ms per 1,000 contacts", y="", bars=True)],
        data={"measured": [[*key, measured] for key, measured in found.items()], "gunzip_ms": unzip},
    )


def _there(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def _gunzip(times: int) -> dict[str, float]:
    """Milliseconds of processor time to unpack 1,000 contacts."""
    packed = Answer(wide=False).gzipped([str(number).encode() for number in range(100)])
    assert gzip.decompress(packed)[:1] == b"{"
    found: dict[str, float] = {}
    for name, module in (("zlib", "zlib"), ("zlib-ng", "zlib_ng.zlib_ng"), ("isal", "isal.isal_zlib")):
        if not _there(module):
            continue
        unpack: Any = importlib.import_module(module).decompress
        taken: list[float] = []
        for _ in range(times):
            began = time.process_time()
            for _ in range(10):
                unpack(packed, 16 + zlib.MAX_WBITS)
            taken.append((time.process_time() - began) * 1000)
        found[name] = statistics.median(taken)
    return found

"""Every contender at several numbers of requests in flight, bodies gzipped and plain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import contenders
from ..job import Job, Measured
from ..lab import Scale, Server, Spread, interleaved
from ..lab import run as run_job
from ..report import Chart, Report, goal, throughput_columns, throughput_row

if TYPE_CHECKING:
    from collections.abc import Sequence

Key = tuple[str, int, str]
"""Variant, requests in flight, contender."""

AGAINST_BARE = 0.90
AGAINST_PYDANTIC = 5.0
MAIN = 32


def run(scale: Scale) -> Report:
    """All of them."""
    contacts = scale.pick(5_000, 20_000, 50_000)
    rounds = scale.pick(2, 5, 9)
    flights = {Scale.QUICK: (8, MAIN), Scale.DEFAULT: (1, 8, MAIN, 128), Scale.FULL: (1, 8, MAIN, 128)}[scale]
    names = [contender.name for contender in contenders.ALL]
    with Server() as server:
        jobs = {
            (variant, flight, name): Job(
                contender=name, base_url=server.url(variant), contacts=contacts, concurrency=flight
            )
            for variant in ("plain", "gzip")
            for flight in flights
            if variant == "plain" or flight == MAIN or scale is Scale.FULL
            for name in names
        }
        found = interleaved(jobs, rounds)
        allocations = {name: _allocations(server, name) for name in names}
    return Report(
        case="bulk",
        title=f"Bulk enrichment, {contacts:,} contacts, {rounds} rounds interleaved",
        columns=["body", "in flight", "contender", *throughput_columns(), "of bare", "CPU of bare"],
        rows=[_row(key, found) for key in found],
        goals=_goals(found),
        remarks=[_line(name, count) for name, count in allocations.items() if count is not None]
        or ["allocations were not counted: install memray for that"],
        charts=_charts(found, flights),
        data={"measured": [[*key, measured] for key, measured in found.items()], "allocations": allocations},
    )


def ratio(found: dict[Any, list[Measured]], one: Any, other: Any, *, cpu: bool = False) -> Spread:
    """How many times as fast `one` was as `other`: round against round."""
    pairs = zip(found[one], found[other], strict=True)
    if cpu:
        return Spread.of(theirs.cpu_ms / mine.cpu_ms for mine, theirs in pairs)
    return Spread.of(mine.per_second / theirs.per_second for mine, theirs in pairs)


def _row(key: Key, found: dict[Key, list[Measured]]) -> list[Any]:
    bare = (*key[:2], "bare")
    label = contenders.BY_NAME[key[2]].label
    return [
        key[0],
        key[1],
        label,
        *throughput_row(found[key]),
        round(ratio(found, key, bare).median, 2),
        round(ratio(found, key, bare, cpu=True).median, 2),
    ]


def _goals(found: dict[Key, list[Measured]]) -> list[str]:
    lines: list[str] = []
    for variant in ("plain", "gzip"):
        ours, bare, slow = ((variant, MAIN, name) for name in ("ours", "bare", "pydantic"))
        lines += [
            goal(f"{variant}: engine against the bare loop", ratio(found, ours, bare).median, AGAINST_BARE),
            goal(f"{variant}: the same by processor time", ratio(found, ours, bare, cpu=True).median, AGAINST_BARE),
            goal(f"{variant}: engine against httpx + pydantic", ratio(found, ours, slow).median, AGAINST_PYDANTIC),
            goal(f"{variant}: the same by processor time", ratio(found, ours, slow, cpu=True).median, AGAINST_PYDANTIC),
        ]
    return lines


def _allocations(server: Server, name: str) -> float | None:
    """Allocations per 1,000 contacts, counted in a run of its own."""
    try:
        import memray  # noqa: F401
    except ImportError:
        return None
    contacts = 2_000
    job = Job(contender=name, base_url=server.url("plain"), contacts=contacts, allocations=True)
    counted = run_job(job).allocations
    return None if counted is None else counted * 1000 / contacts


def _line(name: str, count: float) -> str:
    return f"allocations per 1,000 contacts, {name}: {count:,.0f}"


def _charts(found: dict[Key, list[Measured]], flights: Sequence[int]) -> list[Chart]:
    names = list(dict.fromkeys(name for variant, _, name in found if variant == "plain"))
    speed: dict[str, list[tuple[Any, Spread]]] = {
        name: [(flight, Spread.of(one.per_second for one in found["plain", flight, name])) for flight in flights]
        for name in names
    }
    cpu: dict[str, list[tuple[Any, Spread]]] = {
        variant: [
            (name, Spread.of(one.cpu_ms for one in measured))
            for (at, flight, name), measured in found.items()
            if (at, flight) == (variant, MAIN)
        ]
        for variant in ("plain", "gzip")
    }
    return [
        Chart(series=speed, x="requests in flight", y="contacts per second", log_x=True, title="plain bodies"),
        Chart(series=cpu, x="CPU ms per 1,000 contacts", y="", bars=True, title=f"{MAIN} in flight"),
    ]

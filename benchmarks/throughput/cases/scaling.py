"""More chunks in flight against a server with latency; more processes against servers without."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Any

from ..job import Job
from ..lab import Scale, Server, Spread, begin, finish, interleaved, say
from ..report import Chart, Report

LATENCY = 50
"""Milliseconds."""


def run(scale: Scale) -> Report:
    """Both kinds of scaling."""
    rows: list[list[Any]] = []
    rounds = scale.pick(1, 3, 7)
    flights = (1, 8, 64) if scale is Scale.QUICK else (1, 2, 4, 8, 16, 32, 64, 128, 256)
    with Server() as server:
        url = server.url(f"plain.latency={LATENCY}")
        jobs = {
            (name, flight): Job(contender=name, base_url=url, contacts=_contacts(scale, flight), concurrency=flight)
            for name in ("ours", "bare")
            for flight in flights
        }
        jobs["ours", 0] = Job(contender="ours", base_url=url, contacts=_contacts(scale, 64), concurrency=None)
        found = interleaved(jobs, rounds)
    speeds = {key: Spread.of(one.per_second for one in measured) for key, measured in found.items()}
    for flight in flights:
        share = speeds["ours", flight].median / speeds["bare", flight].median
        rows.append(["chunks in flight", flight, speeds["ours", flight], speeds["bare", flight], share])
    rows.append(["chunks in flight", "default", speeds["ours", 0], "-", "-"])

    counts = (1, 2) if scale is Scale.QUICK else (1, 2, 4)
    together = _processes(counts, scale.pick(5_000, 30_000, 100_000), rounds)
    for count in counts:
        ours, bare = together["ours", count], together["bare", count]
        rows.append(["processes", count, ours, bare, ours.median / bare.median])
    return Report(
        case="scaling",
        title=f"Scaling: chunks in flight at {LATENCY} ms latency; processes without latency ({rounds} rounds)",
        columns=["what", "how many", "ours contacts/s (range)", "bare contacts/s (range)", "of bare"],
        rows=rows,
        remarks=["every process has a server process of its own: from two processes on they share the cores"],
        charts=[
            Chart(
                series={name: [(flight, speeds[name, flight]) for flight in flights] for name in ("ours", "bare")},
                x="chunks in flight",
                y="contacts per second",
                log_x=True,
                title=f"{LATENCY} ms latency",
            ),
            Chart(
                series={name: [(count, together[name, count]) for count in counts] for name in ("ours", "bare")},
                x="processes",
                y="contacts per second, all together",
                title="no latency",
            ),
        ],
        data={"in_flight": list(speeds.items()), "processes": list(together.items())},
    )


def _contacts(scale: Scale, flight: int) -> int:
    """Enough for a second or so."""
    return min(flight * 100 * scale.pick(10, 20, 60), scale.pick(10_000, 40_000, 120_000))


def _processes(counts: tuple[int, ...], contacts: int, rounds: int) -> dict[tuple[str, int], Spread]:
    """Contacts a second of several processes at once, by the slowest of them."""
    found: dict[tuple[str, int], list[float]] = {}
    with ExitStack() as stack:
        servers = [stack.enter_context(Server()) for _ in range(max(counts))]
        for number in range(rounds):
            for count in counts:
                for name in ("ours", "bare"):
                    say(f"round {number + 1} of {rounds}: {count} processes, {name}")
                    began = time.perf_counter()
                    running = [
                        begin(Job(contender=name, base_url=server.url("plain"), contacts=contacts, concurrency=32))
                        for server in servers[:count]
                    ]
                    slowest = max(finish(process).seconds for process in running)
                    assert slowest <= time.perf_counter() - began
                    found.setdefault((name, count), []).append(count * contacts / slowest)
    say("")
    return {key: Spread.of(values) for key, values in found.items()}

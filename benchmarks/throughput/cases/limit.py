"""25 requests in ANY second, from a server that keeps a sliding log: is the window filled, and is it never overrun?"""

from __future__ import annotations

from typing import Any

from ..job import Job, Measured
from ..lab import Scale, Server, Spread, say
from ..lab import run as run_job
from ..report import Chart, Report, goal
from ..server import SETTLED

LIMIT = 25
LEAST = 98.0
"""Per cent of the limit."""
LATENCIES = (0.05, 0.2, 0.5, 1.0, 2.0, 5.0)


def run(scale: Scale) -> Report:
    """Ours with nothing set, and the script with its semaphore and its sleep."""
    latencies = (0.05, 1.0, 5.0) if scale is Scale.QUICK else LATENCIES
    requests, rounds = scale.pick(300, 500, 1_000), scale.pick(1, 1, 3)
    found: dict[tuple[str, float], list[dict[str, Any]]] = {}
    with Server() as server:
        for number in range(rounds):
            for latency in latencies:
                for name in ("ours", "script"):
                    asked = requests if name == "ours" else min(requests, int(100 / max(latency, 0.5)) + 50)
                    say(f"round {number + 1} of {rounds}: {name} at {latency:g} s")
                    found.setdefault((name, latency), []).append(_one(server, name, latency, asked))
    say("")
    rows = [_row(name, latency, seen) for (name, latency), seen in found.items()]
    worst = min(Spread.of(_share(one) for one in seen).median for (name, _), seen in found.items() if name == "ours")
    refused = max(one["refused"] for (name, _), seen in found.items() for one in seen if name == "ours")
    series: dict[str, list[tuple[Any, Spread]]] = {
        name: [(latency, Spread.of(_share(one) for one in found[name, latency])) for latency in latencies]
        for name in ("ours", "script")
    }
    return Report(
        case="limit",
        title=f"25 requests in any second, default concurrency, {requests} requests, {rounds} rounds",
        columns=[
            "contender",
            "latency s",
            "of the limit %",
            "of it later %",
            "429s",
            "in flight at most",
            "requests",
            "seconds in all",
        ],
        rows=rows,
        goals=[
            goal("share of the limit, worst latency", worst, LEAST, unit=" %"),
            goal("429s, worst run", refused, 0, most=True, digits=0),
        ],
        remarks=[
            "share: accepted requests a second between the first and the last one to arrive, of 25; goals are about it",
            f"later: the same without the first {SETTLED:g} seconds, in which a client cannot know how evenly its"
            " requests arrive if no answer has come yet",
        ],
        charts=[Chart(series=series, x="latency of the server, s", y="% of the limit", log_x=True)],
        data={"measured": [[*key, seen] for key, seen in found.items()]},
    )


def _one(server: Server, name: str, latency: float, requests: int) -> dict[str, Any]:
    variant = f"gzip.latency={latency * 1000:g}.limit={LIMIT}"
    server.reset(variant)
    job = Job(
        contender=name,
        base_url=server.url(variant),
        contacts=requests * 100,
        concurrency=None,
        warm_up=0,
        limited=True,
    )
    measured: Measured = run_job(job)
    return server.stats(variant) | {"seconds_in_all": measured.seconds, "note": measured.note}


def _share(seen: dict[str, Any]) -> float:
    return float((seen["accepted"] - 1) / seen["seconds"] / LIMIT * 100)


def _later(seen: dict[str, Any]) -> float:
    """The same when the start is over; 0 where so little was asked that it was not."""
    return float((seen["later_accepted"] - 1) / (seen["later_seconds"] or 1.0) / LIMIT * 100)


def _seconds(seen: list[dict[str, Any]]) -> float:
    """From start to end: the question about the account's windows, and the last answers, included."""
    return Spread.of(one["seconds_in_all"] for one in seen).median


def _row(name: str, latency: float, seen: list[dict[str, Any]]) -> list[Any]:
    label = "lusha_async, nothing set" if name == "ours" else "Semaphore(25) and sleep(1)"
    refused = Spread.of(one["refused"] for one in seen)
    most = max(one["most_in_flight"] for one in seen)
    return [
        label,
        latency,
        Spread.of(_share(one) for one in seen),
        Spread.of(_later(one) for one in seen),
        refused.median,
        most,
        seen[0]["accepted"],
        _seconds(seen),
    ]

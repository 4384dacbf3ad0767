"""Processes around one measurement: the server, the clients, what burns the cores; and what the server saw."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from .second import SETTLED, Case

BURN = "while True: pass"


@dataclass(frozen=True)
class Seen:
    """What the server saw of one case."""

    rate: float
    """Accepted per second after the first three seconds, as a share of 25."""
    whole: float
    """The same between the first and the last request."""
    refused: int
    late: int
    """429s after the first three seconds."""
    arrivals: tuple[float, ...]
    """Accepted, in seconds from the first."""


@contextmanager
def process(*arguments: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A Python process that ends with us."""
    running = subprocess.Popen([sys.executable, *arguments], text=True, **options)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


@contextmanager
def server() -> Iterator[int]:
    """The strict server; yields its port."""
    with process("-m", "benchmarks.limits.server", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        yield int(running.stdout.readline())


def clients(cases: Sequence[Case], *, busy: int = 0) -> Iterator[dict[str, Any]]:
    """Run all of them at once, each in its own process, with `busy` processes that only burn; what each one says."""
    with ExitStack() as stack:
        for _ in range(busy):
            stack.enter_context(process("-c", BURN))
        running = [
            stack.enter_context(
                process("-m", "benchmarks.limits.second", json.dumps(asdict(case)), stdout=subprocess.PIPE)
            )
            for case in cases
        ]
        yield from (json.loads(one.communicate()[0]) for one in running)


def seen(port: int, name: str) -> Seen:
    """Ask the server."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/stats/{name}") as answer:
        stats = json.load(answer)
    accepted, refused = stats["accepted"], stats["refused"]
    first = min([*accepted, *refused])
    settled = [moment for moment in accepted if moment > first + SETTLED]
    return Seen(
        rate=_rate(settled),
        whole=_rate(accepted),
        refused=len(refused),
        late=sum(moment > first + SETTLED for moment in refused),
        arrivals=tuple(moment - first for moment in accepted),
    )


def _rate(moments: Sequence[float]) -> float:
    return (len(moments) - 1) / (moments[-1] - moments[0]) / 25 if len(moments) > 50 else 0.0

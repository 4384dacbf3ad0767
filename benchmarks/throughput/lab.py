"""Where measurements are made: a server process, and contenders one after the other, each in its own process."""

from __future__ import annotations

import enum
import json
import os
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.request import ProxyHandler, build_opener

import msgspec

from .job import Job, Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType
    from typing import Self


class Scale(enum.Enum):
    """How much time there is."""

    QUICK = "quick"
    DEFAULT = "default"
    FULL = "full"

    def pick(self, quick: int, default: int, full: int) -> int:
        """The number for this scale."""
        return {Scale.QUICK: quick, Scale.DEFAULT: default, Scale.FULL: full}[self]


class Spread(NamedTuple):
    """A figure of several rounds."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Median and range."""
        found = list(values)
        return cls(statistics.median(found), min(found), max(found))


class Server:
    """The server's process. Use it with `with`."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.throughput.server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.origin = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        self._opener = build_opener(ProxyHandler({}))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)

    def url(self, variant: str) -> str:
        """The base URL of a variant: ``plain``, ``gzip.wide``, ``plain.latency=200.limit=25``."""
        return f"{self.origin}/{variant}"

    def stats(self, variant: str) -> dict[str, Any]:
        """What the server saw of a variant since its last reset."""
        with self._opener.open(f"{self.url(variant)}/_stats", timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def reset(self, variant: str) -> None:
        """Forget what was seen."""
        self._opener.open(f"{self.url(variant)}/_reset", timeout=10).close()


class Failure(Exception):
    """A contender that did not do its work."""


def begin(job: Job) -> subprocess.Popen[str]:
    """Start a contender's process."""
    command = [sys.executable, "-m", "benchmarks.throughput.worker", msgspec.json.encode(job).decode()]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> Measured:
    """Its measurement."""
    out, errors = process.communicate()
    if process.returncode:
        raise Failure(errors.strip()[-2000:])
    return msgspec.json.decode(out, type=Measured)


def run(job: Job) -> Measured:
    """Run one contender and wait for it."""
    return finish(begin(job))


def interleaved(
    jobs: Mapping[Any, Job], rounds: int, *, around: Callable[[Any, Callable[[], Measured]], Measured] | None = None
) -> dict[Any, list[Measured]]:
    """Every job once per round, each round beginning with another one: what disturbs a round disturbs them all."""
    found: dict[Any, list[Measured]] = {key: [] for key in jobs}
    keys = list(jobs)
    for number in range(rounds):
        shift = number % len(keys)
        for done, key in enumerate(keys[shift:] + keys[:shift], 1):
            say(f"round {number + 1} of {rounds}, {done} of {len(keys)}: {key}")
            job = jobs[key]
            found[key].append(around(key, lambda job=job: run(job)) if around else run(job))  # type: ignore[misc]
    say("")
    return found


def say(text: str) -> None:
    """Progress, on one line of the terminal, if there is one."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text[:100]}", end="", file=sys.stderr, flush=True)


def circumstances() -> dict[str, Any]:
    """The machine, the versions, and how busy it was."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    versions = {}
    for name in ("aiohttp", "msgspec", "anyio", "httpx", "pydantic", "requests", "uvloop"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None,
        "versions": versions,
    }

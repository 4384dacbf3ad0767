"""The command line from CSV to JSONL against the library with the same rows, the limiter off."""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ..bodies import row
from ..job import KEY, Job, Measured
from ..lab import Failure, Scale, Server, Spread, say
from ..lab import run as run_job
from ..report import Chart, Report, goal

LEAST = 0.5
_UNLIMITED = """
from lusha_async import client
from lusha_async.limits import NoLimits
client.LocalLimits = NoLimits
from lusha_async.cli import main
main()
"""
"""The command has no switch for it: nobody should send Lusha requests without a limiter."""


WAYS = {
    "lusha enrich contacts --no-ledger": ["--no-ledger"],
    "lusha enrich contacts, every row in the ledger": [],
}
"""The first does the library's work; the second, the default, also writes down what was asked and bought."""


def run(scale: Scale) -> Report:
    """Whole processes of the command line, from start to end; the library's rate is that of its run."""
    contacts, rounds = scale.pick(50_000, 200_000, 500_000), scale.pick(1, 3, 5)
    commands: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    library: list[Measured] = []
    plain = next(iter(WAYS))
    with tempfile.TemporaryDirectory() as folder, Server() as server:
        source, target = Path(folder) / "people.csv", Path(folder) / "out.jsonl"
        _write(source, contacts)
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            for way, options in WAYS.items():
                commands[way].append(_command(server, source, target, contacts, options))
                for file in Path(folder).glob(f"{target.name}*"):  # else it is written to disk while others are timed
                    file.unlink()
                if way == plain:  # side by side with the one it is compared with
                    library.append(run_job(Job(contender="ours", base_url=server.url("plain"), contacts=contacts)))
    say("")
    rates = {way: Spread.of(contacts / seconds for seconds, _ in taken) for way, taken in commands.items()}
    cpu = {way: Spread.of(seconds * 1e6 / contacts for _, seconds in taken) for way, taken in commands.items()}
    ours, ours_cpu = Spread.of(one.per_second for one in library), Spread.of(one.cpu_ms for one in library)
    shares = [contacts / seconds / one.per_second for (seconds, _), one in zip(commands[plain], library, strict=True)]
    return Report(
        case="cli",
        title=f"Command line, {contacts:,} rows from CSV to JSONL, limiter off, {rounds} rounds",
        columns=["what", "contacts/s (range)", "CPU ms/1,000 (range)"],
        rows=[*([f"{way}, whole process", rates[way], cpu[way]] for way in WAYS), ["library, its run", ours, ours_cpu]],
        goals=[
            goal("command line against the library, wall", Spread.of(shares).median, LEAST),
            goal("command line against the library, CPU", ours_cpu.median / cpu[plain].median, LEAST),
        ],
        charts=[Chart(series={"ours": [*rates.items(), ("library", ours)]}, x="contacts/s", y="", bars=True)],
        data={"commands": commands, "library": library},
    )


def _write(file: Path, contacts: int) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(row(0)))
        writer.writeheader()
        writer.writerows(row(number) for number in range(contacts))


def _command(server: Server, source: Path, target: Path, contacts: int, options: list[str]) -> tuple[float, float]:
    """Seconds and processor seconds of one run of the command."""
    line = [sys.executable, "-c", _UNLIMITED, "enrich", "contacts", str(source), "-o", str(target)]
    line += ["--reveal", "emails,phones", "--quiet", *options]
    environment = os.environ | {"LUSHA_API_KEY": KEY, "LUSHA_BASE_URL": server.url("plain")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(line, capture_output=True, text=True, env=environment, check=False)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise Failure(f"the command line ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-1500:]}")
    with target.open("rb") as lines:
        written = sum(1 for _ in lines)
    if written != contacts:
        raise Failure(f"the command line wrote {written} lines for {contacts} rows")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cpu

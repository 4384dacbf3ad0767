"""``python -m benchmarks.disk``: a Parquet file through the bulk engine into a Parquet file, limiter off.

The measured process reads, asks a server in a process of its own, and writes; it does nothing else. Memory is its
resident size, sampled at every tenth of the list, and the kernel's high-water mark. ``--ledger`` writes the run down,
too. ``--cli`` measures ``lusha enrich`` (which keeps a ledger and the order of rows) in place of the library.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.throughput.lab import Server

KEY = "01234567-89ab-4def-8123-456789abcdef"
LIMIT = 250.0
"""MiB the peak must stay under."""
CLI = """
import sys, lusha_async.client as client
from lusha_async.limits import NoLimits
client.LocalLimits = NoLimits
from benchmarks.disk.__main__ import watched
from lusha_async.cli.app import lusha
watched(lambda: lusha(sys.argv[1:], standalone_mode=False))
"""


def memory() -> tuple[float, float]:
    """Resident memory now, and the most it ever was, in MiB."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    found = {line.split(":")[0]: line.split()[1] for line in text.splitlines() if line.startswith("Vm")}
    return int(found["VmRSS"]) / 1024, int(found["VmHWM"]) / 1024


def watched(run: object) -> None:
    """Run a command with a look at its memory every second, and say what was seen as the last line."""
    import threading

    samples: list[float] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(1.0):
            samples.append(round(memory()[0], 1))

    threading.Thread(target=look, daemon=True).start()
    began = time.perf_counter()
    with contextlib.suppress(SystemExit):
        run()  # type: ignore[operator]
    over.set()
    step = max(1, len(samples) // 10)
    figures = {"seconds": round(time.perf_counter() - began, 2), "samples": samples[::step], "peak": memory()[1]}
    print("\n" + json.dumps(figures))


def generate(path: Path, rows: int) -> None:
    """People who are all different, with columns that are only carried along."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("email", pa.string()), ("note", pa.string()), ("number", pa.int64())])
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, 100_000):
            numbers = range(start, min(start + 100_000, rows))
            writer.write_table(
                pa.table(
                    {"email": [f"p{n}@d{n % 997}.example" for n in numbers], "note": ["x"] * len(numbers),
                     "number": list(numbers)},
                    schema=schema,
                )
            )  # fmt: skip


async def enrich(source: Path, target: Path, url: str, rows: int, ledger: Path | None, fold: int) -> None:
    """The measured program."""
    from lusha_async import LushaClient, NoLimits
    from lusha_async.arrow import ResultsWriter, records

    done, tenth = 0, 1
    samples: list[float] = []
    began = time.perf_counter()
    async with LushaClient(KEY, base_url=url, limits=NoLimits()) as lusha:
        run = lusha.contacts.bulk_search_and_enrich(
            records(source), reveal=["emails"], concurrency=8, ordered=True, ledger=ledger, fold=fold
        )
        with ResultsWriter(target, kind="contacts") as writer:
            async with run:
                async for batch in run.batches():
                    writer.write(batch)
                    done += len(batch)
                    if done * 10 >= tenth * rows:
                        samples.append(round(memory()[0], 1))
                        tenth = done * 10 // rows + 1
    figures = {"seconds": round(time.perf_counter() - began, 2), "samples": samples, "peak": memory()[1]}
    print(json.dumps(figures))


def main() -> int:
    """Generate, serve, measure, report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.disk", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--ledger", action="store_true", help="write the run down in a ledger")
    parser.add_argument("--cli", action="store_true", help="lusha enrich in place of the library")
    parser.add_argument("--fold", type=int, default=1_000, help="records remembered to fold duplicates (1000)")
    parser.add_argument("--worker", nargs=4, metavar=("IN", "OUT", "URL", "LEDGER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        source, target, url, ledger = options.worker
        asyncio.run(
            enrich(Path(source), Path(target), url, options.rows, Path(ledger) if ledger else None, options.fold)
        )
        return 0
    with tempfile.TemporaryDirectory() as name, Server() as server:
        folder = Path(name)
        source, target = folder / "in.parquet", folder / "out.parquet"
        generate(source, options.rows)
        url = f"{server.origin}/plain"
        if options.cli:
            (folder / "key").write_text(KEY)
            words = [sys.executable, "-c", CLI, "enrich", "contacts", str(source), "-o", str(target), "-q"]
            words += ["--reveal", "emails", "--base-url", url, "--api-key-file", str(folder / "key")]
        else:
            ledger = str(folder / "run.db") if options.ledger else ""
            words = [sys.executable, "-m", "benchmarks.disk", "--rows", str(options.rows)]
            words += ["--fold", str(options.fold)]
            words += ["--worker", str(source), str(target), url, ledger]
        told = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout
        figures = json.loads(told.strip().splitlines()[-1])
        return report(figures, options.rows, source, target)


def report(figures: dict[str, object], rows: int, source: Path, target: Path) -> int:
    """Say it; 1 if the peak was too high or a row is missing."""
    import pyarrow.parquet as pq

    written = pq.read_metadata(target).num_rows
    seconds, peak = float(str(figures["seconds"])), float(str(figures["peak"]))
    print(f"{rows:,} rows in, {written:,} out, in {seconds:.1f} s: {rows / seconds:,.0f} rows a second")
    print(f"memory: peak {peak:.0f} MiB (to stay under {LIMIT:.0f}); over the run {figures['samples']} MiB")
    print(f"files: {source.stat().st_size / 2**20:.1f} MiB in, {target.stat().st_size / 2**20:.1f} MiB out")
    return 0 if written == rows and peak < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())

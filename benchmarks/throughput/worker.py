"""One contender's process: ``python -m benchmarks.throughput.worker '<job as JSON>'``. Prints the measurement."""

from __future__ import annotations

import gc
import resource
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from . import contenders
from .bodies import expected
from .job import Done, Job, Measured

MIB = 1024 * 1024


def memory() -> tuple[float, float]:
    """Resident memory now, and the most it ever was, in MiB.

    From /proc where there is one: ru_maxrss of a child process starts from what its parent had.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peak = most / (MIB if sys.platform == "darwin" else 1024)
        return peak, peak
    values = {line.split(":")[0]: line.split() for line in status.splitlines()}
    return int(values["VmRSS"][1]) / 1024, int(values["VmHWM"][1]) / 1024


def percentiles(latencies: list[float]) -> dict[str, float]:
    """Milliseconds at some percentiles."""
    if not latencies:
        return {}
    ordered = sorted(latencies)
    marks = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
    return {name: ordered[min(int(len(ordered) * mark), len(ordered) - 1)] * 1000 for name, mark in marks.items()}


def check(job: Job, done: Done) -> None:
    """Whoever did less than the work did not take part."""
    if done.checked and done.sums != expected(job.contacts):
        raise SystemExit(f"{job.contender}: wrong sums: {done.sums} instead of {expected(job.contacts)}")
    if not done.checked and done.received < job.contacts * 1000:
        raise SystemExit(f"{job.contender}: read only {done.received} bytes")


def count_allocations(job: Job) -> int:
    """Allocations of a run, the interpreter's own included."""
    import memray

    run = contenders.load(job.contender)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "run.bin"
        with memray.Tracker(file, trace_python_allocators=True):
            run(job)
        return int(memray.FileReader(file).metadata.total_allocations)


def measure(job: Job) -> Measured:
    """Warm up, run, check."""
    run = contenders.load(job.contender)
    if job.warm_up:
        run(msgspec.structs.replace(job, contacts=job.warm_up, pause=0.0, limited=False))
    allocations = count_allocations(job) if job.allocations else None
    gc.collect()
    base, _ = memory()
    cpu, began = time.process_time(), time.perf_counter()
    done = run(job)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    _, peak = memory()
    check(job, done)
    return Measured(
        contender=job.contender,
        contacts=job.contacts,
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        peak_mib=peak,
        base_mib=base,
        allocations=allocations,
        latency_ms=percentiles(done.latencies),
        note=done.note,
    )


if __name__ == "__main__":
    print(msgspec.json.encode(measure(msgspec.json.decode(sys.argv[1], type=Job))).decode())

"""The cases where milliseconds are meant: real sockets, real processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from tests.limits.redis_server import BINARY, MISSING, RedisServer

from .harness import clients, seen, server
from .rows import Row
from .second import Case

LATENCIES = (0.05, 0.3, 1.0)
JITTERS = (0.0, 0.02, 0.05, 0.1)
RIVALS = ("ours", "AsyncLimiter(25, 1)", "AsyncLimiter(1, 1/25)", "semaphore+sleep", "gather")
PROCESSES = 8


def second(requests: int, *, busy: bool) -> Iterator[Row]:
    """One process, every latency and jitter; six at a time."""
    cases = [(latency, jitter) for latency in LATENCIES for jitter in JITTERS]
    where = "both cores busy" if busy else "idle"
    for part in (cases[:6], cases[6:]):
        if not part:
            continue
        with server() as port:
            chosen = [
                Case(port, f"case{number}", latency=latency, jitter=jitter, requests=requests)
                for number, (latency, jitter) in enumerate(part)
            ]
            list(clients(chosen, busy=2 if busy else 0))
            for case in chosen:
                saw = seen(port, case.name)
                target = 0.985 if not case.jitter else 0.98 / (1 + case.jitter)
                target -= 0.02 if busy else 0
                yield Row(
                    f"second, {where}",
                    f"latency {case.latency:g} s, J {case.jitter * 1000:.0f} ms",
                    {"rate": saw.rate, "whole": saw.whole, "of bound": saw.rate * (1 + case.jitter)},
                    saw.refused,
                    saw.late,
                    saw.late == 0 and saw.rate >= target,
                    f"0 late 429s, rate >= {target:.1%}",
                )


def cold(requests: int) -> Iterator[Row]:
    """Connections that take 80 ms to open: at the start, and for every request."""
    with server() as port:
        chosen = [
            Case(port, "start", connect=0.08, requests=requests),
            Case(port, "each", connect=0.08, cold=True, requests=requests),
        ]
        list(clients(chosen))
        for case in chosen:
            saw = seen(port, case.name)
            name = "each request on a new connection" if case.cold else "connections of 80 ms at the start"
            good = saw.late == 0 and (case.cold or saw.rate >= 0.985)
            yield Row("cold", name, {"rate": saw.rate, "whole": saw.whole}, saw.refused, saw.late, good, "0 late 429s")


def rivals(requests: int) -> Iterator[Row]:
    """The same load by other means."""
    with server() as port:
        chosen = [
            Case(port, f"rival{number}", limiter=name, jitter=0.02, connect=0.08, requests=requests)
            for number, name in enumerate(RIVALS)
        ]
        list(clients(chosen))
        for case in chosen:
            saw = seen(port, case.name)
            values = {"rate": saw.rate, "whole": saw.whole}
            yield Row(
                "rivals", case.limiter, values, saw.refused, saw.late, None, "for comparison", arrivals=saw.arrivals
            )


def singles(requests: int) -> Iterator[Row]:
    """Single calls, three a second, beside a bulk run."""
    with server() as port:
        chosen = [
            Case(port, f"case{number}", latency=latency, jitter=jitter, requests=requests, singles=3.0)
            for number, (latency, jitter) in enumerate(((0.05, 0.0), (0.3, 0.02), (0.3, 0.1), (1.0, 0.0)))
        ]
        for case, said in zip(chosen, clients(chosen), strict=True):
            saw, waits = seen(port, case.name), said["waits"]
            slot = (1 + case.jitter) / 25
            high = waits[min(len(waits) * 99 // 100, len(waits) - 1)]
            values = {"rate": saw.rate, "p50 slots": waits[len(waits) // 2] / slot, "p99 slots": high / slot}
            label = f"latency {case.latency:g} s, J {case.jitter * 1000:.0f} ms"
            yield Row("singles", label, values, saw.refused, saw.late, high <= 2 * slot, "p99 <= 2 slots")


def shared(seconds: float) -> Iterator[Row]:
    """Eight processes over Redis."""
    if BINARY is None:
        print(f"skipped: {MISSING}")
        return
    yield from _processes("redis", seconds, lambda _: None)


def restart(seconds: float) -> Iterator[Row]:
    """Eight processes; Redis is killed after a third, and comes back after another 5 seconds."""
    if BINARY is None:
        print(f"skipped: {MISSING}")
        return

    def disturb(redis: RedisServer) -> None:
        time.sleep(seconds / 3)
        redis.kill()
        time.sleep(5)
        redis.start()

    yield from _processes("redis restarted", seconds, disturb)


def _processes(group: str, seconds: float, disturb: Callable[[RedisServer], None]) -> Iterator[Row]:
    redis = RedisServer()
    redis.start()
    try:
        with server() as port:
            case = Case(port, "shared", limiter="redis", jitter=0.02, redis=redis.url, seconds=seconds, concurrency=16)
            disturber = threading.Thread(target=disturb, args=(redis,), daemon=True)
            disturber.start()
            said = list(clients([case] * PROCESSES))
            disturber.join()
            saw = seen(port, case.name)
    finally:
        redis.close()
    shares = [one["answered"] for one in said]
    spread = max(shares) / max(min(shares), 1)
    calm = group == "redis"
    good = saw.late == 0 and (not calm or (saw.rate >= 0.97 and spread <= 1.3))
    values = {"rate": saw.rate, "whole": saw.whole, "largest/smallest share": spread}
    target = "0 late 429s, >= 97 %, shares <= 1.3" if calm else "limit never exceeded"
    yield Row(group, f"{PROCESSES} processes, J 20 ms", values, saw.refused, saw.late, good, target, saw.arrivals)

"""``python -m benchmarks.webhooks [--deliveries N] [--concurrency C] [--rate R]``

First the pure parts, in microseconds. Then, for each server and store, in a process of its own on loopback:
acknowledgements a second with C connections that always have one delivery in flight (throughput, and latency under that
load), and the latency at a steady R deliveries a second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
import timeit
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from lusha_async.webhooks import ForgedWebhook, WebhookReceiver, parse, sign, verify

from .server import SECRET

PAYLOAD = {
    "type": "promotion",
    "entityType": "contact",
    "entityId": "4158887495",
    "subscriptionId": "507f1f77bcf86cd799439011",
    "data": {
        "personId": 4158887495,
        "currentCompanyId": 40823133,
        "currentCompanyName": "Example Hospitality",
        "currentDomain": "hospitality.example",
        "currentTitle": "Head Bartender",
        "currentDepartments": [{"id": 7, "value": "Other"}],
        "previousCompanyName": "Example Restaurants",
        "previousDomain": "restaurants.example",
        "signalDate": "2025-07-01",
    },
    "timestamp": "2026-01-14T16:16:35.841Z",
    "billing": {"creditsCharged": 1},
}


def body_of(delivery_id: str) -> bytes:
    """A delivery of the documented size, about 560 bytes."""
    return json.dumps({"id": delivery_id, **PAYLOAD}, separators=(",", ":")).encode()


def microseconds(function: Callable[[], object], number: int = 20_000) -> float:
    """The best of five runs, per call."""
    return min(timeit.repeat(function, number=number, repeat=5)) / number * 1e6


def pure() -> None:
    """The cost of each step, without sockets."""
    body = body_of(str(uuid.uuid4()))
    headers = sign(body, SECRET)
    forged = sign(body, "another")
    spaced = json.dumps(json.loads(body), indent=2).encode()

    def refuse() -> None:
        with suppress(ForgedWebhook):
            verify(forged, body, SECRET)

    print(f"pure steps, one delivery of {len(body)} bytes, microseconds (best of 5 x 20,000)")
    for name, function in (
        ("verify, one secret", lambda: verify(headers, body, SECRET)),
        ("verify, two secrets", lambda: verify(headers, body, ["new", SECRET])),
        ("verify, re-serialised body", lambda: verify(headers, spaced, SECRET)),
        ("verify, forged (refused)", refuse),
        ("parse into a typed event", lambda: parse(body)),
    ):
        print(f"  {name:32} {microseconds(function):8.1f}")


async def whole() -> None:
    """The whole receiver without a server: verify, parse, remember, acknowledge, handle."""
    receiver = WebhookReceiver(SECRET, waive_opt_outs=True, backlog=100_000)

    @receiver.fallback
    async def nothing(_: object) -> None:
        return

    bodies = [body_of(str(number)) for number in range(20_000)]
    requests = [(sign(body, SECRET), body) for body in bodies]
    begin = time.perf_counter()
    async with receiver:
        for number, (headers, body) in enumerate(requests):
            await receiver.handle("POST", "", headers, body)
            if number % 16 == 0:
                await asyncio.sleep(0)  # as a server would, let the handlers run
    took = time.perf_counter() - begin
    print(f"  {'receiver, handler included':32} {took / len(bodies) * 1e6:8.1f}")


class Connection:
    """One keep-alive connection: as little of an HTTP client as will do, so that the server is what is measured."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def post(self, body: bytes) -> float:
        """Deliver; seconds until the acknowledgement was there."""
        headers = sign(body, SECRET) | {"Host": "localhost", "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        begin = time.perf_counter()
        self._writer.write(b"POST / HTTP/1.1\r\n" + head.encode() + b"\r\n" + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 201"):
            raise RuntimeError(answer.split(b"\r\n", 1)[0].decode())
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await self._reader.readexactly(int(length.split(b":")[1]))
        return time.perf_counter() - begin

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


async def saturate(port: int, count: int, concurrency: int) -> tuple[float, list[float]]:
    """Every connection sends its next delivery when the last one was acknowledged. Acknowledgements a second."""
    numbers = iter(range(count))
    latencies: list[float] = []

    async def one() -> None:
        connection = Connection(port)
        await connection.open()
        for number in numbers:
            latency = await connection.post(body_of(f"full-{number}"))
            latencies.append(latency)
        connection.close()

    begin = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(concurrency)))
    return count / (time.perf_counter() - begin), latencies


async def steady(port: int, count: int, rate: float) -> list[float]:
    """Deliveries at fixed moments, whether or not earlier ones were acknowledged; latency from the planned moment."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(64):
        connection = Connection(port)
        await connection.open()
        free.put_nowait(connection)
    latencies: list[float] = []
    begin = time.perf_counter() + 0.05

    async def one(number: int) -> None:
        due = begin + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        sent = time.perf_counter()
        connection = await free.get()
        await connection.post(body_of(f"steady-{number}"))
        latencies.append(time.perf_counter() - sent)
        free.put_nowait(connection)

    await asyncio.gather(*(one(number) for number in range(count)))
    return latencies


def shown(latencies: list[float]) -> str:
    """Median, 99th percentile and worst, in milliseconds."""
    cuts = statistics.quantiles(latencies, n=100)
    return f"p50 {cuts[49] * 1e3:6.2f}  p99 {cuts[98] * 1e3:6.2f}  max {max(latencies) * 1e3:6.2f} ms"


async def served(face: str, store: str, options: Any) -> None:
    """One server and store."""
    with tempfile.TemporaryDirectory() as where:
        arguments = [sys.executable, "-m", "benchmarks.webhooks.server", face, store, f"{where}/inbox.db"]
        process = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        port = int(await process.stdout.readline())
        try:
            await saturate(port, 200, options.concurrency)  # warm
            per_second, latencies = await saturate(port, options.deliveries, options.concurrency)
            print(f"  {face + ', ' + store:18} {per_second:8.0f} a second   {shown(latencies)}")
            calm = await steady(port, min(options.deliveries, int(options.rate * 5)), options.rate)
            print(f"  {'':18} {options.rate:8.0f} a second   {shown(calm)}  (steady)")
        finally:
            process.terminate()
            handled = int(await process.stdout.readline() or 0)
            await process.wait()
        print(f"  {'':18} {handled:8d} handled")


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.webhooks")
    parser.add_argument("--deliveries", type=int, default=10_000)
    parser.add_argument("--concurrency", type=int, default=32)
    parser.add_argument("--rate", type=float, default=200.0)
    options = parser.parse_args()
    pure()
    asyncio.run(whole())
    print(f"acknowledgements over loopback, {options.deliveries} deliveries, {options.concurrency} connections")
    for face in ("uvicorn", "aiohttp"):
        for store in ("memory", "sqlite"):
            asyncio.run(served(face, store, options))


if __name__ == "__main__":
    main()

"""Running the sandbox as a process of its own: ``python -m lusha_async.sandbox`` and ``lusha sandbox``."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

from .faults import Faults
from .server import Sandbox
from .windows import PLANS


def serve(*, announce: Callable[[Sandbox], None] | None = None, **options: Any) -> None:
    """Run a sandbox until SIGINT or SIGTERM. `options` are those of `Sandbox`; `announce` is called once it listens."""
    asyncio.run(_serve(announce or _announce, options))


async def _serve(announce: Callable[[Sandbox], None], options: dict[str, Any]) -> None:
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, done.set)
    async with Sandbox(**options) as sandbox:
        announce(sandbox)
        await done.wait()


def _announce(sandbox: Sandbox) -> None:
    sys.stdout.write(f"LUSHA_BASE_URL={sandbox.url}\nLUSHA_API_KEY={sandbox.api_key}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of ``python -m lusha_async.sandbox``."""
    parser = argparse.ArgumentParser(prog="python -m lusha_async.sandbox", description="A local Lusha API.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8787, help="0 picks a free one")
    parser.add_argument("--api-key", default=None, help="a UUID; a new one unless given")
    parser.add_argument("--plan", choices=sorted(PLANS), default="unlimited")
    parser.add_argument("--credits", type=float, default=1_000_000_000)
    parser.add_argument("--burst", type=int, default=25, help="requests in any second per endpoint; 0 for no limit")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    parser.add_argument("--jitter", type=float, default=0.0, help="seconds")
    parser.add_argument("--fault-rate", type=float, default=0.0, help="share of requests that go wrong, 0 to 1")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-track", action="store_true", help="keep no memory of who was asked for")
    given = parser.parse_args(arguments)
    serve(
        host=given.host,
        port=given.port,
        api_key=given.api_key,
        plan=given.plan,
        credits=given.credits,
        burst=given.burst or None,
        latency=given.latency,
        jitter=given.jitter,
        faults=Faults(rate=given.fault_rate, seed=given.seed),
        seed=given.seed,
        track=not given.no_track,
    )

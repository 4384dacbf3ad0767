"""One call at a time: the same call through this package and through bare aiohttp + msgspec, alternating.

Both run in one process on one event loop, call by call in turn, so that whatever disturbs one disturbs the other.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from typing import Any

import msgspec

from ..lab import Scale, Server, Spread
from ..report import Chart, Report, goal

MOST = 80.0
"""Microseconds at the median."""
BLOCK = 200
"""Calls of one kind in a row while processor time is taken."""


class Found(msgspec.Struct):
    """Microseconds of one process: medians of wall time per call, and processor time per call."""

    wall: dict[str, float]
    cpu: dict[str, float]


def run(scale: Scale) -> Report:
    """Several processes, one after the other."""
    rounds, calls = scale.pick(2, 7, 15), scale.pick(600, 2000, 4000)
    with Server() as server:
        found = [_process(server.url("plain"), calls) for _ in range(rounds)]
    kinds = list(found[0].wall)
    wall = {kind: Spread.of(one.wall[kind] for one in found) for kind in kinds}
    over = {kind: Spread.of(one.wall[kind] - one.wall["bare"] for one in found) for kind in kinds}
    cpu = {kind: Spread.of(one.cpu[kind] for one in found) for kind in kinds}
    rows = [
        [LABELS[kind], wall[kind], over[kind].median, cpu[kind], cpu[kind].median - cpu["bare"].median]
        for kind in kinds
    ]
    bars = [(LABELS[kind].split(",")[0], over[kind]) for kind in kinds if kind != "bare"]
    return Report(
        case="overhead",
        title=f"One awaited call at a time, one record each ({rounds} processes, {calls} calls of each kind)",
        columns=["call", "median us (range)", "over bare us", "CPU us (range)", "over bare us "],
        rows=rows,
        goals=[goal("overhead of one awaited call", over["ours"].median, MOST, unit=" us", most=True, digits=0)],
        charts=[Chart(series={"ours": bars}, x="microseconds over the bare call", y="", bars=True)],
        data={"rounds": [msgspec.to_builtins(one) for one in found]},
    )


LABELS = {
    "bare": "bare: session.post + msgspec decode",
    "ours": "lusha.contacts.search_and_enrich, NoLimits",
    "send": "lusha.send(endpoint, body=...), NoLimits",
    "limits": "lusha.contacts.search_and_enrich, default limiter (25/s off)",
}


def _process(base_url: str, calls: int) -> Found:
    command = [sys.executable, "-m", __spec__.name, base_url, str(calls)]
    return msgspec.json.decode(subprocess.run(command, check=True, capture_output=True).stdout, type=Found)


async def _measure(base_url: str, calls: int) -> Found:
    import aiohttp

    from lusha_async import LushaClient
    from lusha_async.limits import LocalLimits, NoLimits
    from lusha_async.v3.enrichment import CONTACTS_SEARCH_AND_ENRICH, ContactEnrichResponse

    from ..bodies import row
    from ..contenders.common import body
    from ..job import KEY, PATH, REVEAL

    decoder = msgspec.json.Decoder(ContactEnrichResponse)
    headers = {"Content-Type": "application/json", "api_key": KEY}
    url = base_url + PATH
    asked = row(1)
    packed = body(range(1, 2))

    async with (
        aiohttp.ClientSession() as session,
        LushaClient(KEY, base_url=base_url, limits=NoLimits()) as free,
        LushaClient(KEY, base_url=base_url, limits=LocalLimits(None)) as limited,
    ):

        async def bare() -> Any:
            async with session.post(url, data=msgspec.json.encode(packed), headers=headers) as response:
                response.raise_for_status()
                return decoder.decode(await response.read())

        async def ours() -> Any:
            return await free.contacts.search_and_enrich(asked | {"client_reference_id": "1"}, reveal=REVEAL)

        async def send() -> Any:
            return (await free.send(CONTACTS_SEARCH_AND_ENRICH, body=packed)).data

        async def limits() -> Any:
            return await limited.contacts.search_and_enrich(asked | {"client_reference_id": "1"}, reveal=REVEAL)

        kinds = {"bare": bare, "ours": ours, "send": send, "limits": limits}
        for call in kinds.values():
            for _ in range(50):
                answer = await call()
            assert answer.results[0].client_reference_id == "1"
        taken: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(calls):
            for kind, call in kinds.items():
                began = time.perf_counter()
                await call()
                taken[kind].append(time.perf_counter() - began)
        blocks: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(max(calls // BLOCK, 3)):
            for kind, call in kinds.items():
                cpu = time.process_time()
                for _ in range(BLOCK):
                    await call()
                blocks[kind].append((time.process_time() - cpu) / BLOCK)
    return Found(
        {kind: statistics.median(values) * 1e6 for kind, values in taken.items()},
        {kind: statistics.median(values) * 1e6 for kind, values in blocks.items()},
    )


if __name__ == "__main__":
    print(msgspec.json.encode(asyncio.run(_measure(sys.argv[1], int(sys.argv[2])))).decode())

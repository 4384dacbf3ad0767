"""A run in a process of its own, made to be killed: ``python -m tests.ledger.victim '{"url": ...}'``.

Says ``go`` when the run has started, writes what it handed out to `output` when it is done, and exits with 0; with 3 if
the run ended before its list did.
"""

# ruff: noqa: ASYNC240 - nothing else runs here

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from lusha_async import LushaClient, NoLimits
from lusha_async.model import to_dict
from lusha_async.sandbox import serve

from .conftest import people


async def main(wish: dict[str, Any]) -> int:
    if wish.get("file_limit"):
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (wish["file_limit"], resource.RLIM_INFINITY))
    rows = people(wish["rows"]) + people(wish["rows"] // 10)
    async with LushaClient(wish["key"], base_url=wish["url"], limits=NoLimits()) as lusha:
        run = lusha.contacts.bulk_search_and_enrich(
            rows,
            reveal=["emails"],
            ledger=wish["ledger"],
            on_doubt=wish["on_doubt"],
            chunk_size=wish["chunk_size"],
            concurrency=wish["concurrency"],
        )
        outcomes: list[Any] = []
        async with run:
            print("go", flush=True)
            async for outcome in run:
                outcomes.append(outcome)
    ended = run.report.ended_by
    said = [
        [one.index, one.status.value, one.duplicate_of, to_dict(one.result) if one.result else None]
        for one in sorted(outcomes, key=lambda one: one.index)
    ]
    if wish.get("file_limit"):  # it may not write files as large as that one
        print(json.dumps({"outcomes": said, "ended": type(ended).__name__ if ended else None, "text": str(ended)}))
    else:
        Path(wish["output"]).write_text(json.dumps(said))
    return 3 if ended is not None else 0


if __name__ == "__main__":
    if sys.argv[1] == "sandbox":
        serve(port=0, burst=None, usage_limit=None, latency=0.02)
    else:
        sys.exit(asyncio.run(main(json.loads(sys.argv[1]))))

"""A bulk pipeline: rows stream in from a file, outcomes stream out to another, whatever the length of the list.

Run it (no key needed, it starts the sandbox):  python examples/bulk_pipeline.py
"""

from __future__ import annotations

import asyncio
import csv
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lusha_async import LushaClient, RunReport, Status
from lusha_async.sandbox import Sandbox

HERE = Path(__file__).parent


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The file's rows, one at a time, in the names of `ContactQuery`."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {
                "email": row["Email"],
                "first_name": row["First Name"],
                "last_name": row["Last Name"],
                "company_name": row["Company"],
            }


def progress(report: RunReport) -> None:
    """Called after every chunk."""
    print(f"{report.done:5} rows, {report.found} found, {report.credits_charged:g} credits")


async def main(source: Path, target: Path) -> RunReport:
    """Enrich a file. With a real account: `LushaClient()`, and no sandbox."""
    async with Sandbox(latency=0.1) as sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha:
        run = lusha.contacts.bulk_search_and_enrich(rows(source), reveal=["emails"], ordered=True, on_progress=progress)
        with target.open("w", encoding="utf-8") as file:
            async with run:
                async for outcome in run:
                    line = {"row": outcome.index, "status": outcome.status, "lusha": None}
                    if outcome.status is Status.FOUND and outcome.raw is not None:
                        line["lusha"] = json.loads(outcome.raw)
                    file.write(json.dumps(line) + "\n")
    print(run.report)
    return run.report


if __name__ == "__main__":
    asyncio.run(main(HERE / "contacts.csv", Path(tempfile.gettempdir()) / "enriched-pipeline.jsonl"))

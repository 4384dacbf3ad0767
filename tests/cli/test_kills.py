"""`lusha enrich` killed with SIGKILL at random moments and continued until done: the output is that of a quiet run."""

from __future__ import annotations

import asyncio
import os
import random
import re
import resource
import shutil
import signal
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lusha_async.cli.exit_codes import ExitCode
from lusha_async.sandbox import Sandbox

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
ROWS = 1_200
UNIQUE = 1_000
CONCURRENCY = 4
FORMS = ("jsonl", "csv", "parquet")
REFERENCE = re.compile(r'"+clientReferenceId"+:"+\d+"+,?')
"""Our own numbering of what was sent differs when a list is sent in parts."""


def people() -> str:
    return "Email,Note\n" + "".join(f'p{n % UNIQUE}@acme.example,"=1+{n}, ""x"""\n' for n in range(ROWS))


class Enriching:
    """One list in a folder of its own, against a sandbox of its own."""

    def __init__(self, folder: Path, server: Sandbox, form: str) -> None:
        folder.mkdir(exist_ok=True)
        self.source, self.out, self.server = folder / "in.csv", folder / f"out.{form}", server
        self.source.write_text(people())
        (folder / "key").write_text(server.api_key)
        self.arguments = (
            *("enrich", "contacts", str(self.source), "-o", str(self.out), "--reveal", "emails", "-q"),
            *("--base-url", server.url, "--api-key-file", str(folder / "key"), "--concurrency", str(CONCURRENCY)),
        )

    async def start(self, *more: str, largest_file: int | None = None) -> asyncio.subprocess.Process:
        def limit() -> None:
            if largest_file is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "lusha_async.cli", *self.arguments, *more), preexec_fn=limit
        )

    async def finish(self, *more: str, largest_file: int | None = None) -> int:
        process = await self.start(*more, largest_file=largest_file)
        return await asyncio.wait_for(process.wait(), 60)

    async def kill(self, after: float, *more: str) -> bool:
        """Start, and kill some time after the first request; whether there was still something to kill."""
        before = self.server.stats()["requests"]
        process = await self.start(*more)
        for _ in range(2_000):
            if self.server.stats()["requests"] > before or process.returncode is not None:
                break
            await asyncio.sleep(0.005)
        await asyncio.sleep(after)
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        return await process.wait() == -signal.SIGKILL

    def tear(self, dice: random.Random) -> None:
        """The last write, cut somewhere; unless the start had ended already when it was killed."""
        state = Path(f"{self.out}.run")
        if not state.exists() or '"size":null' not in state.read_text():
            return
        if self.out.suffix != ".parquet" and self.out.exists():
            size = self.out.stat().st_size
            os.truncate(self.out, max(0, size - dice.randrange(400)))

    def contents(self) -> str:
        if self.out.suffix == ".parquet":
            return REFERENCE.sub("", str(pq.read_table(self.out).to_pydict()))
        return REFERENCE.sub("", self.out.read_text())


def sandbox() -> Sandbox:
    return Sandbox(burst=None, usage_limit=None, latency=0.03, jitter=0.03)


class Quiet:
    """What undisturbed runs write, made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: dict[str, str] = {}

    async def contents(self, form: str) -> str:
        if form not in self._found:
            async with sandbox() as server:
                job = Enriching(self._folder / form, server, form)
                assert await job.finish() == 0
                self._found[form] = job.contents()
                assert server.stats()["items"] == UNIQUE
        return self._found[form]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Quiet:
    return Quiet(tmp_path_factory.mktemp("quiet"))


async def killed_and_continued(folder: Path, form: str, seed: int, quiet: Quiet) -> int:
    dice = random.Random(seed)
    async with sandbox() as server:
        job = Enriching(folder, server, form)
        kills = 0
        for _ in range(dice.randint(1, 2)):
            kills += await job.kill(dice.random() * 0.6)
            if dice.random() < 0.3:
                job.tear(dice)
            if job.out.suffix == ".parquet" and job.out.exists():
                assert pq.read_metadata(job.out).num_rows == ROWS, "a table appears as a whole or not at all"
        code = await job.finish("--json") if kills % 2 else await job.finish()
        seen = server.stats()
    assert code == 0
    assert job.contents() == await quiet.contents(form), f"seed {seed}"
    assert UNIQUE <= seen["items"] <= UNIQUE + kills * CONCURRENCY * 100
    assert not [name for name in os.listdir(folder) if name.endswith((".part", ".new"))]
    return kills


@pytest.mark.parametrize("form", FORMS)
async def test_killed_and_continued(tmp_path: Path, form: str, quiet: Quiet) -> None:
    await killed_and_continued(tmp_path, form, 7, quiet)


@pytest.mark.marathon
async def test_200_lists_killed_at_random_moments(tmp_path: Path, quiet: Quiet) -> None:
    lanes = asyncio.Semaphore(3)

    for form in FORMS:
        await quiet.contents(form)

    async def one(seed: int) -> int:
        async with lanes:
            folder = tmp_path / str(seed)
            kills = await killed_and_continued(folder, FORMS[seed % len(FORMS)], seed, quiet)
            shutil.rmtree(folder)
            return kills

    assert sum(await asyncio.gather(*(one(seed) for seed in range(200)))) > 200


async def test_what_is_held_is_never_asked_about_twice(tmp_path: Path) -> None:
    async with sandbox() as server:
        job = Enriching(tmp_path, server, "jsonl")
        killed = await job.kill(0.2, "--on-doubt", "hold")
        code = await job.finish("--on-doubt", "hold")
        lines = job.out.read_text().splitlines()
        held = sum('"status":"unknown"' in line for line in lines)
        assert killed
        assert code == (ExitCode.INCOMPLETE if held else ExitCode.DONE)
        assert len(lines) == ROWS
        assert server.stats()["items"] <= UNIQUE

        assert await job.finish() == 0, "without hold the rest is asked about again"
        assert '"status":"unknown"' not in job.out.read_text()


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
async def test_a_full_disk_loses_nothing(tmp_path: Path, form: str, quiet: Quiet) -> None:
    async with sandbox() as server:
        job = Enriching(tmp_path, server, form)
        full = await job.finish(largest_file=400_000)
        bought = server.stats()["items"]
        code = await job.finish()

        assert full == ExitCode.OUTPUT
        assert code == 0
        assert job.contents() == await quiet.contents(form)
        assert 0 < bought < UNIQUE
        assert server.stats()["items"] <= UNIQUE + CONCURRENCY * 100


async def test_parquet_to_parquet_keeps_types(tmp_path: Path) -> None:
    async with sandbox() as server:
        job = Enriching(tmp_path, server, "parquet")
        source = tmp_path / "in.parquet"
        table = pa.table(
            {
                "Email": ["ada@acme.example", None, "bo@acme.example"],
                "when": pa.array([1, None, 3], pa.timestamp("ns", "UTC")),
                "tags": [["a"], [], None],
            }
        )
        pq.write_table(table, source)
        job.arguments = tuple(str(source) if word == str(job.source) else word for word in job.arguments)
        assert await job.finish() == 0

    written = pq.read_table(job.out)
    assert written.select(table.schema.names).equals(table)
    assert written["lusha_status"].to_pylist() == ["found", "invalid", "found"]
    assert str(written.schema.field("lusha_phone_1_do_not_call").type) == "bool"

"""Killed at random moments and continued: nothing is missing, nothing is twice, and what was paid is counted outside."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ROWS, CHUNK, LANES = 600, 20, 4
CHUNKS = ROWS // CHUNK


class Elsewhere:
    """A sandbox in another process."""

    def __init__(self, process: subprocess.Popen[str], url: str, key: str) -> None:
        self.process, self.url, self.key = process, url, key

    def stats(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/_sandbox/stats") as answer:
            return json.load(answer)

    def reset(self) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/_sandbox/reset", method="POST")).close()


def start(wish: Any, **options: Any) -> subprocess.Popen[str]:
    argument = wish if isinstance(wish, str) else json.dumps(wish)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.victim", argument],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=options.get("stderr"),
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    process = start("sandbox")
    assert process.stdout is not None
    said = [process.stdout.readline().strip().partition("=")[2] for _ in range(2)]
    yield Elsewhere(process, *said)
    process.terminate()
    process.wait(10)


def wish_of(elsewhere: Elsewhere, folder: Path, **changes: Any) -> dict[str, Any]:
    return {
        "url": elsewhere.url,
        "key": elsewhere.key,
        "rows": ROWS,
        "chunk_size": CHUNK,
        "concurrency": LANES,
        "ledger": str(folder / "run.db"),
        "on_doubt": "resend",
        "output": str(folder / "output.json"),
        **changes,
    }


def finish(wish: dict[str, Any]) -> Any:
    process = start(wish)
    assert process.wait(60) == 0
    return json.loads(Path(wish["output"]).read_text())


@pytest.fixture(scope="module")
def undisturbed(elsewhere: Elsewhere, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a run says that nobody disturbs, and how long it takes."""
    wish = wish_of(elsewhere, tmp_path_factory.mktemp("undisturbed"))
    elsewhere.reset()
    said = finish(wish)
    assert elsewhere.stats()["processed"] == CHUNKS
    assert len(said) == ROWS + ROWS // 10
    return said


def kill_once(wish: dict[str, Any], dice: random.Random) -> bool:
    """Start it and kill it at a random moment of its life; whether it came to that."""
    process = start(wish)
    assert process.stdout is not None
    if dice.random() < 0.8:
        process.stdout.readline()
    time.sleep(dice.random() * 0.35)
    process.send_signal(signal.SIGKILL)
    return process.wait(60) == -signal.SIGKILL


def harass(elsewhere: Elsewhere, folder: Path, seed: int, kills: int, **changes: Any) -> tuple[Any, int]:
    dice = random.Random(seed)
    wish = wish_of(elsewhere, folder, **changes)
    elsewhere.reset()
    killed = sum(kill_once(wish, dice) for _ in range(kills))
    return finish(wish), killed


def check_resend(elsewhere: Elsewhere, folder: Path, seed: int, undisturbed: Any) -> None:
    said, killed = harass(elsewhere, folder, seed, kills=3)
    assert said == undisturbed
    stats = elsewhere.stats()
    assert CHUNKS <= stats["processed"] <= CHUNKS + LANES * killed


def check_hold(elsewhere: Elsewhere, folder: Path, seed: int, undisturbed: Any) -> None:
    said, killed = harass(elsewhere, folder, seed, kills=3, on_doubt="hold")
    held = 0
    for mine, theirs in zip(said, undisturbed, strict=True):
        if mine[1] == "unknown":
            held += mine[2] is None
        else:
            assert mine == theirs
    stats = elsewhere.stats()
    assert stats["repeated_asks"] == 0
    assert held <= LANES * CHUNK * killed
    assert CHUNKS - held // CHUNK <= stats["processed"] <= CHUNKS


@pytest.mark.parametrize("seed", range(2))
def test_killed_and_continued(elsewhere: Elsewhere, tmp_path: Path, undisturbed: Any, seed: int) -> None:
    check_resend(elsewhere, tmp_path, seed, undisturbed)


@pytest.mark.parametrize("seed", range(2))
def test_killed_and_held(elsewhere: Elsewhere, tmp_path: Path, undisturbed: Any, seed: int) -> None:
    check_hold(elsewhere, tmp_path, seed, undisturbed)


@pytest.mark.marathon
@pytest.mark.parametrize("seed", range(100, 200))
def test_killed_and_continued_at_length(elsewhere: Elsewhere, tmp_path: Path, undisturbed: Any, seed: int) -> None:
    check_resend(elsewhere, tmp_path, seed, undisturbed)


@pytest.mark.marathon
@pytest.mark.parametrize("seed", range(200, 300))
def test_killed_and_held_at_length(elsewhere: Elsewhere, tmp_path: Path, undisturbed: Any, seed: int) -> None:
    check_hold(elsewhere, tmp_path, seed, undisturbed)


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is one of POSIX")
@pytest.mark.parametrize("limit", [200_000, 350_000, 600_000])
def test_a_full_disk_costs_nothing_twice(elsewhere: Elsewhere, tmp_path: Path, undisturbed: Any, limit: int) -> None:
    """The ledger may grow to so many bytes only: the run ends with a clear error, and everything paid was handed out."""
    wish = wish_of(elsewhere, tmp_path, file_limit=limit)
    elsewhere.reset()
    process = start(wish)
    text, _ = process.communicate(timeout=60)
    assert process.returncode == 3
    said = json.loads(text.removeprefix("go\n"))
    assert said["ended"] == "LedgerUnwritable", said["text"]
    answered = sum(one[1] != "not_sent" and one[2] is None for one in said["outcomes"])
    assert answered == elsewhere.stats()["items"]
    assert len(said["outcomes"]) == ROWS + ROWS // 10
    assert finish({**wish, "file_limit": None}) == undisturbed
    assert elsewhere.stats()["processed"] <= CHUNKS + LANES


@pytest.mark.parametrize("seed", range(3))
def test_the_last_write_cut_in_half(elsewhere: Elsewhere, tmp_path: Path, undisturbed: Any, seed: int) -> None:
    dice = random.Random(seed)
    wish = wish_of(elsewhere, tmp_path)
    elsewhere.reset()
    while not (killed := kill_once(wish, dice)):
        pass
    assert killed
    log = Path(wish["ledger"] + "-wal")
    if log.exists() and log.stat().st_size > 4096:
        os.truncate(log, log.stat().st_size - dice.randrange(1, 4096))
    assert finish(wish) == undisturbed
    assert elsewhere.stats()["processed"] <= CHUNKS + LANES + 2


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_cut_file_is_refused_or_read_never_misread(
    elsewhere: Elsewhere, tmp_path: Path, undisturbed: Any, share: float
) -> None:
    wish = wish_of(elsewhere, tmp_path)
    assert finish(wish) == undisturbed
    file = Path(wish["ledger"])
    os.truncate(file, int(file.stat().st_size * share))
    process = start(wish, stderr=subprocess.PIPE)
    _, errors = process.communicate(timeout=60)
    if process.returncode == 0:
        assert json.loads(Path(wish["output"]).read_text()) == undisturbed
    else:
        assert process.returncode == 3 or "LedgerDamaged" in errors

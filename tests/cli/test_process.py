"""`lusha` as a process of its own: signals, pipes that stay open or close, full disks, what stands on which stream."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from pathlib import Path

import pytest

from lusha_async.cli.exit_codes import ExitCode
from lusha_async.sandbox import Sandbox

from .conftest import STATUSES, Command

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and pipes as POSIX has them")
KEY = "01234567-89ab-4def-8123-456789abcdef"
PIPE = asyncio.subprocess.PIPE


async def start(*arguments: str, python: tuple[str, ...] = (), **streams: object) -> asyncio.subprocess.Process:
    settings: dict = {"stdin": asyncio.subprocess.DEVNULL, "stdout": PIPE, "stderr": PIPE, **streams}
    return await asyncio.create_subprocess_exec(
        sys.executable, *python, "-m", "lusha_async.cli", *arguments, env={**os.environ, "PYTHONWARNINGS": "error"},
        **settings,
    )  # fmt: skip


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str, str]:
    out, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode is not None
    return process.returncode, (out or b"").decode(), (err or b"").decode()


def to(server: Sandbox, command: Command) -> tuple[str, ...]:
    return ("--reveal", "emails", "--base-url", server.url, "--api-key-file", command.write("key", server.api_key))


def many(command: Command, count: int) -> str:
    return command.write("many.csv", "Email\n" + "".join(f"p{n}@acme.example\n" for n in range(count)))


async def seen(server: Sandbox, requests: int) -> None:
    """Wait until the sandbox has got that many requests."""
    for _ in range(1_000):
        if server.stats()["requests"] >= requests:
            return
        await asyncio.sleep(0.01)
    pytest.fail("the command never asked anything")


async def test_the_first_command_of_the_readme(command: Command) -> None:
    out = command.path("out.jsonl")

    code, stdout, stderr = await ended(
        await start("enrich", "contacts", command.people(), "-o", out, "--reveal", "emails", "--sandbox")
    )

    assert code == 0, stderr
    assert [row["lusha"]["status"] for row in command.jsonl("out.jsonl")] == STATUSES
    assert "7 in, 7 out" in stdout
    for text in (stdout, stderr):
        assert "acme.example" not in text
        assert "Faraday" not in text


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)]
)
async def test_a_signal_ends_the_run_with_what_was_received(
    command: Command, number: signal.Signals, code: ExitCode
) -> None:
    async with Sandbox(latency=0.3) as server:
        process = await start(
            *(
                "enrich",
                "contacts",
                many(command, 50_000),
                "-o",
                command.path("o.jsonl"),
                "--json",
                *to(server, command),
            )
        )
        await seen(server, 20)
        process.send_signal(number)
        returned, stdout, stderr = await ended(process)
        served = server.stats()

    summary = json.loads(stdout)
    rows = command.jsonl("o.jsonl")
    assert returned == summary["exit_code"] == code, stderr
    assert [row["Email"] for row in rows] == [f"p{n}@acme.example" for n in range(len(rows))]
    assert summary["rows_out"] == len(rows)
    assert summary["rows_in"] + summary["rows_left"] == 50_000
    asked = sum(row["lusha"]["status"] not in {"invalid", "not_sent"} for row in rows)
    assert asked == served["items"], "everything that was paid for is in the file"
    assert "Traceback" not in stderr


async def test_a_second_signal_leaves_at_once(command: Command) -> None:
    async with Sandbox(latency=0.1) as server:
        process = await start(
            "enrich", "contacts", many(command, 50_000), "-o", command.path("o.jsonl"), "--json", *to(server, command)
        )
        await seen(server, 10)
        server.configure(latency=30)
        await seen(server, 20)
        process.send_signal(signal.SIGINT)
        await asyncio.sleep(0.3)
        process.send_signal(signal.SIGINT)
        returned, stdout, stderr = await asyncio.wait_for(ended(process), 5)

    assert returned == ExitCode.INTERRUPTED, stderr
    assert json.loads(stdout)["in_doubt"] > 0


async def test_a_pipe_that_stays_silent_holds_nothing_back_and_can_be_interrupted(command: Command) -> None:
    process = await start(
        *("enrich", "contacts", "-", "-o", command.path("o.jsonl"), "--reveal", "emails", "--sandbox", "--json"),
        stdin=PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(b"Email\nada@acme.example\nbo@acme.example\n")
    await process.stdin.drain()
    written = command.folder / "o.jsonl"
    for _ in range(1_000):
        if written.exists() and written.read_bytes().count(b"\n") == 2:
            break
        await asyncio.sleep(0.01)
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.wait(), 5)

    assert process.returncode == ExitCode.INTERRUPTED
    assert written.read_bytes().count(b"\n") == 2


async def test_a_reader_that_goes_away(command: Command) -> None:
    reading, writing = os.pipe()
    process = await start(
        *("enrich", "contacts", many(command, 20_000), "-o", "-", "--reveal", "emails", "--sandbox"), stdout=writing
    )
    os.close(writing)
    os.read(reading, 100)
    os.close(reading)
    code, _, stderr = await ended(process)

    assert code == ExitCode.OUTPUT
    assert "Broken pipe" in stderr
    assert "Traceback" not in stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
async def test_a_full_disk(command: Command) -> None:
    code, stdout, stderr = await ended(
        await start("enrich", "contacts", command.people(), "-o", "/dev/full", "--reveal", "emails", "--sandbox")
    )

    assert code == ExitCode.OUTPUT
    assert "No space left" in stdout + stderr


async def test_without_a_terminal_there_are_lines_now_and_then(command: Command) -> None:
    script = "import lusha_async.cli.progress as p; p.LINE_EVERY = 0.1; from lusha_async.cli import main; main()"
    async with Sandbox(latency=0.1) as server:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", script, "enrich", "contacts", many(command, 3_000), "-o", command.path("o.jsonl")),
            *to(server, command),
            stderr=PIPE,
            stdout=PIPE,
        )
        code, _, stderr = await ended(process)

    assert code == 0
    assert " of 3,000 rows; " in stderr
    assert " credits" in stderr
    assert "\x1b" not in stderr


async def test_on_a_terminal_there_is_a_bar(command: Command) -> None:
    import pty

    ours, theirs = pty.openpty()
    async with Sandbox(latency=0.3) as server:
        process = await start(
            "enrich",
            "contacts",
            many(command, 3_000),
            "-o",
            command.path("o.jsonl"),
            *to(server, command),
            stderr=theirs,
        )
        os.close(theirs)
        code, stdout, _ = await ended(process)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 65_536)
        except OSError:
            break
    os.close(ours)

    assert code == 0
    assert b"of 3,000 rows" in shown
    assert b"\x1b[" in shown
    assert "3,000 in, 3,000 out" in stdout


async def test_without_the_extra_the_command_says_how_to_get_it() -> None:
    script = (
        "import sys; sys.modules['click'] = None\n"
        "import importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'click' else find(name, *a)\n"
        "from lusha_async.cli import main; main()"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=PIPE, stderr=PIPE)
    code, _, stderr = await ended(process)

    assert code == ExitCode.EXTRA_MISSING
    assert stderr == "The lusha command needs click: install them with pip install 'lusha_async[cli]'\n"


async def test_help_loads_no_http_client() -> None:
    script = (
        "import sys; from lusha_async.cli.app import lusha; lusha(['--help'], standalone_mode=False);"
        "print(sorted({'aiohttp', 'rich', 'msgspec'} & set(sys.modules)))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=PIPE, stderr=PIPE)
    _, stdout, _ = await ended(process)

    assert stdout.endswith("[]\n")


async def test_a_sandbox_of_ones_own(command: Command) -> None:
    process = await start("sandbox", "--port", "0", "--plan", "pro")
    assert process.stdout is not None
    lines = [(await asyncio.wait_for(process.stdout.readline(), 10)).decode().strip() for _ in range(3)]
    exported = dict(line.removeprefix("export ").split("=", 1) for line in lines[1:])
    asked = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lusha_async.cli", "usage", "--json"),
        env={**os.environ, **exported},
        stdout=PIPE,
        stderr=PIPE,
    )
    code, stdout, stderr = await ended(asked)
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.wait(), 10)

    assert code == 0, stderr
    assert json.loads(stdout)["plan"]["category"] == "pro"
    assert process.returncode == 0


async def test_a_port_that_is_taken() -> None:
    async with Sandbox() as server:
        code, _, stderr = await ended(await start("sandbox", "--port", str(server.port)))

    assert code == ExitCode.INPUT
    assert "cannot listen" in stderr


async def test_an_empty_window_ends_the_run_with_the_command_that_continues_it(command: Command) -> None:
    source, out = many(command, 4_500), command.path("o.jsonl")
    async with Sandbox(plan="free", usage_limit=None) as server:
        asked = ("enrich", "contacts", source, "-o", out, *to(server, command), "--max-wait", "0")
        code, stdout, stderr = await ended(await start(*asked))

    assert code == ExitCode.QUOTA, stderr
    assert "4,500 in, 4,500 out" in stdout
    assert re.search(rf"\nContinue +at 20\d\d-.*, with: lusha enrich contacts {re.escape(source)} ", stdout)


@pytest.mark.soak
async def test_an_empty_window_is_slept_through(command: Command) -> None:
    source, out = many(command, 4_500), command.path("o.jsonl")
    async with Sandbox(plan="free", usage_limit=None, window_seconds={"minute": 15}) as server:
        asked = ("enrich", "contacts", source, "-o", out, *to(server, command), "--json")
        _, stdout, _ = await ended(await start(*asked, "--max-wait", "0"))
        first = json.loads(stdout)
        process = await start(*asked, "--wait")
        out_bytes, _ = await asyncio.wait_for(process.communicate(), 90)
        second = json.loads(out_bytes)

    assert first["exit_code"] == ExitCode.QUOTA
    assert first["resume_at"]
    assert (second["exit_code"], second["statuses"]["not_sent"]) == (0, 0)
    assert second["from_ledger"] == 4_500 - first["statuses"]["not_sent"]
    assert [row["Email"] for row in command.jsonl("o.jsonl")] == [f"p{n}@acme.example" for n in range(4_500)]

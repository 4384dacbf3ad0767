"""What cannot work is refused with one sentence and a code, before anything is sent or written."""

import json
import os
from pathlib import Path

import pytest

from lusha_async.cli.exit_codes import MEANINGS, ExitCode
from lusha_async.retry import RetryPolicy
from lusha_async.sandbox import Sandbox

from .conftest import Command

KEY = "01234567-89ab-4def-8123-456789abcdef"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv", "-o", "o.jsonl"], "There is no file nowhere.csv."),
        ([".", "-o", "o.jsonl"], ". is a folder"),
        (["empty.csv", "-o", "o.jsonl"], "empty.csv is empty"),
        (["phones.csv", "-o", "o.jsonl"], "no columns to look up rows by"),
        (["ragged.csv", "-o", "o.jsonl"], "ragged.csv, row 2 (line 3): 3 cells"),
        (["people.csv", "-o", "there.jsonl"], "there.jsonl exists already"),
        (["people.csv", "-o", "people.csv", "--overwrite"], "would replace the input"),
        (["people.csv", "-o", "no/such/o.jsonl"], "There is no folder no/such"),
        (["people.csv", "-o", "."], ". is a folder"),
        (["people.csv", "-o", "-", "--json"], "both write to standard output"),
        (["people.csv", "-o", "o.jsonl", "--delimiter", ",,"], "--delimiter is one character"),
        (["people.csv", "-o", "o.jsonl", "--encoding", "utf-99"], "no such text encoding"),
        (["people.csv", "-o", "o.jsonl", "--map", "email=Nope"], 'no column "Nope"'),
        (["people.csv", "-o", "o.jsonl", "--prefix", ""], "--prefix is a name"),
        (["people.csv", "-o", "o.jsonl", "--api-key-file", "key"], "--sandbox needs no key"),
        (["people.csv", "-o", "o.jsonl", "--reveal", "email"], "did you mean emails?"),
        (["people.csv", "-o", "o.jsonl", "--limit", "-1"], "--limit"),
        (["people.csv"], "-o"),
    ],
)
def test_refusals(command: Command, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str) -> None:
    monkeypatch.chdir(command.folder)
    command.people()
    command.write("empty.csv", "")
    command.write("phones.csv", "Phone,Notes\n+1 555 0100,x\n")
    command.write("ragged.csv", "Email,Note\na@x.example,1\nb@x.example,2,3\n")
    command.write("there.jsonl", "kept")

    refused = command("enrich", "contacts", *arguments, "--sandbox", "--reveal", "emails")

    assert refused.exit_code == ExitCode.INPUT
    assert said in refused.stderr
    assert refused.stdout == ""
    assert "x.example" not in refused.stderr
    assert not Path("o.jsonl").exists()
    assert Path("there.jsonl").read_text() == "kept"


def test_contacts_do_not_reveal_anything_unasked(command: Command) -> None:
    refused = command("enrich", "contacts", command.people(), "-o", command.path("o.jsonl"), "--sandbox")

    assert refused.exit_code == ExitCode.INPUT
    assert "it decides the price" in refused.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written(command: Command) -> None:
    source = command.people()
    command.folder.chmod(0o500)

    refused = command("enrich", "contacts", source, "-o", command.path("o.jsonl"), "--sandbox", "--reveal", "emails")

    command.folder.chmod(0o700)
    assert (refused.exit_code, "cannot be written" in refused.stderr) == (ExitCode.INPUT, True)


@pytest.mark.parametrize(
    "arguments", [("usage",), ("enrich", "contacts", "people.csv", "-o", "o", "--reveal", "emails")]
)
def test_without_a_key(command: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    monkeypatch.chdir(command.folder)
    command.people()

    refused = command(*arguments)

    assert refused.exit_code == ExitCode.ACCESS
    assert "set LUSHA_API_KEY, or name a file with --api-key-file, or try --sandbox" in refused.stderr
    assert not Path("o").exists()


def test_an_address_that_is_not_https(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUSHA_API_KEY", KEY)

    refused = command("usage", "--base-url", "http://lusha.example")

    assert refused.exit_code == ExitCode.INPUT
    assert "must be https" in refused.stderr
    assert KEY not in refused.output


def test_a_key_file_that_is_not_there_or_empty(command: Command) -> None:
    assert command("usage", "--api-key-file", command.path("none")).exit_code == ExitCode.ACCESS
    assert command("usage", "--api-key-file", command.write("key", " \n")).exit_code == ExitCode.ACCESS


def test_nobody_at_home(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lusha_async.client.RetryPolicy", lambda: RetryPolicy(max_attempts=1))
    key = command.write("key", KEY)

    refused = command("usage", "--api-key-file", key, "--base-url", "http://127.0.0.1:9", "--timeout", "1")

    assert refused.exit_code == ExitCode.UNAVAILABLE
    assert KEY not in refused.output


def test_a_fault_of_the_program_shows_nobodys_data(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("ada.faraday@acme.example")

    monkeypatch.setattr("lusha_async.cli.writing.JsonLines.line", fail)

    failed = command(
        "enrich", "contacts", command.people(), "-o", command.path("o.jsonl"), "--sandbox", "--reveal", "emails"
    )

    assert failed.exit_code == ExitCode.INTERNAL
    assert "A fault of this program (RuntimeError at " in failed.stderr
    assert "faraday" not in failed.output


def test_every_code_is_explained_in_the_help(command: Command) -> None:
    text = command("--help").output

    assert set(MEANINGS) == set(ExitCode)
    for code, meaning in MEANINGS.items():
        assert f"{code.value:>4}  {meaning}" in text


# --- what the API refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sandbox", "code", "status"),
    [
        ({"api_key": "11111111-2222-4333-8444-555555555555"}, ExitCode.ACCESS, None),
        ({"credits": 0}, ExitCode.CREDITS, "not_sent"),
        ({"plan": "free", "spent": 100}, ExitCode.QUOTA, "not_sent"),
    ],
)
async def test_when_the_account_ends_the_run(
    command: Command, sandbox: dict, code: ExitCode, status: str | None
) -> None:
    options = {"api_key": KEY, **sandbox}
    spent = options.pop("spent", 0)
    async with Sandbox(**options) as server:
        server.spend(spent)
        key = command.write("key", KEY)
        done = await in_a_thread(
            command,
            *("enrich", "contacts", command.people(), "-o", command.path("o.jsonl"), "--reveal", "emails", "--json"),
            *("--base-url", server.url, "--api-key-file", key, "--max-wait", "1"),
        )

    summary = json.loads(done.stdout)
    assert done.exit_code == summary["exit_code"] == code
    assert summary["reason"]
    assert KEY not in done.output
    if status is None:
        assert not (command.folder / "o.jsonl").exists()
    else:
        rows = command.jsonl("o.jsonl")
        assert summary["rows_in"] == summary["rows_out"] == len(rows) == 7
        assert {row["lusha"]["status"] for row in rows} == {status, "invalid"}
    if code is ExitCode.QUOTA:
        assert summary["resume_at"]


async def test_rows_that_failed_make_a_code_of_their_own(command: Command) -> None:
    source = command.write("in.csv", "Email\nada@acme.example\nenrich-failed@acme.example\n")
    async with Sandbox(api_key=KEY) as server:
        key = command.write("key", KEY)
        done = await in_a_thread(
            command,
            *("enrich", "contacts", source, "-o", command.path("o.jsonl"), "--reveal", "emails"),
            *("--base-url", server.url, "--api-key-file", key),
        )

    assert done.exit_code == ExitCode.INCOMPLETE
    assert [row["lusha"]["status"] for row in command.jsonl("o.jsonl")] == ["found", "failed"]
    assert "1 failed" in done.stdout


async def in_a_thread(command: Command, *arguments: str):
    import asyncio

    return await asyncio.to_thread(command, *arguments)

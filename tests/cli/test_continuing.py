"""The same command again: what is continued, what is refused, what it costs."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from lusha_async.cli.exit_codes import ExitCode
from lusha_async.sandbox import enrichment
from lusha_async.sandbox.threaded import ThreadedSandbox

from .conftest import PEOPLE, STATUSES, Command

SANDBOX = ("--sandbox", "--reveal", "emails")


def many(command: Command, count: int, name: str = "many.csv") -> str:
    return command.write(name, "Email\n" + "".join(f"p{n}@acme.example\n" for n in range(count)))


def run(command: Command, source: str, out: str, *more: str) -> dict:
    done = command("enrich", "contacts", source, "-o", command.path(out), *SANDBOX, "--json", *more)
    assert done.stdout.startswith("{"), done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize("out", ["o.jsonl", "o.csv", "o.parquet"])
def test_the_same_command_again_asks_nothing(command: Command, out: str) -> None:
    source = command.people()
    first = run(command, source, out)
    before = (command.folder / out).read_bytes()
    again = run(command, source, out)

    assert (first["exit_code"], again["exit_code"]) == (0, 0)
    assert (again["requests"], again["credits"], again["credits_before"]) == (0, 0, first["credits"])
    assert again["statuses"] == first["statuses"]
    assert (command.folder / out).read_bytes() == before


@pytest.mark.parametrize("out", ["o.jsonl", "o.csv"])
def test_a_file_cut_short_is_completed_from_the_ledger(command: Command, out: str) -> None:
    source = many(command, 300)
    run(command, source, out)
    written = command.folder / out
    whole = written.read_bytes()
    state = command.folder / f"{out}.run"
    state.write_text(state.read_text().replace(f'"size":{len(whole)}', '"size":null'))  # as after a kill
    os.truncate(written, len(whole) // 2)

    again = run(command, source, out)

    assert (again["requests"], again["from_ledger"], again["rows_out"]) == (0, 300, 300)
    assert written.read_bytes() == whole


def test_a_pilot_and_then_the_rest(command: Command) -> None:
    source = many(command, 250)
    pilot = run(command, source, "o.jsonl", "--pilot", "50")
    rest = run(command, source, "o.jsonl")

    assert (pilot["rows_out"], pilot["exit_code"]) == (50, 0)
    assert pilot["projected_credits"] == pytest.approx(pilot["credits"] * 4)
    assert "--pilot" not in pilot["continue_with"]
    assert pilot["continue_with"].startswith("lusha enrich contacts ")
    assert (rest["rows_out"], rest["from_ledger"], rest["continue_with"]) == (250, 50, None)
    assert rest["credits_before"] == pilot["credits"]
    assert [row["Email"] for row in command.jsonl("o.jsonl")] == [f"p{n}@acme.example" for n in range(250)]


def test_a_ceiling_holds_over_all_starts(command: Command) -> None:
    source = many(command, 300)
    first = run(command, source, "o.jsonl", "--max-credits", "60")
    second = run(command, source, "o.jsonl", "--max-credits", "60")
    third = run(command, source, "o.jsonl", "--max-credits", "100000")

    assert first["exit_code"] == second["exit_code"] == ExitCode.CREDITS
    assert 0 < first["credits"] + second["credits"] <= 60
    assert "--max-credits 60 is used up" in first["reason"]
    assert first["rows_out"] == 300
    assert first["statuses"]["not_sent"] > 0
    assert (third["exit_code"], third["statuses"]["not_sent"]) == (0, 0)


def test_an_estimate_spends_and_writes_nothing(command: Command) -> None:
    source = many(command, 250)
    done = command("enrich", "contacts", source, "-o", command.path("o.jsonl"), *SANDBOX, "--estimate", "--json")
    plan = json.loads(done.stdout)
    assert [path.name for path in command.folder.iterdir()] == ["many.csv"]
    actual = run(command, source, "o.jsonl")

    assert (plan["rows"], plan["to_ask"], plan["chunks"]) == (250, 250, 3)
    assert plan["credits"]["least"] <= actual["credits"] <= plan["credits"]["most"]
    after = command("enrich", "contacts", source, "-o", command.path("o.jsonl"), *SANDBOX, "--estimate")
    assert "250 known from the ledger" in after.stdout


def test_fresh_starts_over(command: Command) -> None:
    source = command.people()
    run(command, source, "o.jsonl")
    again = run(command, source, "o.jsonl", "--fresh")

    assert again["from_ledger"] == 0
    assert again["requests"] == 1
    assert [row["lusha"]["status"] for row in command.jsonl("o.jsonl")] == STATUSES


def test_overwrite_takes_what_was_bought_from_the_ledger(command: Command) -> None:
    source = command.people()
    run(command, source, "o.jsonl")
    again = run(command, source, "o.jsonl", "--overwrite", "--prefix", "l2")

    assert (again["credits"], again["requests"]) == (0, 0)
    assert command.jsonl("o.jsonl")[0]["l2"]["status"] == "found"


def test_another_reveal_is_refused_or_shares_the_ledger(command: Command) -> None:
    source = command.people()
    run(command, source, "o.jsonl")
    arguments = ("enrich", "contacts", source, "-o", command.path("o.jsonl"), "--sandbox", "--reveal", "emails,phones")
    before = (command.folder / "o.jsonl").read_bytes()

    output = command(*arguments)
    ledger = command(*arguments, "--overwrite")
    assert output.exit_code == ledger.exit_code == ExitCode.INPUT
    assert "belongs to another job (it was written with --reveal emails)" in output.stderr
    assert "is the ledger of something else" in ledger.stderr
    assert (command.folder / "o.jsonl").read_bytes() == before
    assert run(command, source, "o.jsonl")["requests"] == 0, "the refused ones left everything as it was"

    assert command(*arguments, "--overwrite", "--reuse", "90d").exit_code == 0


def test_another_input_or_a_changed_file_is_refused(command: Command) -> None:
    source = command.people()
    run(command, source, "o.csv")
    other = command("enrich", "contacts", many(command, 3), "-o", command.path("o.csv"), *SANDBOX)
    with (command.folder / "o.csv").open("a") as file:
        file.write("a note\n")
    changed = command("enrich", "contacts", source, "-o", command.path("o.csv"), *SANDBOX)

    assert other.exit_code == changed.exit_code == ExitCode.INPUT
    assert "the input was another one, or has changed since" in other.stderr
    assert "was changed since this command wrote it" in changed.stderr
    assert (command.folder / "o.csv").read_text().endswith("a note\n")


def test_a_row_that_somebody_changed_is_not_cut_off(command: Command) -> None:
    source = command.people()
    run(command, source, "o.csv")
    path, state = command.folder / "o.csv", command.folder / "o.csv.run"
    text = path.read_text().replace("Faraday", "F*r*d*y", 1)
    path.write_text(text)
    state.write_text(json.dumps({**json.loads(state.read_text()), "size": None, "complete": False}))

    refused = command("enrich", "contacts", source, "-o", str(path), *SANDBOX)

    assert refused.exit_code == ExitCode.INPUT
    assert "row 1" in refused.output
    assert "was changed since" in refused.output
    assert path.read_text() == text


def test_invented_and_bought_data_never_mix(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    source = command.people()
    run(command, source, "o.jsonl", "--pilot", "2")
    monkeypatch.setenv("LUSHA_API_KEY", "01234567-89ab-4def-8123-456789abcdef")

    refused = command("enrich", "contacts", source, "-o", command.path("o.jsonl"), "--reveal", "emails")

    assert refused.exit_code == ExitCode.INPUT
    assert "another one" in refused.stderr


def test_without_a_ledger_nothing_is_continued(command: Command) -> None:
    source = command.people()
    run(command, source, "o.jsonl", "--no-ledger")
    refused = command("enrich", "contacts", source, "-o", command.path("o.jsonl"), *SANDBOX, "--no-ledger")

    assert refused.exit_code == ExitCode.INPUT
    assert sorted(path.name for path in command.folder.iterdir()) == ["o.jsonl", "people.csv"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--ledger", "x", "--no-ledger"], "contradict each other"),
        (["--ledger", "x", "--fresh"], "--fresh deletes the ledger beside the output only"),
        (["--wait", "--max-wait", "3"], "contradict each other"),
        (["--reuse", "soon"], "an age such as 90d"),
        (["--no-ledger", "--reuse", "9d"], "--reuse needs a ledger"),
        (["--no-ledger", "--retry-failed"], "--retry-failed needs a ledger"),
        (["--format", "parquet", "--output", "-"], "written to a file"),
    ],
)
def test_options_that_make_no_sense(command: Command, arguments: list[str], said: str) -> None:
    refused = command("enrich", "contacts", command.people(), "-o", command.path("o.jsonl"), *SANDBOX, *arguments)

    assert refused.exit_code == ExitCode.INPUT
    assert said in refused.stderr
    assert [path.name for path in command.folder.iterdir()] == ["people.csv"]


def test_inspect_needs_no_key(command: Command) -> None:
    done = command("inspect", command.people(), "--json")
    shown = command("inspect", command.people())

    found = json.loads(done.stdout)
    assert done.exit_code == 0, done.output
    assert found["columns"][0] == {"name": "Email", "used_for": ["email"]}
    assert (found["rows"], found["invalid"], found["duplicates"], found["to_ask"]) == (7, 2, 1, 4)
    assert [row["row"] for row in found["unusable_rows"]] == [3, 7]
    assert not found["prices_known"]
    for address in (person[0] for person in PEOPLE if "@" in person[0]):
        assert address not in shown.output


def test_ledger_show_export_and_purge(command: Command, tmp_path: Path) -> None:
    source = command.people()
    first = run(command, source, "o.jsonl")
    out = command.path("o.jsonl")
    shown = json.loads(command("ledger", "show", out, "--json").stdout)
    exported = [json.loads(line) for line in command("ledger", "export", out).stdout.splitlines()]
    audit = [json.loads(line) for line in command("ledger", "export", out, "--audit").stdout.splitlines()]

    assert shown["credits_charged"] == first["credits"] == sum(entry["credits"] for entry in audit)
    assert "acme.example" not in command("ledger", "show", out).output
    assert exported[0]["result"]["emails"][0]["email"] == "ada.faraday@acme.example"

    purged = command("ledger", "purge", f"{out}.ledger", "--from", "-", stdin="ada.faraday@acme.example\n")
    assert "1 records removed" in purged.output
    left = command("ledger", "export", out).stdout
    assert "ada.faraday" not in left
    again = run(command, source, "o.jsonl", "--overwrite")
    assert (again["requests"], again["statuses"]["restricted"]) == (0, 3), "she is not bought again"


def test_ledgers_that_are_none(command: Command) -> None:
    none = command("ledger", "show", command.path("nothing"))
    other = command("ledger", "show", command.people())
    nobody = command("ledger", "purge", command.people())

    assert none.exit_code == other.exit_code == nobody.exit_code == ExitCode.INPUT
    assert "There is no ledger" in none.stderr
    assert "Say who is to go" in nobody.stderr


def test_formulas_are_escaped_after_continuing_too(command: Command) -> None:
    source = command.write("in.csv", "Email,Note\n" + "".join(f"p{n}@acme.example,=1+{n}\n" for n in range(120)))
    run(command, source, "o.csv", "--pilot", "20")
    run(command, source, "o.csv")

    with (command.folder / "o.csv").open(newline="") as file:
        assert [row["Note"] for row in csv.DictReader(file)] == [f"'=1+{n}" for n in range(120)]


def test_a_list_through_a_pipe_is_continued_row_by_row(command: Command) -> None:
    people = Path(command.people()).read_bytes()
    arguments = ("enrich", "contacts", "-", "-o", command.path("o.jsonl"), *SANDBOX)
    first = command(*arguments, stdin=people)
    before = (command.folder / "o.jsonl").read_bytes()
    longer = command(*arguments, "--json", stdin=people + b"more@acme.example,,,\n")
    another = command(*arguments, stdin=b"Email\nsomebody.else@acme.example\n")

    assert first.exit_code == 0
    assert json.loads(longer.stdout)["from_ledger"] > 0
    assert (command.folder / "o.jsonl").read_bytes().startswith(before)
    assert len(command.jsonl("o.jsonl")) == len(PEOPLE) + 1
    assert another.exit_code == ExitCode.INPUT
    assert len(command.jsonl("o.jsonl")) == len(PEOPLE) + 1


def test_a_wrong_key_leaves_nothing_behind(command: Command) -> None:
    with ThreadedSandbox() as server:
        source, key = command.people(), command.write("key", "01234567-89ab-4def-8123-456789abcdef")
        arguments = ("enrich", "contacts", source, "-o", command.path("o.jsonl"), "--reveal", "emails")
        wrong = command(*arguments, "--base-url", server.url, "--api-key-file", key)
        left = sorted(path.name for path in command.folder.iterdir())
        command.write("key", server.api_key)
        right = command(*arguments, "--base-url", server.url, "--api-key-file", key)

    assert (wrong.exit_code, right.exit_code) == (ExitCode.ACCESS, 0), right.output
    assert left == ["key", "people.csv"]


def test_what_failed_is_asked_about_again_when_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    source = command.people()
    with monkeypatch.context() as patch:
        patch.setitem(enrichment._ERRORS, "not_found", {"code": "TRY_LATER", "message": "later"})
        first = run(command, source, "o.csv")
    untold = run(command, source, "o.csv")
    told = run(command, source, "o.csv", "--retry-failed")

    assert (first["exit_code"], first["statuses"]["failed"]) == (ExitCode.INCOMPLETE, 1)
    assert (untold["exit_code"], untold["requests"]) == (ExitCode.INCOMPLETE, 0)
    assert (told["exit_code"], told["requests"], told["statuses"]["not_found"]) == (0, 1, 1)
    with (command.folder / "o.csv").open(newline="") as file:
        assert [row["lusha_status"] for row in csv.DictReader(file)] == STATUSES

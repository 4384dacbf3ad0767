"""`lusha enrich` from end to end, against a sandbox in the process."""

import csv
import io
import json
from pathlib import Path
from typing import get_args

import pytest

from lusha_async.cli.kinds import COMPANIES, CONTACTS
from lusha_async.v3.common import CompanyReveal, ContactReveal

from .conftest import PEOPLE, STATUSES, Command

SANDBOX = ("--sandbox", "--reveal", "emails")
EXAMPLES = Path(__file__).parents[2] / "examples"


def statuses(rows: list[dict]) -> list[str]:
    return [row["lusha"]["status"] for row in rows]


def test_csv_to_jsonl(command: Command) -> None:
    done = command("enrich", "contacts", command.people(), "-o", command.path("out.jsonl"), *SANDBOX)

    assert done.exit_code == 0, done.output
    rows = command.jsonl("out.jsonl")
    assert [row["Email"] for row in rows] == [person[0] for person in PEOPLE]
    assert statuses(rows) == STATUSES
    assert rows[0]["lusha"]["result"]["emails"][0]["email"] == "ada.faraday@acme.example"
    assert rows[1]["lusha"]["duplicateOfRow"] == 1
    assert "7 in, 7 out" in done.stdout
    assert "1 folded" in done.stdout


def test_csv_to_csv(command: Command) -> None:
    done = command("enrich", "contacts", command.people(), "-o", command.path("out.csv"), *SANDBOX, "-q")

    assert (done.exit_code, done.output) == (0, "")
    with (command.folder / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["lusha_status"] for row in rows] == STATUSES
    assert [row["Last Name"] for row in rows] == [person[2] for person in PEOPLE]
    assert rows[3]["lusha_last_name"] == "Müller"
    assert json.loads(rows[3]["lusha_json"])["lastName"] == "Müller"


def test_jsonl_to_csv_to_jsonl(command: Command) -> None:
    source = command.write("in.jsonl", '{"mail": "ada@acme.example", "n": 1}\n{"n": 2, "extra": ["x"]}\n')

    first = command("enrich", "contacts", source, "-o", command.path("a.csv"), *SANDBOX)
    second = command("enrich", "contacts", command.path("a.csv"), "-o", command.path("b.jsonl"), *SANDBOX)

    assert (first.exit_code, second.exit_code) == (0, 0)
    rows = command.jsonl("b.jsonl")
    assert [(row["mail"], row["n"], row["extra"]) for row in rows] == [
        ("ada@acme.example", "1", ""),
        ("", "2", '["x"]'),
    ]
    assert statuses(rows) == ["found", "invalid"]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_standard_input_to_standard_output(command: Command, form: str) -> None:
    people = Path(command.people()).read_bytes()

    done = command("enrich", "contacts", "-", "-o", "-", "--format", form, *SANDBOX, stdin=people)

    assert done.exit_code == 0, done.output
    if form == "jsonl":
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert statuses(rows) == STATUSES
    else:
        assert [row["lusha_status"] for row in csv.DictReader(io.StringIO(done.stdout, newline=""))] == STATUSES
    assert "7 in, 7 out" in done.stderr


def test_companies_need_no_reveal(command: Command) -> None:
    source = command.write("in.csv", "Account Name,Website\nAcme,https://www.acme.example/\nNordwind,\n,\n")

    done = command("enrich", "companies", source, "-o", command.path("out.csv"), "--sandbox")

    assert done.exit_code == 0, done.output
    with (command.folder / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["lusha_status"] for row in rows] == ["found", "found", "invalid"]
    assert [row["lusha_name"] for row in rows] == ["Acme", "Nordwind", ""]


def test_what_is_revealed_of_companies_is_in_the_json(command: Command) -> None:
    source = command.write("in.csv", "Domain\nacme.example\n")

    done = command(
        "enrich",
        "companies",
        source,
        "-o",
        command.path("o.jsonl"),
        "--sandbox",
        "--reveal",
        "competitors,EMPLOYEES_BY_LOCATION",
    )

    assert done.exit_code == 0, done.output
    assert {"competitors", "employeesByLocation"} <= command.jsonl("o.jsonl")[0]["lusha"]["result"].keys()


def test_order_and_number_of_rows_survive_many_chunks(command: Command) -> None:
    addresses = [f"p{number % 900}@acme{number % 7}.example" for number in range(2_345)]
    source = command.write("in.csv", "Email\n" + "\n".join(addresses) + "\n")

    done = command("enrich", "contacts", source, "-o", command.path("out.jsonl"), *SANDBOX, "--json")

    summary = json.loads(done.stdout)
    assert done.exit_code == summary["exit_code"] == 0
    assert [row["Email"] for row in command.jsonl("out.jsonl")] == addresses
    assert summary["rows_in"] == summary["rows_out"] == sum(summary["statuses"].values()) == 2_345


def test_json_through_a_pipe_may_bring_new_fields(command: Command) -> None:
    lines = '{"email": "ada@acme.example"}\n{"linkedin": "https://www.linkedin.com/in/ada-faraday-1"}\n'

    done = command("enrich", "contacts", "-", "-o", command.path("out.jsonl"), *SANDBOX, stdin=lines)

    assert done.exit_code == 0, done.output
    assert "invalid" not in statuses(command.jsonl("out.jsonl"))


def test_json_through_a_pipe_cannot_bring_new_columns_of_a_csv(command: Command) -> None:
    lines = '{"email": "ada@acme.example"}\n{"email": "bo@acme.example", "more": 1}\n'

    done = command("enrich", "contacts", "-", "-o", command.path("out.csv"), *SANDBOX, stdin=lines)

    assert done.exit_code == 2
    assert "a field that the first row did not have" in done.output
    assert len((command.folder / "out.csv").read_text().splitlines()) == 2


def test_a_pipe_that_breaks_off_keeps_what_was_received(command: Command) -> None:
    lines = "Email,Note\n" + "".join(f"p{n}@acme.example,x\n" for n in range(250)) + "hidden@acme.example\n"

    done = command("enrich", "contacts", "-", "-o", command.path("out.jsonl"), *SANDBOX, stdin=lines)

    assert done.exit_code == 2
    assert "row 251 (line 252): 1 cells" in done.output
    assert "hidden" not in done.output
    assert len(command.jsonl("out.jsonl")) == 250


def test_limit_takes_the_first_rows(command: Command) -> None:
    done = command("enrich", "contacts", command.people(), "-o", command.path("o.jsonl"), *SANDBOX, "--limit", "2")

    assert done.exit_code == 0
    assert [row["Email"] for row in command.jsonl("o.jsonl")] == [person[0] for person in PEOPLE[:2]]


def test_a_list_of_no_rows_is_no_error(command: Command) -> None:
    source = command.write("in.csv", "Email\n")

    done = command("enrich", "contacts", source, "-o", command.path("o.csv"), *SANDBOX)

    assert done.exit_code == 0
    assert "0 in, 0 out" in done.stdout


def test_columns_can_be_told(command: Command) -> None:
    source = command.write("in.csv", "Kontaktweg;Wer\nada@acme.example;x\n")

    done = command("enrich", "contacts", source, "-o", command.path("o.jsonl"), *SANDBOX, "--map", 'email="Kontaktweg"')

    assert done.exit_code == 0, done.output
    assert statuses(command.jsonl("o.jsonl")) == ["found"]


def test_a_prefix_makes_room_for_a_second_run(command: Command) -> None:
    command("enrich", "contacts", command.people(), "-o", command.path("a.csv"), *SANDBOX)

    refused = command("enrich", "contacts", command.path("a.csv"), "-o", command.path("b.csv"), *SANDBOX)
    done = command("enrich", "contacts", command.path("a.csv"), "-o", command.path("b.csv"), *SANDBOX, "--prefix", "l2")

    assert refused.exit_code == 2
    assert 'already has a column "lusha_status"' in refused.output
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("kind", "name", "most"), [("contacts", "contacts.csv", 1000), ("companies", "companies.csv", 200)]
)
def test_the_examples(command: Command, kind: str, name: str, most: int) -> None:
    done = command(
        "enrich", kind, str(EXAMPLES / name), "-o", command.path("o.jsonl"), *SANDBOX[:1], "--json", *reveal(kind)
    )

    summary = json.loads(done.stdout)
    assert (done.exit_code, summary["rows_in"], summary["rows_out"]) == (0, most, most)
    for status in ("found", "not_found", "restricted", "invalid"):
        assert summary["statuses"][status] > 0
    assert summary["duplicates"] > most * 0.05


def reveal(kind: str) -> tuple[str, ...]:
    return ("--reveal", "emails") if kind == "contacts" else ()


def test_the_examples_are_what_their_script_writes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = (EXAMPLES / "make_csv.py").read_text(encoding="utf-8")
    scope = {"__name__": "__main__", "__file__": str(tmp_path / "make_csv.py")}

    exec(compile(script, "make_csv.py", "exec"), scope)

    for name in ("contacts.csv", "companies.csv"):
        assert (tmp_path / name).read_bytes() == (EXAMPLES / name).read_bytes()


def test_what_is_known_to_be_revealable_is_what_the_client_knows() -> None:
    assert get_args(ContactReveal) == CONTACTS.reveals
    assert get_args(CompanyReveal) == COMPANIES.reveals

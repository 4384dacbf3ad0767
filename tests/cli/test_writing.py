# ruff: noqa: RUF001
"""One line out for every row in: the row's own columns as they were, and what became of it."""

import csv
import io
import json

import msgspec
import pytest

from lusha_async.bulk import Outcome, Status
from lusha_async.bulk.outcome import RESULTS, Answer
from lusha_async.cli.formulas import harmless
from lusha_async.cli.reading import Row
from lusha_async.cli.refusal import Refused
from lusha_async.cli.writing import CsvLines, JsonLines
from lusha_async.errors import InvalidRequest
from lusha_async.flatten import COMPANY_COLUMNS, CONTACT_COLUMNS, values_of
from lusha_async.v3.common import Company, Contact

RAW = (
    b'{"id": "v1.x", "firstName": "Ada", "emails": [{"email": "ada@acme.example", "type": "work"}], "new": {"n": 1.50}}'
)
ADA = msgspec.json.decode(RAW, type=Contact)
FOUND = Outcome(
    index=0, item={}, status=Status.FOUND, result=ADA, answer=Answer(b'{"results":[' + RAW + b"]}", RESULTS), place=0
)
INVALID = Outcome(index=3, item={}, status=Status.INVALID, error=InvalidRequest("email is missing", index=3))


def csv_lines(*headers: str, **options: object) -> CsvLines:
    settings: dict[str, object] = {"prefix": "lusha", "delimiter": ",", "marked": False, "escape": True}
    return CsvLines(headers, CONTACT_COLUMNS, **(settings | options))


def joined(lines: CsvLines | JsonLines, row: Row, outcome: Outcome) -> bytes:
    return b"".join(lines.line(row, outcome))


def cells(lines: CsvLines, row: Row, outcome: Outcome) -> dict[str, str]:
    text = (lines.head() + joined(lines, row, outcome)).decode()
    return next(iter(csv.DictReader(io.StringIO(text, newline=""))))


# --- JSON Lines --------------------------------------------------------------------------------------------------


def test_json_keeps_the_row_and_what_the_api_sent_to_the_byte() -> None:
    line = joined(JsonLines("lusha"), Row({"Email": "x"}), FOUND)

    assert line == b'{"Email":"x","lusha":{"status":"found","result":' + RAW + b"}}\n"


def test_a_row_of_json_is_kept_to_the_byte() -> None:
    text = '{"n": 1.50, "big": 12345678901234567890123,"n":2 }'

    line = joined(JsonLines("lusha"), Row(json.loads(text), text), INVALID)

    assert line.startswith(text[:-1].rstrip().encode() + b',"lusha":{"status":"invalid"')


def test_an_empty_object_stays_valid_json() -> None:
    line = joined(JsonLines("lusha"), Row({}, "{ }"), INVALID)

    assert json.loads(line) == {
        "lusha": {"status": "invalid", "error": {"type": "InvalidRequest", "message": "email is missing"}}
    }


def test_an_answer_on_several_lines_becomes_one_line() -> None:
    answer = Answer(b'{"results":[{\n "id": "v1.x",\r\n "text": "a\\nb"}]}', RESULTS)
    outcome = Outcome(index=0, item={}, status=Status.NOT_FOUND, answer=answer, place=0)

    line = joined(JsonLines("lusha"), Row({"a": "b"}), outcome)

    assert line.count(b"\n") == 1
    assert json.loads(line)["lusha"]["answer"] == {"id": "v1.x", "text": "a\nb"}


def test_a_duplicate_names_the_row_that_was_asked_about() -> None:
    outcome = Outcome(index=7, item={}, status=Status.NOT_FOUND, duplicate_of=2)

    assert json.loads(joined(JsonLines("lusha"), Row({"a": "b"}), outcome))["lusha"]["duplicateOfRow"] == 3
    assert cells(csv_lines("a"), Row({"a": "b"}), outcome)["lusha_duplicate_of_row"] == "3"


# --- CSV ---------------------------------------------------------------------------------------------------------


def test_csv_has_the_own_columns_first_and_always_the_same_after_them() -> None:
    head = csv_lines("Email", "Ort").head().decode()

    assert head.startswith("Email,Ort,lusha_status,lusha_error,lusha_id,lusha_first_name,")
    assert head.endswith(",lusha_duplicate_of_row,lusha_json\n")


def test_a_found_row_in_csv() -> None:
    found = cells(csv_lines("Email", "Ort"), Row({"Email": " X ", "Ort": "Köln\n"}), FOUND)

    assert (found["Email"], found["Ort"]) == (" X ", "Köln\n")
    assert (found["lusha_status"], found["lusha_first_name"]) == ("found", "Ada")
    assert (found["lusha_email_1"], found["lusha_email_1_type"], found["lusha_email_2"]) == (
        "ada@acme.example",
        "work",
        "",
    )
    assert found["lusha_json"] == RAW.decode()


def test_a_row_that_was_not_asked_about_says_why() -> None:
    found = cells(csv_lines("Email"), Row({"Email": ""}), INVALID)

    assert (found["lusha_status"], found["lusha_error"], found["lusha_json"]) == ("invalid", "email is missing", "")


def test_rows_of_json_become_cells() -> None:
    row = Row({"n": 1, "list": ["a"], "none": None, "text": "x"}, "{}")

    found = cells(csv_lines("n", "list", "none", "text", "absent"), row, FOUND)

    assert [found[name] for name in ("n", "list", "none", "text", "absent")] == ["1", '["a"]', "", "x", ""]


def test_a_mark_and_a_delimiter_are_kept() -> None:
    assert csv_lines("a", marked=True, delimiter=";").head().startswith(b"\xef\xbb\xbfa;lusha_status;")


def test_columns_that_are_there_already_are_refused() -> None:
    with pytest.raises(Refused, match='already has a column "lusha_status"'):
        csv_lines("lusha_status").check(("lusha_status",))
    with pytest.raises(Refused, match='already has a column "lusha"'):
        JsonLines("lusha").check(("a", "lusha"))
    csv_lines("lusha_status", prefix="again").check(("lusha_status",))


@pytest.mark.parametrize(("kind", "columns"), [(Contact, CONTACT_COLUMNS), (Company, COMPANY_COLUMNS)])
def test_every_column_stands_somewhere_in_a_result(kind: type, columns: dict) -> None:
    for path in columns.values():
        assert path[0] in kind.__struct_fields__


def test_values_are_shown_as_people_write_them() -> None:
    contact = msgspec.json.decode(
        b'{"jobTitle":{"departments":["A","B"]},"phones":[{"number":"+1 555 0100","doNotCall":false}]}', type=Contact
    )

    assert values_of(
        contact, [("job_title", "departments"), ("phones", 0, "do_not_call"), ("phones", 1, "number"), ("company",)]
    ) == ["A; B", "false", "", ""]


# --- formulas ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    ["=1+1", '=HYPERLINK("x")', "+cmd|' /C calc'!A0", "-2+3+cmd|'x'!A0", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "+A1"],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize(
    "cell", ["", "a=b", "+1 (555) 0100-22", "+49.555/0100", "-5", "-", "-1.5e3", "+1 555 0100 x12"]
)
def test_numbers_and_phone_numbers_stay_what_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_own_cells_are_made_harmless_too_unless_told_otherwise() -> None:
    row = Row({"Note": "=1+1"})

    assert cells(csv_lines("Note"), row, FOUND)["Note"] == "'=1+1"
    assert cells(csv_lines("Note", escape=False), row, FOUND)["Note"] == "=1+1"

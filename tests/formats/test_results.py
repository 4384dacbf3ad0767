"""Results as tables: the same columns for any results, and for none."""

from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lusha_async import LushaClient
from lusha_async.arrow import ResultsWriter, records, results_table
from lusha_async.bulk import Outcome, Status
from lusha_async.bulk.outcome import RESULTS, Answer
from lusha_async.errors import InvalidRequest
from lusha_async.flatten import COMPANY_COLUMNS, CONTACT_COLUMNS, FLAGS, NUMBERS
from lusha_async.sandbox import Sandbox
from lusha_async.v3.common import Company, Contact

PERSON = (
    b'{"id":"v1.x","emails":[{"email":"a@acme.example","type":"work"}],'
    b'"phones":[{"number":"+1 555 0100","doNotCall":true}],"new":[1]}'
)


def found(index: int = 0) -> Outcome:
    answer = Answer(b'{"results":[' + PERSON + b"]}", RESULTS)
    result = msgspec.json.decode(PERSON, type=Contact)
    return Outcome(index=index, item=None, status=Status.FOUND, result=result, answer=answer, place=0)


def nothing(index: int = 0) -> Outcome:
    return Outcome(index=index, item=None, status=Status.INVALID, error=InvalidRequest("no name", index=index))


def test_columns_do_not_depend_on_what_is_found() -> None:
    schemas = {str(results_table(rows, kind="contacts").schema) for rows in ([], [nothing()], [found()])}

    assert len(schemas) == 1


def test_lists_are_flat_and_whole() -> None:
    row = results_table([found(3)], kind="contacts").to_pylist()[0]

    assert (row["index"], row["status"], row["error"]) == (3, "found", None)
    assert (row["email_1"], row["email_1_type"], row["email_2"]) == ("a@acme.example", "work", None)
    assert row["phone_1_do_not_call"] is True
    assert row["emails"] == '[{"email":"a@acme.example","type":"work"}]'
    assert row["json"] == PERSON.decode()


def test_why_there_is_nothing() -> None:
    row = results_table([nothing(7)], kind="companies").to_pylist()[0]

    assert (row["status"], row["error"], row["json"]) == ("invalid", "no name", None)


def test_numbers_are_numbers_and_strange_ones_are_left_out() -> None:
    raw = b'{"id":"1","name":"Acme","yearFounded":1999,"employeeCount":{"exact":12,"min":null}}'
    outcome = Outcome(
        index=0, item=None, status=Status.FOUND, result=msgspec.json.decode(raw, type=Company, strict=False)
    )
    row = results_table([outcome], kind="companies").to_pylist()[0]

    assert (row["name"], row["employees_exact"], row["employees_min"]) == ("Acme", 12, None)


def test_typed_columns_exist() -> None:
    assert {*CONTACT_COLUMNS, *COMPANY_COLUMNS} >= NUMBERS | FLAGS


@pytest.mark.parametrize("suffix", ["parquet", "arrow", "feather"])
async def test_from_a_table_to_a_file(tmp_path: Path, suffix: str) -> None:
    rows = records(pa.table({"email": [f"p{n}@acme.example" for n in range(250)]}))
    path = tmp_path / f"out.{suffix}"
    async with Sandbox() as sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha:
        with ResultsWriter(path, kind="contacts", group=100) as writer:
            async with lusha.contacts.bulk_search_and_enrich(rows, reveal=["emails"]) as run:
                async for batch in run.batches():
                    writer.write(batch)
            assert not path.exists(), "it appears as a whole"

    table = pq.read_table(path) if suffix == "parquet" else pa.ipc.open_file(str(path)).read_all()
    assert sorted(table["index"].to_pylist()) == list(range(250))
    assert writer.rows == 250


def test_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    path.write_text("old")
    with pytest.raises(RuntimeError), ResultsWriter(path, kind="contacts", group=1) as writer:
        writer.write([found()])
        raise RuntimeError

    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_name_that_says_no_format(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="parquet"):
        ResultsWriter(tmp_path / "out.xlsx", kind="contacts")

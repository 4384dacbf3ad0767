"""Tables as sources."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from lusha_async import LushaClient
from lusha_async.arrow import records
from lusha_async.errors import InvalidRequest
from lusha_async.sandbox import Sandbox

TABLE = pa.table({"Work Email": ["ada@acme.example", None, ""], "Mail": [None, "bo@acme.example", "cy@acme.example"]})
MAP = {"email": ("Work Email", "Mail")}
ROWS = [{"email": "ada@acme.example"}, {"email": "bo@acme.example"}, {"email": "cy@acme.example"}]


class Stream:
    """What any data frame library hands out."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._table.__arrow_c_stream__(requested_schema)


def test_from_tables_streams_and_readers() -> None:
    for source in (TABLE, Stream(TABLE), TABLE.to_reader()):
        assert list(records(source, map=MAP, batch_size=2)) == ROWS


def test_from_files(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "in.parquet", row_group_size=2)
    feather.write_feather(TABLE, str(tmp_path / "in.feather"))
    with pa.ipc.new_file(str(tmp_path / "in.arrow"), TABLE.schema) as writer:
        writer.write_table(TABLE)
    for name in ("in.parquet", "in.feather", "in.arrow"):
        assert list(records(tmp_path / name, map=MAP)) == ROWS
        assert list(records(str(tmp_path / name), map=MAP)) == ROWS


def test_columns_called_like_fields_need_no_map() -> None:
    table = pa.table({"linkedinUrl": ["x"], "first_name": [None], "id": [7], "Other": [1]})

    assert list(records(table)) == [{"linkedin_url": "x", "id": "7"}]


def test_missing_values_of_every_kind() -> None:
    table = pa.table({"email": pa.array([None, float("nan"), 1.5], pa.float64()), "name": pa.array(["", None, "n"])})

    assert list(records(table)) == [{}, {}, {"email": "1.5", "name": "n"}]


@pytest.mark.parametrize(
    ("source", "told", "said"),
    [
        (TABLE, None, "no column is called like a field"),
        (TABLE, {"email": "Nope"}, "no such column for email"),
        (TABLE, {"mail": "Mail"}, "no such field"),
        ([1, 2], None, "__arrow_c_stream__"),
    ],
)
def test_what_is_refused(source: Any, told: Any, said: str) -> None:
    with pytest.raises(InvalidRequest, match=said):
        records(source, map=told)


async def test_a_plan_and_its_run_read_the_same_table() -> None:
    rows = records(TABLE, map=MAP)
    async with Sandbox() as sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha:
        plan = await lusha.contacts.bulk_search_and_enrich(rows, reveal=["emails"]).plan()
        outcomes = await plan.run().collect()

    assert plan.records == len(outcomes) == 3

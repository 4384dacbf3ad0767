"""Records from tables: Parquet and Arrow files, and whatever speaks Arrow's stream interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..errors import InvalidRequest
from . import _pyarrow

FIELDS = (
    *("email", "linkedin_url", "first_name", "last_name", "company_name", "company_domain"),
    *("id", "client_reference_id", "domain", "name"),
)
"""The fields of a record of people or companies."""
BATCH = 2_000
"""Rows that are turned into records at once."""


class Records:
    """The records of a table, made batch by batch each time it is iterated. See `records`."""

    def __init__(self, source: Any, columns: Mapping[str, tuple[str, ...]], batch_size: int) -> None:
        self._source = source
        self._columns = columns
        self._size = batch_size

    @property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """Field, and the columns it is taken from: the first that is filled counts."""
        return self._columns

    def __iter__(self) -> Iterator[dict[str, str]]:
        fields = list(self._columns)
        needed = list(dict.fromkeys(name for names in self._columns.values() for name in names))
        for batch in _pyarrow.batches(self._source, columns=needed, size=self._size):
            cells = {name: _pyarrow.pythonic(batch.column(name)) for name in needed}
            values = [_first([cells[name] for name in self._columns[field]]) for field in fields]
            for row in zip(*values, strict=True):
                yield {
                    field: value if isinstance(value, str) else str(value)
                    for field, value in zip(fields, row, strict=True)
                    if value is not None and value == value and value != ""
                }


def records(
    source: Any,
    *,
    map: Mapping[str, str | Sequence[str]] | None = None,  # noqa: A002 - as --map of the command line
    batch_size: int = BATCH,
) -> Records:
    """A table as the source of a bulk method, read lazily:

        rows = records("contacts.parquet", map={"email": "Work Email", "company_name": "Account"})
        async with lusha.contacts.bulk_search_and_enrich(rows, reveal=["emails"]) as run: ...

    source: the path of a Parquet or Arrow (Feather) file, or anything with ``__arrow_c_stream__``: a pyarrow table or
        reader, a pandas or polars data frame, a duckdb relation.
    map: which column holds a field, or which ones in order of preference. Without it, columns called like the fields
        (``email``, ``linkedin_url`` or ``linkedinUrl``, ...) are used.
    batch_size: rows turned into records at once.

    Empty cells are left out; numbers become text. It can be iterated as often as the source can, so a plan and its run
    may share one. Raises `InvalidRequest` for a column or a field that does not exist, `ImportError` without pyarrow.
    """
    names: list[str] = list(_pyarrow.schema_of(source).names)
    columns: dict[str, tuple[str, ...]]
    if map is None:
        columns = {field: (name,) for field in FIELDS for name in (field, _camel(field)) if name in names}
        if not columns:
            raise InvalidRequest(f"no column is called like a field ({', '.join(FIELDS)}): pass map=", field="map")
    else:
        columns = {field: (told,) if isinstance(told, str) else tuple(told) for field, told in map.items()}
    for field, wanted in columns.items():
        if field not in FIELDS:
            raise InvalidRequest(f"there is no such field; there are {', '.join(FIELDS)}", field="map")
        if not wanted or not set(wanted) <= set(names):
            raise InvalidRequest(f"the table has no such column for {field}", field="map")
    return Records(source, columns, batch_size)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _first(columns: list[list[Any]]) -> list[Any]:
    """Row by row the first value that is there."""
    if len(columns) == 1:
        return columns[0]
    return [next((value for value in row if value not in (None, "")), None) for row in zip(*columns, strict=True)]

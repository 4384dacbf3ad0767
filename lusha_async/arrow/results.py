"""Results as tables: always the same columns of the same types, whatever the first rows hold."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from ..errors import InvalidRequest
from ..flatten import COMPANY_COLUMNS, CONTACT_COLUMNS, FLAGS, NUMBERS, plain_values_of, reason
from . import _pyarrow

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from ..bulk import Outcome
    from ..flatten import Path as Steps

Kind = Literal["contacts", "companies"]
GROUP = 5_000
"""Rows that are written at once: one row group of a Parquet file."""
BATCH = 500
"""Outcomes that are kept as they are; more become Arrow's, which takes a tenth of the memory."""
COLUMNS: Mapping[str, Mapping[str, Steps]] = {"contacts": CONTACT_COLUMNS, "companies": COMPANY_COLUMNS}


class _Lists(msgspec.Struct, gc=False):
    """The nested lists of a result, as they came."""

    emails: msgspec.Raw = msgspec.Raw(b"")
    phones: msgspec.Raw = msgspec.Raw(b"")


_lists = msgspec.json.Decoder(_Lists)


class ResultColumns:
    """The columns of results: ``status``, ``error``, one for each of the flat fields (``email_1``, ``phone_1``, ...),
    for people ``emails`` and ``phones`` with the whole lists as JSON, ``duplicate_of_row`` (from 1) and ``json``: what
    the API sent. `prefix` goes before every name."""

    def __init__(self, kind: Kind, *, prefix: str = "") -> None:
        if kind not in COLUMNS:
            raise InvalidRequest('kind is "contacts" or "companies"', field="kind")
        self._flat = COLUMNS[kind]
        self._listed = kind == "contacts"
        lists = ("emails", "phones") if self._listed else ()
        self._names = ("status", "error", *self._flat, *lists, "duplicate_of_row", "json")
        self.names = tuple(prefix + name for name in self._names)
        """With the prefix."""
        self._width = len(self._flat)

    @property
    def fields(self) -> list[Any]:
        """As fields of an Arrow schema."""
        pa = _pyarrow.module()
        types = [
            pa.int64()
            if name in NUMBERS or name == "duplicate_of_row"
            else pa.bool_()
            if name in FLAGS
            else pa.string()
            for name in self._names
        ]
        return [pa.field(name, kind) for name, kind in zip(self.names, types, strict=True)]

    def arrays(self, outcomes: Sequence[Outcome[Any, Any]]) -> list[Any]:
        """One Arrow array for each column."""
        rows = [self._row(outcome) for outcome in outcomes]
        columns: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else [()] * len(self.names)
        pa = _pyarrow.module()
        return [pa.array(column, type=field.type) for column, field in zip(columns, self.fields, strict=True)]

    def _row(self, outcome: Outcome[Any, Any]) -> list[Any]:
        found = [None] * self._width if outcome.result is None else plain_values_of(outcome.result, self._flat)
        raw = outcome.raw
        lists = _lists_of(raw if outcome.result is not None else None) if self._listed else ()
        repeats = None if outcome.duplicate_of is None else outcome.duplicate_of + 1
        text = None if raw is None else raw.decode("utf-8", "replace")
        return [outcome.status.value, reason(outcome.error), *found, *lists, repeats, text]


def _lists_of(raw: bytes | None) -> tuple[str | None, str | None]:
    if raw is None:
        return None, None
    try:
        found = _lists.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None, None
    return _text(found.emails), _text(found.phones)


def _text(raw: msgspec.Raw) -> str | None:
    text = bytes(raw)
    return None if text in (b"", b"null") else text.decode("utf-8", "replace")


class ResultsWriter:
    """Outcomes into a Parquet or Arrow file, by its suffix, with fixed columns and bounded memory:

        with ResultsWriter("enriched.parquet", kind="contacts") as writer:
            async for batch in run.batches():
                writer.write(batch)

    The file appears under its name when the block ends without an error, as a whole. Its first column is ``index``, the
    record's place in the source; rows come as they are written. Overwrites `path`.
    """

    def __init__(self, path: str | os.PathLike[str], *, kind: Kind, group: int = GROUP) -> None:
        self._columns = ResultColumns(kind)
        pa = _pyarrow.module()
        self._schema = pa.schema([pa.field("index", pa.int64()), *self._columns.fields])
        self._file = TableFile(path, self._schema, _pyarrow.form_of(path), group=group)
        self._waiting: list[Outcome[Any, Any]] = []
        self.rows = 0
        """Rows taken."""

    def __enter__(self) -> Self:
        self._file.open()
        return self

    def write(self, outcomes: Iterable[Outcome[Any, Any]]) -> None:
        """Take outcomes; full groups are written."""
        self._waiting.extend(outcomes)
        while len(self._waiting) >= BATCH:
            self._flush(BATCH)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._file.discard()
            return
        if self._waiting:
            self._flush(len(self._waiting))
        self._file.publish()

    def _flush(self, count: int) -> None:
        taken = self._waiting[:count]
        del self._waiting[:count]
        self._file.write(table_of(self._columns, taken, self._schema))
        self.rows += len(taken)


def results_table(outcomes: Iterable[Outcome[Any, Any]], *, kind: Kind) -> Any:
    """Outcomes as a `pyarrow.Table` with the columns of `ResultColumns` behind ``index``, in the order given.

    The columns are the same and of the same types for any outcomes, and for none.
    """
    columns = ResultColumns(kind)
    pa = _pyarrow.module()
    schema = pa.schema([pa.field("index", pa.int64()), *columns.fields])
    return table_of(columns, list(outcomes), schema)


def table_of(columns: ResultColumns, outcomes: Sequence[Outcome[Any, Any]], schema: Any) -> Any:
    """A table of `schema`: the index, and the columns."""
    pa = _pyarrow.module()
    index = pa.array([outcome.index for outcome in outcomes], type=pa.int64())
    return pa.Table.from_arrays([index, *columns.arrays(outcomes)], schema=schema)


class TableFile:
    """A file that is written beside its name, and put there as a whole. `form`: parquet or arrow."""

    def __init__(self, path: str | os.PathLike[str], schema: Any, form: str, *, group: int = GROUP) -> None:
        self._path = Path(path)
        self._part = self._path.with_name(f".{self._path.name}.part")
        self._schema = schema
        self._form = form
        self._group = group
        self._tables: list[Any] = []
        self._rows = 0
        self._writer: Any = None

    def open(self) -> None:
        """Begin. What an earlier start left unfinished is replaced."""
        self._writer = _pyarrow.writer(self._part, self._schema, self._form)

    def write(self, table: Any) -> None:
        """Append rows; they are collected until there are enough for a group."""
        self._tables.append(table)
        self._rows += table.num_rows
        if self._rows >= self._group:
            self._flush()

    def publish(self) -> None:
        """Put it where it belongs."""
        if self._rows:
            self._flush()
        writer, self._writer = self._writer, None
        writer.close()
        with open(self._part, "rb") as file:
            os.fsync(file.fileno())
        os.replace(self._part, self._path)

    def discard(self) -> None:
        """Take back what was written. Safe to call at any time."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(Exception):
                writer.close()
            with suppress(OSError):
                self._part.unlink()

    def _flush(self) -> None:
        tables, self._tables, self._rows = self._tables, [], 0
        self._writer.write_table(_pyarrow.module().concat_tables(tables).combine_chunks())

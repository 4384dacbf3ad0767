"""Parquet and Arrow files for `lusha enrich`: as the input, and as the output."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrow import _pyarrow
from ..arrow.results import BATCH, ResultColumns, TableFile
from .columns import check_headers
from .exit_codes import ExitCode
from .output import STANDARD_OUTPUT, Output, OutputFailed
from .reading import Row
from .refusal import Refused
from .writing import own_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..arrow.results import Kind
    from ..bulk import Outcome
    from .writing import Lines

READ = 2_000
"""Rows that become Python's at once."""
MAGIC = (b"PAR1", b"ARROW1")
"""How such files begin."""


def is_table(path: str) -> bool:
    """Whether a file begins like Parquet or Arrow."""
    try:
        with open(path, "rb") as file:
            return file.read(6).startswith(MAGIC)
    except OSError:
        return False


def need_pyarrow() -> None:
    """Refuse what cannot work without the extra."""
    try:
        _pyarrow.module()
    except ImportError as error:
        raise Refused(f"{error}.", ExitCode.EXTRA_MISSING) from None


class TableInput:
    """A Parquet or Arrow file as a list of rows."""

    delimiter: str | None = None
    marked = False

    def __init__(self, path: str, source: str) -> None:
        need_pyarrow()
        self.source = source
        self._path = path
        self._only: list[str] | None = None
        try:
            with _pyarrow.File(path) as file:
                self.schema: Any = file.schema
                self.rows = file.rows
                """How many there are."""
        except FileNotFoundError:
            raise Refused(f"There is no file {path}.") from None
        except Exception as error:  # noqa: BLE001 - pyarrow has errors of its own; none may show what is in a cell
            raise Refused(f"{source} cannot be read as Parquet or Arrow ({type(error).__name__}).") from None
        self.headers: tuple[str, ...] = tuple(self.schema.names)
        check_headers(self.headers, source)

    def use(self, names: Iterable[str]) -> None:
        """Read these columns only."""
        wanted = set(names)
        self._only = [name for name in self.headers if name in wanted]

    def blocks(self) -> Iterator[list[Row]]:
        """The rows, none of the blocks empty. Raises `Refused` for what cannot be read."""
        for batch in self._batches(self._only):
            names = batch.schema.names
            columns = [_pyarrow.pythonic(batch.column(place)) for place in range(len(names))]
            if batch.num_rows:
                yield [Row(dict(zip(names, cells, strict=True))) for cells in zip(*columns, strict=True)]

    def count(self) -> int:
        """How many rows the file says it has."""
        return self.rows

    def own(self) -> Iterator[Any]:
        """All columns as they are, batch by batch."""
        return self._batches(None)

    def _batches(self, columns: list[str] | None) -> Iterator[Any]:
        try:
            yield from _pyarrow.batches(self._path, columns=columns, size=READ)
        except OSError as error:
            raise Refused(f"{self.source} cannot be read to its end ({type(error).__name__}).") from None

    def close(self) -> None:
        """Nothing is held open between passes."""


class TableRow(NamedTuple):
    """A row on its way to the file."""

    row: Row
    outcome: Outcome[Any, Any]


class TableLines:
    """Makes the rows of a table: the input's own columns with their types, and the added ones."""

    def __init__(self, headers: Sequence[str], kind: Kind, *, prefix: str, table: object) -> None:
        need_pyarrow()
        self._headers = tuple(headers)
        self._added = ResultColumns(kind, prefix=prefix + "_")
        self._table = table if isinstance(table, TableInput) else None
        self._left: list[Any] = []
        self._own: Iterator[Any] | None = None
        pa = _pyarrow.module()
        own = [pa.field(name, pa.string()) for name in headers] if self._table is None else list(self._table.schema)
        self.schema: Any = pa.schema([*own, *self._added.fields])

    def head(self) -> bytes:
        return b""

    def check(self, headers: Iterable[str]) -> None:
        for header in headers:
            if header in self._added.names:
                raise Refused(
                    f'The input already has a column "{header}", which this command writes: '
                    "remove it, or choose another prefix with --prefix."
                )
            if header not in self._headers:
                raise Refused(
                    "A row of the input has a field that the first row did not have, and the columns of a table cannot "
                    "be changed any more: write JSONL, or read the input from a file."
                )

    def line(self, row: Row, outcome: Outcome[Any, Any]) -> TableRow:
        return TableRow(row, outcome)

    def same_row(self, there: bytes, line: bytes, *, cut: bool) -> bool:
        return True

    def table(self, rows: Sequence[TableRow]) -> Any:
        """These rows, which follow those of the last call, as an Arrow table."""
        pa = _pyarrow.module()
        added = self._added.arrays([row.outcome for row in rows])
        if self._table is not None:
            own = self._next_own(len(rows)).columns
        else:
            own = [pa.array([_cell(row.row.fields, name) for row in rows], type=pa.string()) for name in self._headers]
        return pa.Table.from_arrays([*own, *added], schema=self.schema)

    def _next_own(self, count: int) -> Any:
        """The next rows of the input as they stand there: rows are written in its order, without gaps."""
        assert self._table is not None  # noqa: S101
        if self._own is None:
            self._own = self._table.own()
        taken: list[Any] = []
        while count:
            batch = self._left.pop() if self._left else next(self._own)
            taken.append(batch.slice(0, count))
            if batch.num_rows > count:
                self._left.append(batch.slice(count))
            count -= taken[-1].num_rows
        return _pyarrow.module().Table.from_batches(taken, schema=self._table.schema)


class TableOutput(Output):
    """A Parquet or Arrow file. It cannot grow: it is written beside its name and put there as a whole at the end.

    A kill before that loses nothing that the ledger knows; the next start makes the file of it.
    """

    def __init__(self, path: str, form: str, *, overwrite: bool) -> None:
        super().__init__(path, overwrite=overwrite)
        self._form = form
        self._rows_before = 0
        self._table: TableFile | None = None
        self._maker: TableLines | None = None
        self._waiting: list[TableRow] = []

    def check(self, *, inputs: str) -> None:
        super().check(inputs=inputs)
        if self.path == STANDARD_OUTPUT or not self.lasting:
            raise Refused("A table is written to a file: name one with -o, or choose --format jsonl or csv.")

    def open(self, lines: Lines, *, continuing: bool = False) -> None:
        assert isinstance(lines, TableLines), "made for tables"  # noqa: S101
        self._maker = lines
        if continuing:
            with suppress(Exception):  # noqa: SIM117 - a file that cannot be read is replaced
                with _pyarrow.File(self.path) as file:
                    self._rows_before = file.rows
        self._table = TableFile(self.path, lines.schema, self._form)
        try:
            self._table.open()
        except OSError as error:
            raise Refused(f"{self.path} cannot be written: {error.strerror or type(error).__name__}.") from None

    def write(self, lines: list[Any]) -> None:
        self._waiting.extend(lines)
        self.written += len(lines)
        while len(self._waiting) >= BATCH:
            self._flush(BATCH)

    def finish(self, *, whole: bool) -> None:
        """Put the file where it belongs, unless a fuller one of an earlier start stands there."""
        if self._table is None:
            return
        if not whole and self.written < self._rows_before:
            return
        if self._waiting:
            self._flush(len(self._waiting))
        table, self._table = self._table, None
        try:
            table.publish()
        except OSError as error:
            table.discard()
            raise self._failed(error) from None

    def close(self) -> None:
        if self._table is not None:
            self._table.discard()
            self._table = None

    def _flush(self, count: int) -> None:
        assert self._table is not None, "opened before it is written to"  # noqa: S101
        assert self._maker is not None, "opened before it is written to"  # noqa: S101
        taken = self._waiting[:count]
        del self._waiting[:count]
        try:
            self._table.write(self._maker.table(taken))
        except OSError as error:
            raise self._failed(error) from None

    def _failed(self, error: OSError) -> OutputFailed:
        said = os.strerror(error.errno) if error.errno else type(error).__name__
        return OutputFailed(f"{self.name} could not be written to its end: {said}.", ExitCode.OUTPUT)


def _cell(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return None if value is None else own_cell(value)

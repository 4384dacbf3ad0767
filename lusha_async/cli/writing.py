"""Rows out: one line for every row in, with what became of it. Lines are made here, files are filled in `output`."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from ..bulk import Status
from ..flatten import reason, values_of
from .formulas import harmless
from .refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..bulk import Outcome
    from ..flatten import Path
    from .reading import Row


Line = list[bytes | msgspec.Raw]
"""A line of text in parts."""


class Lines(Protocol):
    """Makes the lines of an output format."""

    def head(self) -> bytes:
        """What stands in front of the first row."""
        ...

    def check(self, headers: Iterable[str]) -> None:
        """Raise `Refused` for columns of the input that the output has no place for."""
        ...

    def line(self, row: Row, outcome: Outcome[Any, Any]) -> Any:
        """One row, with its end of line: of text in parts, to be joined with those of other rows."""
        ...

    def same_row(self, there: bytes, line: bytes, *, cut: bool) -> bool:
        """Whether `there`, read from a file that is continued, begins with the same row of the input as `line`.

        A row that breaks off counts as the same. `cut`: the file ends where `there` does.
        """
        ...


_STATUSES = {status: b'{"status":' + msgspec.json.encode(status.value) for status in Status}


class JsonLines:
    """The row's own fields, and under one key more what became of it, with the API's JSON as it came."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._opening = b"," + msgspec.json.encode(key) + b":"

    def head(self) -> bytes:
        return b""

    def check(self, headers: Iterable[str]) -> None:
        if self._key in headers:
            raise Refused(
                f'The input already has a column "{self._key}", which this command writes: '
                "remove it, or choose another name with --prefix."
            )

    def line(self, row: Row, outcome: Outcome[Any, Any]) -> Line:
        own = row.text.encode() if row.text is not None else msgspec.json.encode(row.fields)
        opening = self._opening if row.fields else self._opening[1:]
        parts: Line = [own[:-1].rstrip(), opening, _STATUSES[outcome.status]]
        if outcome.error is not None:
            shown = {"type": type(outcome.error).__name__, "message": reason(outcome.error)}
            parts += (b',"error":', msgspec.json.encode(shown))
        if outcome.duplicate_of is not None:
            parts.append(b',"duplicateOfRow":%d' % (outcome.duplicate_of + 1))
        raw = outcome.raw_on_one_line
        if raw is not None:
            parts += (b',"result":' if outcome.status is Status.FOUND else b',"answer":', raw)
        parts.append(b"}}\n")
        return parts

    def same_row(self, there: bytes, line: bytes, *, cut: bool) -> bool:
        own = line[: line.find(self._opening[1:])]
        return there.startswith(own) or (cut and b"\n" not in there)


class CsvLines:
    """The row's own columns, and behind them the added ones, every one with the prefix."""

    def __init__(
        self,
        headers: Sequence[str],
        columns: Mapping[str, Path],
        *,
        prefix: str,
        delimiter: str,
        marked: bool,
        escape: bool,
    ) -> None:
        self._headers = tuple(headers)
        self._names = ("status", "error", *columns, "duplicate_of_row", "json")
        self._prefix = prefix
        self._paths = tuple(columns.values())
        self._nothing = [""] * len(columns)
        self._marked = marked
        self._delimiter = delimiter
        self._escape = escape
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer, delimiter=delimiter, lineterminator="\n")

    @property
    def added(self) -> tuple[str, ...]:
        """The columns behind the user's own."""
        return tuple(f"{self._prefix}_{name}" for name in self._names)

    def head(self) -> bytes:
        mark = "\ufeff" if self._marked else ""
        return (mark + self._row([*self._headers, *self.added])).encode()

    def check(self, headers: Iterable[str]) -> None:
        added, own = set(self.added), set(self._headers)
        for header in headers:
            if header in added:
                raise Refused(
                    f'The input already has a column "{header}", which this command writes: '
                    "remove it, or choose another prefix with --prefix."
                )
            if header not in own:
                raise Refused(
                    "A row of the input has a field that the first row did not have, and the columns of a CSV cannot "
                    "be changed any more: write JSONL, or read the input from a file."
                )

    def line(self, row: Row, outcome: Outcome[Any, Any]) -> Line:
        own = [own_cell(row.fields.get(header)) for header in self._headers]
        found = self._nothing if outcome.result is None else values_of(outcome.result, self._paths)
        repeats = "" if outcome.duplicate_of is None else str(outcome.duplicate_of + 1)
        raw = bytes(outcome.raw_on_one_line or b"").decode("utf-8", "replace")
        cells = [*own, outcome.status.value, reason(outcome.error) or "", *found, repeats, raw]
        return [self._row(cells).encode("utf-8", "replace")]

    def same_row(self, there: bytes, line: bytes, *, cut: bool) -> bool:
        if cut and not there.endswith(b"\n"):
            there = there[: there.rfind(b"\n") + 1]
        if not there:
            return True
        delimiter, width = self._delimiter, len(self._headers)
        first, wanted = _cells(there, delimiter), _cells(line, delimiter)
        torn = cut and len(first) < len(wanted)
        return torn or first[:width] == wanted[:width]

    def _row(self, cells: Iterable[str]) -> str:
        self._writer.writerow([harmless(cell) for cell in cells] if self._escape else cells)
        line = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return line


def _cells(data: bytes, delimiter: str) -> list[str]:
    """The first row in it."""
    rows = csv.reader(io.StringIO(data.decode("utf-8", "replace"), newline=""), delimiter=delimiter)
    return next(rows, list[str]())


def own_cell(value: Any) -> str:
    """A cell of the input; of a JSON row that is written as CSV, text as it is and everything else as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()

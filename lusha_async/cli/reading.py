"""Lists in files: CSV and JSON Lines, read a block of rows at a time.

What cannot be read is refused with its row, never its value, and only after the rows before it were handed out.
"""

from __future__ import annotations

import csv
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from .columns import check_headers
from .refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .text import Text

DELIMITERS = (",", ";", "\t", "|")
READ = 256
"""Most rows of a block. Those of a pipe come one by one, as soon as they are there."""
LARGEST_CELL = 2**20
"""Characters of one CSV cell. The usual reason for more is a quotation mark that is never closed."""

_QUOTE_FAULTS = (
    ("unexpected end of data", "a quotation mark opens a cell and none closes it"),
    ("expected after", "text follows the quotation mark that closes a cell; inside a cell it is written twice"),
    ("field larger than", "a cell is longer than 1 MiB; is a quotation mark not closed?"),
)


class Row(msgspec.Struct, gc=False):
    """One row of the input."""

    fields: dict[str, Any]
    text: str | None = None
    """A row of JSON as it stands in the file."""


class Table(Protocol):
    """A list that can be read once."""

    source: str
    delimiter: str | None
    """None for JSON Lines."""
    marked: bool
    """Whether it begins with a byte order mark."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The column names; of JSON Lines, those met so far."""
        ...

    def blocks(self) -> Iterator[list[Row]]:
        """The rows, none of the blocks empty. Raises `Refused` for what cannot be read."""
        ...

    def count(self) -> int:
        """Read to the end, or believe the file: how many rows there are. Raises as reading does."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first pass through a file found: every row can be read."""

    rows: int
    headers: tuple[str, ...]


def survey(table: Table) -> Survey:
    """Read a table to its end, so that nothing in it can stop a run half-way."""
    rows = table.count()
    return Survey(rows, table.headers)


def open_table(
    text: Text, *, source: str, form: str | None = None, delimiter: str | None = None, at_once: int = READ
) -> Table:
    """The list in `text`. `form` is csv or jsonl; without it, a first line that starts with "{" means jsonl.

    `at_once`: most rows of a block; 1 for a pipe, whose next row may be long in coming.
    """
    lines = iter(text)
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        raise Refused(f"{source} is empty: there is not even a line of column names.")
    opening = first.lstrip()[:1]
    if form is None:
        if opening == "[":
            raise Refused(f"{source} is one JSON array: write one object a line instead (jq -c '.[]').")
        form = "jsonl" if opening == "{" else "csv"
    rest = itertools.chain([first], lines)
    if form == "jsonl":
        return JsonLines(rest, text, source, at_once)
    return Csv(rest, text, source, delimiter, at_once)


class Csv:
    """CSV with a line of column names. Blank lines are no rows."""

    def __init__(self, lines: Iterator[str], text: Text, source: str, delimiter: str | None, at_once: int) -> None:
        first = next(lines)
        announced = re.fullmatch(r'"?sep=(.)"?\s*', first)  # Excel's own first line
        if announced:
            delimiter = delimiter or announced[1]
            first = next((line for line in lines if line.strip()), "")
        self.source = source
        self.delimiter: str | None = delimiter or _delimiter_of(first)
        self.marked = text.marked
        self._text = text
        self._at_once = at_once
        csv.field_size_limit(LARGEST_CELL)
        self._reader = csv.reader(itertools.chain([first], lines), delimiter=self.delimiter or ",", strict=True)
        try:
            names = next(self._reader, None)
        except csv.Error as error:
            raise Refused(f"{source}, the line of column names (line {text.line}): {_in_words(error)}") from None
        if not names:
            raise Refused(f"{source} holds no column names.")
        self.headers = tuple(name.strip() or f"column {place}" for place, name in enumerate(names, start=1))
        check_headers(self.headers, source)

    def blocks(self) -> Iterator[list[Row]]:
        """The rows, none of the blocks empty. Raises `Refused` for what cannot be read."""
        names = itertools.repeat(self.headers)
        for cells in self._cells():
            yield list(map(Row, map(dict, map(zip, names, cells))))

    def count(self) -> int:
        """Read to the end: how many rows there are. Raises as reading does."""
        return sum(map(len, self._cells()))

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def _cells(self) -> Iterator[list[list[str]]]:
        """The cells of row after row, a block at a time."""
        number, width = 1, len(self.headers)
        while True:
            line, rows = self._text.line + 1, list[list[str]]()
            fault: str | Refused | None = None
            try:
                rows.extend(itertools.islice(self._reader, self._at_once))  # on a fault it keeps what came before
            except csv.Error as error:
                fault = _in_words(error)
            except Refused as refused:
                fault = refused
            if not rows and fault is None:
                return
            if not set(map(len, rows)) <= {width, 0}:
                place = next(place for place, row in enumerate(rows) if len(row) not in {width, 0})
                fault = (
                    f"{len(rows[place])} cells where the line of column names has {width}. "
                    f"Is a {_NAMES.get(self.delimiter or ',', 'delimiter')} in a cell not quoted?"
                )
                del rows[place:]
            filled = list(filter(None, rows))  # blank lines are rows without cells
            if filled:
                yield filled
                number += len(filled)
            if isinstance(fault, str):
                fault = Refused(f"{self.source}, row {number} (line {line + _lines_of(rows)}): {fault}")
            if fault is not None:
                raise fault


class JsonLines:
    """One JSON object a line. Blank lines are no rows."""

    delimiter: str | None = None

    def __init__(self, lines: Iterator[str], text: Text, source: str, at_once: int) -> None:
        self.source = source
        self.marked = False
        self._text = text
        self._at_once = at_once
        self._names: dict[str, None] = {}
        self._decoder = msgspec.json.Decoder()
        rows = self._rows(lines)
        self._all = itertools.chain([next(rows)], rows)

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(self._names)

    def blocks(self) -> Iterator[list[Row]]:
        """The rows, none of the blocks empty. Raises `Refused` for what cannot be read."""
        while True:
            rows, fault = list[Row](), None
            try:
                rows.extend(itertools.islice(self._all, self._at_once))  # on a fault it keeps what came before
            except Refused as refused:
                fault = refused
            if rows:
                yield rows
            if fault is not None:
                raise fault
            if not rows:
                return

    def count(self) -> int:
        """Read to the end: how many rows there are. Raises as reading does."""
        return sum(map(len, self.blocks()))

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def _rows(self, lines: Iterator[str]) -> Iterator[Row]:
        names = self._names
        for line in lines:
            text = line.strip()
            if not text:
                continue
            fields = self._decoded(text)
            if fields.keys() - names.keys():
                names.update(dict.fromkeys(fields))
            yield Row(fields, text)

    def _decoded(self, text: str) -> dict[str, Any]:
        try:
            fields = self._decoder.decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise Refused(f"{self.source}, line {self._text.line}: not valid JSON.") from None
        if not isinstance(fields, dict):
            raise Refused(f"{self.source}, line {self._text.line}: not a JSON object; every line is one row, {{...}}.")
        return fields  # pyright: ignore[reportUnknownVariableType]


_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}


def _in_words(error: csv.Error) -> str:
    return next((said for sign, said in _QUOTE_FAULTS if sign in str(error)), "not readable as CSV") + "."


def _lines_of(rows: Iterable[list[str]]) -> int:
    """How many lines they take in the file: cells may hold line ends."""
    return sum(1 + sum(len(_LINE_END.findall(cell)) for cell in row) for row in rows)


_LINE_END = re.compile(r"\r\n|\r|\n")


def _delimiter_of(line: str) -> str:
    """The delimiter that stands most often in the line of column names, outside of quotation marks."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=bare.count)

"""Lists in files: CSV and JSON Lines, read row by row. What cannot be read is refused with its row, never its value."""

from __future__ import annotations

import csv
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from .columns import check_headers
from .refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .text import Text

DELIMITERS = (",", ";", "\t", "|")
LARGEST_CELL = 2**20
"""Characters of one CSV cell. The usual reason for more is a quotation mark that is never closed."""

_QUOTE_FAULTS = (
    ("unexpected end of data", "a quotation mark opens a cell and none closes it"),
    ("expected after", "text follows the quotation mark that closes a cell; inside a cell it is written twice"),
    ("field larger than", "a cell is longer than 1 MiB; is a quotation mark not closed?"),
)


class Row(NamedTuple):
    """One row of the input."""

    number: int
    """From 1, the line of column names not counted."""
    fields: Mapping[str, Any]
    text: str | None = None
    """A row of JSON as it stands in the file."""


class Table(Protocol):
    """A list that can be read once, row by row."""

    source: str
    delimiter: str | None
    """None for JSON Lines."""
    marked: bool
    """Whether it begins with a byte order mark."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The column names; of JSON Lines, those met so far."""
        ...

    def __iter__(self) -> Iterator[Row]: ...

    def close(self) -> None:
        """Close the file."""
        ...


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first pass through a file found: every row can be read."""

    rows: int
    headers: tuple[str, ...]


def survey(table: Table) -> Survey:
    """Read a table to its end, so that nothing in it can stop a run half-way. One that knows its rows is believed."""
    known = getattr(table, "rows", None)
    rows = known if isinstance(known, int) else sum(1 for _ in table)
    return Survey(rows, table.headers)


def open_table(text: Text, *, source: str, form: str | None = None, delimiter: str | None = None) -> Table:
    """The list in `text`. `form` is csv or jsonl; without it, a first line that starts with "{" means jsonl."""
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
        return JsonLines(rest, text, source)
    return Csv(rest, text, source, delimiter)


class Csv:
    """CSV with a line of column names. Blank lines are no rows."""

    def __init__(self, lines: Iterator[str], text: Text, source: str, delimiter: str | None) -> None:
        first = next(lines)
        announced = re.fullmatch(r'"?sep=(.)"?\s*', first)  # Excel's own first line
        if announced:
            delimiter = delimiter or announced[1]
            first = next((line for line in lines if line.strip()), "")
        self.source = source
        self.delimiter: str | None = delimiter or _delimiter_of(first)
        self.marked = text.marked
        self._text = text
        csv.field_size_limit(LARGEST_CELL)
        self._reader = csv.reader(itertools.chain([first], lines), delimiter=self.delimiter or ",", strict=True)
        self._line = text.line
        names = self._next(None)
        if not names:
            raise Refused(f"{source} holds no column names.")
        self.headers = tuple(name.strip() or f"column {place}" for place, name in enumerate(names, start=1))
        check_headers(self.headers, source)

    def __iter__(self) -> Iterator[Row]:
        headers, width = self.headers, len(self.headers)
        number = 1
        while True:
            self._line = self._text.line + 1
            cells = self._next(number)
            if cells is None:
                return
            if not cells:
                continue
            if len(cells) != width:
                raise Refused(
                    f"{self.source}, row {number} (line {self._line}): {len(cells)} cells where the line of column "
                    f"names has {width}. Is a {_NAMES.get(self.delimiter or ',', 'delimiter')} in a cell not quoted?"
                )
            yield Row(number, dict(zip(headers, cells, strict=True)))
            number += 1

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def _next(self, number: int | None) -> list[str] | None:
        """The cells of row `number`, or of the line of column names; None at the end."""
        try:
            return next(self._reader, None)
        except csv.Error as error:
            what = "the line of column names" if number is None else f"row {number}"
            fault = next((said for sign, said in _QUOTE_FAULTS if sign in str(error)), "not readable as CSV")
            raise Refused(f"{self.source}, {what} (line {self._line}): {fault}.") from None


class JsonLines:
    """One JSON object a line. Blank lines are no rows."""

    delimiter: str | None = None

    def __init__(self, lines: Iterator[str], text: Text, source: str) -> None:
        self.source = source
        self.marked = False
        self._text = text
        self._names: dict[str, None] = {}
        self._decoder = msgspec.json.Decoder()
        rows = self._rows(lines)
        self._all = itertools.chain([next(rows)], rows)

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(self._names)

    def __iter__(self) -> Iterator[Row]:
        return self._all

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def _rows(self, lines: Iterator[str]) -> Iterator[Row]:
        number = 0
        names = self._names
        for line in lines:
            text = line.strip()
            if not text:
                continue
            number += 1
            fields = self._decoded(text)
            if fields.keys() - names.keys():
                names.update(dict.fromkeys(fields))
            yield Row(number, fields, text)

    def _decoded(self, text: str) -> dict[str, Any]:
        try:
            fields = self._decoder.decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise Refused(f"{self.source}, line {self._text.line}: not valid JSON.") from None
        if not isinstance(fields, dict):
            raise Refused(f"{self.source}, line {self._text.line}: not a JSON object; every line is one row, {{...}}.")
        return fields  # pyright: ignore[reportUnknownVariableType]


_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}


def _delimiter_of(line: str) -> str:
    """The delimiter that stands most often in the line of column names, outside of quotation marks."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=bare.count)

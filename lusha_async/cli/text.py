"""Bytes of a file as lines of text, with errors that say where, and never what."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, Any, cast

from .refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 16 * 2**20
"""Characters. A longer line is no line of a list, and would be held in memory as a whole."""

_SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook or another zip file: save it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook: save it as CSV"),
    (b"PAR1", "Parquet, which cannot be read through a pipe or as text: name the file, without --input-format"),
    (b"\x1f\x8b", "compressed: unpack it, or pipe it in (gunzip -c FILE | lusha enrich ... -)"),
    (b"%PDF", "a PDF"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def check_encoding(name: str) -> str:
    """The name of a text encoding, as Python knows it. Raises `Refused`."""
    try:
        "a".encode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        raise Refused("--encoding: Python knows no such text encoding; try utf-8, cp1252, latin-1 or utf-16.") from None


class Text:
    """The lines of a binary file, ends included, as csv wants them. `encoding` is found by its mark, or is UTF-8."""

    def __init__(self, binary: Any, *, source: str, encoding: str | None = None) -> None:
        buffered: io.BufferedReader[Any] = io.BufferedReader(binary, buffer_size=2**16)
        self._counted = _Counted(buffered)
        self._source = source
        head = buffered.peek(4)[:4]
        for signature, what in _SIGNATURES:
            if head.startswith(signature):
                raise Refused(f"{source} is {what}.")
        mark = next((name for mark, name in _MARKS if head.startswith(mark)), None)
        self.marked = mark is not None
        """Whether the file begins with a byte order mark, as Excel writes it."""
        self._guessed = encoding is None and mark is None
        self.encoding = mark or encoding or "utf-8"
        self.line = 0
        """Number of the line read last, from 1."""
        self._file = io.TextIOWrapper(cast("Any", self._counted), encoding=self.encoding, newline="")

    def __iter__(self) -> Iterator[str]:
        readline = self._file.readline
        try:
            while line := readline(LONGEST_LINE):
                self.line += 1
                if "\0" in line:
                    raise Refused(
                        f"{self._source}, line {self.line}: holds a NUL byte, so this is no text file; if it is UTF-16 "
                        "without a mark, say --encoding utf-16-le."
                    )
                if len(line) == LONGEST_LINE:
                    raise Refused(f"{self._source}, line {self.line}: longer than 16 MiB; is this a list?")
                yield line
        except UnicodeDecodeError as error:
            raise Refused(self._undecodable(error)) from None

    def close(self) -> None:
        """Close the file below, too."""
        self._file.close()

    def _undecodable(self, error: UnicodeDecodeError) -> str:
        offset = self._counted.count - len(error.object) + error.start
        line = self.line + 1 + error.object[: error.start].count(b"\n")
        hint = " If it comes from Excel on Windows, say --encoding cp1252." if self._guessed else ""
        return f"{self._source}, line {line}: byte {offset} of the file is not {self.encoding.upper()}.{hint}"


class _Counted(io.BufferedIOBase):
    """Counts the bytes that were handed over for decoding."""

    def __init__(self, buffered: io.BufferedReader[Any]) -> None:
        super().__init__()
        self._buffered = buffered
        self.count = 0

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1, /) -> bytes:
        data = self._buffered.read1(size)
        self.count += len(data)
        return data

    def close(self) -> None:
        if not self.closed:
            self._buffered.close()
        super().close()

"""The output file: made only when there is something to do, never over another file unasked, flushed chunk by chunk."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import IO

from .exit_codes import ExitCode
from .refusal import Refused

STANDARD_OUTPUT = "-"
SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".txt": "csv"}


def form_of(path: str) -> str | None:
    """csv or jsonl, by the suffix of a file name; None when it says nothing."""
    return SUFFIXES.get(Path(path).suffix.lower())


class Output:
    """Where the lines go."""

    def __init__(self, path: str, *, overwrite: bool) -> None:
        self.path = path
        self.name = "standard output" if path == STANDARD_OUTPUT else path
        self._overwrite = overwrite
        self._file: IO[bytes] | None = None
        self.written = 0
        """Rows written."""

    def check(self, *, inputs: str) -> None:
        """Refuse, before anything is spent, what could not be written to in the end."""
        if self.path == STANDARD_OUTPUT:
            return
        target = Path(self.path)
        folder = target.parent
        if target.is_dir():
            raise Refused(f"{self.path} is a folder: name a file for the output.")
        if not folder.is_dir():
            raise Refused(f"There is no folder {folder} for the output: make it first.")
        if target.is_file():
            if _same(target, inputs):
                raise Refused("The output would replace the input: choose another name for it.")
            if not self._overwrite:
                raise Refused(f"{self.path} exists already: choose another name, or replace it with --overwrite.")
        if not os.access(target if target.exists() else folder, os.W_OK):
            raise Refused(f"{self.path} cannot be written: the permissions of {folder} do not allow it.")

    def open(self, head: bytes) -> None:
        """Create the file."""
        if self.path == STANDARD_OUTPUT:
            self._file = sys.stdout.buffer
        else:
            target = Path(self.path)
            replace = self._overwrite or (target.exists() and not target.is_file())  # a pipe or a device
            try:
                self._file = target.open("wb" if replace else "xb")
            except FileExistsError:
                raise Refused(f"{self.path} exists already: choose another name, or use --overwrite.") from None
            except OSError as error:
                raise Refused(f"{self.path} cannot be written: {error.strerror}.") from None
        self._put(head)

    def write(self, lines: list[bytes]) -> None:
        """Append whole rows, and hand them to the operating system at once."""
        self._put(b"".join(lines))
        self.written += len(lines)

    def close(self) -> None:
        """Close the file; standard output stays open."""
        if self._file is not None and self.path != STANDARD_OUTPUT:
            with contextlib.suppress(OSError):
                self._file.close()
        self._file = None

    def discard(self) -> None:
        """Take back a file in which nothing stands that was received, so that the same command can be run again."""
        self.close()
        if self.path != STANDARD_OUTPUT and Path(self.path).is_file():
            with contextlib.suppress(OSError):
                Path(self.path).unlink()

    def _put(self, data: bytes) -> None:
        assert self._file is not None, "opened before it is written to"  # noqa: S101
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            raise OutputFailed(
                f"{self.name} took {self.written:,} rows and then no more: {error.strerror}.", ExitCode.OUTPUT
            ) from None


class OutputFailed(Refused):
    """A disk that is full, a reader that went away."""


def _same(target: Path, inputs: str) -> bool:
    try:
        return target.samefile(inputs)
    except OSError:
        return False

"""What stands beside an output file: which input and which options it belongs to, and how the last start ended.

By it the same command continues a file, and another command does not touch it. It holds nobody's data.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from .refusal import Refused

SUFFIX = ".run"
"""Of its name, after the whole name of the output."""
LEDGER_SUFFIX = ".ledger"
"""Of the ledger that is kept beside an output."""


class Terms(msgspec.Struct, kw_only=True, frozen=True):
    """What must be the same for an output to be continued."""

    kind: str
    reveal: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    """What `--map` said."""
    form: str
    prefix: str
    escape: bool
    digest: str | None
    """Of the input's bytes; None for what comes through a pipe."""

    def differences(self, other: Terms) -> list[str]:
        """What differs from the terms of another start, in the words of the command line."""
        said = {
            "kind": "it holds {0}",
            "reveal": "it was written with --reveal {0}",
            "columns": "it was written with another --map",
            "form": "it was written as {0}",
            "prefix": "it was written with --prefix {0}",
            "escape": "it was written with the other of --escape and --no-escape",
            "digest": "the input was another one, or has changed since",
        }
        return [
            sentence.format(_shown(getattr(other, name)))
            for name, sentence in said.items()
            if getattr(self, name) != getattr(other, name)
        ]


class State(msgspec.Struct, kw_only=True):
    """The contents of the file."""

    version: int = 1
    terms: Terms
    size: int | None = None
    """Bytes of the output when the last start ended in good order; None while one is under way, or after a kill."""
    complete: bool = False
    """Whether every row of the input has its final answer in it."""
    spent: float = 0.0
    """Credits charged, or in doubt, in runs that the ledger has closed."""
    summary: dict[str, Any] = {}
    """Of the last start that ended."""


class JobFile:
    """The file itself. `state` is what stood in it when it was read, or None."""

    def __init__(self, output: str) -> None:
        self.path = Path(output + SUFFIX)
        self._output = Path(output)
        self.state: State | None = None
        if self.path.is_file():
            try:
                self.state = msgspec.json.decode(self.path.read_bytes(), type=State)
            except (OSError, msgspec.DecodeError, UnicodeDecodeError):
                self.state = None

    def check(self, terms: Terms) -> bool:
        """Whether the output is one to continue on these terms. Raises `Refused` for another's."""
        if not self._output.exists():
            return False
        name = self._output
        if self.state is None:
            raise Refused(f"{name} exists already: choose another name, or replace it with --overwrite.")
        differences = terms.differences(self.state.terms)
        if differences:
            raise Refused(
                f"{name} belongs to another job ({'; '.join(differences)}): choose another name, or write it anew with "
                "--overwrite, which takes what was bought from the ledger, or with --fresh, which buys everything anew."
            )
        if self.state.size is not None and self._output.stat().st_size != self.state.size:
            raise Refused(
                f"{name} was changed since this command wrote it: move it away or choose another name, or write it "
                "anew with --overwrite; what was bought is in the ledger."
            )
        return True

    def save(self, state: State) -> None:
        """Put it there, as a whole or not at all."""
        self.state = state
        new = self.path.with_name(self.path.name + ".new")
        try:
            new.write_bytes(msgspec.json.encode(state))
            os.replace(new, self.path)
        except OSError as error:
            raise Refused(f"{self.path} cannot be written: {error.strerror}.") from None

    def remove(self) -> None:
        """Take it away."""
        self.state = None
        with suppress(OSError):
            self.path.unlink()


def digest_of(path: str) -> str:
    """A digest of a file's bytes. Raises `Refused`."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "blake2b").hexdigest()[:32]
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None


def remove_ledger(path: Path) -> None:
    """Delete a ledger with what SQLite keeps beside it. Raises `LedgerBusy` while somebody uses it."""
    from ..ledger.lock import Lock

    lock_path = path.with_name(path.name + ".lock")
    if not path.exists() and not lock_path.exists():
        return
    lock = Lock(lock_path)
    lock.acquire()
    try:
        for name in (path.name, path.name + "-wal", path.name + "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(name).unlink()
    except OSError as error:
        raise Refused(f"{path} cannot be deleted: {error.strerror}.") from None
    finally:
        lock.release()
        with suppress(OSError):
            lock_path.unlink()


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "nothing"  # pyright: ignore[reportUnknownArgumentType]
    return str(value)

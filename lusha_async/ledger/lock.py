"""One process at a time: a lock the operating system lets go of when the process dies, however it dies."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from .errors import LedgerBusy, LedgerUnwritable

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30
    """The byte that is locked lies beyond the text, which stays readable for others."""

    def _try_lock(handle: int) -> bool:
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class Holder(msgspec.Struct):
    """Who holds a lock."""

    pid: int = 0
    host: str = ""
    since: str = ""

    def __str__(self) -> str:
        if not self.pid:
            return "another process"
        return f"process {self.pid} on {self.host or 'this host'}, started {self.since or 'at an unknown time'}"


class Lock:
    """The lock file of a ledger. Between uses it is empty; who holds it stands in it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        self.left_behind = False
        """Whether the last holder died without letting go in good order."""

    def acquire(self) -> None:
        """Take the lock. Raises `LedgerBusy` naming the holder, or `LedgerUnwritable`."""
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise LedgerUnwritable(f"The lock file beside the ledger cannot be opened ({error.strerror}).") from None
        if not _try_lock(handle):
            holder = str(_read(handle))
            os.close(handle)
            raise LedgerBusy(f"The ledger is in use by {holder}.", holder=holder)
        try:
            self.left_behind = os.fstat(handle).st_size > 0
            me = Holder(
                pid=os.getpid(), host=socket.gethostname(), since=datetime.now(UTC).isoformat(timespec="seconds")
            )
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, msgspec.json.encode(me))
        except OSError as error:
            os.close(handle)
            raise LedgerUnwritable(f"The lock file beside the ledger cannot be written ({error.strerror}).") from None
        self._handle = handle

    def release(self) -> None:
        """Let go in good order."""
        handle, self._handle = self._handle, None
        if handle is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, 0)
            os.close(handle)


def _read(handle: int) -> Holder:
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        return msgspec.json.decode(os.read(handle, 4096), type=Holder)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Holder()

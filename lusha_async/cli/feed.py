"""Rows on their way to the engine: pulled one at a time, from a file or from a pipe that may be slow."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from .asking import record_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Iterator

    from .columns import Columns
    from .lineup import Lineup
    from .reading import Row, Table

AHEAD = 2_000
"""Rows that are read from a pipe before anybody asks for them."""


class LimitReached(Exception):
    """The rows that were wanted have been read; the list goes on. It keeps the run in the ledger open."""


class Feed:
    """The source of a run. It pauses while the lineup is full, and ends early when it is stopped.

    With `pause` it ends with `LimitReached` at the limit. `learn` is told the names of fields that were not known
    before (JSON through a pipe) and says which columns to use.
    """

    def __init__(
        self,
        table: Table,
        lineup: Lineup,
        *,
        columns: Columns,
        limit: int | None,
        piped: bool,
        learn: Callable[[Iterable[str]], Columns],
        pause: bool = False,
    ) -> None:
        self._pause = pause
        self._lineup = lineup
        self._columns = columns
        self._limit = limit
        self._learn = learn if piped else None
        self._known = set(table.headers)
        self._rows: Iterator[Row] = iter(table)
        self._pipe = Pipe(self._rows) if piped else None
        self.read = 0
        """Rows taken from the input."""
        self.ended = False
        """Whether the input was read to its end, or to the limit."""
        self._stopped = False

    async def records(self) -> AsyncGenerator[dict[str, str]]:
        """The records to ask about, in the order of the rows."""
        while True:
            if self._limit is not None and self.read >= self._limit:
                self.ended = True
                if self._pause:
                    raise LimitReached
                return
            if self._lineup.full:
                await self._lineup.room()
            row = next(self._rows, None) if self._pipe is None else await self._pipe.next()
            if self._stopped:
                return
            if row is None:
                break
            if self._learn is not None and not row.fields.keys() <= self._known:
                self._known.update(row.fields)
                self._columns = self._learn(tuple(self._known))
            self._lineup.admit(self.read, row)
            self.read += 1
            yield record_of(row.fields, self._columns)
        self.ended = True

    def stop(self) -> None:
        """Give out no more rows."""
        self._stopped = True
        self._lineup.release()
        if self._pipe is not None:
            self._pipe.stop()


class Pipe:
    """Rows of a pipe, read in a thread of their own: the event loop never waits for whoever writes into it."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._queue: deque[Row | Exception | None] = deque()
        self._space = threading.Semaphore(AHEAD)
        self._arrived: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._idle = False
        self._stopped = False

    async def next(self) -> Row | None:
        """The next row; None at the end, or once stopped. Raises what reading raised."""
        if self._arrived is None:
            self._arrived, self._loop = asyncio.Event(), asyncio.get_running_loop()
            threading.Thread(target=self._read, name="lusha input", daemon=True).start()
        while not self._queue:
            if self._stopped:
                return None
            self._idle = True
            self._arrived.clear()
            if not self._queue and not self._stopped:
                await self._arrived.wait()
            self._idle = False
        item = self._queue.popleft()
        self._space.release()
        if isinstance(item, Exception):
            raise item
        return item

    def stop(self) -> None:
        """Wait for nothing any more."""
        self._stopped = True
        if self._arrived is not None:
            self._arrived.set()

    def _read(self) -> None:
        try:
            for row in self._rows:
                self._put(row)
                if self._stopped:
                    return
            self._put(None)
        except Exception as error:  # noqa: BLE001 - raised where the rows are used
            self._put(error)

    def _put(self, item: Row | Exception | None) -> None:
        self._space.acquire()
        self._queue.append(item)
        if self._idle and self._loop is not None and self._arrived is not None:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(self._arrived.set)

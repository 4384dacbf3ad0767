"""Rows on their way to the engine: from a file, or from a pipe that may be slow."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from .asking import records_of
from .reading import READ

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Iterator

    from .columns import Columns
    from .lineup import Lineup
    from .reading import Row, Table

AHEAD = 2_000
"""Blocks, of one row each, that are read from a pipe before anybody asks for them."""


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
        self._blocks: Iterator[list[Row]] = table.blocks()
        self._pipe = Pipe(self._blocks) if piped else None
        self.read = 0
        """Rows taken from the input."""
        self.ended = False
        """Whether the input was read to its end, or to the limit."""
        self._stopped = False

    async def records(self) -> AsyncGenerator[dict[str, str]]:
        """The records to ask about, in the order of the rows."""
        while self._limit is None or self.read < self._limit:
            if self._lineup.full:
                await self._lineup.room()
            rows = next(self._blocks, None) if self._pipe is None else await self._pipe.next()
            if self._stopped:
                return
            if rows is None:
                self.ended = True
                return
            if self._limit is not None:
                rows = rows[: self._limit - self.read]
            for part in self._parts(rows):
                self._lineup.admit(self.read, part)
                for record in records_of([row.fields for row in part], self._columns):
                    if self._stopped:
                        return
                    self.read += 1
                    yield record
        self.ended = True
        if self._pause:
            raise LimitReached

    def _parts(self, rows: list[Row]) -> Iterator[list[Row]]:
        """The rows, cut before each that has a field nobody knew: from there on other columns may be used."""
        start = 0
        if self._learn is not None:
            for place, row in enumerate(rows):
                if not row.fields.keys() <= self._known:
                    yield rows[start:place]
                    start = place
                    self._known.update(row.fields)
                    self._columns = self._learn(tuple(self._known))
        yield rows[start:]

    def stop(self) -> None:
        """Give out no more rows."""
        self._stopped = True
        self._lineup.release()
        if self._pipe is not None:
            self._pipe.stop()


class Pipe:
    """Rows of a pipe, read in a thread of their own: the event loop never waits for whoever writes into it."""

    def __init__(self, blocks: Iterator[list[Row]]) -> None:
        self._blocks = blocks
        self._queue: deque[list[Row] | Exception | None] = deque()
        self._space = threading.Semaphore(AHEAD)
        self._arrived: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._idle = False
        self._stopped = False

    async def next(self) -> list[Row] | None:
        """The rows that are there, at least one; None at the end, or once stopped. Raises what reading raised."""
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
        rows: list[Row] = []
        while self._queue and isinstance(block := self._queue[0], list) and len(rows) < READ:
            rows += block
            self._queue.popleft()
            self._space.release()
        if rows:
            return rows
        end = self._queue.popleft()
        if isinstance(end, Exception):
            raise end
        return None

    def stop(self) -> None:
        """Wait for nothing any more."""
        self._stopped = True
        if self._arrived is not None:
            self._arrived.set()

    def _read(self) -> None:
        try:
            for rows in self._blocks:
                self._put(rows)
                if self._stopped:
                    return
            self._put(None)
        except Exception as error:  # noqa: BLE001 - raised where the rows are used
            self._put(error)

    def _put(self, item: list[Row] | Exception | None) -> None:
        self._space.acquire()
        self._queue.append(item)
        if self._idle and self._loop is not None and self._arrived is not None:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(self._arrived.set)

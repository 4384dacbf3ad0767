"""Outcomes back into the order of the rows. What was received is never lost here, whatever else goes wrong."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..bulk import Outcome, Status
    from .reading import Row
    from .writing import Lines

BACKLOG = 20_000
"""Rows that may be read and not yet written: one slow chunk must not make the rest of a list pile up behind it."""


class Lineup:
    """Rows wait here for their outcomes, and finished lines for the rows before them."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._rows: dict[int, Row] = {}
        self._finished: dict[int, Any] = {}
        self._next = 0
        self._released = False
        self._room = asyncio.Event()

    @property
    def backlog(self) -> int:
        """Rows read and not yet written."""
        return len(self._rows) + len(self._finished)

    @property
    def full(self) -> bool:
        """Whether no more rows should be read."""
        return self.backlog >= BACKLOG and not self._released

    async def room(self) -> None:
        """Wait until another row may be read."""
        while self.full:
            self._room.clear()
            await self._room.wait()

    def release(self) -> None:
        """Let nobody wait any more."""
        self._released = True
        self._room.set()

    def admit(self, first: int, rows: Sequence[Row]) -> None:
        """Rows that were read, and the place of the first of them."""
        self._rows.update(enumerate(rows, first))

    def settle(self, outcomes: Iterable[Outcome[Any, Any]]) -> list[Any]:
        """Take outcomes; give the lines that are now in order."""
        ready: list[Any] = []
        for outcome in outcomes:
            line = self._lines.line(self._rows.pop(outcome.index), outcome)
            if outcome.index == self._next:
                ready.append(line)
                self._next += 1
            else:
                self._finished[outcome.index] = line
        return ready + self._in_order()

    def close_gaps(self, status: Status) -> list[Any]:
        """The rest of what was received, in order. A row in between that has no outcome gets `status`."""
        from ..bulk import Outcome

        for index in range(self._next, max(self._finished, default=-1)):
            row = self._rows.pop(index, None)
            if row is not None:
                unsettled: Outcome[Any, Any] = Outcome(index=index, item=None, status=status)
                self._finished[index] = self._lines.line(row, unsettled)
        return self._in_order()

    def _in_order(self) -> list[Any]:
        ready: list[Any] = []
        while (line := self._finished.pop(self._next, None)) is not None:
            ready.append(line)
            self._next += 1
        self._room.set()
        return ready

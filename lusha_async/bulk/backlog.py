"""Outcomes on their way to the loop that iterates a run: whole chunks of them, taken all at once.

What bounds it is how far reading may run ahead of the consumer (`BulkRun`), so `put` never waits. What waits is
decoding: the structs of a chunk take a multiple of its bytes, and are used soonest, and cheapest, when nothing else
was decoded in between.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Backlog(Generic[T]):
    """A queue with one taker. `most`: how many things it holds before `wanted` makes others wait."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: list[T] = []
        self._closed = False
        self._taker: asyncio.Future[None] | None = None
        self._turns: deque[asyncio.Future[None]] = deque()

    def put(self, things: list[T]) -> None:
        """Add them at the end."""
        self._held += things
        self._wake_taker()

    def close(self) -> None:
        """Nothing more will come."""
        self._closed = True
        self._wake_taker()

    async def take(self) -> list[T]:
        """Everything that is there, once there is something; nothing when it is closed and empty."""
        while not self._held and not self._closed:
            self._taker = asyncio.get_running_loop().create_future()
            await self._taker
        held, self._held = self._held, []
        self._next_turn()
        return held

    async def wanted(self) -> None:
        """Wait until less than `most` is held. Whoever came first goes first."""
        if not self._turns and len(self._held) < self._most:
            return
        turn = asyncio.get_running_loop().create_future()
        self._turns.append(turn)
        try:
            await turn
            while len(self._held) >= self._most:
                turn = asyncio.get_running_loop().create_future()
                self._turns.appendleft(turn)
                await turn
        finally:
            self._next_turn()

    def _wake_taker(self) -> None:
        if self._taker is not None and not self._taker.done():
            self._taker.set_result(None)

    def _next_turn(self) -> None:
        """One at a time: what is decoded in one turn of the loop is known in the next."""
        while self._turns:
            turn = self._turns.popleft()
            if not turn.done():
                turn.set_result(None)
                return

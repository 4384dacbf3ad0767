"""Outcomes on their way to the loop that iterates a run: whole chunks of them, taken all at once."""

from __future__ import annotations

import asyncio
from typing import Generic, TypeVar

T = TypeVar("T")


class Backlog(Generic[T]):
    """A queue with many givers and one taker. Who gives waits while `most` things or more are there.

    Not one of anyio's memory object streams, because those take a turn of the event loop per chunk on either side;
    here one turn takes whatever is there.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: list[T] = []
        self._closed = False
        self._taker: asyncio.Future[None] | None = None
        self._givers: list[asyncio.Future[None]] = []

    async def put(self, things: list[T]) -> None:
        """Add them at the end; then wait, if too much is there, until all of it was taken."""
        self._held += things
        self._wake_taker()
        if len(self._held) >= self._most:
            giver = asyncio.get_running_loop().create_future()
            self._givers.append(giver)
            await giver

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
        givers, self._givers = self._givers, []
        for giver in givers:
            if not giver.done():
                giver.set_result(None)
        return held

    def _wake_taker(self) -> None:
        if self._taker is not None and not self._taker.done():
            self._taker.set_result(None)

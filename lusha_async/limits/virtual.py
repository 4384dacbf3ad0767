"""An event loop whose time jumps: hours of waiting pass in milliseconds, and always the same way."""

from __future__ import annotations

import asyncio
import heapq
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _JumpingSelector(selectors.DefaultSelector):
    """Instead of waiting, moves the loop's time forward."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits and nothing will ever happen: deadlock")
        self.now += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """`loop.time()` is virtual."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


class LoopClock:
    """The `Clock` of a virtual loop; `start` is the wall's time at loop time 0, `offset` moves the monotonic clock."""

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self.start = start

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() + 1_000.0

    def wall(self) -> float:
        return asyncio.get_running_loop().time() + self.start

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run to the end on a virtual loop."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())


__all__ = ["LoopClock", "VirtualLoop", "heapq", "run"]

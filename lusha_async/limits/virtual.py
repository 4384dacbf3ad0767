"""An event loop whose time jumps: hours of waiting pass in milliseconds, and always the same way.

For tests and benchmarks of whatever waits (no sockets: a reader that becomes ready late would never be waited for).
"""

from __future__ import annotations

import asyncio
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
        """Seconds; moves only when everybody waits."""
        return self._jumping.now


class LoopClock:
    """The `Clock` of the running loop; its monotonic time starts at another zero."""

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self.start = start
        """Unix time at loop time 0."""

    def monotonic(self) -> float:
        """The loop's time, from another zero."""
        return asyncio.get_running_loop().time() + 1_000.0

    def wall(self) -> float:
        """The loop's time as Unix time."""
        return asyncio.get_running_loop().time() + self.start

    async def sleep(self, seconds: float) -> None:
        """Jump."""
        await asyncio.sleep(seconds)


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run to the end on a virtual loop."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())

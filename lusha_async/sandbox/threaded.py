"""A sandbox in a thread of its own, for code that has no event loop running, or another one each time."""

from __future__ import annotations

import asyncio
import functools
import inspect
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self

from .server import Sandbox


class ThreadedSandbox(Sandbox):
    """A `Sandbox` for synchronous code: ``with ThreadedSandbox() as sandbox``. Its options are those of `Sandbox`.

    Whatever runs meanwhile may block, start event loops of its own (`asyncio.run`) or be another process: the sandbox
    answers from its own thread. Its methods may be called from any other thread, `settled` from any event loop.
    """

    _thread: threading.Thread | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _end: asyncio.Event | None = None

    def __enter__(self) -> Self:
        started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(started,), name="lusha-sandbox", daemon=True)
        self._thread.start()
        started.result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        thread, loop, end = self._thread, self._loop, self._end
        self._loop = None
        if thread is not None and loop is not None and end is not None:
            loop.call_soon_threadsafe(end.set)
            thread.join()

    def _run(self, started: Future[None]) -> None:
        asyncio.run(self._serve(started))

    async def _serve(self, started: Future[None]) -> None:
        try:
            await self.start()
        except BaseException as error:  # noqa: BLE001 (belongs to the thread that waits for it)
            started.set_exception(error)
            return
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        end = self._end
        started.set_result(None)
        try:
            await end.wait()
        finally:
            await self.stop()

    def _elsewhere(self) -> asyncio.AbstractEventLoop | None:
        """The sandbox's loop, unless this is its thread or it does not run."""
        return None if threading.current_thread() is self._thread else self._loop


def _there(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, made between two steps of the sandbox's own loop."""

    @functools.wraps(method)
    def call(self: ThreadedSandbox, *args: Any, **options: Any) -> Any:
        loop = self._elsewhere()  # pyright: ignore[reportPrivateUsage]
        if loop is None:
            return method(self, *args, **options)
        result: Future[Any] = Future()

        def run() -> None:
            try:
                result.set_result(method(self, *args, **options))
            except BaseException as error:  # noqa: BLE001 (belongs to the thread that waits for it)
                result.set_exception(error)

        loop.call_soon_threadsafe(run)
        return result.result()

    return call


def _awaited_there(method: Callable[..., Any]) -> Callable[..., Any]:
    """The coroutine method, run in the sandbox's own loop."""

    @functools.wraps(method)
    async def call(self: ThreadedSandbox, *args: Any, **options: Any) -> Any:
        loop = self._elsewhere()  # pyright: ignore[reportPrivateUsage]
        work = method(self, *args, **options)
        return await (work if loop is None else asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop)))

    return call


for _name, _method in inspect.getmembers(Sandbox, inspect.isfunction):
    if not _name.startswith("_") and _name not in {"start", "stop"}:
        _wrap = _awaited_there if inspect.iscoroutinefunction(_method) else _there
        setattr(ThreadedSandbox, _name, _wrap(_method))

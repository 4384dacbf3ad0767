"""Ctrl-C and SIGTERM: the first ends the run in order, the second at once."""

from __future__ import annotations

import asyncio
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

CODES = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


@contextmanager
def interrupts(stop: Callable[[ExitCode], None]) -> Generator[None]:
    """Call `stop` with the exit code for every signal that comes, for the time of the block."""
    loop = asyncio.get_running_loop()
    installed: list[signal.Signals] = []
    for number, code in CODES.items():
        try:
            loop.add_signal_handler(number, stop, code)
        except (NotImplementedError, RuntimeError, ValueError):  # Windows, or not the main thread
            continue
        installed.append(number)
    try:
        yield
    finally:
        for number in installed:
            loop.remove_signal_handler(number)

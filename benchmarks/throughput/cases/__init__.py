"""The cases: one module each, with `run(scale) -> Report`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..lab import Scale
    from ..report import Report


class Case(NamedTuple):
    """A subcommand."""

    name: str
    module: str
    help: str

    def load(self) -> Callable[[Scale], Report]:
        """The function that measures it."""
        run: Callable[[Scale], Report] = import_module(f".{self.module}", __name__).run
        return run


CASES = (
    Case("overhead", "overhead", "what one awaited call costs over bare aiohttp + msgspec"),
    Case("bulk", "bulk", "every contender at 1, 8, 32 and 128 requests in flight, gzip on and off"),
    Case("sizes", "sizes", "10,000, 100,000 and 1,000,000 contacts: does memory stay flat?"),
    Case("slow", "slow", "a consumer that takes its time"),
    Case("wide", "wide", "records three times as wide, with fields nobody knows"),
    Case("limit", "limit", "25 requests in any second, latencies from 0.05 to 5 s: is the window filled?"),
    Case("imports", "imports", "what importing costs"),
    Case("cli", "cli", "the command line, CSV to JSONL"),
    Case("scaling", "scaling", "more chunks in flight, more processes"),
    Case("loops", "loops", "uvloop against asyncio; zlib against isal and zlib-ng"),
)
BY_NAME = {case.name: case for case in CASES}

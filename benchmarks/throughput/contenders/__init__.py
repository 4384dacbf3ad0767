"""The contenders: each does the same work its own way and has to come to the same sums."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..job import Done, Job


class Contender(NamedTuple):
    """A name, where it lives, and what it is."""

    name: str
    module: str
    label: str


ALL = (
    Contender("floor", "floor", "floor: aiohttp, bytes only"),
    Contender("bare", "bare", "bare loop: aiohttp + gather + msgspec structs"),
    Contender("outcomes", "outcomes", "bare loop that hands out matched outcomes"),
    Contender("ours", "ours", "lusha_async: bulk_search_and_enrich"),
    Contender("ours-batches", "ours", "lusha_async: the same, read with run.batches()"),
    Contender("json", "aiohttp_json", "aiohttp + json"),
    Contender("script", "script", "semaphore-and-sleep script"),
    Contender("threads", "requests_threads", "requests + json in threads"),
    Contender("pydantic", "httpx_pydantic", "httpx + pydantic"),
)
BY_NAME = {contender.name: contender for contender in ALL}


def load(name: str) -> Callable[[Job], Done]:
    """The function that does a contender's work. Imports only what that contender needs."""
    module = import_module(f".{BY_NAME[name].module}", __name__)
    run: Callable[[Job], Done] = module.run
    return run

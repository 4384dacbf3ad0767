"""What a contender's process is told, and what it tells afterwards."""

from __future__ import annotations

import msgspec

from .bodies import Sums

PATH = "/v3/contacts/search-and-enrich"
REVEAL = ("emails", "phones")
KEY = "00000000-0000-4000-8000-000000000000"


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement of one contender."""

    contender: str
    base_url: str
    contacts: int
    concurrency: int | None = 32
    """Requests in flight; None: the contender's own choice (ours adapts)."""
    warm_up: int = 1000
    """Contacts asked for before the clock starts."""
    limited: bool = False
    """The server holds 25 a second: use what the contender has for that."""
    pause: float = 0.0
    """Seconds the consumer sleeps after each hundred contacts."""
    allocations: bool = False
    """Count allocations (with memray; the run is slow then, and its times mean nothing)."""
    loop: str = "asyncio"
    """``asyncio`` or ``uvloop``."""

    @property
    def url(self) -> str:
        """Where requests go."""
        return self.base_url + PATH


class Done(msgspec.Struct, kw_only=True):
    """What a contender found out, and the seconds each request took."""

    sums: Sums
    latencies: list[float]
    checked: bool = True
    """False for the floor, which reads the bytes and looks at nothing."""
    received: int = 0
    """Bytes received, where they are all the contender knows."""
    note: str = ""


class Measured(msgspec.Struct, kw_only=True):
    """A measurement."""

    contender: str
    contacts: int
    seconds: float
    cpu_seconds: float
    peak_mib: float
    base_mib: float
    """Memory in use just before the clock started, everything imported and warm."""
    allocations: int | None = None
    latency_ms: dict[str, float] = {}
    note: str = ""

    @property
    def per_second(self) -> float:
        """Contacts a second."""
        return self.contacts / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor time per 1,000 contacts."""
        return self.cpu_seconds * 1e6 / self.contacts

"""What the sandbox saw: enough to prove pacing, deduplication and cost from the other side of the wire."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from typing import Any


class EndpointStats:
    """Counters of one endpoint."""

    def __init__(self) -> None:
        self.requests = 0
        self.statuses: Counter[str] = Counter()
        self.peak = 0
        self.first: float | None = None
        self.last: float | None = None
        self.items = 0
        self.processed = 0
        self.paid = 0
        self.credits: float = 0
        self.repeated = 0
        self._repeaters: set[int] = set()
        self._seen: set[int] = set()
        self._second: deque[float] = deque()

    def arrive(self, now: float) -> None:
        """A request arrived at `now` on the monotonic clock."""
        second = self._second
        second.append(now)
        while second[0] <= now - 1.0:
            second.popleft()
        self.requests += 1
        self.peak = max(self.peak, len(second))
        self.first = now if self.first is None else self.first
        self.last = now

    def process(self, items: int, keys: Iterable[int], charged: float, *, track: bool) -> None:
        """A request was processed: its items, who they were, what they cost."""
        self.processed += 1
        self.items += items
        self.credits += charged
        self.paid += charged > 0
        if not track:
            return
        seen = self._seen
        for key in keys:
            if key in seen:
                self.repeated += 1
                self._repeaters.add(key)
            else:
                seen.add(key)

    def as_dict(self, started: float) -> dict[str, Any]:
        """All counters; times are seconds since the sandbox started or was reset."""
        return {
            "requests": self.requests,
            "statuses": dict(self.statuses),
            "peak_per_second": self.peak,
            "first_at": None if self.first is None else self.first - started,
            "last_at": None if self.last is None else self.last - started,
            "processed": self.processed,
            "paid_requests": self.paid,
            "items": self.items,
            "identities": len(self._seen),
            "repeated_identities": len(self._repeaters),
            "repeated_asks": self.repeated,
            "credits_charged": self.credits,
        }


class Stats:
    """Counters of all endpoints."""

    def __init__(self, started: float) -> None:
        self.started = started
        self.endpoints: dict[str, EndpointStats] = {}
        self.faults: Counter[str] = Counter()

    def of(self, endpoint: str) -> EndpointStats:
        """The counters of one endpoint, named like ``POST /v3/contacts/enrich``."""
        found = self.endpoints.get(endpoint)
        if found is None:
            found = self.endpoints[endpoint] = EndpointStats()
        return found

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        all_of_them = self.endpoints.values()
        statuses: Counter[str] = Counter()
        for one in all_of_them:
            statuses.update(one.statuses)
        return {
            "requests": sum(one.requests for one in all_of_them),
            "statuses": dict(statuses),
            "refused": statuses["429"],
            "peak_per_second": max((one.peak for one in all_of_them), default=0),
            "processed": sum(one.processed for one in all_of_them),
            "paid_requests": sum(one.paid for one in all_of_them),
            "items": sum(one.items for one in all_of_them),
            "repeated_identities": sum(one.as_dict(0)["repeated_identities"] for one in all_of_them),
            "repeated_asks": sum(one.repeated for one in all_of_them),
            "credits_charged": sum(one.credits for one in all_of_them),
            "faults": dict(self.faults),
            "endpoints": {name: one.as_dict(self.started) for name, one in self.endpoints.items()},
        }

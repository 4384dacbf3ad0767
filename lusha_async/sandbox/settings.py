"""Every knob of the sandbox, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from .faults import Faults
from .windows import PLANS

REFUSAL_FORMS = ("plain", "reset", "trial", "retry_after", "retry_after_date", "ratelimit_reset", "bare")
"""How a 429 may tell its wait; see `too_many`."""


@dataclass(slots=True, kw_only=True)
class Settings:
    """Options of a `Sandbox`, which documents them. All but seed, world and account size can change while it runs."""

    plan: str = "unlimited"
    burst: int | None = 25
    usage_limit: int | None = 5
    webhooks_limit: int | None = 100
    credits: float = 1_000_000_000
    prices: Mapping[str, tuple[float, int]] = field(default_factory=dict[str, tuple[float, int]])
    latency: float = 0.0
    jitter: float = 0.0
    faults: Faults = field(default_factory=Faults)
    seed: int = 0
    world_size: int = 10_000
    not_found: float = 0.1
    restricted: float = 0.01
    shuffle: bool = True
    drop_unmatched: bool = False
    anonymous_errors: bool = False
    quirks: bool = True
    track: bool = True
    waterfall: bool = False
    aligned_windows: bool = False
    window_seconds: Mapping[str, float] = field(default_factory=dict[str, float])
    refused_count: bool = False
    burst_refusal: str = "plain"
    plan_refusal: str = "reset"
    partial_when_dry: bool = False
    job_seconds: float = 0.2
    column_seconds: float = 0.2
    challenge: bool = True
    retry_delays: tuple[float, ...] = (0.05, 0.1, 0.2)
    deliver_anywhere: bool = False
    webhook_milliseconds: bool = False
    v2: bool = True

    def __post_init__(self) -> None:
        self.check()

    def check(self) -> None:
        """Raise ValueError for a value that makes no sense."""
        if self.plan not in PLANS:
            raise ValueError(f"unknown plan {self.plan!r}; there are {sorted(PLANS)}")
        for name in ("burst_refusal", "plan_refusal"):
            if getattr(self, name) not in REFUSAL_FORMS:
                raise ValueError(f"{name} must be one of {REFUSAL_FORMS}")
        if not (0 <= self.not_found <= 1 and 0 <= self.restricted <= 1):
            raise ValueError("not_found and restricted are shares between 0 and 1")

    def change(self, changes: Mapping[str, Any]) -> None:
        """Set several options; unknown names raise TypeError."""
        known = {one.name for one in fields(self)}
        unknown = set(changes) - known
        if unknown:
            raise TypeError(f"unknown sandbox options {sorted(unknown)}; there are {sorted(known)}")
        for name, value in changes.items():
            setattr(self, name, value)
        self.check()

"""What Lusha's plans allow, as its help centre lists it. For estimates: a client learns its limits from the answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Requests per window, for the whole account; None: the plan has no such window."""

    minute: int | None = None
    hour: int | None = None
    day: int | None = None
    second: int = 25
    """Per endpoint."""

    def windows(self) -> dict[str, int]:
        """The windows it has, by name."""
        found = {"minute": self.minute, "hour": self.hour, "day": self.day}
        return {name: limit for name, limit in found.items() if limit is not None}


PLANS: dict[str, Plan] = {
    "free": Plan(minute=40, day=100),
    "starter": Plan(minute=40, day=100),
    "pro": Plan(minute=50, hour=150, day=1_500),
    "premium": Plan(minute=300, hour=1_800, day=18_000),
    "scale": Plan(minute=300, hour=5_000, day=50_000),
    "legacy": Plan(minute=300, hour=600, day=6_000),
    "unlimited": Plan(),
}
"""By name, as the help centre lists them (2026); ``unlimited`` has only the 25 a second."""

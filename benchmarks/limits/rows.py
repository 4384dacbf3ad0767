"""One line of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measurement of one case."""

    group: str
    case: str
    values: dict[str, float]
    refused: int
    late: int
    """429s after the first three seconds."""
    good: bool | None
    """Whether the target was met; None: there is none."""
    target: str
    arrivals: tuple[float, ...] = ()

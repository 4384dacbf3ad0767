"""What a run did so far: one object, kept up to date, handed to `on_progress` and left behind at the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .outcome import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..decode import Problem
    from ..errors import LushaError
    from .outcome import Outcome

KEPT = 1000
"""Unmatched results and decoding problems are kept up to this many; beyond, only counted."""


@dataclass(slots=True, kw_only=True)
class RunReport:
    """Counts of a run. Credits as the API billed them; times are seconds."""

    records: int = 0
    """Records read from the source."""
    statuses: Counter[Status] = field(default_factory=Counter[Status])
    """Outcomes per status. Their sum is the number of records whose outcome is known."""
    duplicates: int = 0
    """Records that were not sent because the same person or company stood in the list before."""
    requests: int = 0
    """Requests sent, repeats included."""
    retries: int = 0
    """Requests that were repeats of an earlier one."""
    splits: int = 0
    """Chunks that were refused as a whole and halved."""
    credits_charged: float = 0.0
    """The sum of `billing.creditsCharged`; what V2 charged is not in its answers."""
    credits_before: float = 0.0
    """Charged in earlier parts of the same run, according to its ledger."""
    credits_reserved: float = 0.0
    """Set aside under `max_credits` for requests on their way."""
    credits_in_doubt: float = 0.0
    """The worst case of requests whose outcome is unknown, or of which more is to come; earlier parts included."""
    from_ledger: int = 0
    """Records whose outcome the ledger knew."""
    waited: float = 0.0
    """Time that requests spent waiting for the limits, all tasks together."""
    elapsed: float = 0.0
    """Time since the run began."""
    in_flight: int = 0
    """Chunks being worked on."""
    in_doubt: int = 0
    """Records whose chunk was on its way when the run was left early: sent, and perhaps charged."""
    unmatched: list[bytes] = field(default_factory=list[bytes])
    """Results that belong to no record of their chunk, as raw JSON."""
    unmatched_count: int = 0
    problems: list[Problem] = field(default_factory=list["Problem"])
    """Values that did not fit the field they came in: None in the typed result, intact in `raw`."""
    problem_count: int = 0
    ended_by: LushaError | None = None
    """Why the run could not go on, if it could not: the records after that are `not_sent`."""

    @property
    def done(self) -> int:
        """Records whose outcome is known."""
        return self.statuses.total()

    @property
    def found(self) -> int:
        """Records with a result."""
        return self.statuses[Status.FOUND]

    def count(self, outcomes: Sequence[Outcome[Any, Any]]) -> None:
        """Add outcomes to the counts."""
        rest = [outcome.status for outcome in outcomes]
        while rest:
            status, before = rest[0], len(rest)
            rest = [other for other in rest if other is not status]
            self.statuses[status] += before - len(rest)
        self.duplicates += len(outcomes) - [outcome.duplicate_of for outcome in outcomes].count(None)
        self.from_ledger += [outcome.from_ledger for outcome in outcomes].count(True)

    def keep_unmatched(self, raw: Iterable[bytes]) -> None:
        """Remember results that belong to nobody."""
        for item in raw:
            self.unmatched_count += 1
            if len(self.unmatched) < KEPT:
                self.unmatched.append(item)

    def keep_problems(self, problems: Iterable[Problem]) -> None:
        """Remember values that did not fit."""
        for problem in problems:
            self.problem_count += 1
            if len(self.problems) < KEPT:
                self.problems.append(problem)

    def __str__(self) -> str:
        counts = ", ".join(f"{self.statuses[status]} {status}" for status in Status if self.statuses[status])
        known = f" {self.from_ledger} from the ledger;" if self.from_ledger else ""
        doubt = f" ({self.credits_in_doubt:g} in doubt)" if self.credits_in_doubt else ""
        return (
            f"{self.done} of {self.records} records: {counts or 'nothing yet'};{known} {self.duplicates} duplicates "
            f"folded; {self.requests} requests ({self.retries} repeats); {self.credits_charged:g} credits{doubt}; "
            f"{self.elapsed:.1f} s"
        )

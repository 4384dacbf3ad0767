"""How a run ended: for people, and as JSON for scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .exit_codes import MEANINGS, ExitCode


@dataclass(frozen=True, slots=True)
class Projection:
    """What the rest of a list would cost if it is like the rows of a pilot."""

    rows: int
    credits: float


@dataclass(slots=True, kw_only=True)
class Summary:
    """The figures of one `lusha enrich`. Times are seconds."""

    kind: str
    input: str
    output: str
    sandbox: bool
    code: ExitCode
    rows_in: int
    """Rows read from the input."""
    rows_left: int | None
    """Rows of the input that were not read, for the run ended early; None where the input cannot be counted."""
    rows_out: int
    """Rows written."""
    statuses: dict[str, int] = field(default_factory=dict[str, int])
    duplicates: int = 0
    requests: int = 0
    retries: int = 0
    credits: float = 0.0
    in_doubt: int = 0
    waited: float = 0.0
    seconds: float = 0.0
    reason: str | None = None
    """Why it ended before its end, or what was wrong at its end."""
    resume_at: str | None = None
    from_ledger: int = 0
    """Rows whose outcome the ledger knew."""
    credits_before: float = 0.0
    """Charged in earlier starts."""
    credits_in_doubt: float = 0.0
    """The worst case of requests whose outcome is unknown."""
    ledger: str | None = None
    command: str | None = None
    """What continues it."""
    projection: Projection | None = None
    unchanged: bool = False
    """Whether everything was done before, and nothing was left to do."""

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows_out / self.seconds if self.seconds > 0 else 0.0

    def as_json(self) -> dict[str, Any]:
        """For `--json`. These names are part of the interface."""
        return {
            "kind": self.kind,
            "input": self.input,
            "output": self.output,
            "sandbox": self.sandbox,
            "exit_code": int(self.code),
            "meaning": MEANINGS[self.code],
            "reason": self.reason,
            "resume_at": self.resume_at,
            "rows_in": self.rows_in,
            "rows_out": self.rows_out,
            "rows_left": self.rows_left,
            "statuses": self.statuses,
            "duplicates": self.duplicates,
            "requests": self.requests,
            "retries": self.retries,
            "credits": self.credits,
            "credits_before": self.credits_before,
            "credits_in_doubt": self.credits_in_doubt,
            "from_ledger": self.from_ledger,
            "in_doubt": self.in_doubt,
            "waited": round(self.waited, 3),
            "seconds": round(self.seconds, 3),
            "rows_per_second": round(self.rate, 1),
            "ledger": self.ledger,
            "continue_with": self.command,
            "projected_credits": None if self.projection is None else round(self.projection.credits, 2),
        }

    def as_text(self) -> str:
        """For people."""
        found = ", ".join(f"{count:,} {_words(status)}" for status, count in self.statuses.items() if count)
        repeats = f", {self.retries:,} of them repeats" if self.retries else ""
        waits = f"; they waited {duration(self.waited)} for the limits, in sum" if self.waited >= 1 else ""
        lines = [
            ("Rows", f"{self.rows_in:,} in, {self.rows_out:,} out{self._left()}"),
            ("Outcomes", found or "none"),
            ("Duplicates", f"{self.duplicates:,} folded: asked about, and paid, once"),
            ("Requests", f"{self.requests:,}{repeats}{waits}"),
            ("Credits", self._credits()),
            ("Time", f"{duration(self.seconds)}, {self.rate:,.0f} rows a second"),
            ("Output", self.output + (" (invented data: it comes from the sandbox)" if self.sandbox else "")),
        ]
        if self.unchanged:
            lines[3:6] = [("Credits", f"none now, {self.credits_before:,.10g} before: it was complete already")]
        if self.from_ledger and not self.unchanged:
            lines.insert(4, ("Known", f"{self.from_ledger:,} rows from the ledger: not asked about, not paid again"))
        if self.projection is not None:
            rest = self.projection
            lines.append(("The rest", f"{rest.rows:,} rows: about {rest.credits:,.0f} credits, if they are like these"))
        if self.in_doubt:
            lines.append(("In doubt", f"{self.in_doubt:,} rows were asked about and not waited for"))
        if self.code is not ExitCode.DONE:
            lines.append(("Ended", f"{self.reason or MEANINGS[self.code]} (exit code {self.code.value})"))
        if self.command:
            when = f"at {self.resume_at}, with: " if self.resume_at else "with: "
            lines.append(("Continue", when + self.command))
        elif self.resume_at:
            lines.append(("Continue", f"at {self.resume_at}"))
        return "\n".join(f"{name:<11}{text}" for name, text in lines)

    def _credits(self) -> str:
        before = f", {self.credits_before:,.10g} in earlier starts" if self.credits_before else ""
        doubt = f", up to {self.credits_in_doubt:,.10g} in doubt" if self.credits_in_doubt else ""
        invented = ", in the sandbox: nothing was paid" if self.sandbox else ""
        return f"{self.credits:,.10g} charged{before}{doubt}{invented}"

    def _left(self) -> str:
        if self.rows_left is None:
            return "; the rest of the input was not read"
        return f"; {self.rows_left:,} not read" if self.rows_left else ""


def duration(seconds: float) -> str:
    """``0.8 s``, ``42 s``, ``12 min 5 s``, ``3 h 20 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def _words(status: str) -> str:
    return status.replace("_", " ")

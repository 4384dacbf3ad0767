"""Answers on their way out, dealt or scripted."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Reply:
    """An answer on its way out, and how it leaves: normally, cut, reset or after a long silence."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict[str, str])
    how: str = "answer"


@dataclass(slots=True, kw_only=True)
class Scripted:
    """An exact answer to the next request (or `times` of them) of an endpoint; see `Sandbox.next_error`."""

    endpoint: str | None
    reply: Reply
    times: int
    charge: bool

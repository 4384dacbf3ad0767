"""Waterfall jobs: what enrichment leaves to other providers, and how it turns out.

With ``Sandbox(waterfall=True)``, every contact without an e-mail or phone of its own is worked on by providers for
`job_seconds`, and so is, on any sandbox, a person with ``waterfall`` in the identity. How a job ends can be chosen the
same way: ``waterfall-expired``, ``waterfall-failed``, ``waterfall-gone`` (404), ``waterfall-busy`` (503 at first).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .backend import Answer, Backend, Call, Json, Operation
from .clock import iso
from .refusals import plain
from .world import Person

LIFETIME = 3_600.0
RETRY_AFTER = 5
_PRICE = {"emails": 2, "phones": 8}


@dataclass(slots=True)
class Job:
    """One asynchronous phase."""

    id: str
    people: list[Person]
    reveal: Sequence[str]
    ready: float
    ending: str
    polls: int = 0
    charged: float | None = None


class JobBook:
    """All jobs of the account."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}


def open_points(person: Person, reveal: Sequence[str], *, everybody: bool) -> list[str]:
    """What providers are asked for: revealed fields that the data lacks, or anything of a ``waterfall`` person."""
    if person.marker == "waterfall":
        return list(reveal)
    if not everybody:
        return []
    have = {"emails": person.has_emails, "phones": person.has_phones}
    return [field for field in reveal if not have[field]]


def start(call: Call[Any], people: list[Person], reveal: Sequence[str]) -> Json:
    """Open a job for these people; the ``job`` object of the enrichment answer."""
    backend = call.backend
    now = backend.clock.wall()
    texts = " ".join(person.identity for person in people)
    endings = [ending for ending in ("expired", "failed", "gone", "busy") if f"waterfall-{ending}" in texts]
    job = Job(
        id=str(uuid.UUID(backend.request_id())),
        people=people,
        reveal=reveal,
        ready=now + backend.settings.job_seconds,
        ending=endings[0] if endings else "complete",
    )
    backend.store(JobBook).jobs[job.id] = job
    return {
        "id": job.id,
        "status": "processing",
        "expiresAt": iso(now + LIFETIME),
        "retryAfter": _retry_after(backend),
    }


def get(call: Call[None]) -> Answer:
    """GET /v3/contacts/jobs/{jobId}"""
    job = call.backend.store(JobBook).jobs.get(call.path["jobId"])
    now = call.backend.clock.wall()
    if job is None or job.ending == "gone" or now > job.ready + LIFETIME:
        raise plain(404, "No such job")
    job.polls += 1
    if job.ending == "busy" and job.polls == 1:
        raise plain(503, "The job store cannot be reached")
    shown: Json = {"jobId": job.id, "status": "processing"}
    if now < job.ready:
        covers = [person.id for person in job.people]
        return Answer({**shown, "retryAfter": _retry_after(call.backend), "covers": covers})
    if job.ending in {"expired", "failed"}:
        return Answer({**shown, "status": job.ending})
    contacts = [_finished(call, person, job.reveal) for person in job.people]
    if job.charged is None:
        job.charged = call.settle()
    return Answer({**shown, "status": "complete", "contacts": contacts, "creditsCharged": job.charged})


def _retry_after(backend: Backend) -> float:
    return min(backend.settings.job_seconds, RETRY_AFTER)


def _finished(call: Call[Any], person: Person, reveal: Sequence[str]) -> Json:
    shown: Json = {"id": person.id, "emails": [], "phones": []}
    missing: list[Json] = []
    for field in reveal:
        if person.key % 5 == 0 and person.marker != "waterfall":
            missing.append({"type": field[:-1], "status": "NOT_FOUND"})
            continue
        price = _PRICE[field]
        source = {"dataSource": "sandbox-provider", "credits": price}
        call.bill.add(price)
        if field == "emails":
            shown["emails"] = [{"email": person.email, "type": "work", "confidence": None, **source}]
        else:
            number = f"+{person.place.area_code}5550{100 + person.bits % 100}"
            shown["phones"] = [{"number": number, "type": "mobile", "doNotCall": False, **source}]
    if missing:
        shown["missingDataPoints"] = missing
    return shown


OPERATIONS: tuple[Operation, ...] = (Operation(method="GET", path="/v3/contacts/jobs/{jobId}", handler=get),)

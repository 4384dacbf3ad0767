"""Jobs of the Data Waterfall: what external providers still look for after an enrichment has answered.

The answer of an enrichment is paid for before its job ends. So following a job never loses it: whatever goes wrong on
the way, the answer stands as it came, with the job's last known state in `job`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar, cast

import msgspec

from ..clock import Clock, SystemClock
from ..decode import decode
from ..endpoint import Endpoint
from ..errors import LushaError, ServerError
from ..model import Model
from ..resource import Reply, Resource, Sender
from .common import Contact, Number

JOB_TIMEOUT = 120.0
"""Seconds a job is followed at most, unless told otherwise."""
PAUSE = 5.0
"""Seconds between two looks at a job that does not say how long to wait."""
SHORTEST_PAUSE = 0.25

PROCESSING = "processing"
"""The one `status` that is not final. An unknown one counts as final: a job is never followed for ever."""


class JobRef(Model, frozen=True):
    """Work that external providers still do for an enrichment. `retry_after` is in seconds."""

    id: str | None = None
    status: str | None = None
    expires_at: str | None = None
    retry_after: Number | None = None


class EnrichJob(Model, frozen=True):
    """State of a waterfall job: `status` is ``processing``, ``complete``, ``expired`` or ``failed``."""

    job_id: str | None = None
    status: str | None = None
    retry_after: Number | None = None
    """Seconds to wait before asking again."""
    covers: tuple[Any, ...] | None = None
    """What is still outstanding."""
    contacts: tuple[Contact, ...] | None = None
    """The contacts that were still open, with what was found for them: merge by `id`."""
    credits_charged: Number | None = None
    """Credits of the job alone, not of the call that started it."""
    expires_at: str | None = None


CONTACTS_JOB = Endpoint(
    method="GET",
    path="/v3/contacts/jobs/{job_id}",
    operation="getContactsEnrichJob",
    response=EnrichJob,
)

ENDPOINTS: tuple[Endpoint[Any], ...] = (CONTACTS_JOB,)


class Jobs(Resource):
    """What the Data Waterfall still works on: ``lusha.contacts.jobs``."""

    async def get(self, job_id: str, *, timeout: float | None = None) -> EnrichJob:
        """The state of a job, named by `job.id` of an enrichment.

        ``GET /v3/contacts/jobs/{jobId}``, 25 requests a second, free.

        Raises `NotFound` for a job that is gone, or never was; asking again does not help.

        >>> found = await lusha.contacts.search({"email": "jane@example.com"})
        >>> ids = [contact.id for contact in found.results if contact.id]
        >>> revealed = await lusha.contacts.enrich(ids, reveal=["phones"], waterfall_enabled=True, wait_for_jobs=False)
        >>> if revealed.job is not None:
        ...     assert (await lusha.contacts.jobs.get(revealed.job.id)).status
        """
        return await self._call(CONTACTS_JOB, path={"job_id": job_id}, timeout=timeout)

    async def wait(self, job_id: str, *, job_timeout: float = JOB_TIMEOUT, timeout: float | None = None) -> EnrichJob:
        """Look at a job, as often as it asks for, until it has ended or `job_timeout` seconds are over.

        ``GET /v3/contacts/jobs/{jobId}``, 25 requests a second, free. Returns the last state seen: ``processing`` says
        that the time was over first. Times when the job cannot be looked at (503) are waited out.

        Raises `NotFound` for a job that is gone.

        >>> found = await lusha.contacts.search({"email": "jane@example.com"})
        >>> ids = [contact.id for contact in found.results if contact.id]
        >>> revealed = await lusha.contacts.enrich(ids, reveal=["phones"], waterfall_enabled=True, wait_for_jobs=False)
        >>> if revealed.job is not None:
        ...     job = await lusha.contacts.jobs.wait(revealed.job.id, job_timeout=10)
        """
        reply = await poll(self._sender, job_id, job_timeout=job_timeout, timeout=timeout)
        return reply.data


async def poll(
    sender: Sender,
    job_id: str,
    *,
    job_timeout: float,
    first_pause: float = 0.0,
    timeout: float | None = None,
    bulk: bool = False,
    seen: Callable[[Reply[EnrichJob]], None] = lambda reply: None,
) -> Reply[EnrichJob]:
    """The last state of a job: final, or what it was when the time was over. `seen` is told of every state."""
    clock: Clock = getattr(sender, "clock", None) or SystemClock()
    deadline = clock.monotonic() + job_timeout
    pause = first_pause
    while True:
        if pause > 0:
            await clock.sleep(max(0.0, min(pause, deadline - clock.monotonic())))
        over = clock.monotonic() >= deadline
        try:
            reply = await sender.send(CONTACTS_JOB, path={"job_id": job_id}, timeout=timeout, bulk=bulk)
        except ServerError:
            if over:
                raise
            pause = PAUSE
            continue
        seen(reply)
        if over or reply.data.status != PROCESSING:
            return reply
        wanted = reply.data.retry_after
        pause = PAUSE if wanted is None else max(float(wanted), SHORTEST_PAUSE)


Answer = TypeVar("Answer")


class JobFollower:
    """A sender that follows the job of every enrichment it sends, and hands out the answer with the rest merged in."""

    def __init__(self, sender: Sender, job_timeout: float) -> None:
        self._sender = sender
        self._job_timeout = job_timeout

    async def send(self, endpoint: Endpoint[Answer], **options: Any) -> Reply[Answer]:
        """As the sender it wraps; only cancellation ends it without the answer that was paid for."""
        reply = await self._sender.send(endpoint, **options)
        ref: JobRef | None = getattr(reply.data, "job", None)
        if ref is None or not ref.id or ref.status not in (None, PROCESSING):
            return reply
        states: list[Reply[EnrichJob]] = []
        with suppress(LushaError):  # the answer stands; its `job` says what is left to ask for
            await poll(
                self._sender,
                ref.id,
                job_timeout=self._job_timeout,
                first_pause=PAUSE if ref.retry_after is None else float(ref.retry_after),
                timeout=options.get("timeout"),
                bulk=bool(options.get("bulk")),
                seen=states.append,
            )
        if not states:
            return reply
        merged = merge(reply.raw, states[-1].raw)
        decoded = decode(merged, endpoint.response)
        return replace(reply, data=decoded.value, raw=merged, packed=None, problems=decoded.problems)


# --- merging, on plain JSON so that nothing the API sent is lost -------------------------------------------------


def merge(answer: bytes, job: bytes) -> bytes:
    """The answer of an enrichment with what its job found: data points joined by id, credits added up."""
    whole, state = _object(msgspec.json.decode(answer)), _object(msgspec.json.decode(job))
    if state.get("status") == "complete":
        found = [_object(contact) for contact in _list(state.get("contacts"))]
        whole["results"] = _with_found([_object(item) for item in _list(whole.get("results"))], found)
        whole["status"] = "completed"
        whole.pop("statusReason", None)
        _charge(whole, state.get("creditsCharged"))
    ref = _object(whole.get("job"))
    whole["job"] = ref | {name: state[name] for name in ("status", "retryAfter", "expiresAt") if name in state}
    return msgspec.json.encode(whole)


def _with_found(results: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_id = {str(contact.get("id")): contact for contact in found}
    merged = [_joined(item, by_id.pop(str(item.get("id")), None)) for item in results]
    return merged + list(by_id.values())


def _joined(item: dict[str, Any], found: dict[str, Any] | None) -> dict[str, Any]:
    if found is None:
        return item
    joined = item | {name: value for name, value in found.items() if value is not None}
    for name, key in (("emails", "email"), ("phones", "number")):
        if name in item and name in found:
            joined[name] = _union(_list(item[name]), _list(found[name]), key)
    if found.get("missingDataPoints") is None:
        missing = [_object(point) for point in _list(item.get("missingDataPoints"))]
        joined["missingDataPoints"] = [point for point in missing if not joined.get(f"{point.get('type')}s")]
        if not joined["missingDataPoints"]:
            del joined["missingDataPoints"]
    if "error" in item and not found.get("error") and (found.get("emails") or found.get("phones")):
        del joined["error"]
    return joined


def _union(first: list[Any], second: list[Any], key: str) -> list[Any]:
    known = {_object(part).get(key) for part in first}
    return first + [part for part in second if _object(part).get(key) not in known]


def _charge(whole: dict[str, Any], more: object) -> None:
    billing = _object(whole.get("billing"))
    charged = billing.get("creditsCharged") or 0
    if isinstance(more, int | float) and isinstance(charged, int | float):
        whole["billing"] = billing | {"creditsCharged": charged + more}


def _object(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []

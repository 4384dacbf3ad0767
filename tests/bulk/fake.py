"""A sender that answers from memory, with faults on demand: the engine's laws are tested without sockets."""

from __future__ import annotations

import gzip
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import anyio
import anyio.lowlevel
import msgspec

from lusha_async.decode import decode
from lusha_async.errors import (
    BadRequest,
    DecodeError,
    LushaConnectionError,
    LushaError,
    OutcomeUnknown,
    PaymentRequired,
    ServerError,
)
from lusha_async.inflate import Packed
from lusha_async.resource import Reply

FAULTS = ("server", "unknown", "cut", "offline", "refused", "drop", "extra", "twice", "odd", "anonymous")


def person_id(email: str) -> str:
    return f"v1.{email.casefold()}"


class FakeSender:
    """Answers contact search-and-enrich: found unless the address says otherwise.

    `fault` is asked once per request and names what goes wrong. Addresses starting with ``bad`` make the API refuse
    the whole chunk; ``none`` are not found, ``legal`` restricted.
    """

    def __init__(self, fault: Callable[[], str | None] = lambda: None, *, delay: float = 0.0, seed: int = 0) -> None:
        self.asked: Counter[str] = Counter()
        self.requests: list[list[str]] = []
        self.refused_requests = 0
        self.in_flight = 0
        self.left = 0
        self.most_in_flight = 0
        self.cancelled = 0
        self.credits_left: int | None = None
        self._fault = fault
        self._delay = delay
        self._random = random.Random(seed)

    async def send(self, endpoint: Any, *, body: Any = None, on_sent: Any = None, **options: Any) -> Reply[Any]:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await anyio.lowlevel.checkpoint()
            if on_sent is not None:
                on_sent(0.0)
            self.left += 1
            await anyio.sleep(self._delay * self._random.random() if self._delay else 0)
            return self._answer(endpoint, msgspec.json.decode(msgspec.json.encode(body)))
        except LushaError as error:
            error.attempts = 1
            raise
        except BaseException:
            self.cancelled += 1
            raise
        finally:
            self.in_flight -= 1

    def _answer(self, endpoint: Any, body: dict[str, Any]) -> Reply[Any]:
        contacts = body["contacts"]
        emails = [contact["email"].casefold() for contact in contacts]
        if any(email.startswith("bad") for email in emails):
            self.refused_requests += 1
            raise BadRequest("contacts.0.email must be an email", status=400)
        fault = self._fault()
        if fault == "refused" and len(contacts) > 1:
            self.refused_requests += 1
            raise BadRequest("refused", status=400)
        if fault in ("server", "offline"):
            raise ServerError("", status=503) if fault == "server" else LushaConnectionError("no connection")
        if self.credits_left is not None:
            self.credits_left -= len(contacts)
            if self.credits_left < 0:
                raise PaymentRequired("", status=402)
        self.requests.append(emails)
        self.asked.update(emails)
        if fault == "unknown":
            raise OutcomeUnknown("lost", endpoint="x")
        if fault == "cut":
            raise DecodeError("cut", endpoint="x", body=b"{")
        return self._reply(endpoint, contacts, fault)

    def _reply(self, endpoint: Any, contacts: list[dict[str, Any]], fault: str | None) -> Reply[Any]:
        results = [self._result(contact) for contact in contacts]
        if self._random.random() < 0.5:  # else in the order in which they were asked
            self._random.shuffle(results)
        found = sum("error" not in result for result in results)
        if fault == "drop":
            results.pop()
        if fault == "extra":
            results.append({"clientReferenceId": "nobody's", "id": "v1.stranger"})
        if fault == "twice":
            results.append(results[0])
        if fault == "odd":
            results[0] = {**results[0], "emails": "text", "jobTitle": [1], "brandNew": {"a": 1}}
        if fault == "anonymous":
            results[0] = {key: value for key, value in results[0].items() if key != "clientReferenceId"}
        raw = msgspec.json.encode(
            {"results": results, "billing": {"creditsCharged": found, "resultsReturned": found}, "new": 1}
        )
        decoded = decode(raw, endpoint.response)
        return Reply(
            data=decoded.value,
            raw=raw,
            status=200,
            headers={},
            attempts=1,
            elapsed=0.0,
            problems=decoded.problems,
            packed=Packed(gzip.compress(raw), "gzip") if self._random.random() < 0.5 else None,
        )

    def _result(self, contact: dict[str, Any]) -> dict[str, Any]:
        email = contact["email"].casefold()
        reference = {"clientReferenceId": contact["clientReferenceId"]}
        if email.startswith("none"):
            return {**reference, "error": {"code": "NOT_FOUND", "message": "nobody"}}
        if email.startswith("legal"):
            return {**reference, "error": {"code": "COMPLIANCE_RESTRICTED", "message": "blocked"}}
        return {**reference, "id": person_id(email), "emails": [{"email": email}], "unheardOf": True}

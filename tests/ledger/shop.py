"""An account that charges as it likes, without sockets: for laws about credits."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from typing import Any

import anyio
import anyio.lowlevel
import msgspec

from lusha_async.decode import decode
from lusha_async.endpoint import Repeat
from lusha_async.errors import BadRequest, LushaConnectionError, OutcomeUnknown, ServerError
from lusha_async.resource import Reply
from lusha_async.retry import RetryPolicy

DOCUMENTED = {"contactSearch": (1.0, 25), "revealEmail": (1.0, 1), "revealPhone": (5.0, 1)}
FAULTS = ("lost", "lost unseen", "server", "server charged", "offline", "refused", "silent")


@dataclass
class Shop:
    """Sells contacts. `charged` is the truth, whatever was answered."""

    seed: int
    listed: dict[str, tuple[float, int]] | None
    """What account usage shows; None: it does not answer."""
    real: dict[str, tuple[float, int]]
    """What is charged."""
    hits: float = 0.7
    fault_rate: float = 0.0
    free_repeats: bool = True
    charged: float = 0.0
    requests: int = 0
    retries: RetryPolicy = field(default_factory=lambda: RetryPolicy(initial=0.0, maximum=0.0, max_attempts=3))
    fingerprint: str = "test"

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._bought: set[tuple[str, str]] = set()

    async def send(self, endpoint: Any, *, body: Any = None, on_sent: Any = None, **options: Any) -> Reply[Any]:
        await anyio.lowlevel.checkpoint()
        if endpoint.path == "/v3/account/usage":
            return self._usage(endpoint)
        assert endpoint.repeat in (Repeat.CHEAP, Repeat.NEVER)
        if on_sent is not None:
            on_sent(0.0)
        self.requests += 1
        fault = self._dice.choice(FAULTS) if self._dice.random() < self.fault_rate else None
        sent = msgspec.json.decode(msgspec.json.encode(body))
        if fault == "offline":
            raise LushaConnectionError("offline")
        if fault == "refused" and len(sent.get("contacts", sent.get("ids"))) > 1:
            raise BadRequest("refused", status=400)
        if fault == "lost unseen":
            raise OutcomeUnknown("lost", endpoint="x")
        if fault == "server":
            raise ServerError("", status=503)
        raw = self._sell(sent, silent=fault == "silent")
        for _ in range(self._dice.randrange(4)):
            await anyio.lowlevel.checkpoint()
        if fault == "lost":
            raise OutcomeUnknown("lost", endpoint="x")
        if fault == "server charged":
            raise ServerError("", status=500)
        return _reply(endpoint, raw)

    def _usage(self, endpoint: Any) -> Reply[Any]:
        if self.listed is None:
            raise ServerError("", status=500)
        pricing = {name: {"credits": c, "perQuantity": q} for name, (c, q) in self.listed.items()}
        return _reply(endpoint, msgspec.json.encode({"pricing": pricing, "credits": {"remaining": 1e6}}))

    def _sell(self, body: dict[str, Any], *, silent: bool) -> bytes:
        by_id = "ids" in body
        names = body["ids"] if by_id else [contact["email"] for contact in body["contacts"]]
        results: list[dict[str, Any]] = []
        revealed = dict.fromkeys(("revealEmail", "revealPhone"), 0)
        found = 0
        for number, name in enumerate(names):
            reference = {} if by_id else {"clientReferenceId": body["contacts"][number]["clientReferenceId"]}
            person = name.removeprefix("id:")
            nature = random.Random(f"{self.seed} {person}")
            if nature.random() >= self.hits:
                results.append({**reference, **({"id": name} if by_id else {}), "error": {"code": "NOT_FOUND"}})
                continue
            found += 1
            for token, action in (("emails", "revealEmail"), ("phones", "revealPhone")):
                if token in body["reveal"] and nature.random() < 0.8:
                    if not self.free_repeats or (person, token) not in self._bought:
                        revealed[action] += 1
                    self._bought.add((person, token))
            results.append({**reference, "id": f"id:{person}"})
        units = {**revealed, "contactSearch": 0 if by_id else found}
        bill = sum(self.real[action][0] * math.ceil(count / self.real[action][1]) for action, count in units.items())
        self.charged += bill
        billing = None if silent else {"creditsCharged": bill, "resultsReturned": found}
        return msgspec.json.encode({"results": results, "billing": billing})


def _reply(endpoint: Any, raw: bytes) -> Reply[Any]:
    decoded = decode(raw, endpoint.response)
    return Reply(data=decoded.value, raw=raw, status=200, headers={}, attempts=1, elapsed=0.0)

"""A sender that answers from a list of bodies and remembers what it was asked to send."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from lusha_async.decode import decode
from lusha_async.resource import Reply
from lusha_async.v2 import V2

if TYPE_CHECKING:
    from lusha_async.endpoint import Endpoint


class Sent(NamedTuple):
    endpoint: Endpoint[Any]
    path: Any
    query: Any
    """As it goes onto the wire: names of the API, nothing that was left out."""
    body: Any
    allow_repeat: bool


class FakeSender:
    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.sent: list[Sent] = []

    async def send(
        self, endpoint: Any, *, path=None, query=None, body=None, allow_repeat=False, **_: Any
    ) -> Reply[Any]:
        asked = Sent(endpoint, path, _plain(query), _wire(body), allow_repeat)
        self.sent.append(asked)
        answer = self.answers.pop(0) if self.answers else {}
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer = answer(asked.body)
        raw = json.dumps(answer).encode()
        decoded = decode(raw, endpoint.response)
        return Reply(
            data=decoded.value,
            raw=raw,
            status=200,
            headers={},
            attempts=1,
            elapsed=0.0,
            problems=decoded.problems,
        )

    @property
    def last(self) -> Sent:
        return self.sent[-1]


def _wire(given: Any) -> Any:
    return None if given is None else json.loads(msgspec.json.encode(given))


def _plain(given: Any) -> Any:
    """As the transport sees a query: lists must be lists to be repeated."""
    return None if given is None else msgspec.to_builtins(given)


def v2(*answers: Any) -> tuple[V2, FakeSender]:
    sender = FakeSender(*answers)
    return V2(sender), sender

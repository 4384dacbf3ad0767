"""A sender that answers from a list and remembers what it was asked, as it would go over the wire."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from lusha_async.decode import decode
from lusha_async.resource import Reply


class Call(NamedTuple):
    name: str
    path: dict[str, str] | None
    query: Any
    body: Any


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class FakeSender:
    """`answers` are plain data or exceptions, in order; the last one is given again and again. Or a function of the call."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls: list[Call] = []
        self.clock = FakeClock()

    @property
    def last(self) -> Call:
        return self.calls[-1]

    async def send(self, endpoint, *, path=None, query=None, body=None, on_sent=None, **options) -> Reply[Any]:
        endpoint.url_path(path)
        call = Call(endpoint.name, path, _wire(query), _wire(body))
        self.calls.append(call)
        if on_sent is not None:
            on_sent(0.0)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer):
            answer = answer(call)
        if isinstance(answer, Exception):
            raise answer
        raw = answer if isinstance(answer, bytes) else msgspec.json.encode(answer)
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


def _wire(value: Any) -> Any:
    return None if value is None else msgspec.json.decode(msgspec.json.encode(value))

"""Every operation, through every public method that makes it: single, bulk and iterator.

A method, an operation or a route that nobody entered in `tests.every_call` or in the sandbox fails a test here.

With LUSHA_TEST_BASE_URL set, the calls go to that server instead, for example a mock that validates requests against
the documents, with the key LUSHA_TEST_API_KEY; then it only counts that each call was accepted and its answer decoded.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import msgspec
import pytest

from lusha_async import LocalLimits, LushaClient, NoLimits, Outcome, Reply, RetryPolicy, endpoints
from lusha_async.sandbox import Sandbox
from lusha_async.sandbox.routes import OPERATIONS

from .every_call import CALLS, Ground, NoSuchState
from .test_docstrings import METHODS

ELSEWHERE = os.environ.get("LUSHA_TEST_BASE_URL")
KEY = os.environ.get("LUSHA_TEST_API_KEY", "11111111-2222-3333-4444-555555555555")
ENDPOINTS = {endpoint.name: endpoint for endpoint in endpoints()}

only_here = pytest.mark.skipif(ELSEWHERE is not None, reason="LUSHA_TEST_BASE_URL: the sandbox is not asked")


class Received(NamedTuple):
    """An answer to one request, and what of its JSON the typed answer does not hold."""

    operation: str
    reply: Reply[Any]
    lost: list[str]


class Recorder(LushaClient):
    """A client that keeps what it asked (operation, query, body) and what it received."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.received: list[Received] = []
        self.asked: list[tuple[Any, Any, Any]] = []

    async def send(self, endpoint: Any, **options: Any) -> Reply[Any]:  # type: ignore[override]
        self.asked.append((endpoint, options.get("query"), options.get("body")))
        reply = await super().send(endpoint, **options)
        lost = _lost(msgspec.json.decode(reply.raw), msgspec.to_builtins(reply.data), "")
        self.received.append(Received(endpoint.name, reply, sorted(set(lost))))
        return reply


@asynccontextmanager
async def a_server(*, quirks: bool) -> AsyncIterator[Callable[[type[LushaClient]], Any]]:
    """Makes clients of the server under test."""
    if ELSEWHERE is not None:
        # a plan told beforehand: no call is made only to learn the windows
        yield lambda kind: kind(KEY, base_url=ELSEWHERE, limits=LocalLimits(plan="premium"))
        return
    once = RetryPolicy(max_attempts=1)
    unlimited: dict[str, Any] = {"burst": None, "usage_limit": None, "webhooks_limit": None}
    async with Sandbox(
        **unlimited, quirks=quirks, world_size=2_000, not_found=0, restricted=0, challenge=False, job_seconds=0.01
    ) as sandbox:
        yield lambda kind: kind(sandbox.api_key, base_url=sandbox.url, limits=NoLimits(), retries=once)


async def outcome_of(name: str, *, quirks: bool) -> tuple[Any, Recorder]:
    """Make one call of `CALLS`; what it returned, and its client."""
    async with (
        a_server(quirks=quirks) as client,
        client(LushaClient) as aside,
        client(Recorder) as lusha,
    ):
        try:
            returned = await CALLS[name][1](lusha, Ground(aside))
        except NoSuchState as reason:
            if ELSEWHERE is None:
                raise
            pytest.skip(str(reason))
    return returned, lusha


# --- nothing is left out -----------------------------------------------------------------------------------------


def test_every_public_method_is_called_here() -> None:
    assert sorted(set(METHODS) - set(CALLS)) == [], "public methods without a call in tests/every_call.py"
    assert sorted(set(CALLS) - set(METHODS)) == [], "calls of methods that are gone"


def test_every_operation_has_a_public_method() -> None:
    """One that gives a single answer, not only a bulk run or an iterator."""
    single = {one[0] for name, (one, _) in CALLS.items() if len(one) == 1 and not _is_many(name)}
    assert sorted(set(ENDPOINTS) - single) == []
    assert sorted(single - set(ENDPOINTS)) == []


@only_here
def test_every_operation_has_a_route_in_the_sandbox_and_every_route_an_operation() -> None:
    routes = {_shape(operation.name) for operation in OPERATIONS}
    assert sorted({_shape(name) for name in ENDPOINTS} - routes) == []
    # the document lists bulk company enrichment there, its own text and the live API have /bulk/company/v2
    assert routes - {_shape(name) for name in ENDPOINTS} <= {"POST /v2/company"}


def _is_many(name: str) -> bool:
    return name.rpartition(".")[2].startswith(("bulk_", "iter_"))


def _shape(name: str) -> str:
    return re.sub(r"\{\w+\}", "{}", name)


# --- every call --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CALLS)
async def test_every_method_is_accepted_and_its_answer_decoded(name: str) -> None:
    if ELSEWHERE is not None and len(CALLS[name][0]) > 1:
        pytest.skip("made of operations that are called one by one; needs a server with state")
    async with asyncio.timeout(90):
        returned, lusha = await outcome_of(name, quirks=False)
    _check_sent(name, lusha.received)
    for operation, reply, lost in lusha.received:
        assert 200 <= reply.status < 300
        assert reply.problems == ()
        if ELSEWHERE is None:
            unknown = [path for path in lost if (operation, path) not in KNOWN_UNTYPED]
            assert unknown == [], "keys the sandbox sends and the typed answer does not hold"
    if ELSEWHERE is None:
        _check_returned(name, returned)


def _check_sent(name: str, received: list[Received]) -> None:
    operations = CALLS[name][0]
    sent = {one.operation for one in received}
    assert operations[0] in sent, "the method sends its operation"
    assert sent <= set(operations), "and no other"


def _check_returned(name: str, returned: Any) -> None:
    if name.rpartition(".")[2].startswith("bulk_"):
        assert returned, "a bulk run gives outcomes"
        for outcome in returned:
            assert isinstance(outcome, Outcome)
            assert outcome.status == "found", outcome.error
    elif not name.startswith("lusha.audit_logs."):
        assert returned, "there is something in the answer"


KNOWN_UNTYPED: dict[tuple[str, str], str] = {
    ("POST /v3/account/conversations/search", ".pagination"): "in no document; the sandbox's guess",
}
"""Keys the sandbox sends although no document has them, and why."""


@only_here
@pytest.mark.parametrize("name", CALLS)
async def test_the_live_quirks_cost_no_answer(name: str) -> None:
    """The sandbox answers like the live API here, odd types and shapes included."""
    returned, lusha = await outcome_of(name, quirks=True)
    _check_sent(name, lusha.received)
    misfits = {(sent, re.sub(r"\d+", "*", found.path)) for sent, reply, _ in lusha.received for found in reply.problems}
    assert misfits <= KNOWN_MISFITS.keys()
    if name.rpartition(".")[2].startswith("bulk_"):
        assert [outcome.status.value for outcome in returned] == ["found"] * len(returned)


KNOWN_MISFITS: dict[tuple[str, str], str] = {}
"""Values of the live API that no typed field holds (None there, intact in the raw answer), and why."""


def _lost(raw: Any, typed: Any, path: str) -> Iterator[str]:
    """Paths of values that are in the JSON and not in the typed answer."""
    if isinstance(raw, dict):
        for key, value in raw.items():
            if value in (None, [], {}):
                continue
            if not isinstance(typed, dict) or key not in typed:
                yield f"{path}.{key}"
            else:
                yield from _lost(value, typed.get(key), f"{path}.{key}")
    elif isinstance(raw, list):
        if not isinstance(typed, list | tuple) or len(typed) != len(raw):
            yield f"{path}[]"
        else:
            for value, held in zip(raw, typed, strict=True):
                yield from _lost(value, held, f"{path}[]")

"""Drives a limiter against the strict server on the virtual loop, and keeps what happened."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from lusha_async.endpoint import LimitGroup
from lusha_async.errors import QuotaExhausted
from lusha_async.limits import LocalLimits, Priority, Scope, UsageWindows
from lusha_async.limits.model import StrictServer
from lusha_async.limits.virtual import LoopClock

ENRICH = Scope("POST /v3/contacts/enrich")
SEARCH = Scope("POST /v3/contacts/search")


@dataclass
class Happened:
    sent: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    done: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    refused_by: QuotaExhausted | None = None

    @property
    def rate(self) -> float:
        return (len(self.sent) - 1) / (self.sent[-1] - self.sent[0])


@dataclass
class Rig:
    """A client of one server. `latency` and `jitter` in seconds; arrival is late by up to `jitter`, as is a connection."""

    server: StrictServer
    limits: LocalLimits = field(default_factory=lambda: LocalLimits(rng=random.Random(1)))
    latency: float = 0.3
    jitter: float = 0.0
    connect: Callable[[int], float] = lambda number: 0.0
    seed: int = 7
    clock: LoopClock = field(default_factory=LoopClock)
    asked: int = 0

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.limits.bind(account="digest", clock=self.clock)
        self.happened = Happened()

    def asks(self, *, fails: bool = False) -> None:
        async def ask() -> UsageWindows:
            self.asked += 1
            permit = await self.limits.acquire(Scope("GET /v3/account/usage", LimitGroup.USAGE))
            permit.sent()
            await self.clock.sleep(self.latency)
            permit.answered(500 if fails else 200, {})
            if fails:
                raise RuntimeError("usage is broken")
            return self.server.usage(self.clock.wall())

        self.limits.ask_usage = ask

    async def call(
        self, scope: Scope = ENRICH, priority: Priority = Priority.BULK, max_wait: float = 1e6, number: int = 0
    ) -> int:
        permit = await self.limits.acquire(scope, priority=priority, max_wait=max_wait)
        self.happened.waits.append(permit.waited)
        if connect := self.connect(number):
            permit.connecting()
            await self.clock.sleep(connect)
            permit.connected()
        permit.sent()
        self.happened.sent.append(self.clock.wall())
        late = self.rng.uniform(0, self.jitter) if self.jitter else 0.0
        await self.clock.sleep(self.latency / 2 + late)
        answer = self.server.receive(scope.endpoint, self.clock.wall())
        await self.clock.sleep(self.latency / 2)
        permit.answered(answer.status, answer.headers, answer.message)
        self.happened.statuses.append(answer.status)
        self.happened.done.append(self.clock.wall())
        return answer.status

    async def run(self, calls: int, *, concurrency: int = 50, max_wait: float = 1e6, again: bool = True) -> Happened:
        """`calls` answered calls by `concurrency` workers; a refused one is made again."""
        left = iter(range(calls))

        async def worker() -> None:
            for number in left:
                while await self.call(number=number, max_wait=max_wait) == 429 and again:
                    pass

        workers = [asyncio.ensure_future(worker()) for _ in range(concurrency)]
        try:
            await asyncio.gather(*workers)
        except QuotaExhausted as error:
            self.happened.refused_by = error
        finally:
            await asyncio.gather(*workers, return_exceptions=True)
        return self.happened

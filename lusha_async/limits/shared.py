"""The limits of one account shared by many processes, through Redis or Valkey (extra ``redis``).

Every slot of the short windows is reserved by one atomic script on the server's clock; each process holds one
reservation per endpoint at a time and gives it to whoever is first in its own queue then, so single calls go ahead and
a cancelled call costs nobody's slot. What answers teach about the plan's windows and the gate is told to all processes,
and the number of requests in flight is counted for all of them together.

Why no library: those measured reach 65-97 % of the limit, or hundreds of 429s, or ask 5-60 times for each slot; and
none knows of plan windows learned from answers.

Without its server a process goes on with a private share of the short windows, says so once, and comes back by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from .account import Rate, Ticket
from .base import DEFAULT_MAX_WAIT, Priority, Scope, Verdict
from .local import LocalLimits, LocalPermit, log, reason_of
from .script import SCRIPT, decode, encode

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from ..clock import Clock
    from ..endpoint import LimitGroup
    from .account import Turn
    from .lesson import Lesson
    from .plans import Plan
    from .quota import QuotaView
    from .turnstile import Waiter

LEAD = 0.5
"""Seconds that a reservation may lie ahead. After so long without a server none is outstanding anywhere."""
RETRY = 1.0
"""At most so many seconds between two attempts to reach a lost server."""
GATHER = 0.02
"""Seconds for which news is gathered before it is published, unless a reservation takes it along."""
LATE = 0.005
"""A request that leaves later than this (seconds) is stamped anew."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the script said."""

    code: str
    at: float
    """By our clock."""


@dataclass(slots=True)
class Outbox:
    """What the others do not know yet."""

    events: list[str] = field(default_factory=list[str])
    done: list[str] = field(default_factory=list[str])
    stamps: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])

    def __bool__(self) -> bool:
        return bool(self.events or self.done or self.stamps)


class RedisLimits(LocalLimits):
    """Share the limits of an account: ``LushaClient(limits=RedisLimits("redis://..."))``.

    `share`: the part of the short windows this process may use by itself while the server cannot be reached; 1 divided
    by the number of processes, or less. `timeout`: seconds for one exchange with the server. `prefix`: begins every
    key; the API key appears in none, only its digest. How evenly connections open is not looked at here (see `jitter`):
    the careful allowance of the start stays until answers come.
    """

    def __init__(
        self,
        url: str,
        *,
        share: float = 0.1,
        rate: int | None = 25,
        rates: Mapping[LimitGroup, Rate | None] | None = None,
        plan: str | Plan | None = None,
        prefix: str = "lusha",
        timeout: float = 1.0,
        rng: random.Random | None = None,
    ) -> None:
        if not 0 < share <= 1:
            raise ValueError("share is a part of the limits: more than 0, at most 1")
        super().__init__(rate, rates=rates, plan=plan, rng=rng)
        self.down = False
        self._url, self._prefix, self._timeout = url, prefix, timeout
        self._full = dict(self.account.rates)
        self._private = {group: _part(rate, share) for group, rate in self._full.items()}
        self._base = f"{prefix}:{{unbound}}"
        self._redis: Any = None
        self._script: Any = None
        self._run = ""
        self._newcomer = True
        self._origin = os.urandom(6).hex()
        self._number = 0
        self._seq = 0
        self._to_server = 0.0
        self._rested = float("-inf")
        self._outbox = Outbox()
        self._shared: dict[Ticket, str] = {}
        self._lanes: dict[Scope, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._flushing = False
        self._news = asyncio.Event()
        self._talking = asyncio.Lock()
        self.account.on_lesson = self._publish

    def bind(self, *, account: str, clock: Clock) -> None:
        """The digest names the keys."""
        super().bind(account=account, clock=clock)
        self._base = f"{self._prefix}:{{{account}}}"

    async def start(self) -> None:
        """Connect. A server that cannot be reached is no error: the private share serves until it can."""
        try:
            from redis import asyncio as aioredis
            from redis.asyncio.retry import Retry
            from redis.backoff import NoBackoff
        except ImportError as error:
            raise ImportError("RedisLimits needs the redis package: pip install 'lusha_async[redis]'") from error
        client: Any = aioredis.Redis
        self._redis = client.from_url(
            self._url,
            socket_timeout=self._timeout,
            socket_connect_timeout=self._timeout,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )
        self._script = self._redis.register_script(SCRIPT)
        await self._reach()

    async def aclose(self) -> None:
        """Tell the others what they do not know yet, and hang up."""
        await super().aclose()
        if self._redis is None:
            return
        for task in [*self._lanes.values(), *self._tasks]:
            task.cancel()
        await asyncio.gather(*self._lanes.values(), *self._tasks, return_exceptions=True)
        if self._outbox and not self.down:
            with contextlib.suppress(Exception):
                await self._exchange(None)
        await self._redis.aclose()
        self._redis = None

    async def acquire(
        self, scope: Scope, *, priority: Priority = Priority.INTERACTIVE, max_wait: float = DEFAULT_MAX_WAIT
    ) -> LocalPermit:
        """Wait for a turn among all processes."""
        if self._redis is None:
            await self.start()
        return await super().acquire(scope, priority=priority, max_wait=max_wait)

    @property
    def quota(self) -> QuotaView:
        """What is known now."""
        return msgspec.structs.replace(super().quota, shared=not self.down)

    def pump(self) -> None:
        """With a server: one lane per endpoint asks it for slots. Without: the private share."""
        if self.down:
            super().pump()
            return
        self._news.set()
        heads = self._queues.heads()
        for head in heads:
            lane = self._lanes.get(head.scope)
            if lane is None or lane.done():
                self._lanes[head.scope] = asyncio.ensure_future(self._guarded_lane(head.scope))
        self._maybe_ask(heads, self.clock.monotonic())
        if self._outbox and not self._flushing:
            self._flushing = True
            self._spawn(self._flush())

    def on_connected(self, ticket: Ticket, since: float) -> None:
        """Of no consequence: the ways of several machines differ by more than the openings of one of them show."""

    def on_sent(self, ticket: Ticket) -> None:
        """Late starters are stamped anew."""
        super().on_sent(ticket)
        now = self.clock.monotonic()
        if ticket in self._shared and now - ticket.granted > LATE:
            self._stamp(ticket, now)
            self.pump()

    def on_unsent(self, ticket: Ticket) -> None:
        """The slot goes back, if there is still time."""
        if ticket in self._shared and ticket.left is None:
            for key, _, _ in self.account.short(ticket.scope):
                self._outbox.stamps.append((key, self._shared[ticket], 0))
        self._settle(ticket)
        super().on_unsent(ticket)

    def on_lost(self, ticket: Ticket) -> None:
        """Counted as spent."""
        self._settle(ticket)
        super().on_lost(ticket)

    def on_answered(
        self, ticket: Ticket, status: int, headers: Mapping[str, str], message: str | None
    ) -> Verdict | None:
        """Learn, and let the others learn."""
        now, wall = self.clock.monotonic(), self.clock.wall()
        verdict = self.account.answered(ticket, status, headers, message, now=now, wall=wall)
        self._stamp(ticket, now)
        self._settle(ticket)
        self.pump()
        return verdict

    # -- one endpoint's lane -------------------------------------------------------------------------------------

    async def _guarded_lane(self, scope: Scope) -> None:
        try:
            await self._lane(scope)
        except Exception as error:  # noqa: BLE001 - those who wait here must be served, if need be by the private share
            self._lose(error)

    async def _lane(self, scope: Scope) -> None:
        """Serve the queue of one endpoint as long as somebody is in it."""
        while not self.down:
            head = self._head(scope)
            if head is None:
                return
            now = self.clock.monotonic()
            turn = self._turn(scope, head.priority, now)
            if self._learning(head.priority):
                await self._pause(RETRY)
            elif turn.at > now:
                head.reason = reason_of(turn, now)
                self._log(turn, now)
                if self._asking is None and self._refuse(head, turn, now):
                    continue
                await self._pause(min(turn.at - now, 5 * GATHER if turn.at == float("inf") else RETRY))
                await self._talk(None)
            else:
                await self._reserve(head)

    async def _reserve(self, head: Waiter[LocalPermit]) -> None:
        """Get the next slot of the endpoint, wait for it, give it to whoever is first then."""
        scope, now = head.scope, self.clock.monotonic()
        if now < self._rested:
            await self._sleep_until(self._rested)
        self._number += 1
        name = f"{self._origin}-{self._number}"
        reply = await self._talk(self._wish(scope, head.priority, name))
        if reply is None or reply.code == "news":
            return
        if reply.code == "full":
            await self._pause(GATHER)
        elif reply.code == "later":
            head.reason = head.reason or "waiting for the second window"
            await self._pause(max(reply.at - self.clock.monotonic() - 0.8 * LEAD, GATHER))
        else:
            await self._use(scope, name, reply.at)

    async def _use(self, scope: Scope, name: str, at: float) -> None:
        try:
            await self._sleep_until(at)
        except asyncio.CancelledError:
            self._give_back(scope, name)
            raise
        now, head = self.clock.monotonic(), self._head(scope)
        if head is None or self._turn(scope, head.priority, now).at > now:
            self._give_back(scope, name)
            self.pump()
            return
        ticket = self.account.grant(scope, head.priority, now)
        self._shared[ticket] = name
        if now - at > LATE:
            self._stamp(ticket, now)
        head.future.set_result(LocalPermit(self, ticket, now - head.since, head.reason))

    def _wish(self, scope: Scope, priority: Priority, name: str) -> dict[str, Any]:
        now = self.clock.monotonic()
        most = self.account.most_in_flight(scope, priority, now)
        windows = [
            {
                "key": key,
                "limit": pacer.limit,
                "hold": _micro(pacer.hold(now)),
                "interval": _micro(pacer.interval),
                "slack": _micro(pacer.interval),
            }
            for key, pacer, _ in self.account.short(scope)
        ]
        return {"id": name, "windows": windows, "most": -1 if most is None else most, "lead": _micro(LEAD)}

    def _give_back(self, scope: Scope, name: str) -> None:
        self._outbox.done.append(name)
        self._outbox.stamps.extend((key, name, 0) for key, _, _ in self.account.short(scope))

    def _head(self, scope: Scope) -> Waiter[LocalPermit] | None:
        return next((head for head in self._queues.heads() if head.scope == scope), None)

    def _at_once(self, scope: Scope, priority: Priority, now: float) -> LocalPermit | None:
        return super()._at_once(scope, priority, now) if self.down else None

    def _turn(self, scope: Scope, priority: Priority, now: float) -> Turn:
        may_probe = not self._can_ask(now) and self._asking is None
        return self.account.turn(scope, priority, now, may_probe=may_probe, paced=self.down)

    # -- talking to the server -----------------------------------------------------------------------------------

    async def _talk(self, wish: dict[str, Any] | None) -> Reply | None:
        """One exchange; None: the server is lost."""
        try:
            return await self._exchange(wish)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong there, the calls must go on
            self._lose(error)
            return None

    async def _exchange(self, wish: dict[str, Any] | None) -> Reply:
        async with self._talking:
            outbox, self._outbox = self._outbox, Outbox()
            words = {
                "run": self._run,
                "newcomer": self._newcomer,
                "settle": _micro(1.5 + RETRY),
                "seq": self._seq,
                "events": outbox.events,
                "done": outbox.done,
                "stamps": outbox.stamps,
                "want": wish or False,
            }
            asked = self.clock.monotonic()
            try:
                answer = await self._script(keys=[self._base], args=[json.dumps(words)])
            except BaseException:
                self._outbox.events[:0] = outbox.events[-500:]
                raise
            now = self.clock.monotonic()
            code, wait, server, seq, open_, news = answer
            self._newcomer = False
            self._to_server = int(server) / 1e6 - (asked + now) / 2
            self._learn(news)
            self._seq = int(seq)
            granted = code == "go"
            self.account.elsewhere = max(int(open_) - granted - len(self._shared), 0)
        if news:
            self._news.set()
        return Reply(code, now + int(wait) / 1e6)

    def _learn(self, news: list[str]) -> None:
        for event in news:
            try:
                origin, lesson, moment = decode(event, -self._to_server)
            except (ValueError, KeyError, TypeError):
                continue  # from another version of this package
            if origin != self._origin:
                self.account.learn(lesson, moment)

    def _publish(self, lesson: Lesson) -> None:
        self._outbox.events.append(encode(lesson, self._origin, self._to_server))
        del self._outbox.events[:-500]

    def _stamp(self, ticket: Ticket, now: float) -> None:
        name = self._shared.get(ticket)
        if name is not None:
            for (key, _, _), (pacer, slot) in zip(self.account.short(ticket.scope), ticket.slots, strict=False):
                self._outbox.stamps.append((key, name, _micro(pacer.expires(slot, now) + self._to_server)))

    def _settle(self, ticket: Ticket) -> None:
        name = self._shared.pop(ticket, None)
        if name is not None:
            self._outbox.done.append(name)

    async def _flush(self) -> None:
        await self.clock.sleep(GATHER)
        self._flushing = False
        if self._outbox and not self.down:
            await self._talk(None)

    # -- losing the server, and finding it again -------------------------------------------------------------------

    def _lose(self, error: Exception) -> None:
        """Go on with the private share, once nobody's reservation can be outstanding any more."""
        if self.down:
            return
        self.down = True
        longest = max((rate.window for rate in self._full.values() if rate and rate.window <= 2.0), default=0.0)
        self.account.keep_rates(self._private, self.clock.monotonic() + longest + LEAD + 0.1)
        self.account.elsewhere = 0
        self._shared.clear()
        log.warning(
            "the shared limits cannot be reached (%s): going on with this process's private share", type(error).__name__
        )
        self._spawn(self._recover())
        self.pump()

    async def _recover(self) -> None:
        while self.down:
            await self.clock.sleep(random.uniform(0.5, 1.0) * RETRY)
            await self._reach()

    async def _reach(self) -> None:
        """Find the server, new or old, and share again."""
        try:
            info = await self._redis.info("server")
            run = str(info.get("run_id", ""))
            if run != self._run:
                self._run, self._seq = run, 0
            await self._exchange(None)
        except Exception as error:  # noqa: BLE001 - it may come back
            self._lose(error)
            return
        if self.down:
            self.down = False
            self._alarm.cancel()
            self.account.keep_rates(self._full, float("-inf"))
            self._rested = self.clock.monotonic() + 1.1
            log.warning("the shared limits can be reached again")
        self.pump()

    async def _pause(self, seconds: float) -> None:
        """Until news comes, or so long."""
        self._news.clear()
        waiting = asyncio.ensure_future(self._news.wait())
        sleeping = asyncio.ensure_future(self.clock.sleep(seconds))
        try:
            await asyncio.wait([waiting, sleeping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            sleeping.cancel()

    async def _sleep_until(self, at: float) -> None:
        while (left := at - self.clock.monotonic()) > 0:
            await self.clock.sleep(left)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _part(rate: Rate | None, share: float) -> Rate | None:
    """A private share of a short window: whole requests, so that all shares together never exceed it."""
    if rate is None:
        return None
    whole = math.floor(rate.limit * share + 1e-9)
    return Rate(whole, rate.window) if whole else Rate(1, rate.window / (rate.limit * share))


def _micro(seconds: float) -> int:
    return round(seconds * 1e6)

"""How long does a list take? The client's own arithmetic against a strict server on an imagined clock.

``python -m lusha_async.limits.simulate --plan scale --rows 1000000`` prints the time, the window that binds and the
schedule; without ``--plan``, one line for each plan. The command line's estimate calls `simulate`.
"""

from __future__ import annotations

import argparse
import heapq
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .account import ASK_AGAIN, Account, Ticket, Turn
from .base import Priority, Scope
from .model import StrictServer
from .plans import PLANS, Plan
from .quota import duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .model import Answer, Kind

SCOPE = Scope("POST /v3/contacts/enrich")
NEAR = 1.0
"""Shorter pauses are not worth a line of the schedule."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the schedule: `requests` sent from `start` to `end`, then a wait for `window` (None: the end)."""

    start: float
    end: float
    requests: int
    window: str | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The outcome of a simulation. Times are seconds from the start."""

    plan: Plan
    rows: int
    requests: int
    seconds: float
    """Until the last answer."""
    binds: str
    """The window that cost most of the time; ``second`` if none of the plan's did."""
    waited: Mapping[str, float]
    """Seconds nothing could be sent, by window."""
    refused: int
    """429s met."""
    stretches: Sequence[Stretch]

    def __str__(self) -> str:
        return (
            f"{self.rows:,} rows, {self.requests:,} requests: {duration(self.seconds)}, "
            f"bound by the {self.binds} window"
        )


def simulate(
    plan: str | Plan,
    rows: int,
    *,
    chunk: int = 100,
    latency: float = 0.3,
    concurrency: int = 32,
    kind: Kind = "first",
    left: Mapping[str, int] | None = None,
    turns_in: Mapping[str, float] | None = None,
    rate: int | None = None,
    ask_usage: bool = True,
    seed: int = 0,
) -> Schedule:
    """Run a list of `rows`, `chunk` to a request, through the limits of `plan` (a name of `PLANS`, or your own).

    `left` and `turns_in` (seconds) say, by window, what is left now and when it turns. `latency` in seconds. Raises
    `KeyError` for an unknown plan. Takes about 50 microseconds of real time for each request.
    """
    limits = PLANS[plan.lower()] if isinstance(plan, str) else plan
    run = _Run(limits, -(-rows // chunk), latency, concurrency, ask_usage, seed)
    run.server = StrictServer(limits, kind=kind, turns_in=turns_in, left=left)
    run.go()
    binds = max(run.waited, key=lambda name: run.waited[name], default="second")
    return Schedule(
        plan=limits,
        rows=rows,
        requests=run.total,
        seconds=run.now,
        binds=binds,
        waited=dict(run.waited),
        refused=len(run.server.refused),
        stretches=tuple(run.stretches),
    )


class _Run:
    """One simulation: a clock that jumps from event to event."""

    server: StrictServer

    def __init__(self, plan: Plan, total: int, latency: float, concurrency: int, asks: bool, seed: int) -> None:
        self.total = total
        self.now = 0.0
        self.waited: dict[str, float] = {}
        self.stretches: list[Stretch] = []
        self._latency = latency
        self._concurrency = concurrency
        self._account = Account(rng=random.Random(seed))
        self._asks = asks
        self._asked = -60.0
        self._to_send = total
        self._events: list[tuple[float, int, Ticket | None, Answer | None]] = []
        self._order = 0
        self._began = 0.0
        self._sent = 0

    def go(self) -> None:
        """Until everything is answered."""
        while self._to_send or self._events:
            self._ask()
            turn = self._next_turn()
            if self._to_send and turn.at <= self.now:
                self._send()
            elif self._events and self._events[0][0] <= turn.at:
                self.now = self._events[0][0]
                self._happen()
            elif turn.at < float("inf"):
                self._wait(turn)
            else:
                raise RuntimeError("nothing can ever be sent again")
        if self._sent:
            self.stretches.append(Stretch(self._began, self.now, self._sent, None))

    def _next_turn(self) -> Turn:
        if not self._to_send or self._account.in_flight >= self._concurrency:
            return Turn(float("inf"))
        return self._account.turn(SCOPE, Priority.BULK, self.now, may_probe=not self._asks)

    def _send(self) -> None:
        ticket = self._account.grant(SCOPE, Priority.BULK, self.now)
        self._account.sent(ticket, self.now)
        self._to_send -= 1
        self._sent += 1
        self._push(self.now + self._latency / 2, ticket, None)

    def _happen(self) -> None:
        """A request arrives at the server, or an answer at the client, or account usage answers."""
        _, _, ticket, answer = heapq.heappop(self._events)
        if ticket is None:
            self._account.told(self.server.usage(self.now), sent=self.now - self._latency, now=self.now, wall=self.now)
        elif answer is None:
            self._push(self.now + self._latency / 2, ticket, self.server.receive(SCOPE.endpoint, self.now))
        else:
            self._account.answered(ticket, answer.status, answer.headers, answer.message, now=self.now, wall=self.now)
            self._to_send += answer.status == 429

    def _ask(self) -> None:
        if self._asks and self.now - self._asked >= ASK_AGAIN and self._account.worth_asking(self.now):
            self._asked = self.now
            self._push(self.now + self._latency, None, None)

    def _wait(self, turn: Turn) -> None:
        name = turn.window or "second"
        if self._asks and self._account.worth_asking(self.now) and self.now < self._asked + ASK_AGAIN < turn.at:
            turn = Turn(self._asked + ASK_AGAIN, name)
        if turn.at - self.now > NEAR and name != "second":
            self.waited[name] = self.waited.get(name, 0.0) + turn.at - self.now
            if self._sent:
                self.stretches.append(Stretch(self._began, self.now, self._sent, name))
            self._began, self._sent = turn.at, 0
        self.now = turn.at

    def _push(self, at: float, ticket: Ticket | None, answer: Answer | None) -> None:
        self._order += 1
        heapq.heappush(self._events, (at, self._order, ticket, answer))


def shortest(plan: Plan, requests: int, *, latency: float = 0.3, turns_in: Mapping[str, float] | None = None) -> float:
    """The shortest possible time, for a client that knows everything: each request at the first possible moment."""
    server = StrictServer(plan, kind="aligned" if turns_in else "first", turns_in=turns_in)
    now, recent = 0.0, [-1.0] * plan.second
    for number in range(requests):
        now = max(now, recent[number % plan.second] + 1.0)
        while not server.spend(now):
            now = max(window.turn for window in server.windows.values() if window.used >= window.limit)
        recent[number % plan.second] = now
    return now + latency


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m lusha_async.limits.simulate", description="How long a list takes.")
    parser.add_argument("--plan", choices=sorted(PLANS), help="one plan, with its schedule; default: all, a line each")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--chunk", type=int, default=100, help="records per request (100)")
    parser.add_argument("--latency", type=float, default=0.3, help="seconds from request to answer (0.3)")
    parser.add_argument("--concurrency", type=int, default=32, help="requests in flight (32)")
    options = parser.parse_args(arguments)
    for name in [options.plan] if options.plan else PLANS:
        schedule = simulate(
            name, options.rows, chunk=options.chunk, latency=options.latency, concurrency=options.concurrency
        )
        print(f"{name:>9}: {schedule}")  # noqa: T201 - a command prints
        if options.plan:
            print("\n".join(_lines(schedule)))  # noqa: T201


def _alike(one: Stretch, other: Stretch) -> bool:
    return one.window == other.window and one.requests == other.requests


def _lines(schedule: Schedule) -> list[str]:
    """The schedule as text; repeated stretches are folded."""
    lines: list[str] = []
    stretches = list(schedule.stretches)
    while stretches:
        first = stretches[0]
        same = 1
        while same < len(stretches) - 1 and _alike(stretches[same], first):
            same += 1
        then = f", then waits for the {first.window} window" if first.window else ", done"
        times = f" ({same} times)" if same > 1 else ""
        took = duration(first.end - first.start)
        lines.append(f"  at {duration(first.start):>11}: {first.requests:,} requests in {took}{then}{times}")
        stretches = stretches[same:]
    return lines


if __name__ == "__main__":
    main()

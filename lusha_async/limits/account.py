"""All limits of one account together, without clock, queue or I/O: when may a call go, and what did it teach?

`LocalLimits` drives it with a real clock, the simulator with an imagined one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from ..endpoint import LimitGroup
from .base import Priority, Scope, Verdict
from .gate import Gate
from .lesson import Lesson, Refusal, Report, refusal_of
from .pace import Pacer, Slot
from .plan import PlanWindow
from .quota import WINDOWS, Quota, UsageWindows, WindowView
from .wait import parse_wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .plans import Plan

FIRST_ANSWER = 5.0
"""Seconds that a bulk run waits for the very first answer, which shows the plan's windows, before it goes on."""
ABANDONED = 900.0
"""Seconds after which a permit that nobody reported on no longer counts as in flight."""
ASK_AGAIN = 15.0
"""Seconds between two questions to account usage: four a minute at most, one of its five is left to the user."""
WORTH_A_PROBE = 65.0
"""Seconds. Of a longer wait whose end is only guessed, one request may find out where usage cannot be asked."""
WORTH_ASKING = 2.0
"""Account usage is asked when it may shorten a wait by more than this."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `limit` requests in any `window` seconds."""

    limit: int
    window: float = 1.0


DEFAULT_RATES: Mapping[LimitGroup, Rate] = {
    LimitGroup.ENDPOINT: Rate(25, 1.0),
    LimitGroup.USAGE: Rate(5, 60.0),
    LimitGroup.WEBHOOKS: Rate(100, 60.0),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """When a call may go, and what it waits for until then."""

    at: float
    """``inf``: when the next answer comes."""
    window: str | None = None
    """``second``, ``minute``, ``hour``, ``day``; ``answer`` while an answer is waited for."""


@dataclass(slots=True, eq=False)
class Ticket:
    """One call on its way."""

    scope: Scope
    granted: float
    slots: list[tuple[Pacer, Slot]]
    gates: list[Gate]
    left: float | None = None
    open: bool = True


class Account:
    """The limits of one account. All moments are readings of one monotonic clock, `wall` is Unix time."""

    def __init__(
        self,
        rates: Mapping[LimitGroup, Rate | None] | None = None,
        *,
        plan: Plan | None = None,
        rng: random.Random | None = None,
    ) -> None:
        self.rates = {**DEFAULT_RATES, **(rates or {})}
        self.plan = {name: PlanWindow(name, length) for name, length in WINDOWS.items()}
        for name, limit in ({} if plan is None else plan.windows()).items():
            self.plan[name].limit = self.plan[name].low = limit
        self.refused = 0
        """429s met."""
        self.elsewhere = 0
        """Calls of other processes in flight."""
        self.on_lesson: Callable[[Lesson], None] | None = None
        """Told what every call of ours taught."""
        self._rng = rng or random.Random()
        self._gate = Gate(self._rng)
        self._pacers: dict[str, tuple[Pacer, Gate]] = {}
        self._open: dict[Ticket, None] = {}
        self._not_before = float("-inf")
        self._answers = 0 if plan is None else 1
        self._trip = 0.3
        self._skew = 0.0
        self._interactive = float("-inf")

    @property
    def in_flight(self) -> int:
        """Calls granted and not settled, those of other processes included."""
        return len(self._open) + self.elsewhere

    def turn(self, scope: Scope, priority: Priority, now: float, *, may_probe: bool = True, paced: bool = True) -> Turn:
        """When this call may go.

        `may_probe`: an empty window of unknown turn may be tried with one request. `paced` False: somebody else keeps
        the short windows.
        """
        at, window = now, None
        for pacer, gate in self._short(scope):
            ready = pacer.ready_at(now) if paced else now
            if ready > at:
                at, window = ready, _span(pacer.window)
            ready = gate.ready_at(now)
            if ready > at:
                at, window = ready, gate.window or "answer"
        if scope.group is LimitGroup.USAGE:
            return Turn(at, window)
        for turn in self._long(priority, now, may_probe):
            if turn.at > at:
                at, window = turn.at, turn.window
        return Turn(at, window)

    def most_in_flight(self, scope: Scope, priority: Priority, now: float) -> int | None:
        """How many calls may be under way at once, of all processes together; None: as many as there are."""
        if scope.group is LimitGroup.USAGE:
            return None
        if priority is Priority.BULK and self.fresh:
            return 1
        most: int | None = 1 if any(gate.until is not None for gate in self._gates(scope)) else None
        for window in self.plan.values():
            room = window.room(now, self._trip, self._kept(window, priority, now))
            most = room if most is None else most if room is None else min(most, room)
        return most

    def grant(self, scope: Scope, priority: Priority, now: float) -> Ticket:
        """Let it go: `turn` has said that it may."""
        if priority is Priority.INTERACTIVE and scope.group is not LimitGroup.USAGE:
            self._interactive = now
        gates = self._gates(scope)
        ticket = Ticket(scope, now, [(pacer, pacer.grant(now)) for pacer, _ in self._short(scope)], gates)
        for gate in gates:
            gate.grant(ticket)
        for window in self.plan.values():
            spare = window.spare(self.in_flight)
            window.tried = window.tried or (spare is not None and spare <= 0)
        self._open[ticket] = None
        return ticket

    def connected(self, ticket: Ticket, seconds: float, now: float, late: float = 0.0) -> None:
        """A connection was opened for this call, and took so long; `late`: how far we lag in noticing it."""
        for pacer, _ in ticket.slots:
            pacer.jitter.opened(seconds, now, late)

    def sent(self, ticket: Ticket, now: float) -> None:
        """The request leaves now. Said again before its answer is here, the later moment counts."""
        if ticket.open or ticket.left is None:
            ticket.left = now
            for pacer, slot in ticket.slots:
                pacer.sent(slot, now)

    def unsent(self, ticket: Ticket, now: float) -> None:
        """It never left. A request that has left cannot be called back: it is lost."""
        if ticket.left is not None:
            self.lost(ticket, now)
        elif self._settle(ticket):
            for pacer, slot in ticket.slots:
                pacer.unsent(slot, now)
            for gate in ticket.gates:
                gate.gone(ticket)

    def lost(self, ticket: Ticket, now: float) -> None:
        """It left, and no answer came."""
        if self._settle(ticket):
            for pacer, slot in ticket.slots:
                pacer.lost(slot, now)
            for gate in ticket.gates:
                gate.gone(ticket)
            self._teach(Lesson(ticket.scope, sent=now, lost=True), now)

    def answered(
        self,
        ticket: Ticket,
        status: int,
        headers: Mapping[str, str],
        message: str | None,
        *,
        now: float,
        wall: float,
        late: float = 0.0,
    ) -> Verdict | None:
        """An answer came. For a 429: closes the gate and tells what it meant. `late`: how far we lag in reading it."""
        if not self._settle(ticket):
            return None
        sent = ticket.granted if ticket.left is None else ticket.left
        ok = status < 300
        if ok:
            self._trip += 0.1 * (now - sent - self._trip)
        for pacer, slot in ticket.slots:
            pacer.answered(slot, now, ok=ok, late=late)
        if self._answers < 3 or self._answers % 100 == 0:
            self._learn_skew(headers, wall)
        quota = Quota.from_headers(headers)
        reports = {name: Report(seen.left, seen.limit) for name, seen in quota.windows().items()}
        wait = parse_wait(status, headers, message, wall + self._skew) if status == 429 else None
        trial = wait is not None and wait.trial
        refusal = None if wait is None or trial else refusal_of(ticket.scope, wait, quota)
        held = self._teach(Lesson(ticket.scope, sent=sent, ok=ok, reports=reports, refusal=refusal), now, ticket)
        if trial:
            return Verdict("trial", 0.0, None, trial=True)
        return None if refusal is None else Verdict(refusal.window or "second", held, moment(wall + held))

    def told(self, usage: UsageWindows, *, sent: float, now: float, wall: float) -> None:
        """Account usage has answered a question asked at `sent`."""
        reports: dict[str, Report] = {}
        for name, told in usage.windows().items():
            turn = None if told.resets_at is None else now + told.resets_at.timestamp() - wall - self._skew
            reports[name] = Report(told.left, told.limit, turn)
        self._teach(Lesson(Scope("", LimitGroup.USAGE), sent=sent, usage=True, reports=reports), now)

    def learn(self, lesson: Lesson, now: float, ticket: Ticket | None = None) -> float:
        """Take in what a call taught, ours or another process's. Returns the seconds that a refusal closes its gate."""
        if lesson.lost:
            for window in self.plan.values():
                window.lost(now)
            return 0.0
        self._answers += 1
        for name, window in self.plan.items():
            report = lesson.reports.get(name)
            if report is None or report.left is None:
                if not lesson.usage:
                    window.unreported(lesson.sent, ok=lesson.ok, now=now)
            elif lesson.usage:
                window.told(report.left, report.limit, report.turn, sent=lesson.sent, now=now)
            else:
                window.observe(report.left, report.limit, sent=lesson.sent, now=now)
        if lesson.refusal is not None:
            self.refused += 1
            return self._close(lesson.scope, lesson.refusal, sent=lesson.sent, now=now)
        if not lesson.usage:
            for gate in self._gates(lesson.scope):
                gate.answered(ticket or lesson, sent=lesson.sent)
        return 0.0

    def short(self, scope: Scope) -> Iterator[tuple[str, Pacer, Gate]]:
        """The short windows of a scope, by name: its endpoint's, and its group's."""
        if scope.group is not LimitGroup.USAGE:
            for pacer, gate in self._pacer(scope.endpoint, LimitGroup.ENDPOINT):
                yield scope.endpoint, pacer, gate
        if scope.group is not LimitGroup.ENDPOINT:
            for pacer, gate in self._pacer(scope.group.value, scope.group):
                yield scope.group.value, pacer, gate

    def keep_rates(self, rates: Mapping[LimitGroup, Rate | None], not_before: float) -> None:
        """From now on other rates, and nothing before that moment. What was learned stays."""
        self.rates = {**self.rates, **rates}
        self._pacers.clear()
        self._not_before = not_before

    def worth_asking(self, now: float) -> bool:
        """Whether account usage would tell something that shortens a wait."""
        for window in self.plan.values():
            spare = window.spare(self.in_flight)
            if spare is None or window.exact or (window.length <= 60 and window.aligned is False):
                continue
            near = spare <= max(1, (window.limit or 0) // 10)
            if near and (window.turn is None or window.turn - now > WORTH_ASKING):
                return True
        return False

    @property
    def fresh(self) -> bool:
        """Nothing has been answered yet: the plan's windows are unknown."""
        return self._answers == 0

    def views(self, now: float, wall: float) -> dict[str, WindowView]:
        """The plan's windows for `QuotaView`."""
        found: dict[str, WindowView] = {}
        for name, window in self.plan.items():
            window.roll(now)
            left = window.spare(self.in_flight)
            if left is not None:
                resets = None if window.turn is None else moment(wall + window.turn - now)
                found[name] = WindowView(window.limit, max(left, 0), resets, window.exact)
        return found

    def _short(self, scope: Scope) -> Iterator[tuple[Pacer, Gate]]:
        for _, pacer, gate in self.short(scope):
            yield pacer, gate

    def _pacer(self, key: str, group: LimitGroup) -> Iterator[tuple[Pacer, Gate]]:
        rate = self.rates[group]
        if rate is not None:
            if key not in self._pacers:
                self._pacers[key] = Pacer(rate.limit, rate.window), Gate(self._rng)
                self._pacers[key][0].hold_until(self._not_before)
            yield self._pacers[key]

    def _long(self, priority: Priority, now: float, may_probe: bool) -> Iterator[Turn]:
        """The account's gate, its plan's windows, and the very first answer."""
        yield Turn(self._gate.ready_at(now), self._gate.window or "answer")
        self._forget(now)
        for name, window in self.plan.items():
            ready = window.ready_at(now, self.in_flight, self._trip, self._kept(window, priority, now))
            if ready > now + WORTH_A_PROBE and may_probe and not window.exact:
                if not window.tried and not self.in_flight:
                    continue
                ready = float("inf") if self.in_flight else ready
            yield Turn(ready, "answer" if ready == float("inf") else name)
        if priority is Priority.BULK and self.fresh and self._open:
            yield Turn(next(iter(self._open)).granted + FIRST_ANSWER, "answer")

    def _kept(self, window: PlanWindow, priority: Priority, now: float) -> int:
        """What bulk leaves to single calls, where any came lately: a fiftieth, until the window is about to turn."""
        if priority is Priority.INTERACTIVE or now - self._interactive > 2 * window.length or window.limit is None:
            return 0
        ending = window.exact and window.turn is not None and window.turn - now < min(2.0, window.length / 20)
        return 0 if ending else window.limit // 50

    def _teach(self, lesson: Lesson, now: float, ticket: Ticket | None = None) -> float:
        held = self.learn(lesson, now, ticket)
        if self.on_lesson is not None:
            self.on_lesson(lesson)
        return held

    def _learn_skew(self, headers: Mapping[str, str], wall: float) -> None:
        """The server's clock against ours, where they differ by more than the header's precision."""
        date = next((value for name, value in headers.items() if name.lower() == "date"), None)
        if date:
            try:
                skew = parsedate_to_datetime(date).timestamp() + 0.5 - wall
            except (ValueError, TypeError, OverflowError, IndexError):
                return
            self._skew = skew if abs(skew) > 2.0 else 0.0

    def _close(self, scope: Scope, refusal: Refusal, *, sent: float, now: float) -> float:
        seconds = refusal.seconds
        window = self.plan.get(refusal.window) if refusal.window is not None else None
        if window is not None:
            window.emptied(None if seconds is None else now + seconds, now)
            if seconds is None and window.turn is not None:
                seconds = min(max(window.opens - now, 0.0), 60.0)
            held = self._gate.close(seconds, refusal.window, sent=sent, now=now)
            return max(held, window.opens - now)
        short = list(self._short(scope))
        for pacer, _ in short:
            if pacer.window <= 2.0:
                pacer.refused(now)
        closed = [
            gate.close(
                seconds,
                _span(pacer.window),
                sent=sent,
                now=now,
                least=pacer.window,
                sliding=pacer.window <= 2.0 and seconds is None,
            )
            for pacer, gate in short
        ]
        return max(closed) if closed else self._gate.close(seconds, "second", sent=sent, now=now)

    def _gates(self, scope: Scope) -> list[Gate]:
        gates = [gate for _, gate in self._short(scope)]
        return gates if scope.group is LimitGroup.USAGE else [*gates, self._gate]

    def _settle(self, ticket: Ticket) -> bool:
        """The call is over; False if it already was."""
        was, ticket.open = ticket.open, False
        self._open.pop(ticket, None)
        return was

    def _forget(self, now: float) -> None:
        """Permits that nobody ever reported on."""
        for ticket in list(self._open)[:1]:
            if now - ticket.granted > ABANDONED:
                self.lost(ticket, now)


def moment(unix: float) -> datetime:
    """Unix time as an aware datetime; far beyond the calendar, its last day."""
    try:
        return datetime.fromtimestamp(unix, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.max.replace(tzinfo=UTC)


def _span(window: float) -> str:
    return "second" if window <= 2.0 else "minute"

"""The limits of one process: the arithmetic of `account`, a queue in front of it, a clock behind it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from ..clock import SystemClock
from ..endpoint import LimitGroup
from ..errors import ClientStateError, QuotaExhausted
from .account import ASK_AGAIN, Account, Rate, Ticket, Turn, moment
from .base import DEFAULT_MAX_WAIT, AskUsage, Priority, Scope, Verdict
from .plans import PLANS, Plan
from .quota import QuotaView, duration
from .turnstile import Alarm, Queues, Waiter

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from ..clock import Clock

log = logging.getLogger("lusha_async")

ASK_AFTER_FAILURE = 60.0
SHORT = 2.0
"""Nobody is refused for a wait of so few seconds: the next slot of the pace is no empty window."""
WORTH_A_LINE = 2.0
"""A wait longer than this is logged."""


class LocalPermit:
    """See `Permit` and `PathWatcher`."""

    __slots__ = ("_connecting", "_limits", "_ticket", "reason", "waited")

    def __init__(self, limits: LocalLimits, ticket: Ticket, waited: float, reason: str | None) -> None:
        self._limits = limits
        self._ticket = ticket
        self.waited = waited
        self.reason = reason
        self._connecting: float | None = None

    def connecting(self) -> None:
        """A connection is being opened for the request."""
        self._connecting = self._limits.clock.monotonic()

    def connected(self) -> None:
        """The connection is open."""
        if self._connecting is not None:
            self._limits.on_connected(self._ticket, self._connecting)
            self._connecting = None

    def sent(self) -> None:
        """The request leaves now."""
        self._limits.on_sent(self._ticket)

    def unsent(self) -> None:
        """It never left."""
        self._limits.on_unsent(self._ticket)

    def lost(self) -> None:
        """It left and no answer came."""
        self._limits.on_lost(self._ticket)

    def answered(self, status: int, headers: Mapping[str, str], message: str | None = None) -> Verdict | None:
        """An answer came."""
        return self._limits.on_answered(self._ticket, status, headers, message)


class LocalLimits:
    """Keeps the limits of one account within one process; share one among clients of the same key.

    `rate` is the number of requests per second and endpoint (25); None switches that limit off. `rates` replaces
    the limits of the groups: ``{LimitGroup.USAGE: Rate(5, 60)}``. The plan's windows are learned from the answers;
    `plan` (a name of `PLANS`, or a `Plan`) tells them beforehand, which spares a bulk run the question it begins with.
    """

    def __init__(
        self,
        rate: int | None = 25,
        *,
        rates: Mapping[LimitGroup, Rate | None] | None = None,
        plan: str | Plan | None = None,
        rng: random.Random | None = None,
    ) -> None:
        short = {LimitGroup.ENDPOINT: None if rate is None else Rate(rate, 1.0)}
        known = PLANS[plan.lower()] if isinstance(plan, str) else plan
        self.account = Account({**short, **(rates or {})}, plan=known, rng=rng)
        self.clock: Clock = SystemClock()
        self.ask_usage: AskUsage | None = None
        self._queues: Queues[LocalPermit] = Queues()
        self._alarm = Alarm(self.pump)
        self._asking: asyncio.Task[None] | None = None
        self._opening = False
        self._ask_not_before = float("-inf")
        self._said: tuple[str | None, float] = (None, 0.0)

    def bind(self, *, account: str, clock: Clock) -> None:
        """Take the client's clock. The account's digest is of no use here: one object is one account."""
        self.clock = clock

    async def start(self) -> None:
        """Nothing to open."""

    async def aclose(self) -> None:
        """Send everybody away who still waits, end the question to account usage."""
        self._alarm.cancel()
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])
        for waiter in self._queues.all():
            waiter.future.set_exception(ClientStateError("The client was closed while this call waited for its turn."))

    async def acquire(
        self, scope: Scope, *, priority: Priority = Priority.INTERACTIVE, max_wait: float = DEFAULT_MAX_WAIT
    ) -> LocalPermit:
        """Wait for a turn. Raises `QuotaExhausted` once an empty window is known to turn later than `max_wait`."""
        now = self.clock.monotonic()
        at_once = self._at_once(scope, priority, now)
        if at_once is not None:
            return at_once
        waiter = self._queues.join(scope, priority, now, max_wait)
        self.pump()
        try:
            return await waiter.future
        except asyncio.CancelledError:
            if waiter.future.done() and not waiter.future.cancelled() and waiter.future.exception() is None:
                waiter.future.result().unsent()
            waiter.future.cancel()
            self.pump()
            raise

    @property
    def quota(self) -> QuotaView:
        """What is known now."""
        now, wall = self.clock.monotonic(), self.clock.wall()
        windows = self.account.views(now, wall)
        waiting, resume = None, None
        heads = self._queues.heads()
        turns = [self._turn(head.scope, head.priority, now) for head in heads]
        if turns and all(turn.at > now and turn.window != "second" for turn in turns):
            turn = min(turns, key=lambda turn: turn.at)
            waiting = reason_of(turn, now)
            resume = moment(wall + turn.at - now) if turn.at < float("inf") else None
        return QuotaView(
            minute=windows.get("minute"),
            hour=windows.get("hour"),
            day=windows.get("day"),
            waiting=waiting,
            resume_at=resume,
            queued=len(self._queues),
            in_flight=self.account.in_flight,
            refused=self.account.refused,
        )

    def on_connected(self, ticket: Ticket, since: float) -> None:
        """A permit tells: a connection is open that was begun at `since`."""
        now = self.clock.monotonic()
        self.account.connected(ticket, now - since, now, self._alarm.lateness(now))

    def on_sent(self, ticket: Ticket) -> None:
        """A permit tells: the request leaves now."""
        self.account.sent(ticket, self.clock.monotonic())

    def on_unsent(self, ticket: Ticket) -> None:
        """A permit tells: the request never left."""
        self.account.unsent(ticket, self.clock.monotonic())
        self.pump()

    def on_lost(self, ticket: Ticket) -> None:
        """A permit tells: no answer came."""
        self.account.lost(ticket, self.clock.monotonic())
        self.pump()

    def on_answered(
        self, ticket: Ticket, status: int, headers: Mapping[str, str], message: str | None
    ) -> Verdict | None:
        """A permit tells: an answer came."""
        now, wall = self.clock.monotonic(), self.clock.wall()
        late = self._alarm.lateness(now)
        verdict = self.account.answered(ticket, status, headers, message, now=now, wall=wall, late=late)
        self.pump()
        return verdict

    def pump(self) -> None:
        """Let everybody go who may; refuse whoever would wait too long; set the alarm for the next."""
        now = self.clock.monotonic()
        self._alarm.notice(now)
        while self._grant_one(now):
            pass
        heads = self._queues.heads()
        if not heads:
            self._alarm.cancel()
            return
        self._maybe_ask(heads, now)
        wake = min(self._turn(head.scope, head.priority, now).at for head in heads)
        if self.ask_usage is not None and self._asking is None and now < self._ask_not_before < wake:
            wake = self._ask_not_before if self.account.worth_asking(now) else wake
        self._alarm.set(wake, self.clock)

    def _at_once(self, scope: Scope, priority: Priority, now: float) -> LocalPermit | None:
        """A permit for whoever need not wait."""
        if self._queues.crowded(scope, priority) or self._learning(priority):
            return None
        if self._turn(scope, priority, now).at > now:
            return None
        return LocalPermit(self, self.account.grant(scope, priority, now), 0.0, None)

    def _grant_one(self, now: float) -> bool:
        """Serve or refuse the first that can be; False: nobody can."""
        for head in self._queues.heads():
            if self._learning(head.priority):
                continue
            turn = self._turn(head.scope, head.priority, now)
            if turn.at <= now:
                ticket = self.account.grant(head.scope, head.priority, now)
                head.future.set_result(LocalPermit(self, ticket, now - head.since, head.reason))
                return True
            head.reason = reason_of(turn, now)
            self._log(turn, now)
            if self._asking is None and self._refuse(head, turn, now):
                return True
        return False

    def _refuse(self, head: Waiter[LocalPermit], turn: Turn, now: float) -> bool:
        """Refuse everybody in this queue whose patience the turn exceeds."""
        if turn.at == float("inf") or turn.at - now <= SHORT:
            return False
        resume = moment(self.clock.wall() + turn.at - now)
        refused = False
        for waiter in self._queues.all():
            same = waiter.scope == head.scope and waiter.priority == head.priority
            if same and turn.at - waiter.since > waiter.max_wait:
                waiter.future.set_exception(
                    QuotaExhausted(
                        f"waiting would take {duration(turn.at - now)}",
                        window=turn.window,
                        resume_at=resume,
                        endpoint=head.scope.endpoint,
                    )
                )
                refused = True
        return refused

    def _turn(self, scope: Scope, priority: Priority, now: float) -> Turn:
        return self.account.turn(scope, priority, now, may_probe=not self._can_ask(now) and self._asking is None)

    def _can_ask(self, now: float) -> bool:
        return self.ask_usage is not None and now >= self._ask_not_before

    def _learning(self, priority: Priority) -> bool:
        """A bulk run that knows nothing waits for account usage, if that can be asked."""
        if priority is not Priority.BULK:
            return False
        if self._asking is not None:
            return self._opening
        return self.account.fresh and not self.account.in_flight and self._can_ask(self.clock.monotonic())

    def _maybe_ask(self, heads: list[Waiter[LocalPermit]], now: float) -> None:
        if self._asking is not None or not self._can_ask(now):
            return
        if self.account.worth_asking(now) or any(self._learning(head.priority) for head in heads):
            self._ask_not_before = now + ASK_AGAIN
            self._opening = self.account.fresh
            self._asking = asyncio.get_running_loop().create_task(self._ask(now), name="lusha-limits-ask-usage")

    async def _ask(self, sent: float) -> None:
        """One call of account usage. It waits at its own window only, so it cannot wait for itself."""
        try:
            usage = await self.ask_usage() if self.ask_usage is not None else None
            if usage is not None:
                self.account.told(usage, sent=sent, now=self.clock.monotonic(), wall=self.clock.wall())
        except Exception as error:  # noqa: BLE001 - whatever went wrong there must not end the calls that wait here
            self._ask_not_before = self.clock.monotonic() + ASK_AFTER_FAILURE
            log.debug("account usage could not be asked for the limits: %s", type(error).__name__)
        finally:
            self._asking = None
            self.pump()

    def _log(self, turn: Turn, now: float) -> None:
        if turn.window in (None, "second", "answer") or turn.at - now < WORTH_A_LINE or turn.at == float("inf"):
            return
        window, at = self._said
        if window != turn.window or abs(turn.at - at) > WORTH_A_LINE:
            self._said = (turn.window, turn.at)
            log.info("%s", reason_of(turn, now))


def reason_of(turn: Turn, now: float) -> str:
    """What is being waited for, as text."""
    if turn.window == "answer" or turn.at == float("inf"):
        return "waiting for the answer that shows the limits"
    return f"waiting for the {turn.window} window, {duration(turn.at - now)}"

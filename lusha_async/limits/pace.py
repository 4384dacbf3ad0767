"""The short window: at most `limit` requests arriving in ANY `window` seconds, evenly spaced. Pure arithmetic.

Why not aiolimiter: its bucket starts full and leaks while it empties, so ``AsyncLimiter(25, 1)`` lets nearly 50 through
in its first second; ``AsyncLimiter(1, 1/25)`` never bursts, but every late wake-up pushes all later ones (95 %), and
both count the moment of `acquire`, while the server counts the moment of arrival: connections that take 80 ms to open
make them overrun (benchmarks/limits shows all three). Its waiters are ordered by amount, newcomers overtake, and
there are no priorities.

What is done instead:

- A log of the requests that may still count. One that has not left yet counts for ever, one that left counts until a
  window after its latest possible arrival: ``left + window + allowance``, and, once answered, ``left + window +
  excess`` (`jitter`).
- A request may leave when fewer than `limit` count. That alone is safe, whatever connections and timers do.
- The pace: an ideal schedule of even slots. A late wake-up does not move the later slots (up to `slack` slots are
  caught up), so none is lost, and no queue-jumper waits for a hole between bursts.
"""

from __future__ import annotations

from dataclasses import dataclass

from .jitter import Jitter

FORGOTTEN = 60.0
"""Seconds after which a permit that nobody reported on is taken for sent."""
FIRST_DELAY = 0.02
"""Seconds that a window is taken to be longer until answers show by how much it really is."""
SLACK = 1.0
"""How many slots a late schedule may catch up at once."""


@dataclass(slots=True, eq=False)
class Slot:
    """One place in the log: a request on its way."""

    granted: float
    left: float | None = None
    """When the request left; None: not yet."""
    trip: float | None = None
    """How long its answer took: what that means for its arrival is known better with every answer of others."""


class Pacer:
    """One short window. Every method takes `now`, in seconds of any clock that never goes back."""

    def __init__(
        self, limit: int, window: float = 1.0, *, even: bool | None = None, jitter: Jitter | None = None
    ) -> None:
        """`even`: space the requests evenly; by default for windows of up to two seconds."""
        if limit < 1 or window <= 0:
            raise ValueError("a window needs a limit of at least 1 and a positive length")
        self.limit = limit
        self.window = window
        self.jitter = jitter or Jitter(window)
        self._even = window <= 2.0 if even is None else even
        self._slots: list[Slot] = []
        self._ideal = float("-inf")
        self._mean_delay = FIRST_DELAY
        self._knew = False

    @property
    def interval(self) -> float:
        """Seconds between two slots of the even schedule."""
        return (self.window + self._mean_delay) / self.limit if self._even else 0.0

    def hold_until(self, moment: float) -> None:
        """Let nothing go before."""
        self._ideal = max(self._ideal, moment)

    def expires(self, slot: Slot, now: float) -> float:
        """When a request stops counting, as far as is known now."""
        left = slot.granted if slot.left is None else slot.left
        late = self.jitter.allowance(now) if slot.trip is None else self.jitter.excess(slot.trip)
        return left + self.window + self.jitter.margin(now) + late

    def hold(self, now: float) -> float:
        """How long a request counts that leaves now."""
        return self.window + self.jitter.margin(now) + self.jitter.allowance(now)

    def ready_at(self, now: float) -> float:
        """The earliest moment for the next request, as far as can be known now: it may move either way."""
        return max(self._log_ready(now), self._ideal)

    def grant(self, now: float) -> Slot:
        """Take the slot that `ready_at` said is free."""
        slot = Slot(granted=now)
        self._slots.append(slot)
        earliest = now if self._ideal == float("-inf") else now - SLACK * self.interval
        self._ideal = max(self._ideal, earliest) + self.interval
        return slot

    def sent(self, slot: Slot, now: float) -> None:
        """The request left only now (it may have waited for its connection, its body for one more turn of the loop)."""
        slot.left = now

    def answered(self, slot: Slot, now: float, *, ok: bool, late: float = 0.0) -> None:
        """Its answer is here: it had arrived before. Only successes teach (refusals take a shorter way).

        `late`: how many seconds we may have read it late.
        """
        if slot.left is None:
            slot.left = slot.granted
        if ok:
            slot.trip = now - slot.left
            if self.jitter.answered(slot.trip, late) and self.jitter.known:
                self._learn_delay(slot.trip, now)

    def unsent(self, slot: Slot, now: float) -> None:
        """It never left: its slot is free again (the schedule goes on)."""
        if slot.left is None and slot in self._slots:
            self._slots.remove(slot)
            self._ideal = min(self._ideal, now) if not self._slots else self._ideal - self.interval

    def lost(self, slot: Slot, now: float) -> None:
        """No answer came: it may have arrived as late as now."""
        slot.left = now if slot.left is None else slot.left

    def refused(self, now: float) -> None:
        """The server counted more than `limit` in a window: keep a larger distance from now on."""
        self.jitter.refused(now)

    def _learn_delay(self, trip: float, now: float) -> None:
        """How much longer than the window a slot counts on average; asked only when enough answers are known."""
        margin, allowance = self.jitter.margin(now), self.jitter.allowance(now)
        if not self._knew:
            self._knew = True
            self._mean_delay = max(self._mean_delay, allowance)
        in_time = trip < self.window + margin
        self._mean_delay += 0.05 * ((self.jitter.excess(trip) if in_time else allowance) + margin - self._mean_delay)

    def _log_ready(self, now: float) -> float:
        base = self.window + self.jitter.margin(now)
        allowance = self.jitter.allowance(now)
        free_at: list[float] = []
        kept: list[Slot] = []
        for slot in self._slots:
            left = slot.left
            if left is None:
                left = now if now - slot.granted < FORGOTTEN else slot.granted
            expires = left + base + (allowance if slot.trip is None else self.jitter.excess(slot.trip))
            if expires > now:
                kept.append(slot)
                free_at.append(expires)
        self._slots = kept
        if len(kept) < self.limit:
            return now
        return sorted(free_at)[len(free_at) - self.limit]

"""How unevenly requests arrive: what a client can see of it. Pure.

Two requests that leave one second apart arrive up to J seconds closer when the path delays them unequally, so a
limiter must keep a distance of ``window + J``. J is not known. Four things tell about it:

- how much longer the round trip of one answered request took than the fastest: that request cannot have arrived later
  than that (its **excess**; on average half of J, so knowing it buys back half of the margin);
- the spread of all recent round trips: what to assume of a request not answered yet (the **allowance**);
- while no answers are known, because the server takes seconds for each: the spread of the times that new connections
  take to open, which the server's work does not disturb;
- a 429 in spite of all: the margin grows at once, and shrinks again slowly.

An opened connection shows the network, not what happens behind the server's front door, so it counts for little: only
when answers have failed to come for `BLIND` windows (most servers have answered by then), never for less than
`OPENINGS_FLOOR`, and no longer at all once a 429 has come. And what this process itself was late to read (a collector's
pause, a busy core) tells nothing of the path: it is left out, as far as that is rare.

A spread beyond `PLAUSIBLE` is taken for the server's varying work, not for the path; then only 429s raise the margin.
"""

from __future__ import annotations

from collections import deque

START = 0.1
"""Allowance while fewer than `ENOUGH` answers are known. A tenth of a second for each window without answers."""
ENOUGH = 10
PLAUSIBLE = 0.25
"""Seconds of spread that a network path may well have; a wider spread is the server taking its time."""
OPENINGS = 25
"""Connections whose opening is remembered: a slow look-up of the host's name or a busy start is soon forgotten."""
BLIND = 1.5
"""Windows for which so many answers as are needed must have failed to come since so many connections were opened."""
OPENINGS_FLOOR = 0.02
"""Least allowance that evenly opened connections justify."""
FLOOR = 0.03
"""Allowance where the spread says nothing."""
BASE_MARGIN = 0.005
"""Seconds kept on top of everything: two clocks, and a path that was never seen at its fastest."""
STEP = 0.01
"""Added to the margin by each 429."""
MOST = 0.25
HALF_LIFE = 120.0
"""Seconds after which half of what 429s added is given back."""
SAMPLES = 250
OWN = 0.01
"""Seconds of lateness of our own from which on an answer tells nothing of the path. At most one in ten is left out:
where everything is late, the server may share the machine, and its lateness counts."""


class Jitter:
    """Learns from round trips and refusals; answers with seconds to keep on top of a window."""

    def __init__(self, window: float = 1.0) -> None:
        """`window`: answers that take longer come too late to tell when their own request arrived."""
        self._window = window
        self._trips: deque[float] = deque(maxlen=SAMPLES)
        self._openings: deque[float] = deque(maxlen=OPENINGS)
        self._enough_openings: float | None = None
        self._refused = False
        self._seen = 0
        self._left_out = 0
        self._fastest = 0.0
        self._spread = 0.0
        self._fresh = 0
        self._learned = 0.0
        self._learned_at = 0.0

    def answered(self, trip: float, late: float = 0.0) -> bool:
        """One more round trip, from the moment the request left to its answer. False: nothing was learned from it.

        `late`: how many seconds of it may be our own, because this process did not get to reading the answer.
        """
        self._seen += 1
        if self._seen == 1:  # read by code that never ran before: milliseconds of our own
            return False
        if late > OWN and self._left_out < self._seen / 10:
            self._left_out += 1
            return False
        self._trips.append(trip)
        self._fresh += 1
        if len(self._trips) < 2 * ENOUGH or self._fresh >= ENOUGH:
            self._measure()
        elif trip < self._fastest:
            self._fastest = trip
        return True

    def opened(self, seconds: float, now: float, late: float = 0.0) -> None:
        """One more connection was opened, and took so long; `late` as in `answered`."""
        if late <= OWN:
            self._openings.append(seconds)
        if len(self._openings) == ENOUGH and self._enough_openings is None:
            self._enough_openings = now

    def refused(self, now: float) -> None:
        """A 429 of the short window: whatever was assumed was too little."""
        self._refused = True
        self._learned = min(self.learned(now) + STEP, MOST)
        self._learned_at = now

    def learned(self, now: float) -> float:
        """What 429s have added, faded by time."""
        if not self._learned:
            return 0.0
        return float(self._learned * 0.5 ** ((now - self._learned_at) / HALF_LIFE))

    @property
    def known(self) -> bool:
        """Whether enough answers came to tell anything."""
        return len(self._trips) >= ENOUGH

    def allowance(self, now: float) -> float:
        """How late an unanswered request may arrive, compared with the fastest."""
        if not self.known:
            return self._of_openings(now)
        return self._spread if self._spread <= PLAUSIBLE else FLOOR

    def excess(self, trip: float) -> float:
        """How late an answered request can have arrived, compared with the fastest: never more than its own delay."""
        if not self.known:
            return START
        return min(max(trip - self._fastest, 0.0), PLAUSIBLE if self._spread <= PLAUSIBLE else FLOOR)

    def margin(self, now: float) -> float:
        """Seconds to keep on top of allowance or excess."""
        few = self._spread / len(self._trips) if self.known and self._spread <= PLAUSIBLE else 0.0
        return BASE_MARGIN + few + self.learned(now)

    def _of_openings(self, now: float) -> float:
        """The allowance while answers are unknown: never more than `START`."""
        if self._refused or self._enough_openings is None or now - self._enough_openings < BLIND * self._window:
            return START
        spread = max(self._openings) - min(self._openings)
        return min(max(spread + spread / len(self._openings), OPENINGS_FLOOR), START)

    def _measure(self) -> None:
        """Order the trips; leave out one in fifty at either end and stretch the rest back to the whole.

        None is left out where answers come too late to tell of their own request: then the allowance is all there is.
        """
        ordered = sorted(self._trips)
        self._fresh = 0
        self._fastest = ordered[0]
        cut = 0 if self._fastest > 0.9 * self._window else len(ordered) // 50
        inner = ordered[len(ordered) - 1 - cut] - ordered[cut]
        self._spread = inner / (1 - 2 * cut / len(ordered)) + inner / len(ordered)

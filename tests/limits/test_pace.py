"""The short window as arithmetic: laws that hold whatever connections, timers and callers do."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lusha_async.limits.pace import Pacer, Slot


def largest(moments: list[float], window: float) -> int:
    ordered = sorted(moments)
    return max((i + 1 - bisect_right(ordered, moment - window) for i, moment in enumerate(ordered)), default=0)


def settled(pacer: Pacer, trip: float = 0.3) -> Pacer:
    """As after many equal answers: nothing to be careful about."""
    for _ in range(50):
        pacer.jitter.answered(trip)
    return pacer


@settings(max_examples=60, deadline=None)
@given(
    limit=st.integers(1, 25),
    late=st.lists(st.floats(0, 0.5), min_size=1, max_size=20),
    connect=st.lists(st.floats(0, 3.0), min_size=1, max_size=20),
    trips=st.lists(st.floats(0.05, 2.0), min_size=1, max_size=20),
)
def test_no_window_ever_holds_more_than_the_limit(
    limit: int, late: list[float], connect: list[float], trips: list[float]
) -> None:
    """Late wake-ups and slow connections: what left in any second is never more than the limit."""
    pacer, now = Pacer(limit), 0.0
    left: list[float] = []
    under_way: list[tuple[float, int, Slot]] = []
    answers: list[tuple[float, int, Slot]] = []
    for number in range(120):
        while True:
            ready = pacer.ready_at(now)
            happens = min([*under_way, *answers], default=None, key=lambda event: event[:2])
            if happens is not None and happens[0] <= max(ready, now):
                now = max(now, happens[0])
                if happens in under_way:
                    under_way.remove(happens)
                    pacer.sent(happens[2], now)
                    left.append(now)
                    answers.append((now + trips[number % len(trips)], number, happens[2]))
                else:
                    answers.remove(happens)
                    pacer.answered(happens[2], now, ok=True)
            elif ready <= now:
                break
            else:
                now = ready + late[number % len(late)]
        under_way.append((now + connect[number % len(connect)], number, pacer.grant(now)))
    assert largest(left, 1.0) <= limit


def test_slots_are_even_and_the_window_is_full() -> None:
    pacer, now = settled(Pacer(25)), 0.0
    moments: list[float] = []
    for _ in range(1_000):
        now = max(now, pacer.ready_at(now))
        slot = pacer.grant(now)
        pacer.sent(slot, now)
        pacer.answered(slot, now + 0.3, ok=True)
        moments.append(now)
    gaps = [after - before for before, after in pairwise(moments[50:])]
    assert 999 / (moments[-1] - moments[0]) > 0.985 * 25
    assert max(gaps) < 0.06
    assert largest(moments, 1.0) <= 25


def test_a_late_wake_up_does_not_move_later_slots() -> None:
    pacer, now = settled(Pacer(25)), 0.0
    for number in range(250):
        now = max(now, pacer.ready_at(now)) + (0.02 if number % 2 else 0.0)
        slot = pacer.grant(now)
        pacer.sent(slot, now)
        pacer.answered(slot, now + 0.3, ok=True)
    assert now < 10 * 1.03


def test_a_request_that_has_not_left_holds_its_slot() -> None:
    pacer = settled(Pacer(2, 1.0, even=False))
    first, second = pacer.grant(0.0), pacer.grant(0.0)
    pacer.sent(first, 0.0)
    pacer.sent(second, 5.0)
    assert pacer.ready_at(5.5) == 5.5
    pacer.grant(5.5)
    assert pacer.ready_at(5.6) > 6.0


def test_unsent_gives_the_slot_back_and_lost_does_not() -> None:
    pacer = settled(Pacer(1, 10.0))
    slot = pacer.grant(0.0)
    pacer.unsent(slot, 1.0)
    assert pacer.ready_at(1.0) == 1.0
    slot = pacer.grant(1.0)
    pacer.sent(slot, 1.0)
    pacer.unsent(slot, 1.0)
    pacer.lost(slot, 2.0)
    assert pacer.ready_at(2.0) > 11.0


def test_a_permit_that_nobody_reports_on_is_not_held_for_ever() -> None:
    pacer = settled(Pacer(1, 1.0))
    pacer.grant(0.0)
    assert pacer.ready_at(59.0) > 60.0
    assert pacer.ready_at(61.0) == 61.0


@pytest.mark.parametrize(("limit", "window"), [(0, 1.0), (5, 0.0)])
def test_windows_without_room_are_refused(limit: int, window: float) -> None:
    with pytest.raises(ValueError, match="window"):
        Pacer(limit, window)


def test_a_request_counts_from_the_last_moment_at_which_it_was_said_to_leave() -> None:
    pacer = settled(Pacer(1, 1.0))
    slot = pacer.grant(0.0)
    pacer.sent(slot, 0.0)
    pacer.sent(slot, 0.5)
    assert pacer.ready_at(1.2) > 1.5


def test_first_answers_do_not_slow_the_pace() -> None:
    pacer = Pacer(25)
    before = pacer.interval
    for number in range(9):
        slot = pacer.grant(0.04 * number)
        pacer.sent(slot, 0.04 * number)
        pacer.answered(slot, 0.04 * number + 0.02, ok=True)
        assert pacer.interval == before

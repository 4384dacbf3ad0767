"""The plan's windows as arithmetic: what reports in any order teach."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from lusha_async.limits.gate import Gate
from lusha_async.limits.plan import SLACK, PlanWindow

INF = float("inf")


def minute() -> PlanWindow:
    return PlanWindow("minute", 60.0)


@given(st.permutations([*range(290, 300)]))
def test_the_lowest_left_wins_in_any_order(reports: list[int]) -> None:
    window = minute()
    for left in reports:
        window.observe(left, 300, sent=0.0, now=1.0)
    assert window.spare(0) == 290


def test_whoever_is_unanswered_is_taken_off() -> None:
    window = minute()
    window.observe(10, 300, sent=0.0, now=1.0)
    assert window.spare(3) == 7
    assert window.ready_at(1.0, 9, 0.3) == 1.0
    assert window.ready_at(1.0, 10, 0.3) == INF, "an answer may show that there is room"


def test_lost_requests_count_until_a_later_report_includes_them() -> None:
    window = minute()
    window.observe(10, 300, sent=0.0, now=1.0)
    window.lost(2.0)
    assert window.spare(0) == 9
    window.observe(8, 300, sent=3.0, now=4.0)
    assert window.spare(0) == 8


def test_an_unknown_turn_is_at_most_one_length_away() -> None:
    window = minute()
    window.observe(0, 300, sent=0.5, now=1.0)
    assert not window.exact
    assert window.ready_at(1.0, 0, 0.3) == 61.0


def test_after_the_turn_one_request_goes_first() -> None:
    window = minute()
    window.observe(0, 300, sent=0.5, now=1.0)
    assert window.ready_at(61.0, 0, 0.3) == 61.0
    assert window.ready_at(61.0, 1, 0.3) == INF
    window.observe(299, 300, sent=61.0, now=61.3)
    assert window.ready_at(61.3, 20, 0.3) == 61.3
    assert window.spare(0) == 299


def test_an_old_answer_after_the_turn_does_not_empty_the_new_window() -> None:
    window = minute()
    window.observe(0, 300, sent=0.5, now=1.0)
    window.roll(61.0)
    window.observe(1, 300, sent=0.4, now=61.1)
    window.observe(299, 300, sent=61.2, now=61.5)
    window.observe(2, 300, sent=0.4, now=61.6)
    assert window.spare(0) == 299


def test_more_left_than_cause_allows_means_that_the_window_turned() -> None:
    window = minute()
    window.observe(5, 300, sent=0.0, now=1.0)
    window.observe(200, 300, sent=0.9, now=1.1)
    assert window.spare(0) == 5, "may have been counted before"
    window.observe(298, 300, sent=1.2, now=1.5)
    assert window.spare(0) == 298


def test_usage_tells_the_turn() -> None:
    window = minute()
    window.observe(0, 300, sent=0.5, now=1.0)
    window.told(0, 300, 21.0, sent=1.0, now=1.3)
    assert window.exact
    assert window.ready_at(1.3, 0, 0.3) == 21.0 + SLACK


def test_two_told_turns_show_whether_windows_repeat() -> None:
    window = minute()
    window.observe(0, 300, sent=0.5, now=1.0)
    window.told(0, 300, 21.0, sent=1.0, now=1.3)
    assert window.aligned is None
    window.roll(22.0)
    window.observe(299, 300, sent=22.0, now=22.3)
    window.told(0, 300, 81.0, sent=40.0, now=40.3)
    assert window.aligned is True
    window.observe(0, 300, sent=50.0, now=50.3)
    window.roll(82.0)
    window.observe(299, 300, sent=82.0, now=82.3)
    window.observe(0, 300, sent=95.0, now=95.3)
    assert window.ready_at(95.3, 0, 0.3) == 141.0 + SLACK


def test_a_window_that_did_not_turn_is_tried_again_in_growing_steps() -> None:
    window = minute()
    window.observe(0, 300, sent=0.5, now=1.0)
    waits = []
    now = 61.0
    for _ in range(4):
        window.roll(now)
        window.observe(0, 300, sent=now, now=now + 0.3)
        ready = window.ready_at(now + 0.3, 0, 0.3)
        waits.append(ready - now)
        now = ready
    assert waits == sorted(waits)
    assert 0.5 < waits[0] < 2.0


def test_strangers_share_is_held_back_at_the_end() -> None:
    window = minute()
    left, now = 300, 0.0
    while left > 20:  # one of ours and one of a stranger, ten times a second
        left, now = left - 2, now + 0.1
        window.observe(left, 300, sent=now - 0.05, now=now)
    assert 4 < window.strangers < 16
    assert window.ready_at(now, 1, 2.0) == INF
    assert window.ready_at(now, 0, 2.0) == now, "one by one to the very end"


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**6), trip=st.floats(0.05, 2.0), jitter=st.floats(0.0, 1.0), limit=st.integers(1, 60))
def test_never_more_than_the_window_holds(seed: int, trip: float, jitter: float, limit: int) -> None:
    """Alone with its account, from the first report on, a client never overruns a window, and uses all of it."""
    rng = random.Random(seed)
    window = minute()
    window.observe(limit, limit, sent=-1.0, now=0.0)
    now, left, in_flight = 0.0, limit, 0
    events: list[tuple[float, int, float, int | None]] = []
    sent = 0
    while now < 59.0:
        ready = window.ready_at(now, in_flight, trip)
        if events and (ready > now or events[0][0] <= now):
            events.sort()
            at, number, moment, shown = events.pop(0)
            now = max(now, at)
            if shown is None:
                left -= 1
                assert left >= 0
                events.append((now + trip / 2 + rng.uniform(0, jitter), number, moment, left))
            else:
                in_flight -= 1
                window.observe(shown, limit, sent=moment, now=now)
            events.sort()
        elif ready <= now:
            sent, in_flight = sent + 1, in_flight + 1
            events.append((now + trip / 2 + rng.uniform(0, jitter), sent, now, None))
            events.sort()
            now += 0.001
        else:
            break
    assert sent == limit or now >= 59.0


def test_the_gate_waits_probes_and_opens() -> None:
    gate = Gate(random.Random(1))
    assert gate.ready_at(5.0) == 5.0
    held = gate.close(10.0, "minute", sent=4.0, now=5.0)
    assert 10.0 <= held <= 11.0
    assert gate.ready_at(6.0) == 5.0 + held
    assert gate.ready_at(17.0) == 17.0
    probe = object()
    gate.grant(probe)
    assert gate.ready_at(17.0) == INF
    gate.gone(probe)
    assert gate.ready_at(17.0) == 17.0
    gate.grant(probe)
    gate.answered(object(), sent=4.5)
    assert gate.ready_at(17.0) == INF, "the answer to an older request proves nothing"
    gate.answered(probe, sent=17.0)
    assert gate.ready_at(17.0) == 17.0


def test_refusals_that_say_nothing_back_off_to_a_minute() -> None:
    gate = Gate(random.Random(1))
    now, waits = 0.0, []
    for _ in range(9):
        waits.append(gate.close(None, None, sent=now, now=now))
        now += waits[-1]
    assert waits[0] < 1.2
    assert waits == sorted(waits) or max(waits) <= 61.0
    assert 60.0 <= waits[-1] <= 61.0


def test_refusals_under_way_are_one_strike() -> None:
    gate = Gate(random.Random(1))
    for _ in range(10):
        held = gate.close(None, None, sent=0.0, now=1.0)
    assert held < 2.3

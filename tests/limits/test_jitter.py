"""What a client can see of how unevenly its requests arrive."""

from __future__ import annotations

from lusha_async.limits.jitter import BLIND, ENOUGH, FLOOR, OPENINGS, OPENINGS_FLOOR, OWN, PLAUSIBLE, START, Jitter


def opened(*seconds: float) -> Jitter:
    """Connections that took so long to open, the first of them at 0; no answers yet."""
    jitter = Jitter()
    for number, one in enumerate(seconds):
        jitter.opened(one, 0.04 * number)
    return jitter


def test_jitter_is_the_spread_of_round_trips() -> None:
    jitter = Jitter()
    assert jitter.allowance(0.0) == START
    for number in range(200):
        jitter.answered(0.3 + 0.05 * (number % 20) / 19)
    assert 0.045 < jitter.allowance(0.0) < 0.06
    assert jitter.excess(0.3) == 0.0
    assert abs(jitter.excess(0.325) - 0.025) < 1e-9


def test_a_servers_varying_work_is_not_taken_for_jitter() -> None:
    jitter = Jitter()
    for number in range(200):
        jitter.answered(0.3 + 2.0 * (number % 20) / 19)
    assert jitter.allowance(0.0) == FLOOR
    assert jitter.excess(2.3) == FLOOR


def test_one_outlier_counts_for_itself_alone() -> None:
    jitter = Jitter()
    for number in range(200):
        jitter.answered(0.3 if number != 100 else 0.4)
    assert jitter.allowance(0.0) < 0.005
    assert 0.09 < jitter.excess(0.4) <= PLAUSIBLE


def test_refusals_raise_the_margin_and_time_lowers_it() -> None:
    jitter = Jitter()
    before = jitter.margin(0.0)
    jitter.refused(0.0)
    jitter.refused(0.0)
    assert jitter.margin(0.0) > before + 0.015
    assert jitter.margin(3_000.0) < before + 0.001


def test_without_answers_even_openings_lower_the_allowance_after_a_while() -> None:
    jitter = opened(*[0.08] * OPENINGS)
    enough = 0.04 * (ENOUGH - 1)
    assert jitter.allowance(enough + BLIND - 0.01) == START
    assert jitter.allowance(enough + BLIND + 0.01) == OPENINGS_FLOOR


def test_uneven_openings_never_raise_the_allowance() -> None:
    assert START > opened(*[0.08, 0.13] * ENOUGH).allowance(2.0) > 0.05
    assert opened(*[0.08, 0.5] * ENOUGH).allowance(2.0) == START


def test_few_openings_tell_nothing() -> None:
    assert opened(*[0.08] * (ENOUGH - 1)).allowance(9.0) == START


def test_one_slow_opening_is_forgotten() -> None:
    jitter = opened(1.5, *[0.08] * (OPENINGS - 1))
    assert jitter.allowance(2.0) == START
    jitter.opened(0.08, 2.0)
    assert jitter.allowance(2.0) == OPENINGS_FLOOR


def test_a_refusal_ends_the_trust_in_openings() -> None:
    jitter = opened(*[0.08] * OPENINGS)
    jitter.refused(2.0)
    assert jitter.allowance(2.0) == START
    assert jitter.allowance(2_000.0) == START


def test_openings_say_nothing_once_answers_are_known() -> None:
    jitter = opened(*[0.08] * OPENINGS)
    for number in range(200):
        jitter.answered(0.3 + 0.05 * (number % 20) / 19)
    assert 0.045 < jitter.allowance(9.0) < 0.06


def test_what_we_read_late_tells_nothing_of_the_path() -> None:
    jitter = opened(*[0.08] * OPENINGS)
    jitter.opened(0.3, 1.0, late=2 * OWN)
    assert jitter.allowance(2.0) == OPENINGS_FLOOR
    for number in range(200):
        late = number % 50 == 20
        assert jitter.answered(0.4 if late else 0.3, late=2 * OWN if late else 0.0) is (number > 0 and not late)
    assert jitter.allowance(9.0) < 0.005


def test_where_everything_is_late_it_counts() -> None:
    jitter = Jitter()
    for number in range(200):
        jitter.answered(0.3 + 0.05 * (number % 20) / 19, late=2 * OWN)
    assert 0.045 < jitter.allowance(9.0) < 0.06

"""The retry rules as a table: what a repeat costs decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lusha_async import Repeat, RetryPolicy
from lusha_async.retry import Failure, failure_of, may_repeat, pause_before_repeat

POLICY = RetryPolicy()


@pytest.mark.parametrize("repeat", list(Repeat))
@pytest.mark.parametrize("failure", [Failure.NOT_SENT, Failure.LIMITED])
def test_what_never_was_processed_is_always_sent_again(repeat: Repeat, failure: Failure) -> None:
    assert may_repeat(failure, repeat)


@pytest.mark.parametrize("failure", [Failure.UNKNOWN, Failure.SERVER])
@pytest.mark.parametrize(
    ("repeat", "allowed"),
    [(Repeat.FREE, True), (Repeat.CHEAP, True), (Repeat.COSTLY, False), (Repeat.NEVER, False)],
)
def test_an_unknown_outcome_is_repeated_only_where_that_is_cheap(
    failure: Failure, repeat: Repeat, allowed: bool
) -> None:
    assert may_repeat(failure, repeat) is allowed
    assert may_repeat(failure, repeat, allow_repeat=True)


@pytest.mark.parametrize("repeat", list(Repeat))
def test_a_final_answer_is_final(repeat: Repeat) -> None:
    assert not may_repeat(Failure.FINAL, repeat, allow_repeat=True)


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (429, Failure.LIMITED),
        (499, Failure.UNKNOWN),
        (504, Failure.UNKNOWN),
        (500, Failure.SERVER),
        (503, Failure.SERVER),
    ]
    + [(status, Failure.FINAL) for status in (400, 401, 402, 403, 404, 409, 410, 412, 422, 451)],
)
def test_statuses_have_their_meaning(status: int, failure: Failure) -> None:
    assert failure_of(status) is failure


@given(st.integers(1, 200), st.floats(0, 1, exclude_max=True))
def test_pauses_double_and_stay_bounded(attempt: int, jitter: float) -> None:
    pause = POLICY.pause(attempt, jitter)
    full = min(60.0, 2.0 ** (attempt - 1))
    assert full / 2 <= pause <= full


def pause(**changes: object) -> float | None:
    settings: dict[str, object] = {
        "repeat": Repeat.FREE,
        "allow_repeat": False,
        "attempt": 1,
        "elapsed": 0.0,
        "policy": POLICY,
        "jitter": 0.5,
    }
    return pause_before_repeat(Failure.SERVER, **{**settings, **changes})  # type: ignore[arg-type]


def test_attempts_are_bounded() -> None:
    assert pause(attempt=4) is not None
    assert pause(attempt=5) is None


def test_total_time_is_bounded() -> None:
    assert pause(elapsed=298.0) is not None
    assert pause(elapsed=299.9) is None

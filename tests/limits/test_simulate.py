"""The simulator: estimates that the strict server agrees with, for every kind of window."""

from __future__ import annotations

import pytest

from lusha_async.limits.model import Kind, StrictServer
from lusha_async.limits.plans import PLANS, Plan
from lusha_async.limits.simulate import main, shortest, simulate

TURNS = {"minute": 17.0, "hour": 1_234.0, "day": 50_000.0}


@pytest.mark.parametrize("kind", ["aligned", "first"])
@pytest.mark.parametrize("plan", ["pro", "premium", "scale", "legacy"])
def test_within_a_hundredth_of_the_shortest_time_without_a_refusal(plan: str, kind: Kind) -> None:
    turns = TURNS if kind == "aligned" else None
    schedule = simulate(plan, 100_000, kind=kind, turns_in=turns)
    assert schedule.refused == 0
    assert schedule.seconds <= 1.01 * shortest(PLANS[plan], 1_000, turns_in=turns) + 2


def test_sliding_windows_are_filled_too() -> None:
    schedule = simulate("premium", 400_000, kind="sliding")
    assert schedule.refused == 0
    assert schedule.seconds <= 1.05 * shortest(PLANS["premium"], 4_000)


def test_the_window_that_binds() -> None:
    assert simulate("unlimited", 100_000).binds == "second"
    assert simulate("premium", 100_000).binds == "minute"
    assert simulate("scale", 1_000_000).binds == "hour"
    assert simulate("free", 30_000).binds == "day"


def test_what_is_left_now_counts() -> None:
    fresh = simulate("scale", 10_000)
    spent = simulate("scale", 10_000, left={"minute": 0}, turns_in={"minute": 45.0, "hour": 3_000.0, "day": 80_000.0})
    assert fresh.seconds < 6
    assert 45 < spent.seconds < 52
    assert spent.waited["minute"] > 40


def test_own_plans_and_no_rows() -> None:
    assert simulate(Plan(minute=10, second=5), 1_000).seconds < 5
    assert simulate(Plan(minute=5), 1_000).seconds > 60
    assert simulate("scale", 0).seconds == 0
    with pytest.raises(KeyError):
        simulate("platinum", 1)


def test_stretches_add_up() -> None:
    schedule = simulate("scale", 200_000)
    assert sum(stretch.requests for stretch in schedule.stretches) == schedule.requests == 2_000
    assert all(stretch.start <= stretch.end for stretch in schedule.stretches)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--plan", "scale", "--rows", "1000000"])
    printed = capsys.readouterr().out
    assert "1,000,000 rows, 10,000 requests: 76 min, bound by the hour window" in printed
    assert "300 requests" in printed
    main(["--rows", "1000"])
    assert len(capsys.readouterr().out.splitlines()) == len(PLANS)


def test_the_strict_server_counts_any_second() -> None:
    server = StrictServer(Plan())
    statuses = [server.receive("x", 0.9 + 0.001 * number).status for number in range(30)]
    assert statuses.count(200) == 25
    assert server.receive("x", 1.5).status == 429
    assert server.receive("x", 1.9001).status == 200
    assert server.largest_burst("x") == 25

"""`lusha usage` and `lusha --version`."""

import json

from lusha_async import __version__
from lusha_async.cli.usage import as_text
from lusha_async.v3.account import AccountUsage, CreditsUsage, Plan, RateWindow, RateWindows

from .conftest import Command


def test_usage_for_people(command: Command) -> None:
    shown = command("usage", "--sandbox")

    assert shown.exit_code == 0
    assert "Credits" in shown.stdout
    assert "Per minute" in shown.stdout
    assert "revealPhone" in shown.stdout


def test_usage_for_scripts(command: Command) -> None:
    usage = json.loads(command("usage", "--sandbox", "--json").stdout)

    assert usage["credits"]["used"] == 0
    assert usage["rateLimits"]["minute"]["limit"] == 1_000_000_000


def test_what_the_api_leaves_out_is_left_out() -> None:
    assert as_text(AccountUsage()).count("no limit told") == 3
    text = as_text(
        AccountUsage(
            credits=CreditsUsage(remaining=7),
            plan=Plan(category="free"),
            rate_limits=RateWindows(minute=RateWindow(limit=40, remaining=39, resets_at="2026-11-22T01:40:51Z")),
        )
    )
    assert "7 left of ?, ? used" in text
    assert "39 of 40 requests left, turns at 2026-11-22T01:40:51Z" in text


def test_the_version(command: Command) -> None:
    assert command("--version").output == f"lusha {__version__}\n"

"""Every window filled, none overrun: `LocalLimits` for one process, `RedisLimits` for many, `NoLimits` for none."""

from typing import TYPE_CHECKING, Any

from .account import Rate
from .base import DEFAULT_MAX_WAIT, AskUsage, Limits, PathWatcher, Permit, Priority, Scope, Verdict
from .local import LocalLimits
from .none import NoLimits
from .plans import PLANS, Plan
from .quota import Quota, QuotaView, UsageWindow, UsageWindows, Window, WindowView
from .wait import Wait, parse_wait

if TYPE_CHECKING:
    from .shared import RedisLimits

__all__ = [
    "DEFAULT_MAX_WAIT",
    "PLANS",
    "AskUsage",
    "Limits",
    "LocalLimits",
    "NoLimits",
    "PathWatcher",
    "Permit",
    "Plan",
    "Priority",
    "Quota",
    "QuotaView",
    "Rate",
    "RedisLimits",
    "Scope",
    "UsageWindow",
    "UsageWindows",
    "Verdict",
    "Wait",
    "Window",
    "WindowView",
    "parse_wait",
]


def __getattr__(name: str) -> Any:
    """`RedisLimits` is imported when it is first asked for: most programs never do."""
    if name == "RedisLimits":
        from .shared import RedisLimits

        return RedisLimits
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

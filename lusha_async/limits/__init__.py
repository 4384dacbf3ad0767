"""Every window filled, none overrun: `LocalLimits` for one process, `RedisLimits` for many, `NoLimits` for none."""

from .account import Rate
from .base import DEFAULT_MAX_WAIT, AskUsage, Limits, Permit, Priority, Scope, Verdict
from .local import LocalLimits
from .none import NoLimits
from .plans import PLANS, Plan
from .quota import Quota, QuotaView, UsageWindow, UsageWindows, Window, WindowView
from .shared import RedisLimits
from .wait import Wait, parse_wait

__all__ = [
    "DEFAULT_MAX_WAIT",
    "PLANS",
    "AskUsage",
    "Limits",
    "LocalLimits",
    "NoLimits",
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

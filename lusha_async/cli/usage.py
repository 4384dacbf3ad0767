"""`lusha usage`: credits, and what is left of the plan's windows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..v3.account import AccountUsage
    from .access import Access

WINDOWS = (("minute", "minute"), ("hour", "hourly"), ("day", "daily"))
"""What people call a window, and what the API does."""


def ask(access: Access) -> AccountUsage:
    """One call of account usage. Raises `LushaError`."""
    return asyncio.run(_ask(access))


async def _ask(access: Access) -> AccountUsage:
    async with access.connect() as lusha:
        return await lusha.account.usage()


def as_text(usage: AccountUsage) -> str:
    """For people."""
    lines: list[tuple[str, str]] = []
    if usage.plan is not None and usage.plan.category:
        until = f", until {usage.plan.end_date[:10]}" if usage.plan.end_date else ""
        lines.append(("Plan", usage.plan.category + until))
    if usage.credits is not None:
        spent = usage.credits
        lines.append(("Credits", f"{_n(spent.remaining)} left of {_n(spent.total)}, {_n(spent.used)} used"))
    for word, name in WINDOWS:
        window = getattr(usage.rate_limits, name, None) if usage.rate_limits is not None else None
        if window is None:
            lines.append((f"Per {word}", "no limit told"))
            continue
        turns = f", turns at {window.resets_at}" if window.resets_at else ""
        lines.append((f"Per {word}", f"{_n(window.remaining)} of {_n(window.limit)} requests left{turns}"))
    for action, price in (usage.pricing or {}).items():
        per = f" per {_n(price.per_quantity)}" if price.per_quantity not in (None, 1) else ""
        lines.append((f"  {action}", f"{_n(price.credits)} credits{per}"))
    width = max((len(name) for name, _ in lines), default=0) + 2
    return "\n".join(f"{name:<{width}}{text}" for name, text in lines)


def _n(value: Any) -> str:
    return "?" if value is None else f"{value:,}"

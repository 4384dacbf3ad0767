"""GET /v3/account/usage: credits, windows, plan and price list."""

from __future__ import annotations

from .backend import Answer, Call, Json, Operation
from .clock import iso
from .windows import HEADER_NAMES

_PLAN_START = "2026-01-01T00:00:00.000Z"
_PLAN_END = "2027-01-01T00:00:00.000Z"


def usage(call: Call[None]) -> Answer:
    """GET /v3/account/usage"""
    backend = call.backend
    account, now = backend.account, backend.clock.wall()
    windows: dict[str, Json | None] = {}
    for name, window in backend.limits.plan.items():
        window.roll(now)
        label = "minute" if name == "minute" else HEADER_NAMES[name]
        shown = {
            "limit": window.limit,
            "used": window.used,
            "remaining": window.left,
            "resetsAt": iso(window.resets_at(now)),
        }
        windows[label] = None if window.limit is None else shown
    prices = account.prices.items()
    return Answer(
        {
            "credits": {"total": account.total, "used": account.used, "remaining": account.remaining},
            "rateLimits": windows,
            "plan": {
                "category": call.settings.plan,
                "renewalType": "annual",
                "startDate": _PLAN_START,
                "endDate": _PLAN_END,
            },
            "pricing": {action: {"credits": price, "perQuantity": per} for action, (price, per) in prices},
        }
    )


OPERATIONS: tuple[Operation, ...] = (Operation(method="GET", path="/v3/account/usage", handler=usage, group="usage"),)

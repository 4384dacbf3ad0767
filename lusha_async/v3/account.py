"""What the account has left: credits, windows, plan and price list."""

from typing import Any

from ..endpoint import Endpoint, LimitGroup
from ..model import Model
from ..resource import Resource
from .common import Number


class CreditsUsage(Model, frozen=True):
    """Credits of the current period. `remaining` lags real charges by seconds."""

    total: Number | None = None
    used: Number | None = None
    remaining: Number | None = None


class RateWindow(Model, frozen=True):
    """One window of the plan's limits; `resets_at` is an ISO 8601 moment."""

    limit: Number | None = None
    used: Number | None = None
    remaining: Number | None = None
    resets_at: str | None = None


class RateWindows(Model, frozen=True):
    """The plan's windows. None where the plan has no such window (``hourly`` on Free)."""

    minute: RateWindow | None = None
    hourly: RateWindow | None = None
    daily: RateWindow | None = None


class Plan(Model, frozen=True):
    """The account's plan."""

    category: str | None = None
    renewal_type: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class Price(Model, frozen=True):
    """`credits` for every started `per_quantity` units of an action."""

    credits: Number | None = None
    per_quantity: Number | None = None


class AccountUsage(Model, frozen=True):
    """Credits, windows, plan, and the price of each action by its name (``revealEmail``, ``contactSearch``, ...)."""

    credits: CreditsUsage | None = None
    rate_limits: RateWindows | None = None
    plan: Plan | None = None
    pricing: dict[str, Price] | None = None


ACCOUNT_USAGE = Endpoint(
    method="GET",
    path="/v3/account/usage",
    operation="getAccountUsage",
    response=AccountUsage,
    limit=LimitGroup.USAGE,
)

ENDPOINTS: tuple[Endpoint[Any], ...] = (ACCOUNT_USAGE,)


class Account(Resource):
    """The account behind the key."""

    async def usage(self, *, timeout: float | None = None) -> AccountUsage:
        """Credits left, the plan's windows and when they turn, and the account's own price list.

        ``GET /v3/account/usage``, 5 requests a minute, free.

        >>> usage = await lusha.account.usage()
        >>> usage.credits.remaining >= 0
        True
        """
        return await self._call(ACCOUNT_USAGE, timeout=timeout)

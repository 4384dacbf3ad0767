"""The account: `lusha.v2.account`."""

from typing import Any

from ..endpoint import Endpoint, LimitGroup
from ..model import Model
from ..resource import Resource
from .common import Number


class Usage(Model, frozen=True):
    """Credits of one kind."""

    used: Number | None = None
    total: Number | None = None
    remaining: Number | None = None


class UsageResponse(Model, frozen=True):
    """Credits by kind, for example ``bulkCredits``."""

    usage: dict[str, Usage] | None = None


USAGE: Endpoint[UsageResponse] = Endpoint(
    method="GET",
    path="/account/usage",
    operation="getAccountUsageStats",
    response=UsageResponse,
    limit=LimitGroup.USAGE,
    successor="lusha.account.usage",
)

ENDPOINTS: tuple[Endpoint[Any], ...] = (USAGE,)


class Account(Resource):
    """`lusha.v2.account`: credits."""

    async def usage(self, *, timeout: float | None = None) -> UsageResponse:
        """Credits used, left and in total.

        ``GET /account/usage`` (in V3 `lusha.account.usage`, which also tells the rate limits and prices). Free. 5
        requests a minute, shared with V3.

        >>> answer = await lusha.v2.account.usage()
        >>> left = {kind: credits.remaining for kind, credits in (answer.usage or {}).items()}
        """
        return await self._call(USAGE, timeout=timeout)

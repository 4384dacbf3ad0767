"""The current API, one module per topic. Nothing is imported before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..endpoint import Endpoint


def endpoints() -> tuple[Endpoint[Any], ...]:
    """Every operation of V3, gathered from its topics."""
    from . import (
        account,
        buying_group,
        conversations,
        enrichment,
        filters,
        jobs,
        lookalikes,
        prospecting,
        signals,
        subscriptions_endpoints,
        tables_endpoints,
        website_visits,
    )

    return (
        *enrichment.ENDPOINTS,
        *jobs.ENDPOINTS,
        *prospecting.ENDPOINTS,
        *filters.ENDPOINTS,
        *lookalikes.ENDPOINTS,
        *buying_group.ENDPOINTS,
        *signals.ENDPOINTS,
        *website_visits.ENDPOINTS,
        *tables_endpoints.ENDPOINTS,
        *subscriptions_endpoints.ENDPOINTS,
        *account.ENDPOINTS,
        *conversations.ENDPOINTS,
    )

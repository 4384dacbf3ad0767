"""The current API, one module per topic."""

from typing import Any

from ..endpoint import Endpoint
from . import (
    account,
    buying_group,
    conversations,
    enrichment,
    filters,
    lookalikes,
    prospecting,
    signals,
    website_visits,
)

TOPICS = (enrichment, prospecting, filters, lookalikes, buying_group, signals, website_visits, account, conversations)


def endpoints() -> tuple[Endpoint[Any], ...]:
    """Every operation of V3, gathered from the topics."""
    return tuple(endpoint for topic in TOPICS for endpoint in topic.ENDPOINTS)

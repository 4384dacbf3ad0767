"""The current API, one module per topic."""

from typing import Any

from ..endpoint import Endpoint
from . import enrichment

TOPICS = (enrichment,)


def endpoints() -> tuple[Endpoint[Any], ...]:
    """Every operation of V3, gathered from the topics."""
    return tuple(endpoint for topic in TOPICS for endpoint in topic.ENDPOINTS)

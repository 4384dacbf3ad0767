"""The previous generation of Lusha's API, under `lusha.v2`. Each operation names the V3 method that replaces it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import account, companies, filters, lookalikes, persons, prospecting, signals
from .groups import V2

if TYPE_CHECKING:
    from ..endpoint import Endpoint

__all__ = ["V2", "endpoints"]


def endpoints() -> tuple[Endpoint[Any], ...]:
    """Every operation that only this generation has."""
    return (
        *persons.ENDPOINTS,
        *companies.ENDPOINTS,
        *filters.ENDPOINTS,
        *prospecting.ENDPOINTS,
        *signals.ENDPOINTS,
        *lookalikes.ENDPOINTS,
        *account.ENDPOINTS,
    )

"""What the enrichment operations cost: the least, the likely, the most. Pure functions of a request and of prices.

Where Lusha's pages, the price list and measurements contradict each other, the most is the dearest of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..bulk import Cost

if TYPE_CHECKING:
    from ..bulk import Prices
    from .jobs import JobRef

FOUND = 0.7
"""Share of records that are found, for the likely figure."""
HAS = {"emails": 0.9, "phones": 0.6}
"""Share of the people found who have such data, for the likely figure."""
WATERFALL = 4.0
"""How many times the list price other providers are allowed for: they charge their own, which no page tells."""
SIGNALS = 100
"""Signals of one kind a record may match, unless the request says less."""

_ACTION = {"emails": "revealEmail", "phones": "revealPhone"}


def contact_search(request: Any, count: int, prices: Prices) -> Cost:
    """``POST /v3/contacts/search``: per started quantity, and per matched signal."""
    return _search("contactSearch", count, prices) + _signals("showSignalsContact", request.signals, count, prices)


def company_search(request: Any, count: int, prices: Prices) -> Cost:
    """``POST /v3/companies/search``: per started quantity, and per matched signal."""
    return _search("companySearch", count, prices) + _signals("showSignalsCompany", request.signals, count, prices)


def contact_enrich(request: Any, count: int, prices: Prices) -> Cost:
    """``POST /v3/contacts/enrich``: per kind of data and person; by others' prices where they may help out."""
    times = WATERFALL if getattr(request, "waterfall_enabled", False) else 1.0
    likely = most = 0.0
    for token in request.reveal if request.reveal is not None else tuple(_ACTION):
        action = _ACTION.get(token, "revealPhone")
        likely += prices.likely(action, count * FOUND * HAS.get(token, 1.0))
        most += prices.most(action, count) * times
    return Cost(0.0, likely, most)


def contact_search_and_enrich(request: Any, count: int, prices: Prices) -> Cost:
    """``POST /v3/contacts/search-and-enrich``: the search and the data."""
    return _search("contactSearch", count, prices) + contact_enrich(request, count, prices)


def company_enrich(request: Any, count: int, prices: Prices) -> Cost:
    """``POST /v3/companies/enrich``: per company, and per field that is revealed beyond its profile; a new row of a
    table is charged like a company."""
    parts = 1 + len(request.reveal or ())
    rows = 1 if getattr(request, "table_id", None) else 0
    return Cost(
        0.0,
        prices.likely("revealCompany", count * FOUND * parts),
        prices.most("revealCompany", count * (parts + rows)),
    )


def company_search_and_enrich(request: Any, count: int, prices: Prices) -> Cost:
    """``POST /v3/companies/search-and-enrich``: the search and the profile were both charged when measured."""
    return _search("companySearch", count, prices) + company_enrich(request, count, prices)


def _search(action: str, count: int, prices: Prices) -> Cost:
    return Cost(0.0, prices.likely(action, count * FOUND), prices.most(action, count))


def _signals(action: str, signals: Any, count: int, prices: Prices) -> Cost:
    if signals is None:
        return Cost(0.0, 0.0, 0.0)
    kinds = len(signals.types)
    each = signals.max_results_per_signal or SIGNALS
    return Cost(0.0, prices.likely(action, count * FOUND * kinds), prices.most(action, count * kinds * each))


def job_open(answer: Any) -> bool:
    """Whether other providers still work on an answer, at a price that is not in it yet."""
    job: JobRef | None = getattr(answer, "job", None)
    return job is not None and job.status in (None, "processing")

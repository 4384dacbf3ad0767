"""The previous generation of Lusha's API, under `lusha.v2`. Each operation names the V3 method that replaces it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..resource import Resource
from . import account, companies, filters, persons, prospecting, signals
from .account import Account
from .companies import Companies
from .filters import FilterValues
from .persons import Persons
from .prospecting import Prospecting
from .signals import Signals

if TYPE_CHECKING:
    from ..endpoint import Endpoint


class V2(Resource):
    """`lusha.v2`: the operations of the previous generation, in groups."""

    @cached_property
    def persons(self) -> Persons:
        """Find and enrich people."""
        return Persons(self._sender)

    @cached_property
    def companies(self) -> Companies:
        """Find and enrich companies."""
        return Companies(self._sender)

    @cached_property
    def prospecting(self) -> Prospecting:
        """New people and companies by what they are like."""
        return Prospecting(self._sender)

    @cached_property
    def filters(self) -> FilterValues:
        """The values prospecting takes."""
        return FilterValues(self._sender)

    @cached_property
    def signals(self) -> Signals:
        """What changed at people and companies."""
        return Signals(self._sender)

    @cached_property
    def account(self) -> Account:
        """Credits."""
        return Account(self._sender)


def endpoints() -> tuple[Endpoint[Any], ...]:
    """Every operation that only this generation has."""
    return (
        persons.ENRICH,
        persons.ENRICH_BATCH,
        companies.ENRICH,
        companies.ENRICH_BATCH,
        filters.DEPARTMENTS,
        filters.SENIORITY,
        filters.EXISTING_DATA_POINTS,
        filters.ALL_COUNTRIES,
        filters.CONTACT_LOCATIONS,
        filters.NAMES,
        filters.INDUSTRIES_LABELS,
        filters.SIZES,
        filters.REVENUES,
        filters.COMPANY_LOCATIONS,
        filters.SICS,
        filters.NAICS,
        filters.INTENT_TOPICS,
        filters.TECHNOLOGIES,
        prospecting.SEARCH_CONTACTS,
        prospecting.ENRICH_CONTACTS,
        prospecting.SEARCH_COMPANIES,
        prospecting.ENRICH_COMPANIES,
        signals.OPTIONS,
        signals.CONTACTS,
        signals.CONTACTS_SEARCH,
        signals.COMPANIES,
        signals.COMPANIES_SEARCH,
        account.USAGE,
    )

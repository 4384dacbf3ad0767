"""What `lusha.v2` offers, put together from the topics."""

from __future__ import annotations

from functools import cached_property

from ..resource import Resource
from .account import Account
from .companies import CompanyEnrichment
from .enrichment_bulk import CompanyBulkEnrichment, PersonBulkEnrichment
from .filters import FilterValues
from .lookalikes import RECOMMENDATIONS
from .pages import CompanyPages, ContactPages, LookalikePages
from .persons import PersonEnrichment
from .prospecting import CompanyProspecting, ContactProspecting
from .prospecting_bulk import CompanyBulkProspecting, ContactBulkProspecting
from .signals import CompanySignalLookup, ContactSignalLookup, SignalTypes
from .signals_bulk import CompanyBulkSignals, ContactBulkSignals


class Persons(PersonEnrichment, PersonBulkEnrichment):
    """`lusha.v2.persons`: find and enrich people."""


class Companies(CompanyEnrichment, CompanyBulkEnrichment):
    """`lusha.v2.companies`: find and enrich companies."""


class ProspectingContacts(ContactProspecting, ContactBulkProspecting, ContactPages):
    """`lusha.v2.prospecting.contacts`: people by what they and their companies are like."""


class ProspectingCompanies(CompanyProspecting, CompanyBulkProspecting, CompanyPages):
    """`lusha.v2.prospecting.companies`: companies by what they are like."""


class Prospecting(Resource):
    """`lusha.v2.prospecting`: new people and companies."""

    @cached_property
    def contacts(self) -> ProspectingContacts:
        """People."""
        return ProspectingContacts(self._sender)

    @cached_property
    def companies(self) -> ProspectingCompanies:
        """Companies."""
        return ProspectingCompanies(self._sender)


class SignalsOfContacts(ContactSignalLookup, ContactBulkSignals):
    """`lusha.v2.signals.contacts`: promotions and changes of company."""


class SignalsOfCompanies(CompanySignalLookup, CompanyBulkSignals):
    """`lusha.v2.signals.companies`: news, hiring, headcount, IT spend, web traffic."""


class Signals(SignalTypes):
    """`lusha.v2.signals`: what changed at people and companies."""

    @cached_property
    def contacts(self) -> SignalsOfContacts:
        """Signals of people."""
        return SignalsOfContacts(self._sender)

    @cached_property
    def companies(self) -> SignalsOfCompanies:
        """Signals of companies."""
        return SignalsOfCompanies(self._sender)


class Recommendations(LookalikePages):
    """`lusha.v2.recommendations`: lookalikes at their older paths."""

    contacts_endpoint, companies_endpoint = RECOMMENDATIONS


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
    def lookalikes(self) -> LookalikePages:
        """People and companies that resemble given ones."""
        return LookalikePages(self._sender)

    @cached_property
    def recommendations(self) -> Recommendations:
        """The same, at the older paths."""
        return Recommendations(self._sender)

    @cached_property
    def account(self) -> Account:
        """Credits."""
        return Account(self._sender)

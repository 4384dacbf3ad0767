"""``lusha.companies``: everything V3 does with companies, put together from its topics."""

from functools import cached_property

from .enrichment import CompanyEnrichment
from .enrichment_bulk import CompanyBulkEnrichment
from .filters import CompanyFilters
from .lookalikes import CompanyLookalikes
from .pipeline import CompanyPipeline
from .signals import CompanySignalMethods
from .signals_bulk import CompanyBulkSignals
from .tables import Tables
from .tables_endpoints import COMPANIES_TABLES
from .website_visits import WebsiteVisits


class Companies(
    CompanyEnrichment,
    CompanyBulkEnrichment,
    CompanyPipeline,
    CompanyFilters,
    CompanyLookalikes,
    CompanySignalMethods,
    CompanyBulkSignals,
    WebsiteVisits,
):
    """Search, enrichment, prospecting, lookalikes, signals and website visits of companies; `tables` below."""

    @cached_property
    def tables(self) -> Tables:
        """Tables of companies."""
        return Tables(self._sender, COMPANIES_TABLES)

"""``lusha.contacts``: everything V3 does with people, put together from its topics."""

from functools import cached_property

from .buying_group import BuyingGroups
from .buying_group_bulk import BulkBuyingGroups
from .enrichment import ContactEnrichment
from .enrichment_bulk import ContactBulkEnrichment
from .filters import ContactFilters
from .jobs import Jobs
from .lookalikes import ContactLookalikes
from .pipeline import ContactPipeline
from .signals import ContactSignalMethods
from .signals_bulk import ContactBulkSignals
from .tables import Tables
from .tables_endpoints import CONTACTS_TABLES


class Contacts(
    ContactEnrichment,
    ContactBulkEnrichment,
    ContactPipeline,
    ContactFilters,
    ContactLookalikes,
    BuyingGroups,
    BulkBuyingGroups,
    ContactSignalMethods,
    ContactBulkSignals,
):
    """Search, enrichment, prospecting, lookalikes, buying groups and signals of contacts; `tables` and `jobs` below."""

    @cached_property
    def tables(self) -> Tables:
        """Tables of contacts."""
        return Tables(self._sender, CONTACTS_TABLES)

    @cached_property
    def jobs(self) -> Jobs:
        """What the Data Waterfall still works on."""
        return Jobs(self._sender)

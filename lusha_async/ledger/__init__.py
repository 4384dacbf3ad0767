"""The ledger: never pay twice, never start over. `ledger=` of every bulk method; `Ledger` for looking and purging."""

from .accounts import AuditEntry, LedgerSummary, SpecSummary, StoredResult
from .errors import LedgerBusy, LedgerDamaged, LedgerError, LedgerMismatch, LedgerUnwritable
from .ledger import Keep, Ledger
from .purging import Identities

__all__ = [
    "AuditEntry",
    "Identities",
    "Keep",
    "Ledger",
    "LedgerBusy",
    "LedgerDamaged",
    "LedgerError",
    "LedgerMismatch",
    "LedgerSummary",
    "LedgerUnwritable",
    "SpecSummary",
    "StoredResult",
]

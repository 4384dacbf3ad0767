"""The batching engine: source -> chunks -> concurrent calls -> outcomes."""

from .budget import BudgetExhausted
from .cost import Cost, Prices
from .operation import BulkOperation, ByID, Judgement, Route
from .options import BulkOptions, OnDoubt
from .outcome import Answer, Layout, Outcome, Status
from .plan import Plan
from .report import RunReport
from .run import BulkRun
from .setup import Source

__all__ = [
    "Answer",
    "BudgetExhausted",
    "BulkOperation",
    "BulkOptions",
    "BulkRun",
    "ByID",
    "Cost",
    "Judgement",
    "Layout",
    "OnDoubt",
    "Outcome",
    "Plan",
    "Prices",
    "Route",
    "RunReport",
    "Source",
    "Status",
]

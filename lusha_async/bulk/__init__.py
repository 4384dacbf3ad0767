"""The batching engine: source -> chunks -> concurrent calls -> outcomes."""

from .operation import Addressed, BulkOperation, Judgement
from .outcome import Answer, Layout, Outcome, Status
from .report import RunReport
from .run import BulkOptions, BulkRun, Source

__all__ = [
    "Addressed",
    "Answer",
    "BulkOperation",
    "BulkOptions",
    "BulkRun",
    "Judgement",
    "Layout",
    "Outcome",
    "RunReport",
    "Source",
    "Status",
]

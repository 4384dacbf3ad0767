"""Parquet, Arrow and data frames: as the source of bulk methods, and as the form of their results.

Needs the extra ``arrow`` (pyarrow), which is imported when something here is used.
"""

from .results import ResultColumns, ResultsWriter, TableFile, results_table
from .source import Records, records

__all__ = ["Records", "ResultColumns", "ResultsWriter", "TableFile", "records", "results_table"]

"""The one place that touches pyarrow: it has no type stubs, so everything it gives is `Any` from here on."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import InvalidRequest

SUFFIXES = {".parquet": "parquet", ".pq": "parquet", ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow"}
"""Formats by the suffix of a file name."""


def module(name: str = "") -> Any:
    """pyarrow, or a part of it. Raises `ImportError` saying how to get it."""
    try:
        return importlib.import_module(f"pyarrow{'.' * bool(name)}{name}")
    except ImportError:
        raise ImportError("Arrow and Parquet need pyarrow: pip install 'lusha_async[arrow]'") from None


def path_of(source: Any) -> str | None:
    """The path of a file; None for anything else."""
    found: Any = getattr(source, "__fspath__", None)
    path = source if found is None else found()
    return path if isinstance(path, str) else None


def batches(source: Any, *, columns: list[str] | None = None, size: int) -> Iterator[Any]:
    """The record batches of a table, a file or anything with ``__arrow_c_stream__``, one at a time."""
    path = path_of(source)
    if path is not None:
        with File(path) as file:
            yield from file.batches(columns=columns, size=size)
        return
    reader = stream(source)
    for batch in reader:
        chosen = batch if columns is None else batch.select(columns)
        for start in range(0, chosen.num_rows, size):
            yield chosen.slice(start, size)


def stream(source: Any) -> Any:
    """A reader over an object that has batches. Raises `InvalidRequest` for what has none."""
    if not hasattr(source, "__arrow_c_stream__"):
        raise InvalidRequest(
            "a table is a path of a Parquet or Arrow file, or an object with __arrow_c_stream__ (pyarrow, pandas, "
            "polars, duckdb)",
            field="source",
        )
    return module().RecordBatchReader.from_stream(source)


def schema_of(source: Any) -> Any:
    """The schema of a table, a file or a stream. Of a stream that can be read once only it reads nothing."""
    path = path_of(source)
    if path is not None:
        with File(path) as file:
            return file.schema
    own = getattr(source, "schema", None)
    return own if isinstance(own, module().Schema) else stream(source).schema


def form_of(path: str | os.PathLike[str]) -> str:
    """parquet or arrow. Raises `InvalidRequest` for another suffix."""
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise InvalidRequest("a table's file is called .parquet, .arrow or .feather", field="path")
    return SUFFIXES[suffix]


class File:
    """A Parquet or Arrow IPC file, told apart by its first bytes. Raises `OSError` or pyarrow's own errors."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        with open(path, "rb") as file:
            parquet = file.read(4) == b"PAR1"
        self._parquet: Any = module("parquet").ParquetFile(path, pre_buffer=False) if parquet else None
        self._source: Any = None if parquet else module().OSFile(os.fspath(path), "rb")
        self._ipc: Any = None if parquet else module("ipc").open_file(self._source)

    def __enter__(self) -> File:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def schema(self) -> Any:
        """Names and types."""
        return self._parquet.schema_arrow if self._parquet is not None else self._ipc.schema

    @property
    def rows(self) -> int:
        """How many there are."""
        if self._parquet is not None:
            return int(self._parquet.metadata.num_rows)
        return sum(self._ipc.get_batch(n).num_rows for n in range(self._ipc.num_record_batches))

    def batches(self, *, columns: list[str] | None, size: int) -> Iterator[Any]:
        """The rows, `size` at a time at most."""
        if self._parquet is not None:
            yield from self._parquet.iter_batches(batch_size=size, columns=columns, use_threads=False)
            return
        for number in range(self._ipc.num_record_batches):
            batch = self._ipc.get_batch(number)
            chosen = batch if columns is None else batch.select(columns)
            for start in range(0, chosen.num_rows, size):
                yield chosen.slice(start, size)

    def close(self) -> None:
        """Let go of the file."""
        if self._parquet is not None:
            self._parquet.close()
        else:
            self._source.close()


def writer(path: str | os.PathLike[str], schema: Any, form: str) -> Any:
    """Something with ``write_table`` and ``close``."""
    if form == "parquet":
        return module("parquet").ParquetWriter(path, schema, compression="zstd")
    return module("ipc").new_file(os.fspath(path), schema)


def pythonic(column: Any) -> list[Any]:
    """The values of a column as Python has them; moments, durations and decimals as text, which loses nothing."""
    types = module("types")
    kind = column.type
    if types.is_temporal(kind) or types.is_decimal(kind):
        try:
            column = column.cast(module().string())
        except module().ArrowNotImplementedError:  # durations
            return [None if value is None else str(value) for value in column.to_pylist()]
    values: list[Any] = column.to_pylist()
    return values

"""The options every bulk method takes, and what is refused among them."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ..errors import InvalidRequest

if TYPE_CHECKING:
    import os

    from ..ledger import Ledger
    from .operation import BulkOperation
    from .report import RunReport

FOLD = 10_000
"""How many of the latest unique records are remembered for folding."""

OnDoubt = Literal["resend", "hold"]
"""What becomes of records that were on their way when a run was killed: ask again, or hold them as `unknown`."""


class BulkOptions(TypedDict, total=False):
    """Options of every bulk method.

    concurrency: chunks in flight; None (default) adapts to the limits and the latency.
    chunk_size: records per request; the API's maximum by default. Full chunks cost least.
    ordered: outcomes in the order of the source instead of as they come.
    linger: seconds after which a chunk is sent although it is not full (slow sources).
    fold: how many of the latest unique records are remembered at least, to fold duplicates (up to a chunk more; 0:
        none); None: all of them. With a ledger duplicates are found however far apart they stand.
    timeout: seconds for one attempt of one request.
    max_wait: the longest wait for a window of the limits, in seconds; beyond it the run ends, resumable.
    allow_repeat: repeat requests with an unknown outcome although a repeat may be charged.
    typed: False leaves out `Outcome.result`: for who passes the JSON on (`Outcome.raw`), to a file or a queue. Of the
        answers of enrichment and search only that is decoded then which tells whose they are and what failed.
    on_progress: called with the report after every chunk.
    ledger: a file (or an open `Ledger`) in which the run is written down: the same call with the same file continues
        where it stopped, after a kill, too. Raises `LedgerError` on entering the run if the file cannot be used.
    on_doubt: records whose request was under way at a kill: "resend" (default where a repeat is cheap) or "hold" as
        `unknown` (default where it is not). "resend" also asks again about those that ended `unknown` before.
    retry_failed: with a ledger, ask again about records that Lusha answered with an error of their own.
    reuse: with a ledger, take results from earlier runs only if they are no older than this, also next to runs with
        other options; records whose Lusha id the ledger knows are enriched by id. None: of any age, but then the
        ledger must have been made with the same options.
    max_credits: the most this run may be charged, all its continuations in one ledger together (a run is over when
        every record has its answer; runs with the same options continue each other until then). The worst case of a
        chunk is set aside before it is sent; what does not fit ends `not_sent`. Holds as long as no record costs more
        than the account's price list and the documented one say; should one, the reserve grows with it at once.
    """

    concurrency: int | None
    chunk_size: int | None
    ordered: bool
    linger: float
    fold: int | None
    timeout: float | None
    max_wait: float | None
    allow_repeat: bool
    typed: bool
    on_progress: Callable[[RunReport], None] | None
    ledger: str | os.PathLike[str] | Ledger | None
    on_doubt: OnDoubt | None
    retry_failed: bool
    reuse: timedelta | None
    max_credits: float | None


def check_source(source: object) -> None:
    """Raise `InvalidRequest` for what is no list of records."""
    if isinstance(source, str | bytes) or not isinstance(source, Iterable | AsyncIterable):
        raise InvalidRequest("the source of a bulk run is an iterable or async iterable of records", field="source")


def check_sizes(
    operation: BulkOperation[Any, Any],
    *,
    concurrency: int | None,
    chunk_size: int | None,
    linger: float,
    fold: int | None,
) -> None:
    """Raise `InvalidRequest` naming the option that makes no sense."""
    if concurrency is not None and concurrency < 1:
        raise InvalidRequest("concurrency is at least 1, or None to adapt by itself", field="concurrency")
    if chunk_size is not None and not 1 <= chunk_size <= operation.largest_chunk:
        raise InvalidRequest(
            f"chunk_size is 1 to {operation.largest_chunk} for {operation.endpoint.name}", field="chunk_size"
        )
    if linger < 0:
        raise InvalidRequest("linger is a number of seconds, 0 or more", field="linger")
    if fold is not None and fold < 0:
        raise InvalidRequest("fold is a number of records, 0 or more, or None for all", field="fold")


def check_safety(
    operation: BulkOperation[Any, Any],
    *,
    ledger: object,
    on_doubt: object,
    retry_failed: bool,
    reuse: timedelta | None,
    max_credits: float | None,
) -> None:
    """Raise `InvalidRequest` naming the option that makes no sense."""
    if on_doubt not in (None, "resend", "hold"):
        raise InvalidRequest('on_doubt is "resend" or "hold"', field="on_doubt")
    if ledger is None:
        for name, given in (("on_doubt", on_doubt), ("reuse", reuse), ("retry_failed", retry_failed or None)):
            if given is not None:
                raise InvalidRequest(f"{name} needs a ledger: pass ledger= as well", field=name)
    if reuse is not None and reuse < timedelta(0):
        raise InvalidRequest("reuse is a timedelta, not a negative one", field="reuse")
    if max_credits is None:
        return
    if not max_credits >= 0:
        raise InvalidRequest("max_credits is a number of credits, 0 or more", field="max_credits")
    if operation.cost is None:
        raise InvalidRequest(
            f"max_credits cannot be kept for {operation.endpoint.name}: what it may cost is not known",
            field="max_credits",
        )

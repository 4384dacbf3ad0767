"""A list-taking operation of the API as a declaration: everything the engine must know to run it in bulk.

    CONTACTS_ENRICH = BulkOperation(
        endpoint=ENRICH_CONTACTS,
        largest_chunk=100,
        prepare=record_id,                                   # check one record; raises InvalidRequest
        identity=lambda record: record,                      # equal identities are sent, and paid, once
        reference=lambda record, number: record,             # how the answer will name it
        pack=lambda request, records, references: replace(request, ids=tuple(records)),
        results=lambda answer: answer.results or (),         # list, or mapping by reference
        answers_to=lambda result: result.id,                 # the reference an item of the list carries
        judge=judge_item,
        charged=lambda answer: answer.billing and answer.billing.credits_charged,
    )

and a method that uses it:

    def bulk_enrich(self, ids, *, reveal, **options: Unpack[BulkOptions]) -> BulkRun[str, EnrichedContact]:
        return BulkRun(self._sender, CONTACTS_ENRICH, ids, request=ContactsEnrichRequest(reveal=...), **options)
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from ..batch import Batch
from ..endpoint import Repeat
from .cost import NOTHING, Cost, Prices
from .outcome import RESULTS, Layout, Status

if TYPE_CHECKING:
    from ..endpoint import Endpoint
    from ..errors import LushaError
    from .memory import Entry

Record = TypeVar("Record")
Result = TypeVar("Result")
Body = TypeVar("Body")


class Judgement(NamedTuple):
    """What one item of an answer means for its record."""

    status: Status
    error: LushaError | None = None
    credits: float | None = None


class ByID(NamedTuple):
    """How to ask about a record whose Lusha id is known: cheaper than searching for it again."""

    operation: BulkOperation[str, Any]
    """Takes ids, and gives results of the same kind."""
    request: Callable[[Any], Any]
    """(request without records) -> the same question for `operation`."""
    own: Callable[[Any], str | None]
    """The id a record carries itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkOperation(Generic[Record, Result]):
    """How to check, fold, pack, match and judge the records of one operation. Pure functions only."""

    endpoint: Endpoint[Any]
    largest_chunk: int
    """Most records the API takes in one request."""
    prepare: Callable[[Any, int], Record]
    """(item, index) -> record as it will be sent. Raises `InvalidRequest` naming the index and the field."""
    identity: Callable[[Record], Hashable]
    """Records with equal identities are asked about once."""
    batch: Callable[[Sequence[Any]], Batch[Record] | None] = lambda items: None
    """`prepare` and `identity` of many items at once, and quicker; None: they need to be looked at one by one."""
    reference: Callable[[Record, int], str]
    """(record, running number) -> the reference its result will carry: ours, or the id itself."""
    pack: Callable[[Any, Sequence[Record], Sequence[str]], Any]
    """(request without records, records, their references) -> the body to send."""
    results: Callable[[Any], Iterable[Result] | Mapping[str, Result]]
    """The items of a decoded answer: a list, or a mapping from reference to item."""
    answers_to: Callable[[Result], str | None]
    """The reference an item carries. Not asked for mappings."""
    judge: Callable[[Result], Judgement]
    """What an item means: found, not found, restricted, failed."""
    restore: Callable[[Result, Record], Result] | None = None
    """(item, record as given) -> the item with the user's own reference in place of ours."""
    charged: Callable[[Any], float | None] = lambda answer: None
    """Credits charged for the whole answer, where it says so."""
    returned: Callable[[Any], int | None] = lambda answer: None
    """How many results the answer says it holds, failures not counted."""
    halted: Callable[[Any], LushaError | None] = lambda answer: None
    """Why no further chunk can succeed, where a success says so (out of credits inside a 200)."""
    layout: Layout = RESULTS
    """Where the items stand in the JSON of an answer."""
    family: str = ""
    """Operations of one family share what the ledger knows of a record: its Lusha id."""
    by_id: ByID | None = None
    """With a ledger: how to ask about a record whose id is known."""
    cost: Callable[[Any, int, Prices], Cost] | None = None
    """(request, number of records, prices) -> what asking costs. None: not known, so that no ceiling can be kept."""
    usage: Endpoint[Any] | None = None
    """Where the account's prices and windows can be learned, for free."""
    unfinished: Callable[[Any], bool] = lambda answer: False
    """Whether an answer announces more, which may be charged later."""
    outline: type[Any] | None = None
    """The answer with only what the functions above look at: what untyped runs decode. None: all of it."""
    typed: bool = True
    """Whether outcomes carry results, and not only their JSON."""

    def untyped(self) -> BulkOperation[Record, Any]:
        """The same for a run with ``typed=False``: see `BulkOptions`."""
        endpoint = self.endpoint if self.outline is None else replace(self.endpoint, response=self.outline)
        by_id = None if self.by_id is None else self.by_id._replace(operation=self.by_id.operation.untyped())
        return replace(self, endpoint=endpoint, by_id=by_id, restore=None, typed=False)


class Route:
    """A way to ask: an operation, and the request its records go into."""

    __slots__ = ("by_id", "endpoint", "operation", "request", "unrepeated")

    def __init__(self, operation: BulkOperation[Any, Any], request: Any, *, by_id: bool = False) -> None:
        self.operation = operation
        self.request = request
        self.by_id = by_id
        """Whether records are named by their Lusha ids, which are their references then."""
        self.endpoint: Endpoint[Any] = operation.endpoint
        self.unrepeated: Endpoint[Any] = replace(operation.endpoint, repeat=Repeat.NEVER)
        """The same endpoint for a run that decides about repeats itself."""

    def body(self, entries: Sequence[Entry[Any, Any, Any]]) -> Any:
        """What is sent to ask about these."""
        references = [entry.reference for entry in entries]
        records = references if self.by_id else [entry.record for entry in entries]
        return self.operation.pack(self.request, records, references)

    def cost(self, count: int, prices: Prices) -> Cost:
        """What asking about `count` records costs."""
        return NOTHING if self.operation.cost is None else self.operation.cost(self.request, count, prices)

    def worst(self, count: int, prices: Prices) -> float:
        """The most it can cost."""
        return self.cost(count, prices).most

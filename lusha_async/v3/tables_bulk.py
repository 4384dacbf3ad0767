"""Adding rows to tables, and removing them, by the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, Unpack

import msgspec

from ..bulk import BulkOperation, BulkOptions, BulkRun, Judgement, Source, Status
from ..records import record_id
from ..resource import Resource, Sender
from .adapting import Adapter, Packed
from .common import Billing
from .enrichment_bulk import results
from .tables_types import MOST_ENTITIES, EntitiesChangeResponse, TableEntitiesRequest, table_owner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .tables_endpoints import TableEndpoints

Id = TypeVar("Id", bound=str | int)


class RowChange(msgspec.Struct, frozen=True, gc=False):
    """A row that was added, was there already, or was removed; with `valid` False, an id that Lusha does not know."""

    id: str
    valid: bool = True


class RowChanges(msgspec.Struct, frozen=True):
    """The rows of one call, read out of the counts and the invalid ids that the API answers with."""

    results: tuple[RowChange, ...]
    billing: Billing | None = None


def by_id(answer: EntitiesChangeResponse, ids: Sequence[str]) -> RowChanges:
    """One change per id that was sent."""
    invalid = set(answer.data.invalid_ids or ()) if answer.data is not None else set[str]()
    return RowChanges(tuple(RowChange(name, name not in invalid) for name in ids), answer.billing)


def _id(item: object, index: int) -> str:
    return record_id(item, index=index)


def _itself(record: str) -> str:
    return record


def _own_id(item: RowChange) -> str:
    return item.id


def _judge(item: RowChange) -> Judgement:
    return Judgement(Status.FOUND if item.valid else Status.NOT_FOUND)


def _charged(answer: RowChanges) -> float | None:
    return answer.billing.credits_charged if answer.billing is not None else None


def _pack(request: TableEntitiesRequest, records: Sequence[str], references: Sequence[str]) -> Packed:
    return Packed(msgspec.structs.replace(request, entity_ids=tuple(records)), references)


def _changing(endpoint: Any) -> BulkOperation[str, RowChange]:
    return BulkOperation(
        endpoint=endpoint,
        largest_chunk=MOST_ENTITIES,
        prepare=_id,
        identity=_itself,
        reference=_id,
        pack=_pack,
        results=results,
        answers_to=_own_id,
        judge=_judge,
        charged=_charged,
    )


class BulkTables(Resource):
    """Rows by the list."""

    def __init__(self, sender: Sender, endpoints: TableEndpoints) -> None:
        super().__init__(sender)
        self._endpoints = endpoints

    def bulk_add(
        self, table_id: str, ids: Source[Id], *, owner: str, **options: Unpack[BulkOptions]
    ) -> BulkRun[Id, RowChange]:
        """Add any number of contacts or companies to a table. See `add` for what it costs.

        ``POST /v3/{contacts,companies}/tables/{table_id}/entities`` in chunks of 500. Unknown ids are ``not_found``; a
        chunk without an answer is ``unknown`` and is not sent again. Options as in `BulkOptions`.

        >>> found = await lusha.contacts.search({"email": "jane@example.com"})
        >>> ids = [contact.id for contact in found.results if contact.id]
        >>> table = await lusha.contacts.tables.create("Many rows", owner="user@example.com")
        >>> run = lusha.contacts.tables.bulk_add(table.data.table_id, ids, owner="user@example.com")
        >>> len(await run.collect()) == len(ids)
        True
        """
        return self._run(self._endpoints.add, table_id, ids, owner, options)

    def bulk_remove(
        self, table_id: str, ids: Source[Id], *, owner: str, **options: Unpack[BulkOptions]
    ) -> BulkRun[Id, RowChange]:
        """Take any number of rows out of a table. See `remove`.

        ``DELETE /v3/{contacts,companies}/tables/{table_id}/entities`` in chunks of 500. Options as in `BulkOptions`.

        >>> found = await lusha.contacts.search({"email": "jane@example.com"})
        >>> ids = [contact.id for contact in found.results if contact.id]
        >>> table = await lusha.contacts.tables.create("Fewer rows", owner="user@example.com", ids=ids)
        >>> run = lusha.contacts.tables.bulk_remove(table.data.table_id, ids, owner="user@example.com")
        >>> len(await run.collect()) == len(ids)
        True
        """
        return self._run(self._endpoints.remove, table_id, ids, owner, options)

    def _run(
        self, endpoint: Any, table_id: str, ids: Source[Id], owner: str, options: BulkOptions
    ) -> BulkRun[Id, RowChange]:
        request = TableEntitiesRequest(entity_ids=(), owner=table_owner(owner))
        sender = Adapter(self._sender, by_id, path={"table_id": table_id})
        return BulkRun(sender, _changing(endpoint), ids, request=request, **options)

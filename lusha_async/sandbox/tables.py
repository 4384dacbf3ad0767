"""Tables: what an account keeps. Rows are people or companies, cells are filled by asynchronous column runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from msgspec import UNSET, UnsetType

from . import cells
from .backend import Answer, Backend, Call, Json, Operation
from .refusals import Refusal, bad_body, table
from .table_book import Column, Kind, Subject, Table, TableBook, cell_of, column_of, metadata, status_of, subject_of
from .table_requests import (
    ColumnRun,
    ColumnsAdd,
    EntitiesAdd,
    EntitiesRemove,
    OwnerQuery,
    PageQuery,
    TableCreate,
    TableList,
    TableUpdate,
)
from .world import FOUND

MAX_ROWS = 50_000
MAX_TABLES = 500


def create(kind: Kind, call: Call[TableCreate]) -> Answer:
    """POST /v3/{kind}/tables"""
    book, body = call.backend.store(TableBook), call.body
    _name_is_free(book, kind, body.name)
    if len(book.tables) >= MAX_TABLES:
        raise bad_body(f"an account has no more than {MAX_TABLES} tables")
    now = call.backend.clock.wall()
    one = Table(str(482_910 + book.made), kind, body.name, body.owner.email, body.visibility)
    for key in (*cells.DEFAULTS[kind], *cells.OPTIONAL[kind]):
        _add_column(one, key, now)
    _add_rows(call, one, body.ids)
    billing = call.billing(0)
    book.made += 1
    book.tables[one.id] = one
    return Answer({"data": status_of(call.backend, one), "billing": billing}, status=201)


def listing(kind: Kind, call: Call[TableList]) -> Answer:
    """POST /v3/{kind}/tables/list"""
    body = call.body
    found = [
        one
        for one in call.backend.store(TableBook).tables.values()
        if one.kind == kind
        and _visible(one, body.owner.email)
        and body.name.casefold() in one.name.casefold()
        and (body.status is UNSET or one.archived == (body.status == "archived"))
    ]
    shown = found[body.page * body.size : (body.page + 1) * body.size]
    pagination = {"page": body.page, "size": len(shown), "total": len(found)}
    data = [metadata(one) for one in shown]
    return Answer({"data": data, "pagination": pagination, "billing": call.billing(len(data))})


def get(kind: Kind, call: Call[OwnerQuery]) -> Answer:
    """GET /v3/{kind}/tables/{table_id}"""
    one = _table(call, kind, _email(call))
    return Answer({"data": status_of(call.backend, one), "billing": call.billing(1)})


def update(kind: Kind, call: Call[TableUpdate]) -> Answer:
    """PATCH /v3/{kind}/tables/{table_id}"""
    body = call.body
    one = _table(call, kind, body.owner.email)
    if body.name is not UNSET and body.name != one.name:
        _name_is_free(call.backend.store(TableBook), kind, body.name)
        one.name = body.name
    if body.visibility is not UNSET:
        one.visibility = body.visibility
    if body.archived is not UNSET:
        one.archived = body.archived
    return Answer({"data": status_of(call.backend, one), "billing": call.billing(1)})


def delete(kind: Kind, call: Call[OwnerQuery]) -> Answer:
    """DELETE /v3/{kind}/tables/{table_id}"""
    one = _table(call, kind, _email(call))
    del call.backend.store(TableBook).tables[one.id]
    return Answer({"tableId": one.id, "status": "deleted"})


def entities(kind: Kind, call: Call[PageQuery]) -> Answer:
    """GET /v3/{kind}/tables/{table_id}/entities"""
    one = _table(call, kind, _email(call))
    page, size = call.body.page, call.body.size
    shown = list(one.rows)[page * size : (page + 1) * size]
    data = [
        {"id": row, "columns": [cell_of(call.backend, one, column, row) for column in one.columns.values()]}
        for row in shown
    ]
    call.bill.per_results("tableRead", len(shown))
    pagination = {"page": page, "size": len(shown), "total": len(one.rows)}
    return Answer({"data": data, "pagination": pagination, "billing": call.billing(len(shown))}, items=len(shown))


def add(kind: Kind, call: Call[EntitiesAdd]) -> Answer:
    """POST /v3/{kind}/tables/{table_id}/entities"""
    one = _table(call, kind, call.body.owner.email)
    companies = call.body.company_ids
    if companies and len(companies) != len(call.body.entity_ids):
        raise bad_body("companyIds must have one entry per entityIds")
    added, present, invalid = _add_rows(call, one, call.body.entity_ids)
    data = {"added": added, "alreadyPresent": present, "invalidIds": invalid, "addedBy": {"surface": "api"}}
    return Answer({"data": data, "billing": call.billing(added)}, items=len(call.body.entity_ids))


def remove(kind: Kind, call: Call[EntitiesRemove]) -> Answer:
    """DELETE /v3/{kind}/tables/{table_id}/entities"""
    one = _table(call, kind, call.body.owner.email)
    subjects, invalid = _resolve(call.backend, kind, call.body.entity_ids)
    removed = 0
    for subject in subjects:
        if subject.id in one.rows:
            del one.rows[subject.id]
            removed += 1
            for column in one.columns.values():
                column.cells.pop(subject.id, None)
        else:
            invalid.append(subject.id)
    return Answer({"data": {"removed": removed, "invalidIds": invalid}, "billing": call.billing(removed)})


def columns(kind: Kind, call: Call[OwnerQuery]) -> Answer:
    """GET /v3/{kind}/tables/{table_id}/columns"""
    one = _table(call, kind, _email(call))
    data = [column_of(call.backend, one, column) for column in one.columns.values()]
    return Answer({"data": data, "billing": call.billing(len(data))})


def add_columns(kind: Kind, call: Call[ColumnsAdd]) -> Answer:
    """POST /v3/{kind}/tables/{table_id}/columns"""
    body = call.body
    one = _table(call, kind, body.owner.email)
    if (body.columns is UNSET) == (body.column_key is UNSET):
        raise bad_body("exactly one of columns and columnKey is required")
    keys = [body.column_key] if body.columns is UNSET else [column.column_key for column in body.columns]
    now = call.backend.clock.wall()
    results: list[Json] = []
    for key in keys:
        there = next((column for column in one.columns.values() if column.key == key), None)
        if there is not None:
            results.append(_not_added(key, there.id, "The column is already on the table"))
        elif key not in cells.CATALOG[kind]:
            results.append(_not_added(str(key), None, "No such column"))
        else:
            column = _add_column(one, str(key), now)
            _fill(call.backend, one, column, list(one.rows))
            results.append({"columnKey": key, "status": "added", "columnId": column.id})
    added = sum(result["status"] == "added" for result in results)
    return Answer({"data": results, "billing": call.billing(added)})


def remove_column(kind: Kind, call: Call[OwnerQuery]) -> Answer:
    """DELETE /v3/{kind}/tables/{table_id}/columns/{column_id}"""
    one = _table(call, kind, _email(call))
    column = _find_column(call, one)
    if column.default:
        raise bad_body("A default column cannot be removed")
    del one.columns[column.id]
    return Answer({"tableId": one.id, "columnId": column.id, "removed": True})


def run_column(kind: Kind, call: Call[ColumnRun]) -> Answer:
    """POST /v3/{kind}/tables/{table_id}/columns/{column_id}/run"""
    body = call.body
    one = _table(call, kind, body.owner.email)
    column = _find_column(call, one)
    rows = list(one.rows)
    if body.run_scope == "missing":
        rows = [row for row in rows if row not in column.cells]
    elif body.run_scope == "specific":
        if not body.entity_ids:
            raise bad_body("entityIds should not be empty")
        wanted = {subject.id for subject in _resolve(call.backend, kind, body.entity_ids)[0]}
        rows = [row for row in rows if row in wanted]
    paid = rows
    if kind == "companies" and cells.CATALOG[kind][column.key].type == "lusha":
        paid = [row for row in rows if row not in column.cells]
    call.bill.add(len(paid) * call.backend.account.price("tableRunColumn")[0])
    billing = call.billing(len(rows))
    _fill(call.backend, one, column, rows)
    data = {"columnId": column.id, "runScope": body.run_scope, "status": "processing"}
    return Answer({"data": data, "billing": billing}, items=len(rows))


def named(call: Call[Any], kind: Kind, table_id: str | UnsetType) -> Table | None:
    """The table a `tableId` in another operation names. An unknown one takes nothing in, and costs no answer."""
    if table_id is UNSET:
        return None
    one = call.backend.store(TableBook).tables.get(table_id)
    return Table(table_id, kind, "", "", "", lost=True) if one is None or one.kind != kind else one


_WRITTEN = (
    "added",
    "alreadyPresent",
    "columnsCreated",
    "rowsProcessed",
    "rowsCharged",
    "rowsAlreadyPaidInTable",
    "creditsCharged",
)


def write(call: Call[Any], one: Table, subjects: Sequence[Subject], keys: Sequence[str] = ()) -> Json:
    """Add results to a table and fill some of its columns: the ``tableWrite`` of other operations."""
    if one.lost:
        return {"tableId": one.id, **dict.fromkeys(_WRITTEN, 0)}
    before, created = call.bill.total, 0
    new = [subject for subject in subjects if subject.id not in one.rows][: MAX_ROWS - len(one.rows)]
    _insert(call, one, new)
    for key in keys:
        column = next((column for column in one.columns.values() if column.key == key), None)
        if column is None:
            column, created = _add_column(one, key, call.backend.clock.wall()), created + 1
        column.cells.update(dict.fromkeys((subject.id for subject in subjects), 0.0))
    charged = call.bill.total - before
    return {
        "tableId": one.id,
        "added": len(new),
        "alreadyPresent": len(subjects) - len(new),
        "columnsCreated": created,
        "rowsProcessed": len(subjects),
        "rowsCharged": len(new) if charged else 0,
        "rowsAlreadyPaidInTable": len(subjects) - len(new),
        "creditsCharged": charged,
    }


def _not_found() -> Refusal:
    return table(404, "TABLE_NOT_FOUND", "No such table")


def _not_added(key: object, column_id: str | None, reason: str) -> Json:
    return {"columnKey": key, "status": "failed", "columnId": column_id, "reason": reason}


def _email(call: Call[Any]) -> str:
    email: str = call.body.email
    if not email and call.settings.quirks:
        raise bad_body("email should not be empty")
    return email


def _visible(one: Table, email: str) -> bool:
    return not email or one.visibility == "shared" or one.owner.casefold() == email.casefold()


def _table(call: Call[Any], kind: Kind, email: str) -> Table:
    one = call.backend.store(TableBook).tables.get(call.path["table_id"])
    if one is None or one.kind != kind or not _visible(one, email):
        raise _not_found()
    return one


def _find_column(call: Call[Any], one: Table) -> Column:
    column = one.columns.get(call.path["column_id"])
    if column is None:
        raise table(404, "COLUMN_NOT_FOUND", "No such column on this table")
    return column


def _name_is_free(book: TableBook, kind: Kind, name: str) -> None:
    if any(one.kind == kind and one.name == name for one in book.tables.values()):
        raise table(409, "TABLE_NAME_CONFLICT", "There is a table of this name")


def _resolve(backend: Backend, kind: Kind, ids: Sequence[str]) -> tuple[list[Subject], list[str]]:
    """People or companies by V3 id or V2 number, and the ids that lead nowhere."""
    found: list[Subject] = []
    invalid: list[str] = []
    for text in ids:
        if not (text.startswith("v1.") or text.isdecimal()):
            raise bad_body(f"entityIds: {text[:40]!r} is neither an id nor a number")
        subject = subject_of(backend, kind, text)
        if subject is None or subject.verdict != FOUND:
            invalid.append(text)
        else:
            found.append(subject)
    return found, invalid


def _add_rows(call: Call[Any], one: Table, ids: Sequence[str]) -> tuple[int, int, list[str]]:
    subjects, invalid = _resolve(call.backend, one.kind, ids)
    new = {subject.id: subject for subject in subjects if subject.id not in one.rows}
    if len(one.rows) + len(new) > MAX_ROWS:
        raise bad_body(f"a table has no more than {MAX_ROWS} entities")
    _insert(call, one, list(new.values()))
    return len(new), len(subjects) - len(new), invalid


def _insert(call: Call[Any], one: Table, new: Sequence[Subject]) -> None:
    if one.kind == "companies":
        for subject in new:
            call.bill.reveal("revealCompany", subject.key)
    if not call.backend.account.affords(call.bill):
        call.settle()
    for subject in new:
        one.rows[subject.id] = None
        for column in one.columns.values():
            if column.default:
                column.cells[subject.id] = 0.0


def _add_column(one: Table, key: str, now: float) -> Column:
    one.columns_made += 1
    column = Column(f"c{one.columns_made}", key, now, key in cells.DEFAULTS[one.kind] and one.columns_made <= 3)
    one.columns[column.id] = column
    return column


def _fill(backend: Backend, one: Table, column: Column, rows: Sequence[str]) -> None:
    ready = backend.clock.wall() + backend.settings.column_seconds
    column.cells.update(dict.fromkeys(rows, ready))


def _operations(kind: Kind) -> list[Operation]:
    base = f"/v3/{kind}/tables"
    one = base + "/{table_id}"
    column = one + "/columns/{column_id}"
    return [
        Operation(method="POST", path=base, handler=partial(create, kind), body=TableCreate),
        Operation(method="POST", path=f"{base}/list", handler=partial(listing, kind), body=TableList),
        Operation(method="GET", path=one, handler=partial(get, kind), query=OwnerQuery),
        Operation(method="PATCH", path=one, handler=partial(update, kind), body=TableUpdate),
        Operation(method="DELETE", path=one, handler=partial(delete, kind), query=OwnerQuery),
        Operation(method="GET", path=f"{one}/entities", handler=partial(entities, kind), query=PageQuery),
        Operation(method="POST", path=f"{one}/entities", handler=partial(add, kind), body=EntitiesAdd),
        Operation(method="DELETE", path=f"{one}/entities", handler=partial(remove, kind), body=EntitiesRemove),
        Operation(method="GET", path=f"{one}/columns", handler=partial(columns, kind), query=OwnerQuery),
        Operation(method="POST", path=f"{one}/columns", handler=partial(add_columns, kind), body=ColumnsAdd),
        Operation(method="DELETE", path=column, handler=partial(remove_column, kind), query=OwnerQuery),
        Operation(method="POST", path=f"{column}/run", handler=partial(run_column, kind), body=ColumnRun),
    ]


OPERATIONS: tuple[Operation, ...] = (*_operations("contacts"), *_operations("companies"))

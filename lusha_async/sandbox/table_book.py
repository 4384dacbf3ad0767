"""The state of tables, and how the API shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from . import cells
from .backend import Backend, Json
from .clock import iso
from .world import Company, Person

Kind = Literal["contacts", "companies"]
Subject = Person | Company


@dataclass(slots=True)
class Column:
    """A column of one table. `cells` holds the moment from which a row's cell is filled; no entry: never run."""

    id: str
    key: str
    added: float
    default: bool
    cells: dict[str, float] = field(default_factory=dict[str, float])


@dataclass(slots=True)
class Table:
    """One table."""

    id: str
    kind: Kind
    name: str
    owner: str
    visibility: str
    archived: bool = False
    rows: dict[str, None] = field(default_factory=dict[str, None])
    columns: dict[str, Column] = field(default_factory=dict[str, Column])
    columns_made: int = 0
    lost: bool = False
    """Named by another operation, and not there."""


class TableBook:
    """All tables of the account."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.made = 0


def subject_of(backend: Backend, kind: Kind, text: str) -> Subject | None:
    """The person or company of a row, by V3 id or V2 number."""
    world = backend.world
    if kind == "contacts":
        who = backend.people_numbers.name(text)
        return world.person(who) if who is not None else world.person_by_id(text)
    domain = backend.company_numbers.name(text)
    return world.company(domain) if domain is not None else world.company_by_id(text)


def cell_state(backend: Backend, one: Table, column: Column, row: str) -> tuple[str, Any]:
    """Status and value of one cell."""
    ready = column.cells.get(row)
    if ready is None:
        return "not_run", None
    if ready > backend.clock.wall():
        return "processing", None
    subject = subject_of(backend, one.kind, row)
    if subject is None or subject.marker == "enrich-failed":
        return "failed", None
    value = cells.cell(one.kind, column.key, subject)
    return ("no_data", None) if value is None else ("success", value)


def cell_of(backend: Backend, one: Table, column: Column, row: str) -> Json:
    """One cell as the API shows it."""
    status, value = cell_state(backend, one, column, row)
    kind = cells.CATALOG[one.kind][column.key]
    shown = {"id": column.id, "name": kind.name, "type": "text", "sourceType": kind.type}
    return {**shown, "value": value, "status": status}


def metadata(one: Table) -> Json:
    """A table as lists show it."""
    return {
        "tableId": one.id,
        "name": one.name,
        "entityType": one.kind,
        "visibility": one.visibility,
        "status": "archived" if one.archived else "active",
        "owner": {"id": 4001, "email": one.owner, "name": "Sandbox Owner"},
        "createdBy": {"surface": "api", "createdByUserId": 4001},
        "workspaceUrl": f"https://dashboard.example.com/tables/{one.id}",
    }


def status_of(backend: Backend, one: Table) -> Json:
    """A table with its columns and whether cells are being filled."""
    shown = [column_of(backend, one, column) for column in one.columns.values()]
    processing = any(column["rowsProcessing"] for column in shown)
    return {**metadata(one), "entityCount": len(one.rows), "isProcessing": processing, "columns": shown}


def column_of(backend: Backend, one: Table, column: Column) -> Json:
    """A column with its counts per cell status."""
    kind = cells.CATALOG[one.kind][column.key]
    counts: dict[str, int] = dict.fromkeys(("not_run", "processing", "success", "no_data", "failed"), 0)
    for row in one.rows:
        counts[cell_state(backend, one, column, row)[0]] += 1
    return {
        "columnId": column.id,
        "name": kind.name,
        "type": kind.type,
        "key": column.key,
        "isDefault": column.default,
        "addedAt": iso(column.added),
        "updatedAt": iso(max([column.added, *column.cells.values()])),
        "rowsNotRun": counts["not_run"],
        "rowsProcessing": counts["processing"],
        "rowsSuccess": counts["success"],
        "rowsNoData": counts["no_data"],
        "rowsFailed": counts["failed"],
    }

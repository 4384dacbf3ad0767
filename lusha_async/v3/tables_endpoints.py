"""The table operations, once for contacts and once for companies."""

from dataclasses import dataclass
from typing import Any, Literal

from ..endpoint import Endpoint, Repeat
from .tables_types import (
    ColumnRunRequest,
    ColumnRunResponse,
    ColumnsAddRequest,
    ColumnsAddResponse,
    EntitiesChangeResponse,
    TableColumnsResponse,
    TableCreateRequest,
    TableDeleted,
    TableEntitiesQuery,
    TableEntitiesRequest,
    TableEntitiesResponse,
    TableListRequest,
    TableListResponse,
    TableQuery,
    TableResponse,
    TableUpdateRequest,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEndpoints:
    """The table operations of one kind."""

    create: Endpoint[TableResponse]
    list: Endpoint[TableListResponse]
    get: Endpoint[TableResponse]
    update: Endpoint[TableResponse]
    delete: Endpoint[TableDeleted]
    entities: Endpoint[TableEntitiesResponse]
    add: Endpoint[EntitiesChangeResponse]
    remove: Endpoint[EntitiesChangeResponse]
    columns: Endpoint[TableColumnsResponse]
    remove_column: Endpoint[TableDeleted]
    run_column: Endpoint[ColumnRunResponse]
    add_columns: Endpoint[ColumnsAddResponse]

    def all(self) -> tuple[Endpoint[Any], ...]:
        """Every one of them."""
        return tuple(getattr(self, name) for name in self.__slots__)


def _table_endpoints(kind: Literal["contacts", "companies"]) -> TableEndpoints:
    root, name = f"/v3/{kind}/tables", f"{kind.capitalize()}Table"
    one, never = root + "/{table_id}", Repeat.NEVER
    rows, columns = one + "/entities", one + "/columns"
    column = columns + "/{column_id}"
    return TableEndpoints(
        create=Endpoint(
            method="POST",
            path=root,
            operation=f"create{name}",
            request=TableCreateRequest,
            response=TableResponse,
            repeat=never,
        ),
        list=Endpoint(
            method="POST",
            path=root + "/list",
            operation=f"list{name}s",
            request=TableListRequest,
            response=TableListResponse,
        ),
        get=Endpoint(method="GET", path=one, operation=f"get{name}", query=TableQuery, response=TableResponse),
        update=Endpoint(
            method="PATCH",
            path=one,
            operation=f"update{name}",
            request=TableUpdateRequest,
            response=TableResponse,
            repeat=Repeat.CHEAP,
        ),
        delete=Endpoint(
            method="DELETE", path=one, operation=f"delete{name}", query=TableQuery, response=TableDeleted, repeat=never
        ),
        entities=Endpoint(
            method="GET",
            path=rows,
            operation=f"get{name}Entities",
            query=TableEntitiesQuery,
            response=TableEntitiesResponse,
            repeat=Repeat.COSTLY,
        ),
        add=Endpoint(
            method="POST",
            path=rows,
            operation=f"add{name}Entities",
            request=TableEntitiesRequest,
            response=EntitiesChangeResponse,
            repeat=never,
        ),
        remove=Endpoint(
            method="DELETE",
            path=rows,
            operation=f"remove{name}Entities",
            request=TableEntitiesRequest,
            response=EntitiesChangeResponse,
            repeat=never,
        ),
        columns=Endpoint(
            method="GET",
            path=columns,
            operation=f"list{name}Columns",
            query=TableQuery,
            response=TableColumnsResponse,
        ),
        remove_column=Endpoint(
            method="DELETE",
            path=column,
            operation=f"remove{name}Column",
            query=TableQuery,
            response=TableDeleted,
            repeat=never,
        ),
        run_column=Endpoint(
            method="POST",
            path=column + "/run",
            operation=f"run{name}Column",
            request=ColumnRunRequest,
            response=ColumnRunResponse,
            repeat=never,
        ),
        add_columns=Endpoint(
            method="POST",
            path=columns,
            operation=f"add{name}Columns",
            request=ColumnsAddRequest,
            response=ColumnsAddResponse,
            repeat=never,
        ),
    )


CONTACTS_TABLES = _table_endpoints("contacts")
COMPANIES_TABLES = _table_endpoints("companies")

ENDPOINTS: tuple[Endpoint[Any], ...] = (*CONTACTS_TABLES.all(), *COMPANIES_TABLES.all())

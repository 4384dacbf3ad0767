"""Tables: lists of contacts or companies kept at Lusha, with columns that Lusha fills.

One class serves both kinds; it is told which endpoints are its own. `owner` is the e-mail address of a user of the
account: the API wants one with every change, and uses it to decide what may be seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from ..endpoint import Endpoint, Repeat
from ..errors import InvalidRequest
from ..records import record_ids
from ..resource import Resource, Sender
from .checks import tokens, within
from .common import TableOwner
from .tables_types import (
    ColumnKey,
    ColumnRunRequest,
    ColumnRunResponse,
    ColumnsAddRequest,
    ColumnsAddResponse,
    EntitiesChangeResponse,
    RunScope,
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
    Visibility,
)

MOST_ENTITIES = 500
MOST_COLUMNS = 10
LAST_PAGE = 100


# --- endpoints ---------------------------------------------------------------------------------------------------


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


def table_owner(owner: str) -> TableOwner:
    """The user in whose name something is done. Raises `InvalidRequest` for what is no address."""
    if not owner.strip() or "@" not in owner:
        raise InvalidRequest("owner is the e-mail address of a user of the account: give one", field="owner")
    return TableOwner(email=owner.strip())


def _asker(owner: str | None) -> TableQuery | None:
    return None if owner is None else TableQuery(email=table_owner(owner).email)


# --- methods -----------------------------------------------------------------------------------------------------


class Tables(Resource):
    """Tables of one kind: ``lusha.contacts.tables`` or ``lusha.companies.tables``."""

    def __init__(self, sender: Sender, endpoints: TableEndpoints) -> None:
        super().__init__(sender)
        self._endpoints = endpoints

    async def create(
        self,
        name: str,
        *,
        owner: str,
        visibility: Visibility | str | None = None,
        ids: Iterable[str | int] | None = None,
        timeout: float | None = None,
    ) -> TableResponse:
        """A new table, ``private`` unless `visibility` says ``shared``, empty or with the rows of `ids`.

        ``POST /v3/{contacts,companies}/tables``, 25 requests a second, 500 tables per account, free.

        Raises `Conflict` when the name is taken.

        >>> table = await lusha.contacts.tables.create("Leads", owner="user@example.com")
        >>> table.data.name
        'Leads'
        """
        body = TableCreateRequest(
            name=name,
            owner=table_owner(owner),
            visibility=visibility,
            ids=None if ids is None else record_ids(ids, limit=MOST_ENTITIES),
        )
        return await self._call(self._endpoints.create, body=body, timeout=timeout)

    async def list(
        self,
        *,
        owner: str,
        name: str | None = None,
        status: Literal["active", "archived"] | str | None = None,
        page: int = 0,
        size: int = 100,
        timeout: float | None = None,
    ) -> TableListResponse:
        """One page of the tables of `owner` and of those shared with the account. `page` is 0 to 100.

        ``POST /v3/{contacts,companies}/tables/list``, 25 requests a second, free.

        >>> tables = await lusha.contacts.tables.list(owner="user@example.com")
        >>> len(tables.data) <= 100
        True
        """
        body = TableListRequest(
            owner=table_owner(owner),
            page=within(page, 0, LAST_PAGE, field="page"),
            size=within(size, 1, None, field="size"),
            name=name,
            status=status,
        )
        return await self._call(self._endpoints.list, body=body, timeout=timeout)

    async def get(self, table_id: str, *, owner: str | None = None, timeout: float | None = None) -> TableResponse:
        """One table, with its columns and whether one of them is at work.

        ``GET /v3/{contacts,companies}/tables/{table_id}``, 25 requests a second, free.

        Raises `NotFound` for a table that is not there, or not to be seen by `owner`.

        >>> table = await lusha.companies.tables.create("Accounts", owner="user@example.com")
        >>> (await lusha.companies.tables.get(table.data.table_id, owner="user@example.com")).data.name
        'Accounts'
        """
        path = {"table_id": table_id}
        return await self._call(self._endpoints.get, path=path, query=_asker(owner), timeout=timeout)

    async def update(
        self,
        table_id: str,
        *,
        owner: str,
        name: str | None = None,
        visibility: Visibility | str | None = None,
        archived: bool | None = None,
        timeout: float | None = None,
    ) -> TableResponse:
        """Rename, share or archive a table.

        ``PATCH /v3/{contacts,companies}/tables/{table_id}``, 25 requests a second, free.

        >>> table = await lusha.contacts.tables.create("Old name", owner="user@example.com")
        >>> renamed = await lusha.contacts.tables.update(table.data.table_id, owner="user@example.com", name="New name")
        >>> renamed.data.name
        'New name'
        """
        body = TableUpdateRequest(owner=table_owner(owner), name=name, visibility=visibility, archived=archived)
        return await self._call(self._endpoints.update, path={"table_id": table_id}, body=body, timeout=timeout)

    async def delete(self, table_id: str, *, owner: str | None = None, timeout: float | None = None) -> TableDeleted:
        """Delete a table.

        ``DELETE /v3/{contacts,companies}/tables/{table_id}``, 25 requests a second, free.

        >>> table = await lusha.contacts.tables.create("Short-lived", owner="user@example.com")
        >>> (await lusha.contacts.tables.delete(table.data.table_id, owner="user@example.com")).status
        'deleted'
        """
        path = {"table_id": table_id}
        return await self._call(self._endpoints.delete, path=path, query=_asker(owner), timeout=timeout)

    async def entities(
        self,
        table_id: str,
        *,
        owner: str | None = None,
        page: int = 0,
        size: int = 100,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> TableEntitiesResponse:
        """One page of rows with all their cells. `page` is 0 to 100.

        ``GET /v3/{contacts,companies}/tables/{table_id}/entities``, 25 requests a second. Charged per row returned,
        each time.

        >>> table = await lusha.contacts.tables.create("Rows", owner="user@example.com")
        >>> (await lusha.contacts.tables.entities(table.data.table_id, owner="user@example.com")).data
        ()
        """
        query = TableEntitiesQuery(
            email=None if owner is None else table_owner(owner).email,
            page=within(page, 0, LAST_PAGE, field="page"),
            size=within(size, 1, None, field="size"),
        )
        path = {"table_id": table_id}
        return await self._call(
            self._endpoints.entities, path=path, query=query, timeout=timeout, allow_repeat=allow_repeat
        )

    async def add(
        self,
        table_id: str,
        ids: str | int | Iterable[str | int],
        *,
        owner: str,
        company_ids: Iterable[str | int] | None = None,
        timeout: float | None = None,
    ) -> EntitiesChangeResponse:
        """Add up to 500 contacts or companies; unknown ids come back in `invalid_ids`, known rows are not doubled.

        ``POST /v3/{contacts,companies}/tables/{table_id}/entities``, 25 requests a second, 50,000 rows per table.
        Contacts are free; companies are charged per new row (402, and nothing added, when the balance cannot cover
        all). `company_ids`, for contacts, names the company of each, in the same order.

        >>> found = await lusha.contacts.search({"email": "jane@example.com"})
        >>> ids = [contact.id for contact in found.results if contact.id]
        >>> table = await lusha.contacts.tables.create("Adding", owner="user@example.com")
        >>> change = await lusha.contacts.tables.add(table.data.table_id, ids, owner="user@example.com")
        >>> change.data.added == len(ids)
        True
        """
        entity_ids = record_ids(ids, limit=MOST_ENTITIES)
        firms = None if company_ids is None else record_ids(company_ids, limit=MOST_ENTITIES)
        if firms is not None and len(firms) != len(entity_ids):
            raise InvalidRequest(
                f"{len(firms)} company_ids for {len(entity_ids)} ids: give one for each, in order", field="company_ids"
            )
        body = TableEntitiesRequest(entity_ids=entity_ids, owner=table_owner(owner), company_ids=firms)
        return await self._call(self._endpoints.add, path={"table_id": table_id}, body=body, timeout=timeout)

    async def remove(
        self, table_id: str, ids: str | int | Iterable[str | int], *, owner: str, timeout: float | None = None
    ) -> EntitiesChangeResponse:
        """Take up to 500 rows out of a table.

        ``DELETE /v3/{contacts,companies}/tables/{table_id}/entities``, 25 requests a second, free.

        >>> found = await lusha.contacts.search({"email": "jane@example.com"})
        >>> ids = [contact.id for contact in found.results if contact.id]
        >>> table = await lusha.contacts.tables.create("Removing", owner="user@example.com", ids=ids)
        >>> change = await lusha.contacts.tables.remove(table.data.table_id, ids, owner="user@example.com")
        >>> change.data.removed == len(ids)
        True
        """
        body = TableEntitiesRequest(entity_ids=record_ids(ids, limit=MOST_ENTITIES), owner=table_owner(owner))
        return await self._call(self._endpoints.remove, path={"table_id": table_id}, body=body, timeout=timeout)

    async def columns(
        self, table_id: str, *, owner: str | None = None, timeout: float | None = None
    ) -> TableColumnsResponse:
        """The columns of a table, and how many of their cells are filled, empty, failed or waiting.

        ``GET /v3/{contacts,companies}/tables/{table_id}/columns``, 25 requests a second, free.

        >>> table = await lusha.contacts.tables.create("Columns", owner="user@example.com")
        >>> columns = await lusha.contacts.tables.columns(table.data.table_id, owner="user@example.com")
        >>> all(column.column_id for column in columns.data)
        True
        """
        path = {"table_id": table_id}
        return await self._call(self._endpoints.columns, path=path, query=_asker(owner), timeout=timeout)

    async def remove_column(
        self, table_id: str, column_id: str, *, owner: str | None = None, timeout: float | None = None
    ) -> TableDeleted:
        """Take a column out of a table.

        ``DELETE /v3/{contacts,companies}/tables/{table_id}/columns/{column_id}``, 25 requests a second, free.

        >>> table = await lusha.companies.tables.create("One column less", owner="user@example.com")
        >>> table_id = table.data.table_id
        >>> added = await lusha.companies.tables.add_columns(table_id, "industry", owner="user@example.com")
        >>> column_id = added.data[0].column_id
        >>> (await lusha.companies.tables.remove_column(table_id, column_id, owner="user@example.com")).removed
        True
        """
        path = {"table_id": table_id, "column_id": column_id}
        return await self._call(self._endpoints.remove_column, path=path, query=_asker(owner), timeout=timeout)

    async def run_column(
        self,
        table_id: str,
        column_id: str,
        *,
        run_scope: RunScope | str,
        owner: str,
        ids: Iterable[str | int] | None = None,
        timeout: float | None = None,
    ) -> ColumnRunResponse:
        """Fill a column: ``missing`` cells, ``specific`` rows (give `ids`), or ``all``, which charges again.

        ``POST /v3/{contacts,companies}/tables/{table_id}/columns/{column_id}/run``, 25 requests a second. Charged per
        row processed. The call returns at once: `get` tells by `is_processing` when the work is done.

        >>> table = await lusha.companies.tables.create("Running", owner="user@example.com")
        >>> table_id = table.data.table_id
        >>> added = await lusha.companies.tables.add_columns(table_id, "industry", owner="user@example.com")
        >>> column_id = added.data[0].column_id
        >>> run = await lusha.companies.tables.run_column(
        ...     table_id, column_id, run_scope="missing", owner="user@example.com"
        ... )
        >>> run.data.run_scope
        'missing'
        """
        if (run_scope == "specific") != (ids is not None):
            raise InvalidRequest("ids go with run_scope='specific', and only with it: mend one of the two", field="ids")
        body = ColumnRunRequest(
            run_scope=run_scope,
            owner=table_owner(owner),
            entity_ids=None if ids is None else record_ids(ids, limit=50_000),
        )
        path = {"table_id": table_id, "column_id": column_id}
        return await self._call(self._endpoints.run_column, path=path, body=body, timeout=timeout)

    async def add_columns(
        self, table_id: str, columns: str | Iterable[str], *, owner: str, timeout: float | None = None
    ) -> ColumnsAddResponse:
        """Add up to 10 of Lusha's columns by key (``industry``, ``yearFounded``, ...); rows begin to fill at once.

        ``POST /v3/{contacts,companies}/tables/{table_id}/columns``, 25 requests a second. Free for now; filling cells
        may be charged per row. Each column fares for itself: one that is there already comes back as ``failed`` with
        its id.

        >>> table = await lusha.companies.tables.create("More columns", owner="user@example.com")
        >>> added = await lusha.companies.tables.add_columns(
        ...     table.data.table_id, ["industry", "yearFounded"], owner="user@example.com"
        ... )
        >>> [column.status for column in added.data]
        ['added', 'added']
        """
        keys = tokens(columns, field="columns")
        if len(keys) > MOST_COLUMNS:
            raise InvalidRequest(
                f"{len(keys)} columns, the API takes {MOST_COLUMNS} in one call: split them", field="columns"
            )
        body = ColumnsAddRequest(owner=table_owner(owner), columns=tuple(ColumnKey(column_key=key) for key in keys))
        return await self._call(self._endpoints.add_columns, path={"table_id": table_id}, body=body, timeout=timeout)

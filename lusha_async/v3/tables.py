"""Tables: lists of contacts or companies kept at Lusha, with columns that Lusha fills.

One class serves both kinds; it is told which endpoints are its own. `owner` is the e-mail address of a user of the
account: the API wants one with every change, and uses it to decide what may be seen.
"""

from collections.abc import Iterable
from functools import partial
from typing import Literal

from ..errors import InvalidRequest
from ..paging import ByNumber, Pages, Position
from ..records import record_ids
from .checks import tokens, within
from .tables_bulk import BulkTables
from .tables_types import (
    LAST_PAGE,
    MOST_COLUMNS,
    MOST_ENTITIES,
    ColumnKey,
    ColumnRunRequest,
    ColumnRunResponse,
    ColumnsAddRequest,
    ColumnsAddResponse,
    EntitiesChangeResponse,
    RunScope,
    Table,
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
    TableRow,
    TableUpdateRequest,
    Visibility,
    table_owner,
)


def _asker(owner: str | None) -> TableQuery | None:
    return None if owner is None else TableQuery(email=table_owner(owner).email)


class Tables(BulkTables):
    """Tables of one kind: ``lusha.contacts.tables`` or ``lusha.companies.tables``."""

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

    def iter_list(
        self,
        *,
        owner: str,
        name: str | None = None,
        status: Literal["active", "archived"] | str | None = None,
        limit: int | None = None,
        page: int = 0,
        size: int = 100,
        prefetch: bool = True,
        timeout: float | None = None,
    ) -> Pages[Table]:
        """All tables of `owner` and those shared with the account, up to `limit`, from `page` on.

        ``POST /v3/{contacts,companies}/tables/list``, pages of `size`, free. See `lusha_async.paging`.

        >>> [table.name async for table in lusha.companies.tables.iter_list(owner="user@example.com", limit=3)][3:]
        []
        """
        call = partial(self.list, owner=owner, name=name, status=status, size=size, timeout=timeout)
        walk: ByNumber[Table, TableListResponse] = ByNumber(
            lambda number: call(page=number),
            items=lambda answer: answer.data,
            size=size,
            last_page=LAST_PAGE,
            reliable=True,
        )
        return Pages(walk, start=Position(page=page), limit=limit, prefetch=prefetch)

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

    def iter_entities(
        self,
        table_id: str,
        *,
        owner: str | None = None,
        limit: int | None = None,
        page: int = 0,
        size: int = 100,
        prefetch: bool = True,
        timeout: float | None = None,
        allow_repeat: bool = False,
    ) -> Pages[TableRow]:
        """All rows with their cells, up to `limit`, page after page from `page` on.

        ``GET /v3/{contacts,companies}/tables/{table_id}/entities``, 101 pages at most: a table of more than 10,100 rows
        needs a larger `size`. Charged per row. See `lusha_async.paging`.

        >>> table = await lusha.companies.tables.create("All rows", owner="user@example.com")
        >>> rows = lusha.companies.tables.iter_entities(table.data.table_id, owner="user@example.com")
        >>> [row.id async for row in rows]
        []
        """
        call = partial(self.entities, table_id, owner=owner, size=size, timeout=timeout, allow_repeat=allow_repeat)
        walk: ByNumber[TableRow, TableEntitiesResponse] = ByNumber(
            lambda number: call(page=number),
            items=lambda answer: answer.data,
            size=size,
            last_page=LAST_PAGE,
            reliable=True,
        )
        return Pages(walk, start=Position(page=page), limit=limit, prefetch=prefetch)

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
        >>> added = await lusha.companies.tables.add_columns(table_id, "yearFounded", owner="user@example.com")
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
        >>> added = await lusha.companies.tables.add_columns(table_id, "yearFounded", owner="user@example.com")
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
        ...     table.data.table_id, ["yearFounded"], owner="user@example.com"
        ... )
        >>> [column.status for column in added.data]
        ['added']
        """
        keys = tokens(columns, field="columns")
        if len(keys) > MOST_COLUMNS:
            raise InvalidRequest(
                f"{len(keys)} columns, the API takes {MOST_COLUMNS} in one call: split them", field="columns"
            )
        body = ColumnsAddRequest(owner=table_owner(owner), columns=tuple(ColumnKey(column_key=key) for key in keys))
        return await self._call(self._endpoints.add_columns, path={"table_id": table_id}, body=body, timeout=timeout)

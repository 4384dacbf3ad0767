"""What the table operations send and receive."""

from typing import Any, Literal

from ..errors import InvalidRequest
from ..model import Model, RequestModel
from .common import Billing, Pagination, TableOwner

MOST_ENTITIES = 500
MOST_COLUMNS = 10
LAST_PAGE = 100

Visibility = Literal["private", "shared"]
RunScope = Literal["all", "missing", "specific"]

# --- requests ----------------------------------------------------------------------------------------------------


class TableCreateRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST .../tables``."""

    name: str
    owner: TableOwner
    visibility: str | None = None
    ids: tuple[str, ...] | None = None


class TableListRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST .../tables/list``."""

    owner: TableOwner
    page: int | None = None
    size: int | None = None
    name: str | None = None
    status: str | None = None


class TableUpdateRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``PATCH .../tables/{table_id}``."""

    owner: TableOwner
    name: str | None = None
    visibility: str | None = None
    archived: bool | None = None


class TableEntitiesRequest(RequestModel, frozen=True, kw_only=True):
    """Body that adds rows to a table, or removes them. `company_ids` pairs with `entity_ids`, for contacts only."""

    entity_ids: tuple[str, ...]
    owner: TableOwner
    company_ids: tuple[str, ...] | None = None


class ColumnRunRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST .../columns/{column_id}/run``."""

    run_scope: str
    owner: TableOwner
    entity_ids: tuple[str, ...] | None = None


class ColumnKey(RequestModel, frozen=True, kw_only=True):
    """A column of Lusha's catalog, such as ``industry``."""

    column_key: str


class ColumnsAddRequest(RequestModel, frozen=True, kw_only=True):
    """Body of ``POST .../columns``: `columns`, or `column_key` alone."""

    owner: TableOwner | None = None
    columns: tuple[ColumnKey, ...] | None = None
    column_key: str | None = None


class TableQuery(RequestModel, frozen=True, kw_only=True):
    """Query of the operations without a body: who asks."""

    email: str | None = None


class TableEntitiesQuery(TableQuery, frozen=True, kw_only=True):
    """Who asks, and for which page."""

    page: int | None = None
    size: int | None = None


# --- responses ---------------------------------------------------------------------------------------------------


class TableUser(Model, frozen=True):
    """A user of the account."""

    id: int | str | None = None
    email: str | None = None
    name: str | None = None


class TableOrigin(Model, frozen=True):
    """Where a table, or a change of one, came from: `surface` is ``api``, ``mcp`` or ``workspace``."""

    surface: str | None = None
    created_by_user_id: int | str | None = None


class TableColumn(Model, frozen=True):
    """A column and how far its cells are. `type` is ``lusha``, ``crm``, ``signal``, ``ai`` or ``score``."""

    column_id: str | None = None
    name: str | None = None
    type: str | None = None
    key: str | None = None
    is_default: bool | None = None
    added_at: str | None = None
    updated_at: str | None = None
    rows_not_run: int | None = None
    rows_processing: int | None = None
    rows_success: int | None = None
    rows_no_data: int | None = None
    rows_failed: int | None = None


class Table(Model, frozen=True):
    """A table. The last three fields are missing in lists. `status` is ``active``, ``archived`` or ``deleted``."""

    table_id: str | None = None
    name: str | None = None
    entity_type: str | None = None
    visibility: str | None = None
    status: str | None = None
    owner: TableUser | None = None
    created_by: TableOrigin | None = None
    workspace_url: str | None = None
    entity_count: int | None = None
    is_processing: bool | None = None
    columns: tuple[TableColumn, ...] | None = None


class TableResponse(Model, frozen=True):
    """One table."""

    data: Table | None = None
    billing: Billing | None = None


class TableListResponse(Model, frozen=True):
    """One page of tables."""

    data: tuple[Table, ...] = ()
    pagination: Pagination | None = None
    billing: Billing | None = None


class TableDeleted(Model, frozen=True):
    """The table that is gone; or, with `column_id`, the column of it."""

    table_id: str | None = None
    status: str | None = None
    column_id: str | None = None
    removed: bool | None = None


class TableCell(Model, frozen=True):
    """A value, of whatever shape. `status` is ``not_run``, ``processing``, ``success``, ``no_data`` or ``failed``."""

    id: str | None = None
    name: str | None = None
    type: str | None = None
    source_type: str | None = None
    value: Any = None
    status: str | None = None


class TableRow(Model, frozen=True):
    """A contact or company of a table, by id, with its cells."""

    id: str | None = None
    columns: tuple[TableCell, ...] | None = None


class TableEntitiesResponse(Model, frozen=True):
    """One page of rows."""

    data: tuple[TableRow, ...] = ()
    pagination: Pagination | None = None
    billing: Billing | None = None


class EntitiesChange(Model, frozen=True):
    """What became of the ids that were added or removed."""

    added: int | None = None
    already_present: int | None = None
    removed: int | None = None
    invalid_ids: tuple[str, ...] | None = None
    added_by: TableOrigin | None = None


class EntitiesChangeResponse(Model, frozen=True):
    """Rows added or removed, and the price."""

    data: EntitiesChange | None = None
    billing: Billing | None = None


class TableColumnsResponse(Model, frozen=True):
    """The columns of a table."""

    data: tuple[TableColumn, ...] = ()
    billing: Billing | None = None


class ColumnRun(Model, frozen=True):
    """A run that has begun: look at the table's `is_processing` for its end."""

    column_id: str | None = None
    run_scope: str | None = None
    status: str | None = None


class ColumnRunResponse(Model, frozen=True):
    """A column at work."""

    data: ColumnRun | None = None
    billing: Billing | None = None


class ColumnAdded(Model, frozen=True):
    """``added``, or ``failed``; a column that was there before has failed and has its `column_id`."""

    column_key: str | None = None
    status: str | None = None
    column_id: str | None = None
    error: Any = None


class ColumnsAddResponse(Model, frozen=True):
    """One element per column asked for."""

    data: tuple[ColumnAdded, ...] = ()
    billing: Billing | None = None


def table_owner(owner: str) -> TableOwner:
    """The user in whose name something is done. Raises `InvalidRequest` for what is no address."""
    if not owner.strip() or "@" not in owner:
        raise InvalidRequest("owner is the e-mail address of a user of the account: give one", field="owner")
    return TableOwner(email=owner.strip())

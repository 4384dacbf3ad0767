# ruff: noqa: RUF012 - msgspec gives every struct an empty list of its own
"""What the Tables operations take."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from .requests import Body, Text

SomeIds = Annotated[list[Text], Meta(max_length=500)]
_ADDRESS = r"^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]*[A-Za-z0-9])+$"
Page = Annotated[int, Meta(ge=0, le=100)]


class Owner(Body):
    """Whose table it is."""

    email: Annotated[str, Meta(max_length=320, pattern=_ADDRESS)]


class TableCreate(Body):
    """Body of creating a table."""

    name: Annotated[str, Meta(min_length=1, max_length=255)]
    owner: Owner
    visibility: Literal["private", "shared"] = "private"
    ids: SomeIds = []


class TableList(Body):
    """Body of listing tables."""

    owner: Owner
    page: Page = 0
    size: Annotated[int, Meta(ge=1, le=100)] = 100
    name: Text = ""
    status: Literal["active", "archived"] | UnsetType = UNSET


class TableUpdate(Body):
    """Changes to a table."""

    owner: Owner
    name: Annotated[str, Meta(min_length=1, max_length=255)] | UnsetType = UNSET
    visibility: Literal["private", "shared"] | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


class EntitiesAdd(Body):
    """Rows to add."""

    entity_ids: SomeIds
    owner: Owner
    company_ids: list[Text] = []


class EntitiesRemove(Body):
    """Rows to remove."""

    entity_ids: SomeIds
    owner: Owner


class ColumnRun(Body):
    """Which cells of a column to fill."""

    run_scope: Literal["all", "missing", "specific"]
    owner: Owner
    entity_ids: list[Text] = []


class ColumnKey(Body):
    """A column by its key."""

    column_key: Text


class ColumnsAdd(Body):
    """Columns to add: either form."""

    owner: Owner
    columns: Annotated[list[ColumnKey], Meta(min_length=1, max_length=10)] | UnsetType = UNSET
    column_key: Text | UnsetType = UNSET


class OwnerQuery(Body):
    """Whose table it is, where there is no body."""

    email: Text = ""


class PageQuery(Body):
    """Which rows to read."""

    email: Text = ""
    page: Page = 0
    size: Annotated[int, Meta(ge=1, le=500)] = 100

"""The two kinds of structs: what the API sends (`Model`) and what it is sent (`RequestModel`).

Their text form shows which fields are filled and never what with: a struct that ends up in a log or a traceback
takes nobody's data along. `to_dict` is for looking inside.
"""

from collections.abc import Sized
from typing import Any, cast

import msgspec

from .plain import is_array, is_object


class _Discreet(msgspec.Struct, frozen=True):
    """A text form without contents: counts for lists, dots for text and numbers."""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        filled = ((field.name, getattr(self, field.name)) for field in msgspec.structs.fields(self))
        return [(name, _outline(value)) for name, value in filled if value is not None]

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={shown!r}" for name, shown in self.__rich_repr__())
        return f"{type(self).__name__}({inside})"


class _Shown(str):
    """Text that is shown without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _outline(value: object) -> object:
    if isinstance(value, bool | msgspec.Struct):
        return value
    if isinstance(value, Sized) and not isinstance(value, str | bytes):
        return _Shown(f"<{len(value)}>")
    return _Shown("...")


class Model(_Discreet, frozen=True, kw_only=True, rename="camel", omit_defaults=True, gc=False):
    """Something the API sends. Every field may be missing; fields nobody knew of stay in the raw JSON."""


class RequestModel(_Discreet, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Something the API is sent. Fields left at None are left out."""


def to_dict(struct: msgspec.Struct, *, api_names: bool = False) -> dict[str, Any]:
    """The contents of a struct as plain data, all the way down: snake_case names, or the API's own camelCase."""
    if api_names:
        plain: dict[str, Any] = msgspec.to_builtins(struct)
        return plain
    return {field: _plain(value) for field, value in msgspec.structs.asdict(struct).items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return to_dict(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in cast("tuple[Any, ...]", value)]
    if is_array(value):
        return [_plain(part) for part in value]
    if is_object(value):
        return {key: _plain(part) for key, part in value.items()}
    return value

"""pydantic models of the same shape as this package's structs, made from them field by field."""

from __future__ import annotations

import types
import typing
from functools import cache
from typing import Any

import msgspec
from pydantic import BaseModel, ConfigDict, create_model
from pydantic.alias_generators import to_camel

from lusha_async.v3.enrichment import ContactEnrichResponse


class Base(BaseModel):
    """As the structs: camelCase on the wire, unknown fields ignored, frozen."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)


@cache
def model_of(struct: type[msgspec.Struct]) -> type[BaseModel]:
    """The pydantic model with the fields of a struct, all the way down."""
    hints = typing.get_type_hints(struct)
    fields: dict[str, Any] = {
        field.name: (_converted(hints[field.name]), field.default if field.default is not msgspec.NODEFAULT else ...)
        for field in msgspec.structs.fields(struct)
    }
    return create_model(struct.__name__, __base__=Base, **fields)


def _converted(hint: Any) -> Any:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return model_of(hint)
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return typing.Union[tuple(_converted(part) for part in parts)]  # noqa: UP007 - built at run time
    if origin is tuple:
        return types.GenericAlias(tuple, (_converted(parts[0]), ...))
    return hint


Response = model_of(ContactEnrichResponse)

"""JSON into structs, losing nothing that was paid for.

The fast path decodes a whole body in one go. Only when that fails, the tolerant path walks the plain data along the
types: a value that does not fit becomes None (or leaves its list) and is noted as a problem; everything around it
survives.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

import msgspec
from msgspec import inspect

from .plain import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Hashable

T = TypeVar("T")

MAX_DEPTH = 64
"""Nesting deeper than this is not followed: a value so deep counts as one that does not fit."""


class Problem(NamedTuple):
    """A value that did not fit its field: where, and what was expected. Never the value itself."""

    path: str
    expected: str


class Decoded(NamedTuple, Generic[T]):
    """A typed value, and what of the raw data it could not hold."""

    value: T
    problems: tuple[Problem, ...] = ()


@cache
def decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    """The decoder of a type, built on first use."""
    return msgspec.json.Decoder(kind)


def decode(data: bytes, kind: type[T]) -> Decoded[T]:
    """`data` as `kind`. Raises `msgspec.DecodeError` only when it is not JSON at all."""
    try:
        return Decoded(decoder(cast("Hashable", kind)).decode(data))
    except (msgspec.ValidationError, RecursionError):
        pass
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError("not UTF-8") from error
    try:
        plain = msgspec.json.decode(data)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError("not readable as JSON") from error
    return convert(plain, kind)


def convert(plain: Any, kind: type[T]) -> Decoded[T]:
    """Plain data as `kind`, field by field. Never raises: a body of quite another shape gives an empty struct."""
    problems: list[Problem] = []
    value = _fit(plain, _shape(cast("Hashable", kind)), "", problems, 0)
    if value is _MISFIT:
        value = _empty(kind)
    return Decoded(value, tuple(problems))


class _Misfit:
    pass


_MISFIT = _Misfit()


@cache
def _shape(kind: Any) -> inspect.Type:
    return inspect.type_info(kind)


def _empty(kind: Any) -> Any:
    shape = _shape(kind)
    if isinstance(shape, inspect.StructType):
        return _build(shape, {})
    if isinstance(shape, inspect.VarTupleType):
        return ()
    if isinstance(shape, inspect.ListType):
        return []
    if isinstance(shape, inspect.DictType):
        return {}
    return None


def _fit(value: Any, shape: inspect.Type, path: str, problems: list[Problem], depth: int) -> Any:
    """`value` in the form of `shape`, or `_MISFIT` (then noted)."""
    if depth > MAX_DEPTH:
        problems.append(Problem(path or ".", "less nesting"))
        return _MISFIT
    if isinstance(shape, inspect.StructType) and is_object(value):
        return _fit_struct(value, shape, path, problems, depth)
    if isinstance(shape, inspect.VarTupleType | inspect.ListType) and is_array(value):
        fitted = [_fit(part, shape.item_type, f"{path}[{n}]", problems, depth + 1) for n, part in enumerate(value)]
        if isinstance(shape.item_type, inspect.StructType):  # the others keep their places: raw items are found by them
            fitted = [_build(shape.item_type, {}) if part is _MISFIT else part for part in fitted]
        kept = [part for part in fitted if part is not _MISFIT]
        return tuple(kept) if isinstance(shape, inspect.VarTupleType) else kept
    if isinstance(shape, inspect.DictType) and is_object(value):
        pairs = ((k, _fit(v, shape.value_type, f"{path}.*", problems, depth + 1)) for k, v in value.items())
        return {k: v for k, v in pairs if v is not _MISFIT}
    if isinstance(shape, inspect.UnionType):
        return _fit_union(value, shape, path, problems, depth)
    fitted = _fit_scalar(value, shape)
    if fitted is _MISFIT:
        problems.append(Problem(path or ".", _name(shape)))
    return fitted


def _fit_struct(
    value: dict[str, Any], shape: inspect.StructType, path: str, problems: list[Problem], depth: int
) -> Any:
    found: dict[str, Any] = {}
    for field in shape.fields:
        if field.encode_name in value:
            part = _fit(value[field.encode_name], field.type, f"{path}.{field.encode_name}", problems, depth + 1)
            if part is not _MISFIT:
                found[field.name] = part
    return _build(shape, found)


def _build(shape: inspect.StructType, found: dict[str, Any]) -> Any:
    for field in shape.fields:
        if field.required and field.name not in found:
            found[field.name] = None
    return shape.cls(**found)


def _fit_union(value: Any, shape: inspect.UnionType, path: str, problems: list[Problem], depth: int) -> Any:
    """The first member the value fits without a problem; else the one with the fewest."""
    if value is None and shape.includes_none:
        return None
    best: tuple[int, Any, list[Problem]] | None = None
    for member in shape.types:
        if isinstance(member, inspect.NoneType):
            continue
        noted: list[Problem] = []
        fitted = _fit(value, member, path, noted, depth + 1)
        cost = len(noted) + (1000 if fitted is _MISFIT else 0)
        if best is None or cost < best[0]:
            best = (cost, fitted, noted)
        if cost == 0:
            break
    if best is None:
        return _MISFIT
    problems.extend(best[2])
    return best[1]


def _fit_scalar(value: Any, shape: inspect.Type) -> Any:
    if isinstance(shape, inspect.AnyType):
        return value
    if isinstance(shape, inspect.RawType):
        return msgspec.Raw(msgspec.json.encode(value))
    if isinstance(shape, inspect.NoneType):
        return None if value is None else _MISFIT
    if isinstance(shape, inspect.StrType):
        return _text(value)
    if isinstance(shape, inspect.BoolType):
        return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value).lower(), _MISFIT)
    if isinstance(shape, inspect.IntType | inspect.FloatType):
        return _number(value, whole=isinstance(shape, inspect.IntType))
    return _MISFIT


def _text(value: Any) -> Any:
    """Text; a number where an id or a code was promised as text is still that id."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return _MISFIT


def _number(value: Any, *, whole: bool) -> Any:
    if isinstance(value, bool):
        return _MISFIT
    if isinstance(value, str):
        try:
            value = float(value) if not value.strip().lstrip("+-").isdecimal() else int(value)
        except ValueError:
            return _MISFIT
    if isinstance(value, int):
        return value if whole or abs(value) < 1e308 else _MISFIT
    if not isinstance(value, float) or not math.isfinite(value):
        return _MISFIT
    return value if not whole else int(value) if value.is_integer() else _MISFIT


def _name(shape: inspect.Type) -> str:
    return type(shape).__name__.removesuffix("Type").lower()

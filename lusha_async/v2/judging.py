"""What the items of V2's answers mean in bulk runs, and how their records are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ..bulk import Judgement, Status
from ..errors import LushaError, PaymentRequired, RecordFailed
from ..records import CompanyQuery, ContactQuery, company_query, contact_query, record_id
from .common import ItemError, legacy_id, numeric_id

if TYPE_CHECKING:
    from collections.abc import Iterable

OUT_OF_CREDIT = frozenset({"OUT_OF_CREDIT", "OUT_OF_CREDITS", "2"})
"""What an item says when the credits ran out in the middle of a request: by name, or by its number alone."""

_NOT_FOUND = frozenset({"EMPTY_DATA", "NOT_FOUND", "3"})
_RESTRICTED = ("COMPLIANCE", "GDPR", "LEGAL", "451")


def judge(data: msgspec.Struct | None, error: ItemError | str | None, *, charged: bool | None = None) -> Judgement:
    """An item: found if it holds anything, else by its error; without either it was not found."""
    credits_charged = 0.0 if charged is False else None
    if data is not None and not _is_blank(data):
        return Judgement(Status.FOUND, credits=credits_charged)
    symbol = error_symbol(error)
    if symbol is None or symbol in _NOT_FOUND:
        return Judgement(Status.NOT_FOUND, credits=credits_charged)
    if any(word in symbol for word in _RESTRICTED):
        return Judgement(Status.RESTRICTED, credits=credits_charged)
    status = Status.NOT_SENT if symbol in OUT_OF_CREDIT else Status.FAILED
    return Judgement(status, RecordFailed(symbol), credits=credits_charged)


def error_symbol(error: ItemError | str | None) -> str | None:
    """The name of an item's error, or its number where it has no name."""
    if error is None:
        return None
    if isinstance(error, str):
        said: object = error
    else:
        said = error.name or error.code or error.message
    return str(said).upper() if said is not None else None


def halted(errors: Iterable[ItemError | str | None]) -> LushaError | None:
    """Out of credits, said by an item of a success."""
    if any(error_symbol(error) in OUT_OF_CREDIT for error in errors if error is not None):
        return PaymentRequired(
            "OUT_OF_CREDIT", status=200, safe_message="the credits ran out within this request", code="OUT_OF_CREDIT"
        )
    return None


def numbered(record: object, number: int) -> str:
    """The reference of a record that has none of its own: its running number."""
    return str(number)


def itself(record: Any) -> Any:
    """The identity of an id."""
    return record


def own_text(record: object, number: int) -> str:
    """The reference of an id: the id as text."""
    return str(record)


def contact(item: object, index: int) -> ContactQuery:
    """One person, checked for this generation."""
    query = contact_query(item, index=index)
    legacy_id(query.id, index=index)
    return query


def company(item: object, index: int) -> CompanyQuery:
    """One company, checked for this generation."""
    query = company_query(item, index=index)
    legacy_id(query.id, index=index)
    return query


def any_id(item: object, index: int) -> str:
    """One id of a prospecting search."""
    return record_id(item, index=index)


def number_id(item: object, index: int) -> int:
    """One numeric id."""
    return numeric_id(record_id(item, index=index), index=index)


def _is_blank(data: msgspec.Struct) -> bool:
    return all(getattr(data, name) is None for name in data.__struct_fields__ if name != "error")

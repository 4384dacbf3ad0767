"""What people have in their lists: a contact or a company to look for. One form for both generations of the API."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

import msgspec

from .errors import InvalidRequest
from .identity import Identity, company_key, contact_key
from .model import RequestModel


class ContactQuery(RequestModel, frozen=True, gc=False):
    """A person to look for. Enough is one of: an `email`; a `linkedin_url`; an `id`; or `first_name` and `last_name`
    with `company_name` or `company_domain`. `client_reference_id` is yours and comes back untouched."""

    client_reference_id: str | None = None
    id: str | None = None
    linkedin_url: str | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company_name: str | None = None
    company_domain: str | None = None


class CompanyQuery(RequestModel, frozen=True, gc=False):
    """A company to look for, by `domain`, by `name`, or by `id`."""

    client_reference_id: str | None = None
    id: str | None = None
    name: str | None = None
    domain: str | None = None


Query = TypeVar("Query", ContactQuery, CompanyQuery)

_UNSENDABLE = re.compile("[\x00-\x1f\ud800-\udfff]")

ContactLike = ContactQuery | Mapping[str, Any]
"""A `ContactQuery`, or a mapping with the same names."""

CompanyLike = CompanyQuery | Mapping[str, Any]
"""A `CompanyQuery`, or a mapping with the same names."""


def contact_query(item: object, *, index: int | None = None) -> ContactQuery:
    """`item` as a query the API accepts: trimmed, blanks dropped. Raises `InvalidRequest` naming record and field."""
    query = _query(item, ContactQuery, index)
    named = query.first_name and query.last_name
    employed = query.company_name or query.company_domain
    if not (query.id or query.email or query.linkedin_url or (named and employed)):
        raise InvalidRequest(_missing(query), index=index, field=_first_missing(query))
    if query.email is not None and not _looks_like_email(query.email):
        raise InvalidRequest(
            "email is not an address (name@domain): mend it or leave it out", index=index, field="email"
        )
    return query


def company_query(item: object, *, index: int | None = None) -> CompanyQuery:
    """`item` as a query the API accepts: trimmed, blanks dropped. Raises `InvalidRequest` naming record and field."""
    query = _query(item, CompanyQuery, index)
    if not (query.id or query.domain or query.name):
        raise InvalidRequest("a company needs domain, name or id: fill one of them", index=index, field="domain")
    return query


def contact_queries(items: object, *, limit: int = 100) -> tuple[ContactQuery, ...]:
    """One record or many, checked, for one request of at most `limit`."""
    return tuple(contact_query(item, index=n) for n, item in enumerate(one_or_many(items, ContactQuery, limit)))


def company_queries(items: object, *, limit: int = 100) -> tuple[CompanyQuery, ...]:
    """One record or many, checked, for one request of at most `limit`."""
    return tuple(company_query(item, index=n) for n, item in enumerate(one_or_many(items, CompanyQuery, limit)))


def record_id(item: object, *, index: int | None = None) -> str:
    """`item` as an id: text, or a number of the older kind."""
    value = str(item).strip() if isinstance(item, str | int) and not isinstance(item, bool) else ""
    if not value:
        raise InvalidRequest("an id is text such as 'v1.…': give one that is not empty", index=index, field="id")
    return value


def record_ids(items: object, *, limit: int = 100) -> tuple[str, ...]:
    """One id or many, checked, for one request of at most `limit`."""
    return tuple(record_id(item, index=n) for n, item in enumerate(one_or_many(items, int, limit)))


def one_or_many(items: object, kind: type, limit: int) -> list[object]:
    """A list of 1 to `limit` items, from one or from an iterable. Raises `InvalidRequest` for none or too many."""
    if isinstance(items, kind | str | Mapping) or not isinstance(items, Iterable):
        return [items]
    found = list(cast("Iterable[object]", items))
    if not found:
        raise InvalidRequest("no records given: pass at least one")
    if len(found) > limit:
        raise InvalidRequest(
            f"{len(found)} records in one call, the API takes {limit}: use the bulk_ method, which splits them",
            index=limit,
        )
    return found


def _query(item: object, kind: type[Query], index: int | None) -> Query:
    if isinstance(item, kind):
        given: Mapping[Any, Any] = msgspec.structs.asdict(item)
    elif type(item) is dict or isinstance(item, Mapping):  # the first is twenty times as quick
        given = cast("Mapping[Any, Any]", item)
    else:
        raise InvalidRequest(f"a record is a {kind.__name__} or a mapping, not {type(item).__name__}", index=index)
    fields = kind.__struct_fields__
    found: dict[str, str] = {}
    for name, value in given.items():
        if name not in fields:
            raise InvalidRequest(
                f"{_shown(name)} is not a field of {kind.__name__}: use {', '.join(fields)}",
                index=index,
                field=_shown(name),
            )
        text = _text(value, name, index)
        if text:
            found[name] = text
    return kind(**found)


def _text(value: object, name: str, index: int | None) -> str:
    if type(value) is not str:
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise InvalidRequest(f"{name} is text, not {type(value).__name__}", index=index, field=name)
        value = str(value)
    text = value.strip()
    if not text.isprintable() and _UNSENDABLE.search(text):
        raise InvalidRequest(f"{name} holds control characters: take them out", index=index, field=name)
    return text


def _shown(name: object) -> str:
    """A field name for an error text; a name that could be data is not repeated."""
    return name if isinstance(name, str) and name.isidentifier() and len(name) <= 40 else "(unnamed)"


def _looks_like_email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(at and local and domain) and len(text.split()) == 1


def _first_missing(query: ContactQuery) -> str:
    if query.first_name or query.last_name:
        if not query.first_name:
            return "first_name"
        return "last_name" if not query.last_name else "company_domain"
    return "email"


def _missing(query: ContactQuery) -> str:
    missing = _first_missing(query)
    if missing == "email":
        return "a contact needs email, linkedin_url, id, or first_name and last_name with a company: fill one of them"
    wanted = "company_name or company_domain" if missing == "company_domain" else missing
    return f"a name alone finds nobody: add {wanted}, or give email, linkedin_url or id"


def contact_identity(query: ContactQuery) -> Identity:
    """What makes two contact records the same question, whatever their `client_reference_id`: see `identity`."""
    return contact_key(
        id=query.id,
        linkedin_url=query.linkedin_url,
        email=query.email,
        first_name=query.first_name,
        last_name=query.last_name,
        company_name=query.company_name,
        company_domain=query.company_domain,
    )


def company_identity(query: CompanyQuery) -> Identity:
    """What makes two company records the same question, whatever their `client_reference_id`: see `identity`."""
    return company_key(id=query.id, name=query.name, domain=query.domain)

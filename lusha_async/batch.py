"""Records a batch at a time: the checks of `records` and the identities of `identity`, in a few steps per column.

The rows of a list are mostly alike: the same fields in most of them, text in all. Such a batch is stripped, checked
and reduced to its identities in a third of the time. Whatever is unusual (a field nobody knows, a number where text
belongs, a sign that cannot be sent, a contact without identifiers) makes the whole batch None: then each record is
looked at by itself and gets the error that names it. `tests/core/test_batch.py` holds both ways against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import repeat
from operator import attrgetter, itemgetter
from types import NoneType
from typing import Any, Generic, NamedTuple, TypeVar

from .identity import Column, email_keys, mailbox_keys, plain_email_keys
from .records import CompanyQuery, ContactQuery, company_identity, contact_identity

Record = TypeVar("Record")
Query = TypeVar("Query", ContactQuery, CompanyQuery)


class Batch(NamedTuple, Generic[Record]):
    """Records as they will be sent, and what makes each the same question as another."""

    records: list[Record]
    identities: Sequence[Hashable]


def contact_batch(items: Sequence[object]) -> Batch[ContactQuery] | None:
    """All of `items` as contacts; None where one of them needs a closer look."""
    columns = _columns(items, ContactQuery)
    if columns is None:
        return None
    records = _records(ContactQuery, columns, len(items))
    nobody = [None] * len(records)
    emails = columns.get("email", nobody)
    mailboxes = plain_email_keys(emails)
    if mailboxes is None and not (_are_addresses(emails) and all(map(_can_be_found, records))):
        return None
    if None in emails or columns.keys() & {"id", "linkedin_url"}:
        return Batch(records, list(map(contact_identity, records)))
    names = columns.get("first_name", nobody), columns.get("last_name", nobody)
    return Batch(records, mailbox_keys(mailboxes or email_keys(emails), *names))


def company_batch(items: Sequence[object]) -> Batch[CompanyQuery] | None:
    """All of `items` as companies; None where one of them needs a closer look."""
    columns = _columns(items, CompanyQuery)
    if columns is None:
        return None
    records = _records(CompanyQuery, columns, len(items))
    if not all(record.id or record.domain or record.name for record in records):
        return None
    return Batch(records, list(map(company_identity, records)))


def id_batch(items: Sequence[object]) -> Batch[str] | None:
    """All of `items` as ids; None where one of them is no text."""
    ids = _stripped(items)
    return None if ids is None or None in ids else Batch(ids, ids)


def _columns(items: Sequence[Any], kind: type[Query]) -> dict[str, Column] | None:
    """The fields of rows, or of structs; stripped, blanks and what a row does not have as None."""
    kinds = set(map(type, items))
    fields: Sequence[str] = kind.__struct_fields__
    get: Callable[[str], Callable[[Any], Any]] = attrgetter
    if kinds == {dict}:
        names = set[str]().union(*items)
        if not names.issubset(fields):
            return None
        fields, get = list(names), itemgetter if set(map(len, items)) == {len(names)} else _getter
    elif kinds != {kind}:
        return None
    columns: dict[str, Column] = {}
    for name in fields:
        column = _stripped(list(map(get(name), items)))
        if column is None:
            return None
        if any(column):
            columns[name] = column
    return columns


def _getter(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda row: row.get(name)


def _stripped(values: Sequence[Any]) -> list[Any] | None:
    """Texts without the space around them, None for what is blank; None for the whole where not all can be sent."""
    kinds = set(map(type, values))
    if kinds == {str}:
        texts: list[Any] = list(map(str.strip, values))
        whole = "".join(texts)
    elif kinds <= {str, NoneType}:
        texts = [text.strip() if text else None for text in values]
        whole = "".join(filter(None, texts))
    else:
        return None
    if not whole.isprintable():
        return None
    return texts if all(texts) else [text or None for text in texts]


def _records(kind: type[Query], columns: dict[str, Column], count: int) -> list[Query]:
    fields = (columns.get(name, repeat(None, count)) for name in kind.__struct_fields__)
    return list(map(kind, *fields))


def _are_addresses(emails: Column) -> bool:
    """Whether all of them look like ``name@domain``. They are printable: a space is the only white space there is."""
    texts = [email for email in emails if email is not None]
    lines = "\n".join(["", *texts, ""])
    return not (" " in lines or "\n@" in lines or "@\n" in lines) and False not in ["@" in text for text in texts]


def _can_be_found(contact: ContactQuery) -> bool:
    if contact.email or contact.linkedin_url or contact.id:
        return True
    return bool(contact.first_name and contact.last_name and (contact.company_name or contact.company_domain))

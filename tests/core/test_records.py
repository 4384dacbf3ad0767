"""Records are checked before anything is sent: the error names the record, the field and the mend, never the value."""

from __future__ import annotations

from typing import Any

import pytest

from lusha_async import CompanyQuery, ContactQuery, InvalidRequest
from lusha_async.records import company_query, contact_queries, contact_query, record_id, record_ids


def test_blanks_are_dropped_and_texts_trimmed() -> None:
    assert contact_query({"email": " a@example.com ", "first_name": "  ", "last_name": None}) == ContactQuery(
        email="a@example.com"
    )


@pytest.mark.parametrize(
    ("item", "field", "mend"),
    [
        ({}, "email", "fill one"),
        ({"first_name": "Ann"}, "last_name", "add last_name"),
        ({"last_name": "Lee", "company_name": "Acme"}, "first_name", "add first_name"),
        ({"first_name": "Ann", "last_name": "Lee"}, "company_domain", "company_name or company_domain"),
        ({"email": "ann at example"}, "email", "mend it or leave it out"),
        ({"email": "a b@example.com"}, "email", "mend it"),
        ({"email": 1.5}, "email", "text, not float"),
        ({"email": "a@example.com", "first_name": "A\x00"}, "first_name", "control characters"),
        ({"e-mail": "a@example.com"}, "(unnamed)", "use client_reference_id, id"),
        ({"mail": "a@example.com"}, "mail", "use client_reference_id, id"),
    ],
)
def test_contacts_that_could_find_nobody(item: dict[str, Any], field: str, mend: str) -> None:
    with pytest.raises(InvalidRequest, match=mend) as caught:
        contact_query(item, index=12)
    assert (caught.value.index, caught.value.field) == (12, field)
    assert str(caught.value).startswith("record 12: ")
    assert "Ann" not in str(caught.value)


@pytest.mark.parametrize(
    "item",
    [
        {"email": "a@example.com"},
        {"linkedin_url": "https://linkedin.com/in/x"},
        {"id": "v1.x"},
        {"first_name": "A", "last_name": "B", "company_name": "C"},
        {"first_name": "A", "last_name": "B", "company_domain": "c.example"},
        ContactQuery(email="a@example.com", client_reference_id="r"),
    ],
)
def test_contacts_that_are_enough(item: Any) -> None:
    assert isinstance(contact_query(item), ContactQuery)


def test_companies() -> None:
    assert company_query({"domain": "example.com"}) == CompanyQuery(domain="example.com")
    with pytest.raises(InvalidRequest, match="domain, name or id"):
        company_query({"client_reference_id": "x"})


def test_one_or_many_up_to_a_hundred() -> None:
    assert len(contact_queries({"email": "a@example.com"})) == 1
    assert len(contact_queries(ContactQuery(email="a@example.com"))) == 1
    assert len(contact_queries({"email": f"{n}@example.com"} for n in range(100))) == 100
    with pytest.raises(InvalidRequest, match="bulk_"):
        contact_queries({"email": f"{n}@example.com"} for n in range(101))
    with pytest.raises(InvalidRequest, match="at least one"):
        contact_queries([])
    assert record_ids("v1.a") == ("v1.a",)
    assert record_ids([1, "v1.b"]) == ("1", "v1.b")


@pytest.mark.parametrize("item", ["", "  ", None, True, 1.5, []])
def test_ids_that_are_none(item: Any) -> None:
    with pytest.raises(InvalidRequest, match="id"):
        record_id(item)

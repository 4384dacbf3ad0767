"""A batch is the same records and identities as one by one; or it is None, and they are looked at one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lusha_async import CompanyQuery, ContactQuery, InvalidRequest
from lusha_async.batch import company_batch, contact_batch, id_batch
from lusha_async.records import company_identity, company_query, contact_identity, contact_query, record_id

TEXTS = st.one_of(
    st.sampled_from(
        [
            "", " ", "a@example.com", " A@Example.COM ", "a.b+c@gmail.com", "ab@googlemail.com", "a@www.example.com",
            "a@example.com.", "a@@example.com", "@example.com", "a@", "a b@example.com", "a\nb", "ä@bücher.example",
            "Ann", "ANN", "Zoë", "Mary  Ann", "O`Neil", "x\u00a0y", "x\x00", "www.Example.com", "example.com",
            "facebook.com/acme", "https://linkedin.com/in/Ann", "linkedin.com/company/acme", "Acme, Inc.", "v1.abc",
        ]
    ),
    st.text(max_size=6),
)  # fmt: skip
ODD = st.one_of(TEXTS, st.none(), st.integers(0, 9), st.booleans(), st.floats(allow_nan=False))


def rows(kind: Any) -> st.SearchStrategy[list[Any]]:
    """Lists of rows: mostly alike, as lists are; sometimes mixed."""
    names = st.lists(st.sampled_from([*kind.__struct_fields__, "fax"]), unique=True, min_size=1, max_size=5)
    alike = names.flatmap(lambda chosen: st.lists(st.fixed_dictionaries(dict.fromkeys(chosen, TEXTS)), min_size=1))
    mixed = st.lists(st.dictionaries(st.sampled_from([*kind.__struct_fields__, "fax"]), ODD, max_size=4), min_size=1)
    structs = st.lists(st.builds(kind, **dict.fromkeys(kind.__struct_fields__, st.none() | TEXTS)), min_size=1)
    return st.one_of(alike, mixed, structs)


def singly(items: list[Any], prepare: Any) -> list[Any] | None:
    try:
        return [prepare(item) for item in items]
    except InvalidRequest:
        return None


@given(rows(ContactQuery))
@example([{"email": "a@example.com", "first_name": "Ann"}, {"email": "b@example.com", "first_name": ""}])
@example([{"email": "a@example.com", "phone": "1"}, {"email": "b@example.com", "first_name": "x"}])
def test_contacts(items: list[Any]) -> None:
    batch = contact_batch(items)
    if batch is not None:
        assert batch.records == singly(items, contact_query)
        assert list(batch.identities) == [contact_identity(record) for record in batch.records]


@given(rows(CompanyQuery))
def test_companies(items: list[Any]) -> None:
    batch = company_batch(items)
    if batch is not None:
        assert batch.records == singly(items, company_query)
        assert list(batch.identities) == [company_identity(record) for record in batch.records]


@given(st.lists(ODD, min_size=1))
def test_ids(items: list[Any]) -> None:
    batch = id_batch(items)
    if batch is not None:
        assert batch.records == list(batch.identities) == singly(items, record_id)


@pytest.mark.parametrize(
    "row",
    [
        {"email": " Ann@Example.com", "first_name": "Ann", "last_name": "", "company_name": None},
        {"first_name": "Zoë", "last_name": "Müller", "company_domain": "example.com"},
        {"linkedin_url": "https://www.linkedin.com/in/ann-example"},
        ContactQuery(email="ann@example.com", client_reference_id="row 1"),
    ],
)
def test_ordinary_lists_are_taken_as_batches(row: Any) -> None:
    """Else the quick way would never be taken, and nobody would notice."""
    assert contact_batch([row] * 3) is not None
    assert company_batch([{"name": "Acme", "domain": ""}, {"name": "", "domain": "example.com"}]) is not None
    assert id_batch(["v1.a", " v1.b "]) is not None


def test_the_structs_of_a_user_are_not_touched() -> None:
    mine = ContactQuery(email=" ann@example.com", client_reference_id="mine")
    batch = contact_batch([mine])
    assert batch is not None
    assert (batch.records[0].email, mine.email) == ("ann@example.com", " ann@example.com")

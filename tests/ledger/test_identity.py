"""The table of pairs: who is the same person or company, and who is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lusha_async.identity import company_key, contact_key, email_key, host_key, linkedin_key, name_key, phone_key
from lusha_async.records import company_identity, company_query, contact_identity, contact_query

OPAQUE = "ACoAABcdEfGhIjKlMnOpQrStUvWxYz0123456789a"


def named(first: str, last: str, **employer: str) -> dict[str, str]:
    return {"first_name": first, "last_name": last, **(employer or {"company_domain": "example.com"})}


SAME_PEOPLE: list[tuple[dict[str, str], dict[str, str]]] = [
    ({"email": "Ada@Example.com"}, {"email": "ada@example.COM "}),
    ({"email": "ada.l@gmail.com"}, {"email": "adal@gmail.com"}),
    ({"email": "adal+news@gmail.com"}, {"email": "A.D.A.L@GoogleMail.com"}),
    ({"email": "ada@bücher.example"}, {"email": "ada@xn--bcher-kva.example"}),
    ({"email": "ada@example.com", "company_name": "Example"}, {"email": "ada@example.com", "company_name": "Example Ltd"}),
    ({"linkedin_url": "https://www.linkedin.com/in/ada-example/"}, {"linkedin_url": "linkedin.com/in/ADA-example"}),
    ({"linkedin_url": "http://de.linkedin.com/in/ada-example?trk=x"}, {"linkedin_url": "www.linkedin.com/in/ada-example"}),
    ({"linkedin_url": "https://linkedin.com/in/ada-example/de"}, {"linkedin_url": "https://linkedin.com/in/ada-example"}),
    ({"linkedin_url": "https://m.linkedin.com/in/ada-ex/details/skills/"}, {"linkedin_url": "//linkedin.com/in/ada-ex"}),
    ({"linkedin_url": "https://linkedin.com/mwlite/in/ada-ex"}, {"linkedin_url": "https://linkedin.com/in/ada-ex#about"}),
    ({"linkedin_url": "https://linkedin.com/in/zo%C3%AB"}, {"linkedin_url": "https://linkedin.com/in/zoe\u0308"}),
    ({"linkedin_url": f"https://www.linkedin.com/sales/lead/{OPAQUE},NAME_SEARCH,abc"},
     {"linkedin_url": f"https://www.linkedin.com/sales/people/{OPAQUE},x"}),
    (named("Ada", "Example"), named("ADA", " example ")),
    (named("Zoë", "Müller"), named("Zoe\u0308", "MULLER")),
    (named("Mary  Ann", "O\u2019Neil"), named("mary ann", "O'Neil")),
    (named("Ann", "Smith\u2011Jones"), named("Ann", "Smith-Jones")),
    (named("Ada", "Example", company_domain="https://www.example.com/about?x=1"), named("Ada", "Example")),
    (named("Ada", "Example", company_domain="EXAMPLE.com."), named("Ada", "Example", company_domain="http://example.com:443")),
    (named("Ada", "Example", company_domain="bücher.example"), named("Ada", "Example", company_domain="xn--bcher-kva.example")),
    (named("Ada", "Example", company_domain="example.com", company_name="Example"), named("Ada", "Example")),
    (named("Ada", "Example", company_name="Example, Inc."), named("Ada", "Example", company_name="EXAMPLE Inc")),
    ({"id": "v1.abc", "email": "ada@example.com"}, {"id": "v1.abc"}),
]  # fmt: skip

OTHER_PEOPLE: list[tuple[dict[str, str], dict[str, str]]] = [
    ({"email": "ada@example.com"}, {"email": "ada@example.org"}),
    ({"email": "a.da@example.com"}, {"email": "ada@example.com"}),
    ({"email": "ada+sales@example.com"}, {"email": "ada@example.com"}),
    ({"email": "ada@mail.example.com"}, {"email": "ada@example.com"}),
    ({"email": "ada@straße.example"}, {"email": "ada@strasse.example"}),
    ({"email": "the.smiths@example.com", **named("Ann", "Smith")}, {"email": "the.smiths@example.com", **named("Bob", "Smith")}),
    ({"email": "ada@example.com", "linkedin_url": "linkedin.com/in/ada"}, {"email": "ada@example.com", "linkedin_url": "linkedin.com/in/eve"}),
    ({"linkedin_url": "linkedin.com/in/ada-example"}, {"linkedin_url": "linkedin.com/in/ada-example-2"}),
    ({"linkedin_url": f"linkedin.com/in/{OPAQUE}"}, {"linkedin_url": f"linkedin.com/in/{OPAQUE.lower()}"}),
    ({"linkedin_url": "linkedin.com/pub/ada/1/2/3"}, {"linkedin_url": "linkedin.com/pub/ada/4/5/6"}),
    ({"linkedin_url": "linkedin.com/company/example", **named("Ada", "A")}, {"linkedin_url": "linkedin.com/company/example", **named("Eve", "B")}),
    ({"linkedin_url": "https://notlinkedin.com/in/ada"}, {"linkedin_url": "https://linkedin.com/in/ada"}),
    (named("Ann", "Smith"), named("Ann", "Smyth")),
    (named("Ann", "Smith"), named("Smith", "Ann")),
    (named("John", "Smith Jr."), named("John", "Smith Sr.")),
    (named("Ян", "Йован"), named("Ян", "Иован")),
    (named("さき", "か"), named("さき", "が")),
    (named("Ann", "Smith"), named("Ann", "Smith", company_domain="shop.example.com")),
    (named("Ann", "Smith", company_name="Example Ltd"), named("Ann", "Smith", company_name="Example Inc")),
    (named("Ann", "Smith", company_domain="facebook.com/acme"), named("Ann", "Smith", company_domain="facebook.com/other")),
    (named("Ann", "Smith", company_domain="gmail.com", company_name="A"), named("Ann", "Smith", company_domain="gmail.com", company_name="B")),
    ({"id": "v1.abc"}, {"id": "v1.ABC"}),
]  # fmt: skip

SAME_COMPANIES: list[tuple[dict[str, str], dict[str, str]]] = [
    ({"domain": "example.com"}, {"domain": "https://www.Example.com/en/about"}),
    ({"domain": "www.example.co.uk"}, {"domain": "example.co.uk"}),
    ({"domain": "bücher.example"}, {"domain": "XN--bcher-KVA.example"}),
    ({"domain": "\uff45xample.com"}, {"domain": "example\u3002com"}),
    ({"domain": "example.com", "name": "Example"}, {"domain": "example.com", "name": "Example Inc."}),
    ({"name": "Example, Inc."}, {"name": "example inc"}),
    ({"name": "Café  Zürich"}, {"name": "CAFE ZURICH"}),
    ({"domain": "https://facebook.com/Acme/"}, {"domain": "www.facebook.com/acme"}),
]

OTHER_COMPANIES: list[tuple[dict[str, str], dict[str, str]]] = [
    ({"domain": "example.com"}, {"domain": "example.org"}),
    ({"domain": "example.com"}, {"domain": "shop.example.com"}),
    ({"domain": "www.com"}, {"domain": "com"}),
    ({"domain": "straße.example"}, {"domain": "strasse.example"}),
    ({"domain": "facebook.com/acme"}, {"domain": "facebook.com/other"}),
    ({"domain": "linkedin.com", "name": "A"}, {"domain": "linkedin.com", "name": "B"}),
    ({"name": "Example Ltd"}, {"name": "Example Inc"}),
    ({"name": "Example"}, {"domain": "example"}),
    ({"name": "A.B. Foods"}, {"name": "AB Foods"}),
]  # fmt: skip


def contact(record: dict[str, str]) -> Any:
    return contact_identity(contact_query(record))


def company(record: dict[str, str]) -> Any:
    return company_identity(company_query(record))


@pytest.mark.parametrize(("one", "other"), SAME_PEOPLE)
def test_same_person(one: dict[str, str], other: dict[str, str]) -> None:
    assert contact(one) == contact(other)


@pytest.mark.parametrize(("one", "other"), OTHER_PEOPLE)
def test_two_people(one: dict[str, str], other: dict[str, str]) -> None:
    assert contact(one) != contact(other)


@pytest.mark.parametrize(("one", "other"), SAME_COMPANIES)
def test_same_company(one: dict[str, str], other: dict[str, str]) -> None:
    assert company(one) == company(other)


@pytest.mark.parametrize(("one", "other"), OTHER_COMPANIES)
def test_two_companies(one: dict[str, str], other: dict[str, str]) -> None:
    assert company(one) != company(other)


def test_a_reference_of_the_users_own_does_not_matter() -> None:
    assert contact({"email": "a@example.com", "client_reference_id": "1"}) == contact({"email": "a@example.com"})


def test_phone_numbers_are_digits() -> None:
    assert phone_key("+49 (0) 151-23") == phone_key("0049 0 151 23")


TEXT = st.text(max_size=30)


@given(TEXT)
def test_keys_are_stable_and_never_fail(text: str) -> None:
    """A key of a key is the same key: nothing is folded twice as far as once."""
    assert host_key(host_key(text)) == host_key(text) or "xn--" in host_key(text)
    assert name_key(name_key(text)) == name_key(text)
    email_key(text)
    linkedin_key(text)
    contact_key(first_name=text, last_name=text, company_domain=text, company_name=text)
    company_key(name=text, domain=text)

"""What people write into cells, and what is asked about in the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lusha_async.cli.asking import record_of
from lusha_async.cli.cells import domain_of, email_of, linkedin_of, text_of
from lusha_async.cli.columns import Columns
from lusha_async.cli.names import split_name


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("ada@acme.example", "ada@acme.example"),
        ("  Ada@Acme.example\u200b ", "Ada@Acme.example"),
        ("mailto:ada@acme.example", "ada@acme.example"),
        ('"Ada F." <ada@acme.example>', "ada@acme.example"),
        ("ada@acme.example; a.f@acme.example", "ada@acme.example"),
        ("n/a", ""),
        ("None", ""),
        (["", "ada@acme.example"], "ada@acme.example"),
        (None, ""),
        (True, ""),
        ({"work": "x"}, ""),
    ],
)
def test_an_address(cell: object, expected: str) -> None:
    assert email_of(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("acme.example", "acme.example"),
        ("https://www.Acme.example/about?x=1", "acme.example"),
        ("http://acme.example:8080", "acme.example"),
        ("www.acme.example, acme.test", "acme.example"),
        ("müller.example", "müller.example"),
        ("linkedin.com", "linkedin.com"),
        ("https://www.linkedin.com/company/acme", ""),
        ("facebook.com/acme", ""),
        ("Acme", ""),
        ("null", ""),
        ("-", ""),
    ],
)
def test_a_website_is_its_domain(cell: str, expected: str) -> None:
    assert domain_of(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("https://www.linkedin.com/in/ada-1", "https://www.linkedin.com/in/ada-1"),
        ("de.linkedin.com/in/ada-1", "de.linkedin.com/in/ada-1"),
        ("https://www.linkedin.com/company/acme", ""),
        ("https://acme.example/team/ada", ""),
    ],
)
def test_only_a_persons_profile_is_a_profile(cell: str, expected: str) -> None:
    assert linkedin_of(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("Acme\nHoldings", "Acme Holdings"), ("N/A", ""), ("Null", "Null"), ("Na", "Na"), (42, "42"), (" ", "")],
)
def test_text(cell: object, expected: str) -> None:
    assert text_of(cell) == expected


@pytest.mark.parametrize(
    ("full", "expected"),
    [
        ("Ada Faraday", ("Ada", "Faraday")),
        ("Faraday, Ada", ("Ada", "Faraday")),
        ("van der Meer, Dr. Noa J.", ("Noa", "van der Meer")),
        ("Noa van der Meer", ("Noa", "van der Meer")),
        ("Dr. Ada B. Faraday, PhD", ("Ada", "Faraday")),
        ("Ada Faraday Jr.", ("Ada", "Faraday")),
        ("Ada (Addie) Faraday", ("Ada", "Faraday")),
        ("Mary Jane Larkspur", ("Mary", "Larkspur")),
        ("星野 太郎", ("太郎", "星野")),
        ("Ada", ("Ada", "")),
        ("", ("", "")),
        (",", ("", "")),
        ("Li Ma", ("Li", "Ma")),
    ],
)
def test_a_full_name_is_split(full: str, expected: tuple[str, str]) -> None:
    assert split_name(full) == expected


@given(st.text())
def test_no_cell_breaks_anything(cell: str) -> None:
    for clean in (text_of, email_of, linkedin_of, domain_of, split_name):
        clean(cell)


ALL = Columns(
    {
        "email": ("Work", "Home"),
        "first_name": ("First",),
        "last_name": ("Last",),
        "full_name": ("Name",),
        "company_name": ("Company",),
    }
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"Work": "a@x.example", "Home": "b@x.example"}, {"email": "a@x.example"}),
        ({"Work": " ", "Home": "b@x.example"}, {"email": "b@x.example"}),
        ({"Name": "Ada Faraday"}, {"first_name": "Ada", "last_name": "Faraday"}),
        ({"Name": "A. Faraday", "First": "Ada"}, {"first_name": "Ada", "last_name": "Faraday"}),
        ({"Name": "X Y", "First": "Ada", "Last": "F"}, {"first_name": "Ada", "last_name": "F"}),
        ({"Name": "A F", "Work": "a at x"}, {"first_name": "A", "last_name": "F", "email": "a at x"}),
        (
            {"Name": "A F", "Work": "a at x", "Company": "Acme"},
            {"first_name": "A", "last_name": "F", "company_name": "Acme"},
        ),
        ({}, {}),
    ],
)
def test_a_row_becomes_a_record(row: dict[str, str], expected: dict[str, str]) -> None:
    assert record_of(row, ALL) == expected

"""What people write into cells, and what is asked about in the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lusha_async.cli import asking
from lusha_async.cli.asking import records_of
from lusha_async.cli.cells import (
    domain_of,
    domains_of,
    email_of,
    emails_of,
    linkedin_of,
    linkedins_of,
    text_of,
    texts_of,
)
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
    assert records_of([row], ALL) == [expected]


CELLS = st.one_of(
    st.sampled_from(
        [
            "", " ", "-", "N/A", "none", "Null", "Ada", "Ada  F", " Ada", "Ada ", "a@x.example", "A@X.example", "a@", "@x",
            "mailto:a@x.example", "MAILTO:a@x.example", "A <a@x.example>", "a@x.example;b@x.example", "a b@x.example",
            "x.example", "X.example", "www.x.example", "x.example.", "https://x.example/y", "x.example:80", "Acme", "a\nb",
            "\u200bAda", "a\tb", "linkedin.com/in/ada",
        ]
    ),
    st.text(max_size=5),
    st.sampled_from([None, 7, True, ["", "a@x.example"], {"a": 1}]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("column", "cell"),
    [(texts_of, text_of), (emails_of, email_of), (domains_of, domain_of), (linkedins_of, linkedin_of)],
)
@given(cells=st.lists(CELLS, max_size=4))
def test_a_column_is_its_cells(column, cell, cells: list[object]) -> None:
    assert list(column(cells)) == [cell(one) for one in cells]


def test_columns_that_need_no_cleaning_are_taken_as_they_are() -> None:
    """Else the quick way would never be taken, and nobody would notice."""
    for column, cells in ((texts_of, ["Ada", ""]), (emails_of, ["A@x.example", ""]), (domains_of, ["x.example", ""])):
        assert column(cells) is cells


COLUMN_NAMES = [name for names in ALL.of.values() for name in names]


@given(st.lists(st.dictionaries(st.sampled_from(COLUMN_NAMES), CELLS), max_size=4))
def test_many_rows_are_each_of_them(rows: list[dict[str, object]]) -> None:
    assert records_of(rows, ALL) == [record for row in rows for record in records_of([row], ALL)]


@given(st.lists(CELLS.map(email_of), max_size=3))
def test_addresses_are_surely_plausible(emails: list[str]) -> None:
    if asking._are_addresses(emails):
        assert all(map(asking._plausible, emails))

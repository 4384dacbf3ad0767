"""Columns are recognised by the names that exports give them; the rest is said with --map, or refused in a sentence."""

import pytest

from lusha_async.cli.columns import (
    COMPANY_HEADERS,
    CONTACT_HEADERS,
    check_headers,
    parse_map,
    recognise,
    require,
)
from lusha_async.cli.refusal import Refused

EXPORTS = {
    "HubSpot": (
        "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Associated Company,LinkedIn URL,Lead Status",
        {"email": "Email", "first_name": "First Name", "last_name": "Last Name", "company_name": "Associated Company"},
    ),
    "Salesforce report": (
        "Salutation,First Name,Last Name,Title,Account Name,Mailing City,Phone,Email,Account Owner",
        {"email": "Email", "first_name": "First Name", "last_name": "Last Name", "company_name": "Account Name"},
    ),
    "Salesforce objects": (
        "Contact: Full Name,Contact: Email,Account: Website,Account Name",
        {"email": "Contact: Email", "full_name": "Contact: Full Name", "company_name": "Account Name"},
    ),
    "Pipedrive": (
        "Person - Name,Person - Organization,Person - Email - Work,Person - Email - Home,Person - Owner",
        {"email": "Person - Email - Work", "full_name": "Person - Name", "company_name": "Person - Organization"},
    ),
    "LinkedIn connections": (
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
        {"email": "Email Address", "linkedin_url": "URL", "company_name": "Company"},
    ),
    "Sales Navigator tools": (
        "fullName,firstName,lastName,companyName,title,defaultProfileUrl,companyUrl",
        {"full_name": "fullName", "linkedin_url": "defaultProfileUrl", "company_domain": "companyUrl"},
    ),
    "Apollo": (
        "First Name,Last Name,Title,Company,Email,Email Status,Person Linkedin Url,Website,Company Linkedin Url",
        {"email": "Email", "linkedin_url": "Person Linkedin Url", "company_domain": "Website"},
    ),
    "Outlook": (
        "First Name,Middle Name,Last Name,E-mail Address,E-mail 2 Address,Company,Job Title,Web Page",
        {"email": "E-mail Address", "company_name": "Company", "company_domain": "Web Page"},
    ),
    "Google Contacts": (
        "Name,Given Name,Family Name,E-mail 1 - Value,Organization 1 - Name,Website 1 - Value",
        {"email": "E-mail 1 - Value", "first_name": "Given Name", "company_name": "Organization 1 - Name"},
    ),
    "Outlook in German": (
        "Vorname,Nachname,Firma,E-Mail-Adresse,Webseite",
        {"email": "E-Mail-Adresse", "first_name": "Vorname", "last_name": "Nachname", "company_name": "Firma"},
    ),
    "a warehouse": (
        "contact_id,first_name,LAST_NAME,work_email,company_domain",
        {"email": "work_email", "first_name": "first_name", "last_name": "LAST_NAME"},
    ),
}


@pytest.mark.parametrize("export", EXPORTS)
def test_the_exports_people_have_are_recognised(export: str) -> None:
    line, expected = EXPORTS[export]

    columns = recognise(line.split(","), CONTACT_HEADERS, {})

    assert {field: columns.of[field][0] for field in expected} == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Company name,Company Domain Name,Industry", {"name": "Company name", "domain": "Company Domain Name"}),
        ("Account Name,Website,Account Owner", {"name": "Account Name", "domain": "Website"}),
        ("Organization - Name,Organization - Website", {"name": "Organization - Name"}),
        ("Name,URL", {"name": "Name", "domain": "URL"}),
    ],
)
def test_company_exports_are_recognised(line: str, expected: dict[str, str]) -> None:
    columns = recognise(line.split(","), COMPANY_HEADERS, {})

    assert {field: columns.of[field][0] for field in expected} == expected


@pytest.mark.parametrize(
    "header", ["Owner Email", "Lead Source", "Record ID", "Contact owner", "Email Status", "Company Size", "Username"]
)
def test_what_only_resembles_a_field_is_left_alone(header: str) -> None:
    assert recognise([header], CONTACT_HEADERS, {}).of == {}


def test_several_columns_for_a_field_stand_in_for_each_other_the_better_first() -> None:
    columns = recognise(["Personal Email", "Email", "Work Email"], CONTACT_HEADERS, {})

    assert columns.of["email"] == ("Work Email", "Email", "Personal Email")


def test_the_plain_header_goes_before_the_one_with_a_word_in_front() -> None:
    assert recognise(["Lead Email", "Email"], CONTACT_HEADERS, {}).of["email"] == ("Email", "Lead Email")


def test_what_is_told_replaces_what_is_recognised() -> None:
    told = parse_map(['email="Old Mail"', "company-domain=Site"], CONTACT_HEADERS)

    columns = recognise(["Email", "Old Mail", "Site"], CONTACT_HEADERS, told)

    assert columns.of == {"email": ("Old Mail",), "company_domain": ("Site",)}


def test_a_column_told_for_one_field_is_not_taken_for_another() -> None:
    told = parse_map(["company_name=Name"], CONTACT_HEADERS)

    assert recognise(["Name", "Email"], CONTACT_HEADERS, told).of == {"email": ("Email",), "company_name": ("Name",)}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["email"], "FIELD=COLUMN"),
        (["email="], "FIELD=COLUMN"),
        (["emial=Email"], "Did you mean email?"),
        (["email=Wrok Email"], 'no column "Wrok Email" in the input. Did you mean "Work Email"?'),
    ],
)
def test_a_map_that_cannot_be_followed_is_refused_with_a_suggestion(options: list[str], said: str) -> None:
    with pytest.raises(Refused, match=r".") as refused:
        recognise(["Work Email"], CONTACT_HEADERS, parse_map(options, CONTACT_HEADERS))

    assert said in refused.value.sentence


@pytest.mark.parametrize(
    ("line", "company", "said"),
    [
        ("Phone,Notes", False, 'Found: "Phone", "Notes". Needed: an e-mail address'),
        ("First Name,Last Name", False, 'Recognised: first_name from "First Name"'),
        ("E-Mial,City", False, 'Is it --map email="E-Mial"?'),
        ("City,Wbsite", True, 'Is it --map domain="Wbsite"?'),
        ("City", True, "Needed: a website or domain, or a company name"),
    ],
)
def test_a_file_that_no_row_can_be_looked_up_by_is_refused(line: str, company: bool, said: str) -> None:
    headers = line.split(",")
    known = COMPANY_HEADERS if company else CONTACT_HEADERS

    with pytest.raises(Refused) as refused:
        require(recognise(headers, known, {}), headers, source="in.csv", company=company)

    assert said in refused.value.sentence


@pytest.mark.parametrize(
    "line", ["Email", "LinkedIn", "Name,Company", "First Name,Last Name,Website", "Lusha ID", "fullName,employer"]
)
def test_each_way_to_find_a_person_is_enough(line: str) -> None:
    headers = line.split(",")

    require(recognise(headers, CONTACT_HEADERS, {}), headers, source="in.csv", company=False)


@pytest.mark.parametrize("cell", ["ada@example.com", "https://www.linkedin.com/in/ada", "+1 5550100222"])
def test_a_file_without_a_header_line_is_refused_and_its_data_not_shown(cell: str) -> None:
    with pytest.raises(Refused, match="data where column names should stand") as refused:
        check_headers(["Ada", cell], "in.csv")

    assert cell not in refused.value.sentence
    assert "Ada" not in refused.value.sentence


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(Refused, match=r'two columns are called "Phone" \(2 and 3\)'):
        check_headers(["Email", "Phone", "Phone"], "in.csv")

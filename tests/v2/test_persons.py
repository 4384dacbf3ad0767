"""`lusha.v2.persons`: what is sent, what is refused, what is read."""

from __future__ import annotations

import datetime

import pytest

from lusha_async import ContactQuery, InvalidRequest
from lusha_async.endpoint import Repeat

from .fake import v2

JANE = {"email": "jane.doe@example.com"}


async def test_one_person_goes_into_the_query_and_the_own_reference_stays_home():
    lusha, sender = v2({"contact": {"error": None, "isCreditCharged": True, "data": {"fullName": "Jane Doe"}}})
    query = ContactQuery(
        client_reference_id="row-1",
        id="4183886134",
        first_name="Jane",
        last_name="Doe",
        company_name="Example Ltd",
        company_domain="example.com",
        email="jane.doe@example.com",
        linkedin_url="https://www.linkedin.com/in/example",
    )
    answer = await lusha.persons.enrich(
        query,
        reveal=["phones"],
        refresh_job_info=True,
        filter_by="phoneNumbers",
        partial_profile=False,
        signals=["promotion", "companyChange"],
        signals_start_date=datetime.date(2026, 1, 31),
    )
    assert answer.contact is not None
    assert answer.contact.data is not None
    assert answer.contact.data.full_name == "Jane Doe"
    assert (sender.last.endpoint.method, sender.last.endpoint.path) == ("GET", "/v2/person")
    assert sender.last.body is None
    assert sender.last.query == {
        "personId": "4183886134",
        "firstName": "Jane",
        "lastName": "Doe",
        "companyName": "Example Ltd",
        "companyDomain": "example.com",
        "email": "jane.doe@example.com",
        "linkedinUrl": "https://www.linkedin.com/in/example",
        "revealEmails": False,
        "revealPhones": True,
        "refreshJobInfo": True,
        "filterBy": "phoneNumbers",
        "partialProfile": False,
        "signals": ["promotion", "companyChange"],
        "signalsStartDate": "2026-01-31",
    }


@pytest.mark.parametrize(
    ("reveal", "flags"),
    [
        (["emails"], {"revealEmails": True, "revealPhones": False}),
        ("phones", {"revealEmails": False, "revealPhones": True}),
        (["emails", "phones"], {}),  # neither flag: means both, and no plan refuses it
    ],
)
async def test_reveal_becomes_flags_and_never_leaves_one_to_the_dear_default(reveal, flags):
    lusha, sender = v2()
    await lusha.persons.enrich(JANE, reveal=reveal)
    assert {name: value for name, value in sender.last.query.items() if name.startswith("reveal")} == flags


@pytest.mark.parametrize("reveal", [[], ["emails", "faxes"], [""]])
async def test_reveal_must_name_something_known(reveal):
    lusha, sender = v2()
    with pytest.raises(InvalidRequest, match="reveal") as caught:
        await lusha.persons.enrich_batch([JANE], reveal=reveal)
    assert caught.value.field == "reveal"
    assert not sender.sent


async def test_a_batch_names_people_in_the_api_s_own_terms():
    lusha, sender = v2({"contacts": {}})
    await lusha.persons.enrich_batch(
        [
            {"first_name": "Jane", "last_name": "Doe", "company_name": "Example Ltd", "company_domain": "example.com"},
            {"email": "john@example.com", "first_name": "John", "client_reference_id": "crm-7"},
            {"id": 4183886134},
        ],
        reveal=["emails"],
        signals="allSignals",
    )
    assert (sender.last.endpoint.method, sender.last.endpoint.path) == ("POST", "/v2/person")
    assert sender.last.endpoint.repeat is Repeat.CHEAP
    assert sender.last.body == {
        "contacts": [
            {
                "contactId": "0",
                "fullName": "Jane Doe",
                "companies": [{"name": "Example Ltd", "domain": "example.com", "isCurrent": True}],
            },
            {"contactId": "crm-7", "email": "john@example.com"},
            {"contactId": "2", "personId": "4183886134"},
        ],
        "metadata": {"revealEmails": True, "revealPhones": False, "signals": ["allSignals"]},
    }


@pytest.mark.parametrize(
    ("people", "index", "field"),
    [
        ([JANE, {"first_name": "Jane"}], 1, "last_name"),
        ([JANE, {"id": "v1.abcdef"}], 1, "id"),
        ([{**JANE, "client_reference_id": "a"}, {**JANE, "client_reference_id": "a"}], 1, "client_reference_id"),
        ([{**JANE, "client_reference_id": "1"}, JANE], 1, "client_reference_id"),
        ([JANE] * 101, 100, None),
        ([{"full_name": "Jane Doe"}], 0, "full_name"),
    ],
)
async def test_what_the_api_could_not_answer_is_refused_before_it_is_sent(people, index, field):
    lusha, sender = v2()
    with pytest.raises(InvalidRequest) as caught:
        await lusha.persons.enrich_batch(people, reveal=["emails"])
    assert (caught.value.index, caught.value.field) == (index, field)
    assert not sender.sent


async def test_the_live_shape_is_read_like_the_documented_one():
    live = {
        "contacts": {
            "0": {
                "error": None,
                "isCreditCharged": True,
                "data": {
                    "firstName": "Jane",
                    "lastName": "Doe",
                    "fullName": "Jane Doe",
                    "personId": "1312840528",
                    "companyId": 1586,
                    "location": {
                        "country": "United Kingdom",
                        "country_iso2": "GB",
                        "is_eu_contact": True,
                        "state": None,
                        "state_code": None,
                        "city_id": 2643743,
                        "location_coordinates": [-0.12, 51.5],
                    },
                    "emailAddresses": [{"email": "jane@example.com", "emailType": "work", "emailConfidence": None}],
                    "phoneNumbers": [{"number": "+1 555 0100", "phoneType": "direct", "doNotCall": False}],
                    "phones": ["+1 555 0100"],
                    "previousJob": {"company": {}, "jobTitle": {}},
                    "jobTitle": None,
                },
            },
            "1": {
                "error": {"code": 3, "name": "EMPTY_DATA", "message": "Could not find requested data"},
                "isCreditCharged": False,
                "data": None,
            },
        }
    }
    lusha, _ = v2(live)
    answer = await lusha.persons.enrich_batch([JANE, {"email": "nobody@example.com"}], reveal=["emails", "phones"])
    assert answer.contacts is not None
    assert answer.companies is None
    jane = answer.contacts["0"].data
    assert jane is not None
    assert jane.person_id == "1312840528"
    assert jane.location is not None
    assert jane.location.country_iso2 == "GB"
    assert jane.location.is_eu_contact is True
    assert jane.location.city_id == 2643743
    assert jane.location.location_coordinates == (-0.12, 51.5)
    assert jane.location.state_code is None
    assert jane.phones == ("+1 555 0100",)
    assert jane.phone_numbers is not None
    assert jane.phone_numbers[0].phone_type == "direct"
    assert jane.phone_numbers[0].update_date is None
    nobody = answer.contacts["1"]
    assert nobody.data is None
    assert nobody.error is not None
    assert (nobody.error.code, nobody.error.name) == (3, "EMPTY_DATA")


async def test_the_documented_shape_fills_the_same_attributes():
    documented = {
        "contacts": {
            "0": {
                "error": None,
                "isCreditCharged": False,
                "data": {
                    "companyId": 1586,
                    "phones": "+1 555 0100",
                    "location": {"countryIso2": "US", "stateCode": "MA", "isEuContact": False},
                    "emailAddresses": [{"address": "jane@example.com", "type": "work"}],
                },
            }
        },
        "companies": {"1586": {"name": "Example Ltd", "fqdn": "www.example.com"}},
    }
    lusha, _ = v2(documented)
    answer = await lusha.persons.enrich_batch([JANE], reveal=["emails"])
    assert answer.contacts is not None
    jane = answer.contacts["0"].data
    assert jane is not None
    assert jane.location is not None
    assert (jane.location.country_iso2, jane.location.state_code) == ("US", "MA")
    assert jane.email_addresses is not None
    assert (jane.email_addresses[0].email, jane.email_addresses[0].email_type) == ("jane@example.com", "work")
    assert jane.phones == "+1 555 0100"
    assert jane.company is not None
    assert jane.company.name == "Example Ltd"


async def test_one_strange_value_costs_one_field():
    strange = {"contact": {"data": {"fullName": "Jane Doe", "jobTitle": "CEO", "companyId": [], "emails": {}}}}
    lusha, sender = v2(strange)
    answer = await lusha.persons.enrich(JANE, reveal=["emails"])
    assert answer.contact is not None
    assert answer.contact.data is not None
    assert answer.contact.data.full_name == "Jane Doe"
    assert answer.contact.data.job_title is None
    assert sender.sent


async def test_nothing_of_a_person_shows_in_a_text_form():
    lusha, _ = v2({"contact": {"data": {"fullName": "Jane Doe", "phones": ["+1 555 0100"]}}})
    answer = await lusha.persons.enrich(JANE, reveal=["emails"])
    assert "Jane" not in repr(answer)
    assert "555" not in repr(answer)

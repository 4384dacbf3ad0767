"""Prospecting, filters, signals, lookalikes, recommendations, account."""

from __future__ import annotations

import inspect

import pytest

from lusha_async import InvalidRequest, LushaError
from lusha_async.endpoint import LimitGroup, Repeat
from lusha_async.v2 import endpoints
from lusha_async.v2.prospecting_filters import CompanyCriteria, ContactCriteria, Place, Range
from lusha_async.v3.lookalikes import ContactSeeds

from .fake import v2

# --- prospecting -------------------------------------------------------------------------------------------------


async def test_criteria_become_the_body_of_a_search():
    lusha, sender = v2({"requestId": "r-1", "contacts": []})
    await lusha.prospecting.contacts.search(
        ContactCriteria(
            departments=("Sales",),
            existing_data_points=("phone",),
            locations=(Place(country="Germany", country_grouping="emea"),),
        ),
        exclude_contacts={"search_text": "assistant"},
        companies=CompanyCriteria(
            sizes=(Range(min=51),), technologies=("Example CRM",), employees_in_linked_in=Range(max=9)
        ),
        page=2,
        size=50,
        exclude_dnc=True,
    )
    assert sender.last.endpoint.repeat is Repeat.COSTLY
    assert sender.last.body == {
        "pages": {"page": 2, "size": 50},
        "excludeDnc": True,
        "filters": {
            "contacts": {
                "include": {
                    "departments": ["Sales"],
                    "existing_data_points": ["phone"],
                    "locations": [{"country": "Germany", "country_grouping": "emea"}],
                },
                "exclude": {"searchText": "assistant"},
            },
            "companies": {
                "include": {"sizes": [{"min": 51}], "technologies": ["Example CRM"], "employeesInLinkedIn": {"max": 9}}
            },
        },
    }


async def test_mappings_say_the_same():
    lusha, sender = v2()
    criteria = {"existing_data_points": ["phone"], "locations": [{"country_grouping": "emea"}], "jobTitles": ["CEO"]}
    await lusha.prospecting.contacts.search(criteria)
    assert sender.last.body["filters"]["contacts"]["include"] == {
        "existing_data_points": ["phone"],
        "locations": [{"country_grouping": "emea"}],
        "jobTitles": ["CEO"],
    }


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({}, "filters"),
        ({"contacts": {"department": ["Sales"]}}, "contacts"),
        ({"contacts": {"departments": ["Sales"]}, "size": 9}, "size"),
        ({"contacts": {"departments": ["Sales"]}, "size": 51}, "size"),
        ({"contacts": {"departments": ["Sales"]}, "page": 1001}, "page"),
        ({"companies": {"company_locations": [{"state": "Bavaria"}]}}, "company_locations"),
        ({"contacts": {"signal": {"names": ["promotion"], "start_date": "last week"}}}, "signal.start_date"),
    ],
)
async def test_a_search_the_api_would_refuse_is_not_sent(options, field):
    lusha, sender = v2()
    with pytest.raises(InvalidRequest) as caught:
        await lusha.prospecting.contacts.search(**options)
    assert caught.value.field == field
    assert not sender.sent


@pytest.mark.parametrize("key", ["contacts", "data"])
async def test_people_are_read_under_either_key(key):
    found = {
        "requestId": "r-1",
        "currentPage": 0,
        "pageLength": 20,
        "totalResults": 1,
        key: [{"contactId": "c-1", "name": {"full": "J. D."}, "companyId": 7, "hasWorkEmail": True}],
        "billing": {"creditsCharged": 1, "resultsReturned": 1},
    }
    lusha, _ = v2(found)
    page = await lusha.prospecting.contacts.search({"departments": ["Sales"]})
    assert page.contacts is not None
    assert page.contacts[0].contact_id == "c-1"
    assert page.contacts[0].has_work_email is True
    assert page.billing is not None
    assert page.billing.credits_charged == 1


@pytest.mark.parametrize("key", ["companies", "data"])
async def test_companies_are_read_under_either_key(key):
    lusha, sender = v2({"requestId": "r-1", key: [{"id": 33222678, "name": "Example Ltd"}]})
    page = await lusha.prospecting.companies.search({"main_industries_ids": [4]}, exclude_companies={"names": ["X"]})
    assert page.companies is not None
    assert page.companies[0].id == 33222678
    assert sender.last.body["filters"] == {
        "companies": {"include": {"mainIndustriesIds": [4]}, "exclude": {"names": ["X"]}}
    }


async def test_found_people_and_companies_are_revealed_with_the_request_that_found_them():
    lusha, sender = v2(
        {"contacts": [{"id": "c-1", "isSuccess": True, "data": {"seniority": [{"id": 4, "value": "Director"}]}}]},
        {"companies": [{"id": 7, "companySize": {"min": 1, "max": 10, "employees_in_linkedin": 4}}]},
    )
    people = await lusha.prospecting.contacts.enrich(["c-1"], request_id="r-1", reveal=["emails"])
    assert sender.last.body == {
        "requestId": "r-1",
        "contactIds": ["c-1"],
        "revealEmails": True,
        "revealPhones": False,
    }
    assert people.contacts is not None
    assert people.contacts[0].data is not None
    companies = await lusha.prospecting.companies.enrich([7], request_id="r-2")
    assert sender.last.body == {"requestId": "r-2", "companiesIds": ["7"]}
    assert companies.companies is not None
    assert companies.companies[0].size_range == (1, 10)
    with pytest.raises(InvalidRequest):
        await lusha.prospecting.companies.enrich([7], request_id=None)


# --- filters -----------------------------------------------------------------------------------------------------


async def test_filter_lists_are_plain_values():
    lusha, sender = v2(
        ["Sales"],
        [{"id": 10, "name": "founder"}],
        [{"main_industry": "Technology", "main_industry_id": 4, "sub_industries": [{"value": "Software", "id": 101}]}],
        [{"country": "Germany", "country_grouping": "emea"}],
        [{"min": 10001}],
    )
    assert await lusha.filters.contacts.departments() == ("Sales",)
    levels = await lusha.filters.contacts.seniority()
    assert not isinstance(levels[0], str)
    assert (levels[0].id, levels[0].name) == (10, "founder")
    industries = await lusha.filters.companies.industries_labels()
    assert industries[0].sub_industries is not None
    assert (industries[0].main_industry_id, industries[0].sub_industries[0].value) == (4, "Software")
    places = await lusha.filters.companies.locations(" ger ")
    assert sender.last.body == {"text": "ger"}
    assert places[0].country_grouping == "emea"
    assert (await lusha.filters.companies.sizes())[0].max is None
    with pytest.raises(InvalidRequest):
        await lusha.filters.companies.names(" ")


# --- signals -----------------------------------------------------------------------------------------------------


async def test_signals_are_asked_by_number():
    lusha, sender = v2(
        {"contacts": {"115889": {"personId": "115889", "promotion": [{"currentTitle": "CEO"}]}}, "creditCharged": 2}
    )
    answer = await lusha.signals.contacts.by_id(
        ["115889"], signals=["promotion"], start_date="2026-01-01", max_results_per_signal=5
    )
    assert sender.last.body == {
        "contactIds": [115889],
        "signals": ["promotion"],
        "startDate": "2026-01-01",
        "maxResultsPerSignal": 5,
    }
    assert answer.credit_charged == 2
    assert answer.contacts is not None
    assert answer.contacts["115889"].promotion is not None
    for wrong in ("v1.abc", "12a", ""):
        with pytest.raises(InvalidRequest) as caught:
            await lusha.signals.companies.by_id([1, wrong], signals=["riskNews"])
        assert (caught.value.index, caught.value.field) == (1, "id")


async def test_signals_are_searched_by_record():
    lusha, sender = v2({"companies": {"0": {"companyId": "3416", "riskNews": [{"eventType": "lawsuit"}]}}})
    await lusha.signals.companies.search(
        {"domain": "example.com"}, signals=["riskNews"], filters={"news_event_types": ["Lawsuit Faced"]}
    )
    assert sender.last.body == {
        "companies": [{"id": "0", "domain": "example.com"}],
        "signals": ["riskNews"],
        "filters": {"include": {"newsEventTypes": ["Lawsuit Faced"]}},
    }
    await lusha.signals.contacts.search(
        [
            {"linkedin_url": "https://www.linkedin.com/in/example"},
            {"first_name": "J", "last_name": "D", "company_name": "E"},
        ],
        signals=["allSignals"],
    )
    assert sender.last.body["contacts"] == [
        {"id": "0", "social_link": "https://www.linkedin.com/in/example"},
        {"id": "1", "full_name": "J D", "companies": [{"name": "E", "is_current": True}]},
    ]
    with pytest.raises(InvalidRequest, match="no ids"):
        await lusha.signals.contacts.search({"id": 7}, signals=["allSignals"])


async def test_signal_options_name_the_kind_in_the_path():
    lusha, sender = v2({"objectType": "company", "signals": ["riskNews"], "filterOptions": {"newsEventTypes": ["IPO"]}})
    options = await lusha.signals.options("company")
    assert sender.last.path == {"objectType": "company"}
    assert options.filter_options is not None
    assert options.filter_options.news_event_types == ("IPO",)


# --- lookalikes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "path"), [("lookalikes", "/v3/lookalike/"), ("recommendations", "/api/recommendations/")]
)
async def test_lookalikes_take_numeric_ids_and_carry_the_session(group, path):
    lusha, sender = v2(
        {"dedupeSessionId": "s-1", "results": [{"contactId": "9659196"}], "meta": {"returned": 1, "hasMore": True}},
        {"dedupeSessionId": "s-2", "results": [{"domain": "example.com", "employeeCount": 7}], "meta": {}},
    )
    calls = getattr(lusha, group)
    answer = await calls.contacts(
        [{"id": 1234}, {"email": "jane@example.com"}],
        exclude=ContactSeeds(contact_ids=(9999,)),
        dedupe_session_id="s-1",
    )
    assert sender.last.endpoint.path == path + "contacts"
    assert sender.last.endpoint.repeat is Repeat.COSTLY
    assert sender.last.body == {
        "seeds": {"contactIds": [1234], "emails": ["jane@example.com"]},
        "exclude": {"contactIds": [9999]},
        "limit": 25,
        "dedupeSessionId": "s-1",
    }
    assert answer.results is not None
    assert answer.results[0].contact_id == "9659196"
    companies = await calls.companies({"domain": "example.com"}, limit=100)
    assert sender.last.endpoint.path == path + "companies"
    assert sender.last.body == {"seeds": {"domains": ["example.com"]}, "limit": 100}
    assert companies.results is not None
    assert companies.results[0].employee_count == 7
    with pytest.raises(InvalidRequest):
        await calls.contacts([{"id": "v1.abc"}])


async def test_an_error_with_a_success_status_is_an_error():
    lusha, _ = v2({"statusCode": 403, "message": "not on this plan"})
    with pytest.raises(LushaError):
        await lusha.lookalikes.companies({"domain": "example.com"})


# --- account, and all of it --------------------------------------------------------------------------------------


async def test_usage_counts_against_its_own_window():
    lusha, sender = v2({"usage": {"bulkCredits": {"used": 150, "total": 1000, "remaining": 850}}})
    answer = await lusha.account.usage()
    assert answer.usage is not None
    assert answer.usage["bulkCredits"].remaining == 850
    assert sender.last.endpoint.limit is LimitGroup.USAGE


def test_every_operation_is_declared_once_and_names_what_replaces_it():
    declared = endpoints()
    assert len(declared) == 32
    assert len({endpoint.name for endpoint in declared}) == 32
    assert all(endpoint.successor and endpoint.successor.startswith("lusha.") for endpoint in declared)


def test_every_public_method_tells_operation_and_shows_an_example():
    lusha, _ = v2()
    lusha_groups = [lusha.persons, lusha.companies, lusha.prospecting.contacts, lusha.prospecting.companies]
    lusha_groups += [lusha.filters.contacts, lusha.filters.companies, lusha.signals, lusha.signals.contacts]
    lusha_groups += [lusha.signals.companies, lusha.lookalikes, lusha.recommendations, lusha.account]
    for group in lusha_groups:
        for name, method in inspect.getmembers(group, inspect.ismethod):
            if not name.startswith("_"):
                text = inspect.getdoc(method) or ""
                assert ">>> " in text, f"{type(group).__name__}.{name}"
                assert "GET /" in text or "POST /" in text, f"{type(group).__name__}.{name}"

"""`lusha.v2.companies`: what is sent, what is refused, what is read."""

from __future__ import annotations

import pytest

from lusha_async import CompanyQuery, InvalidRequest
from lusha_async.v2.common import SignalFilters, SignalPlace

from .fake import v2


async def test_one_company_goes_into_the_query():
    lusha, sender = v2({"data": {"id": 1, "name": "Example Ltd", "companySize": {"min": 51, "max": 200}}})
    answer = await lusha.companies.enrich(
        CompanyQuery(domain="example.com", name="Example Ltd", id="33222678"),
        signals=["riskNews"],
        signals_start_date="2026-01-31",
        partial_company=False,
    )
    assert (sender.last.endpoint.method, sender.last.endpoint.path) == ("GET", "/v2/company")
    assert sender.last.query == {
        "domain": "example.com",
        "company": "Example Ltd",
        "companyId": "33222678",
        "signals": ["riskNews"],
        "signalsStartDate": "2026-01-31",
        "partialCompany": False,
    }
    assert answer.data is not None
    assert answer.data.size_range == (51, 200)


async def test_a_batch_goes_to_the_path_the_live_api_has():
    lusha, sender = v2({"0": {"name": "Example Ltd"}})
    answer = await lusha.companies.enrich_batch(
        [{"domain": "example.com"}, {"name": "Other", "client_reference_id": "crm-7"}, {"id": 33222678}],
        signals=["surgeInHiringByLocation"],
        signals_filters=SignalFilters(hiring_by_locations=(SignalPlace(country="Germany"),)),
    )
    assert (sender.last.endpoint.method, sender.last.endpoint.path) == ("POST", "/bulk/company/v2")
    assert sender.last.body == {
        "companies": [
            {"id": "0", "domain": "example.com"},
            {"id": "crm-7", "name": "Other"},
            {"id": "2", "companyId": "33222678"},
        ],
        "signals": ["surgeInHiringByLocation"],
        "signalsFilters": {"include": {"hiringByLocations": [{"country": "Germany"}]}},
    }
    assert answer["0"].name == "Example Ltd"


async def test_filters_may_be_mappings_and_are_checked():
    lusha, sender = v2()
    await lusha.companies.enrich_batch({"domain": "example.com"}, signals_filters={"news_event_types": ["IPO"]})
    assert sender.last.body["signalsFilters"] == {"include": {"newsEventTypes": ["IPO"]}}
    for wrong in ({"hiring_by_locations": [{"state": "Bavaria"}]}, {"news": ["IPO"]}):
        with pytest.raises(InvalidRequest):
            await lusha.companies.enrich_batch({"domain": "example.com"}, signals_filters=wrong)
    assert len(sender.sent) == 1


@pytest.mark.parametrize(
    ("company", "field"), [({}, "domain"), ({"id": "v1.abc"}, "id"), ({"fqdn": "www.example.com"}, "fqdn")]
)
async def test_a_company_nobody_could_find_is_refused(company, field):
    lusha, sender = v2()
    with pytest.raises(InvalidRequest) as caught:
        await lusha.companies.enrich(company)
    assert caught.value.field == field
    assert not sender.sent


async def test_every_shape_of_size_and_profile_is_read():
    lusha, _ = v2(
        {
            "0": {
                "companySize": [201, 500],
                "linkedin": "https://www.linkedin.com/company/example",
                "founded": 2016,
                "headcountIncrease1m": [{"signalId": 7, "changeRatePercent": 4.5}],
                "industryPrimaryGroupDetails": {"sics": [{"sic": 737, "description": "Services"}]},
            },
            "1": {"companySize": [10001], "social": {"linkedin": {"url": "https://www.linkedin.com/company/example"}}},
            "2": {"social": {"linkedin": "https://www.linkedin.com/company/example"}, "error": "NOT_FOUND"},
        }
    )
    answer = await lusha.companies.enrich_batch([{"name": "A"}, {"name": "B"}, {"name": "C"}])
    assert [answer[key].size_range for key in "012"] == [(201, 500), (10001, None), None]
    assert {answer[key].linkedin_url for key in "012"} == {"https://www.linkedin.com/company/example"}
    assert answer["0"].headcount_increase_1m is not None
    assert answer["0"].headcount_increase_1m[0].change_rate_percent == 4.5
    assert answer["2"].error == "NOT_FOUND"

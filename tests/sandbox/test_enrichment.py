"""Search, enrich and search-and-enrich of both generations."""

from __future__ import annotations

import pytest

from .conftest import Http, running

ZOE = "zoe.muller@nordwind-labs.example.com"


async def test_the_same_question_gets_the_same_person_on_every_start() -> None:
    answers = []
    for _ in range(2):
        async with running() as http:
            got = await http.post("/v3/contacts/search-and-enrich", {"contacts": [{"email": ZOE}]})
            answers.append(got.json["results"])
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "item",
    [
        {"email": "Zoe.Muller@Nordwind-Labs.example.com"},
        {"firstName": "Zoë", "lastName": "MÜLLER", "companyDomain": "https://www.nordwind-labs.example.com/about"},
        {"firstName": "Zoë", "lastName": "Müller", "companyName": "Nordwind Labs"},
        {"linkedinUrl": "https://www.linkedin.com/in/zoe--muller---nordwind-labs--example--com/?trk=x"},
        {"linkedinUrl": "linkedin.com/in/Zoe--Muller---nordwind-labs--example--com"},
    ],
)
async def test_every_spelling_of_a_person_leads_to_the_same_id(http: Http, item: dict[str, str]) -> None:
    known = (await http.post("/v3/contacts/search", {"contacts": [{"email": ZOE}]})).json["results"][0]
    got = await http.post("/v3/contacts/search", {"contacts": [item]})
    assert got.json["results"][0]["id"] == known["id"]


async def test_an_id_from_search_enriches_to_the_same_person_and_company(http: Http) -> None:
    searched = (await http.post("/v3/contacts/search", {"contacts": [{"email": ZOE}]})).json["results"][0]
    enriched = (await http.post("/v3/contacts/enrich", {"ids": [searched["id"]]})).json["results"][0]
    assert (
        (enriched["firstName"], enriched["lastName"])
        == (searched["firstName"], searched["lastName"])
        == ("Zoë", "Müller")
    )
    company = (await http.post("/v3/companies/enrich", {"ids": [searched["company"]["id"]]})).json["results"][0]
    assert company["name"] == searched["company"]["name"] == "Nordwind Labs"
    assert company["domain"] == "www.nordwind-labs.example.com"


async def test_ids_have_the_form_of_the_live_api(http: Http) -> None:
    items = [{"email": f"person{n}.test@firm{n}.example.com"} for n in range(100)]
    ids = [one["id"] for one in (await http.post("/v3/contacts/search", {"contacts": items})).json["results"]]
    assert all(one.startswith("v1.") and 31 <= len(one) - 3 <= 34 for one in ids)
    assert len(set(ids)) == 100
    assert any("-" in one for one in ids)
    assert any("_" in one for one in ids)


async def test_unknown_and_restricted_people_are_asked_for_by_name(http: Http) -> None:
    items = [
        {"email": "not-found@a.test", "clientReferenceId": "gone"},
        {"firstName": "Restricted", "lastName": "Person", "companyName": "A", "clientReferenceId": "blocked"},
        {"email": ZOE, "clientReferenceId": "fine"},
        {"email": "enrich-failed@a.test", "clientReferenceId": "failed"},
        {"linkedinUrl": "https://example.com/nothing", "clientReferenceId": "no profile"},
    ]
    got = await http.post("/v3/contacts/search-and-enrich", {"contacts": items, "reveal": ["emails"]})
    by_reference = {one.pop("clientReferenceId"): one for one in got.json["results"]}
    codes = {name: one.get("error", {}).get("code") for name, one in by_reference.items()}
    assert codes == {
        "gone": "NOT_FOUND",
        "blocked": "COMPLIANCE_RESTRICTED",
        "fine": None,
        "failed": "ENRICH_FAILED",
        "no profile": "NOT_FOUND",
    }
    assert set(by_reference["gone"]) == {"error"}
    assert got.json["billing"]["resultsReturned"] == 1


async def test_a_fixed_share_is_not_found() -> None:
    async with running(not_found=0.3, restricted=0.1) as http:
        items = [{"email": f"p.{n}@firm.example.com"} for n in range(100)]
        results = (await http.post("/v3/contacts/search", {"contacts": items})).json["results"]
    codes = [one.get("error", {}).get("code") for one in results]
    assert 15 < codes.count("NOT_FOUND") < 45
    assert 2 < codes.count("COMPLIANCE_RESTRICTED") < 20


async def test_results_come_in_another_order_and_unmatched_ones_can_be_dropped(http: Http) -> None:
    items = [{"email": f"p.{n}@firm.example.com", "clientReferenceId": str(n)} for n in range(50)]
    items.append({"email": "not-found@a.test", "clientReferenceId": "gone"})
    first = (await http.post("/v3/contacts/search", {"contacts": items})).json["results"]
    references = [one["clientReferenceId"] for one in first]
    assert references != [one["clientReferenceId"] for one in items]
    assert sorted(references) == sorted(one["clientReferenceId"] for one in items)
    http.sandbox.configure(drop_unmatched=True)
    second = (await http.post("/v3/contacts/search", {"contacts": items})).json["results"]
    assert len(second) == 50


async def test_phones_are_missing_from_enrich_and_empty_in_search_and_enrich(http: Http) -> None:
    searched = await http.post("/v3/contacts/search-and-enrich", {"contacts": [{"email": ZOE}], "reveal": ["emails"]})
    person = searched.json["results"][0]
    assert person["phones"] == []
    assert person["emails"][0]["email"] == ZOE
    enriched = await http.post("/v3/contacts/enrich", {"ids": [person["id"]], "reveal": ["emails"]})
    assert "phones" not in enriched.json["results"][0]
    assert "partialProfile" in enriched.json["results"][0]


async def test_without_quirks_the_documents_are_followed() -> None:
    async with running(quirks=False, not_found=0, restricted=0) as http:
        got = await http.post("/v3/contacts/search-and-enrich", {"contacts": [{"email": ZOE}]})
        assert "partialProfile" not in got.json["results"][0]
        refused = await http.post("/v3/contacts/enrich", {"ids": []})
        assert set(refused.json) == {"statusCode", "message"}


async def test_company_fields_come_only_when_named(http: Http) -> None:
    asked = {"companies": [{"domain": "acme.test"}]}
    assert "competitors" not in (await http.post("/v3/companies/search-and-enrich", asked)).json["results"][0]
    got = await http.post("/v3/companies/search-and-enrich", {**asked, "reveal": ["competitors", "directParent"]})
    company = got.json["results"][0]
    assert len(company["competitors"]) == 2
    assert "directParent" in company


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/v3/contacts/enrich", {"ids": ["x"], "reveal": []}, "reveal must contain at least 1 elements"),
        ("/v3/contacts/enrich", {"ids": ["x"], "contactIds": []}, "property contactIds should not exist"),
        ("/v3/contacts/enrich", {"ids": ["x"] * 101}, "ids must contain no more than 100 elements"),
        ("/v3/contacts/enrich", {}, "ids should not be empty"),
        ("/v3/contacts/search", {"contacts": [{"fullName": "A B"}]}, "property fullName should not exist"),
        ("/v3/contacts/search", {"contacts": [{"email": "nobody"}]}, "contacts.0.email must be an email"),
        ("/v3/companies/search", {"companies": [{"companyId": "1"}]}, "property companyId should not exist"),
        ("/v2/person", {"contacts": [{"contactId": "1"}]}, "contacts.0 needs personId"),
    ],
)
async def test_bad_bodies_are_refused_as_a_whole_naming_one_problem(
    http: Http, path: str, body: object, message: str
) -> None:
    got = await http.post(path, body)
    assert got.status == 400
    assert got.json["message"].startswith(message)
    assert (got.json["className"], got.json["errors"]) == ("bad-request", {})
    assert "billing" not in got.json
    assert got.headers["x-minute-requests-left"]


async def test_a_record_without_identifier_spoils_its_request(http: Http) -> None:
    got = await http.post("/v3/contacts/search", {"contacts": [{"email": ZOE}, {"firstName": "Ada"}]})
    assert got.status == 400
    assert "contacts.1" in got.json["message"]


async def test_v2_answers_by_the_callers_ids(http: Http) -> None:
    contacts = [
        {"contactId": "a", "email": ZOE},
        {"contactId": "b", "email": "not-found@a.test"},
        {"contactId": "c", "email": "restricted@a.test"},
    ]
    got = (await http.post("/v2/person", {"contacts": contacts, "metadata": {"revealEmails": True}})).json
    assert set(got) == {"contacts"}
    found = got["contacts"]["a"]
    assert found["error"] is None
    assert found["isCreditCharged"] is True
    assert found["data"]["emails"][0] == ZOE
    assert "phoneNumbers" not in found["data"]
    assert "country_iso2" in found["data"]["location"]
    assert got["contacts"]["b"]["error"]["name"] == "EMPTY_DATA"
    assert got["contacts"]["c"]["error"]["name"] == "COMPLIANCE_RESTRICTED"
    by_number = await http.get("/v2/person", params={"personId": str(found["data"]["personId"])})
    assert by_number.json["contact"]["data"]["fullName"] == "Zoë Müller"


async def test_v2_companies(http: Http) -> None:
    one = (await http.get("/v2/company", params={"domain": "acme.test"})).json["data"]
    for path in ("/bulk/company/v2", "/v2/company"):
        many = (await http.post(path, {"companies": [{"id": "x", "companyId": str(one["id"])}]})).json
        assert many["x"]["name"] == one["name"] == "Acme"
        assert many["x"]["lushaCompanyId"] != str(one["id"])

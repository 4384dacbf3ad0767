"""What the API remembers: tables, sessions, jobs; and the consistency of its world."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from lusha_async.sandbox import ManualClock

from .conftest import Http, running

OWNER = {"owner": {"email": "owner@example.com"}}
MINE = {"email": "owner@example.com"}


async def prospect(http: Http, *, size: int = 10, page: int = 0, **include: Any) -> Any:
    body = {"pagination": {"page": page, "size": size}, "filters": {"contacts": {"include": include}}}
    got = await http.post("/v3/contacts/prospecting", body)
    assert got.status == 200, got.body
    return got.json


async def test_prospecting_filters_pages_and_ends(http: Http) -> None:
    wanted = {"departments": ["Sales"], "seniorityIds": [6]}
    seen: list[str] = []
    page = 0
    while True:
        got = await prospect(http, size=25, page=page, **wanted)
        assert got["pagination"]["size"] == len(got["results"])
        assert all(one["jobTitle"]["seniority"] == "director" for one in got["results"])
        seen += [one["id"] for one in got["results"]]
        if not got["results"]:
            break
        page += 1
    assert len(seen) == len(set(seen)) == got["pagination"]["total"] > 25


async def test_a_contact_found_by_prospecting_is_the_same_everywhere(http: Http) -> None:
    found = (await prospect(http, existingDataPoints=["work_email"]))["results"][0]
    enriched = (await http.post("/v3/contacts/enrich", {"ids": [found["id"]], "reveal": ["emails"]})).json["results"][0]
    assert enriched["firstName"] == found["firstName"]
    assert enriched["company"]["domain"] == "www." + found["company"]["domain"]
    email = enriched["emails"][0]["email"]
    searched = (await http.post("/v3/contacts/search", {"contacts": [{"email": email}]})).json["results"][0]
    assert searched["id"] == found["id"]
    assert searched["company"]["id"] == found["company"]["id"]
    firm = {
        "pagination": {"page": 0, "size": 10},
        "filters": {"companies": {"include": {"ids": [found["company"]["id"]]}}},
    }
    assert (await http.post("/v3/companies/prospecting", firm)).json["results"][0]["name"] == found["company"]["name"]
    group = {"companies": [{"id": found["company"]["id"]}]}
    members = (await http.post("/v3/contacts/buying-group", group)).json["results"][0]["contacts"]
    assert found["id"] in {one["id"] for one in members}


async def test_signals_fit_the_filter_that_found_them(http: Http) -> None:
    found = (await prospect(http, signals={"types": ["promotion"]}))["results"]
    assert all("promotion" in one["signalTypes"] for one in found)
    ids = [one["id"] for one in found]
    got = (await http.post("/v3/contacts/signals", {"ids": ids, "signalTypes": ["promotion"]})).json
    assert {one["id"] for one in got["results"]} == set(ids)
    assert all(one["promotion"] for one in got["results"])
    scores = (await http.post("/v3/contacts/signal-score", {"contacts": [{"id": one} for one in ids]})).json["results"]
    assert all(one["signalScore"] >= 0.5 for one in scores)


@pytest.mark.parametrize(
    ("path", "filters", "message"),
    [
        ("contacts", {"contacts": {"include": {"existingDataPoints": ["work_phone"]}}}, "existingDataPoints"),
        ("contacts", {"contacts": {"include": {"seniority": [1]}}}, "property seniority should not exist"),
        ("contacts", {"contacts": {"include": {"countries": ["Germany"]}}}, "countries"),
        ("companies", {"companies": {"include": {"industriesLabels": ["x"]}}}, "property industriesLabels should"),
        ("companies", {"companies": {"include": {"locations": [{"countryIso2": "DE"}]}}}, "countryIso2"),
        ("companies", {}, "filters.companies should not be empty"),
    ],
)
async def test_filters_the_live_api_refuses(http: Http, path: str, filters: Any, message: str) -> None:
    body = {"pagination": {"page": 0, "size": 10}, "filters": filters}
    got = await http.post(f"/v3/{path}/prospecting", body)
    assert got.status == 400
    assert message in got.json["message"]


async def test_pages_under_ten_and_beyond_a_thousand_are_refused(http: Http) -> None:
    for page, size in ((0, 9), (0, 101), (1_001, 10)):
        body = {"pagination": {"page": page, "size": size}, "filters": {}}
        assert (await http.post("/v3/contacts/prospecting", body)).status == 400


async def test_lookalikes_never_repeat_within_a_session_and_sessions_die() -> None:
    clock = ManualClock()
    async with running(clock=clock, burst=None, world_size=2_000) as http:
        seeds = {"domains": [f"seed{n}.test" for n in range(5)]}
        assert (await http.post("/v3/companies/lookalike", {"seeds": {"domains": ["one.test"]}})).status == 400
        first = (await http.post("/v3/companies/lookalike", {"seeds": seeds, "limit": 60})).json
        again = {"seeds": seeds, "limit": 60, "dedupeSessionId": first["dedupeSessionId"]}
        clock.advance(29 * 86_400)
        second = (await http.post("/v3/companies/lookalike", again)).json
        ids = [one["id"] for one in first["results"] + second["results"]]
        assert first["meta"]["hasMore"]
        assert not second["meta"]["hasMore"]
        assert len(ids) == len(set(ids)) > 80
        clock.advance(31 * 86_400)
        dead = await http.post("/v3/companies/lookalike", again)
        assert (dead.status, dead.json["code"]) == (410, "DEDUPE_SESSION_INVALID")
        old = (await http.post("/v3/lookalike/companies", {"seeds": seeds})).json
        assert old["results"][0]["linkedinUrl"]
        assert "creditsCharged" in old


async def test_buying_groups_page_over_all_contacts(http: Http) -> None:
    companies = [{"domain": f"firm{n}.test", "clientReferenceId": str(n)} for n in range(3)]
    body = {"companies": [*companies, {"domain": "not-found.test", "clientReferenceId": "gone"}], "contactsLimit": 15}
    whole = (await http.post("/v3/contacts/buying-group", body)).json
    assert whole["billing"]["creditsCharged"] == 45
    assert {one["clientReferenceId"]: one.get("error", {}).get("code") for one in whole["results"]}[
        "gone"
    ] == "NOT_FOUND"
    pages = []
    for page in range(5):
        paged = {**body, "pagination": {"page": page, "size": 10}}
        pages += [
            contact["id"]
            for one in (await http.post("/v3/contacts/buying-group", paged)).json["results"]
            for contact in one.get("contacts", [])
        ]
    assert len(pages) == len(set(pages)) == 45


async def test_website_visits_are_filtered_and_sorted(http: Http) -> None:
    body = {
        "domains": ["mine.test"],
        "startDate": "2026-01-01",
        "endDate": "2026-03-01",
        "pagination": {"page": 0, "size": 150},
        "sort": {"by": "totalSessions", "order": "desc"},
        "filters": {"scoreBands": ["hot"], "daysVisited": {"min": 5}},
    }
    got = (await http.post("/v3/companies/website-visits", body)).json
    sessions = [one["totalSessions"] for one in got["results"]]
    assert sessions == sorted(sessions, reverse=True)
    assert all(one["score"] >= 70 and one["daysVisited"] >= 5 for one in got["results"])
    for change in ({"endDate": "2026-06-01"}, {"domains": ["untracked.test"]}):
        assert (await http.post("/v3/companies/website-visits", {**body, **change})).status == 400


async def test_filter_values_and_their_queries(http: Http) -> None:
    names = (await http.get("/v3/companies/prospecting/filters/names", params={"query": "am"})).json["values"]
    assert names
    assert (await http.get("/v3/companies/prospecting/filters/names")).status == 400
    assert (await http.get("/v3/companies/signals/filters/intentCategories", params={"query": "hiring"})).status == 400
    assert (await http.get("/v3/contacts/prospecting/filters/shoes")).status == 400
    old = (await http.post("/prospecting/filters/companies/names", {"text": "am"})).json
    assert old == names
    types = (await http.get("/v3/contacts/prospecting/filters")).json["availableFilters"]
    assert {"filterType": "locations", "requiresQuery": True} in types


async def test_tables_live_and_die() -> None:
    clock = ManualClock()
    async with running(clock=clock, burst=None, not_found=0, column_seconds=5) as http:
        ids = [one["id"] for one in (await prospect(http, existingDataPoints=["work_email"]))["results"]]
        made = await http.post("/v3/contacts/tables", {"name": "Mine", **OWNER, "ids": ids[:4]})
        assert made.status == 201
        table = made.json["data"]
        base = f"/v3/contacts/tables/{table['tableId']}"
        conflict = await http.post("/v3/contacts/tables", {"name": "Mine", **OWNER})
        assert (conflict.status, conflict.json["message"][:19]) == (409, "TABLE_NAME_CONFLICT")
        added = (await http.post(f"{base}/entities", {"entityIds": [*ids, "v1.unknown", "123"], **OWNER})).json["data"]
        assert (added["added"], added["alreadyPresent"], sorted(added["invalidIds"])) == (6, 4, ["123", "v1.unknown"])
        assert (await http.post(f"{base}/entities", {"entityIds": ["what?"], **OWNER})).status == 400

        email = next(one for one in table["columns"] if one["key"] == "workEmail")["columnId"]
        run = {"runScope": "missing", **OWNER}
        ran = (await http.post(f"{base}/columns/{email}/run", run)).json
        assert (ran["data"]["status"], ran["billing"]["creditsCharged"]) == ("processing", 10)
        assert (await http.get(base, params=MINE)).json["data"]["isProcessing"]
        clock.advance(6)
        status = (await http.get(base, params=MINE)).json["data"]
        assert not status["isProcessing"]
        assert next(one for one in status["columns"] if one["columnId"] == email)["rowsSuccess"] == 10
        assert (await http.post(f"{base}/columns/{email}/run", run)).json["billing"]["creditsCharged"] == 0

        page = (await http.get(f"{base}/entities", params={**MINE, "size": 4, "page": 2})).json
        assert (page["pagination"]["size"], page["pagination"]["total"]) == (2, 10)
        assert page["billing"]["creditsCharged"] == 2
        cells = {one["name"]: one for one in page["data"][0]["columns"]}
        assert cells["Work email"]["status"] == "success"
        assert cells["Phone"]["status"] == "not_run"

        keys = {"columns": [{"columnKey": "industry"}, {"columnKey": "phone"}, {"columnKey": "shoe"}], **OWNER}
        results = (await http.post(f"{base}/columns", keys)).json["data"]
        assert [(one["status"], bool(one["columnId"])) for one in results] == [
            ("added", True),
            ("failed", True),
            ("failed", False),
        ]
        gone = await http.send("DELETE", f"{base}/columns/c99", params=MINE)
        assert (gone.status, gone.json["message"][:16]) == (404, "COLUMN_NOT_FOUND")
        assert (await http.send("DELETE", f"{base}/columns/{email}", params=MINE)).json["removed"]
        removed = (await http.send("DELETE", f"{base}/entities", {"entityIds": ids[:3], **OWNER})).json["data"]
        assert removed == {"removed": 3, "invalidIds": []}
        renamed = (await http.send("PATCH", base, {"name": "Yours", "archived": True, **OWNER})).json["data"]
        assert (renamed["name"], renamed["status"]) == ("Yours", "archived")
        listed = (await http.post("/v3/contacts/tables/list", {**OWNER, "status": "archived"})).json
        assert [one["name"] for one in listed["data"]] == ["Yours"]
        assert (await http.get(base)).status == 400
        assert (await http.get(base, params={"email": "other@example.com"})).status == 404
        assert (await http.send("DELETE", base, params=MINE)).json["status"] == "deleted"
        assert (await http.get(base, params=MINE)).json["message"].startswith("TABLE_NOT_FOUND")


async def test_companies_in_tables_are_paid_once_and_a_dry_account_adds_none() -> None:
    async with running(credits=6, burst=None, not_found=0, restricted=0) as http:
        found = await http.post("/v3/companies/search", {"companies": [{"domain": f"f{n}.test"} for n in range(5)]})
        ids = [one["id"] for one in found.json["results"]]
        made = await http.post("/v3/companies/tables", {"name": "Firms", **OWNER})
        base = f"/v3/companies/tables/{made.json['data']['tableId']}/entities"
        added = await http.post(base, {"entityIds": ids[:3], **OWNER})
        assert added.json["billing"]["creditsCharged"] == 3
        http.sandbox.configure(credits=1)
        assert (await http.post(base, {"entityIds": ids, **OWNER})).status == 402
        http.sandbox.configure(credits=2)
        again = (await http.post(base, {"entityIds": ids, **OWNER})).json
        assert (again["data"]["added"], again["billing"]["creditsCharged"]) == (2, 2)


async def test_results_are_written_to_a_table_on_the_way(http: Http) -> None:
    table = (await http.post("/v3/contacts/tables", {"name": "T", **OWNER})).json["data"]["tableId"]
    body = {"pagination": {"page": 0, "size": 10}, "filters": {}, "tableId": table}
    assert (await http.post("/v3/contacts/prospecting", body)).json["tableWrite"]["added"] == 10
    again = (await http.post("/v3/contacts/prospecting", body)).json
    assert again["tableWrite"]["alreadyPresent"] == 10
    ids = [one["id"] for one in again["results"]]
    assert (await http.post("/v3/contacts/enrich", {"ids": ids, "tableId": table})).json["tableWrite"][
        "rowsProcessed"
    ] == 10
    # "The primary response is unaffected even if the table write fails."
    lost = await http.post("/v3/contacts/enrich", {"ids": ids, "tableId": "1"})
    assert (lost.status, len(lost.json["results"])) == (200, 10)
    assert (lost.json["tableWrite"]["tableId"], lost.json["tableWrite"]["added"]) == ("1", 0)


@pytest.mark.parametrize(
    ("who", "status", "ending"),
    [("waterfall", 200, "complete"), ("waterfall-expired", 200, "expired"), ("waterfall-failed", 200, "failed")],
)
async def test_waterfall_jobs_finish(who: str, status: int, ending: str) -> None:
    clock = ManualClock()
    async with running(clock=clock, burst=None, job_seconds=10) as http:
        email = f"{who}.person@firm.test"
        found = (await http.post("/v3/contacts/search", {"contacts": [{"email": email}]})).json["results"][0]
        off = await http.post("/v3/contacts/enrich", {"ids": [found["id"]], "waterfallEnabled": False})
        assert "job" not in off.json
        got = (await http.post("/v3/contacts/enrich", {"ids": [found["id"]], "reveal": ["emails"]})).json
        assert (got["status"], got["results"][0]["emails"], got["billing"]["creditsCharged"]) == ("partial", [], 0)
        path = f"/v3/contacts/jobs/{got['job']['id']}"
        assert (await http.get(path)).json["status"] == "processing"
        clock.advance(11)
        done = await http.get(path)
        assert (done.status, done.json["status"]) == (status, ending)
        if ending == "complete":
            assert done.json["contacts"][0]["emails"][0]["email"] == email
            assert done.json["creditsCharged"] == (await http.get(path)).json["creditsCharged"] == 2
        clock.advance(4_000)
        assert (await http.get(path)).status == 404


async def test_a_job_store_that_is_gone_or_busy(http: Http) -> None:
    for who, statuses in (("waterfall-gone", [404, 404]), ("waterfall-busy", [503, 200])):
        contact = {"contacts": [{"email": f"{who}.x@firm.test"}]}
        found = (await http.post("/v3/contacts/search", contact)).json["results"][0]
        job = (await http.post("/v3/contacts/enrich", {"ids": [found["id"]]})).json["job"]["id"]
        assert [(await http.get(f"/v3/contacts/jobs/{job}")).status for _ in range(2)] == statuses


async def test_enrichment_of_a_drying_account_keeps_what_it_can_pay() -> None:
    async with running(credits=3, partial_when_dry=True, burst=None, not_found=0, restricted=0) as http:
        http.sandbox.configure(prices={"contactSearch": [0, 25]})
        items = [{"email": f"p.{n}@firm.example.com"} for n in range(10)]
        got = await http.post("/v3/contacts/search-and-enrich", {"contacts": items, "reveal": ["emails"]})
        assert (got.status, got.json["status"], got.json["billing"]["creditsCharged"]) == (
            200,
            "PARTIAL_OUT_OF_CREDITS",
            3,
        )
        failed = [one for one in got.json["results"] if one.get("missingDataPoints")]
        assert failed[0]["missingDataPoints"][0] == {"type": "email", "status": "BILLING_FAILED"}


async def test_conversations(http: Http) -> None:
    first = (await http.post("/v3/account/conversations/search", {})).json
    assert (len(first["results"]), first["billing"]["creditsCharged"]) == (25, 1)
    for bad in ({"pageSize": 101}, {"dateFrom": "2026-09-31"}, {"dateFrom": "20260901"}):
        assert (await http.post("/v3/account/conversations/search", bad)).status == 400
    one = first["results"][3]
    same = {"companyDomains": [one["company"]["domain"]], "dateFrom": one["date"], "dateTo": one["date"]}
    assert (await http.post("/v3/account/conversations/search", same)).json["results"] == [one]
    path = f"/v3/account/conversations/{one['conversationId']}/transcript"
    assert (await http.get(path)).json["segments"][0]["speaker"]
    assert (await http.get(path.replace(one["conversationId"], "nope"))).status == 404


async def test_v2_prospecting_answers_201_with_data_and_enriches_by_number(http: Http) -> None:
    filters = {"contacts": {"include": {"departments": ["Sales"], "existing_data_points": ["work_email"]}}}
    found = await http.post("/prospecting/contact/search", {"pages": {"page": 0, "size": 10}, "filters": filters})
    assert (found.status, found.json["pageLength"]) == (201, 10)
    ids = [one["contactId"] for one in found.json["data"]]
    body = {"requestId": found.json["requestId"], "contactIds": [*ids, "7"], "revealEmails": True}
    got = (await http.post("/prospecting/contact/enrich", body)).json
    by_id = {one["id"]: one for one in got["contacts"]}
    assert not by_id["7"]["isSuccess"]
    assert all("@" in by_id[one]["data"]["emailAddresses"][0]["email"] for one in ids)
    firms = await http.post("/prospecting/company/search", {"filters": {"companies": {"include": {"sics": ["7371"]}}}})
    numbers = [one["id"] for one in firms.json["data"]]
    enriched = await http.post(
        "/prospecting/company/enrich", {"requestId": firms.json["requestId"], "companiesIds": numbers}
    )
    assert {one["subIndustry"] for one in enriched.json["companies"]} == {"Software Development"}


async def test_v2_signals(http: Http) -> None:
    contacts = [{"id": "a", "email": "ada.abara@firm.example.com"}, {"id": "b", "email": "not-found@x.test"}]
    got = (await http.post("/api/signals/contacts/search", {"contacts": contacts, "signals": ["allSignals"]})).json
    assert set(got["contacts"]) == {"a"}
    number = int(got["contacts"]["a"]["personId"])
    same = (await http.post("/api/signals/contacts", {"contactIds": [number], "signals": ["allSignals"]})).json
    assert {**same["contacts"][str(number)]} == got["contacts"]["a"]
    asked = {"companies": [{"id": "x", "domain": "firm.test"}], "signals": ["allSignals"]}
    firm = (await http.post("/api/signals/companies/search", asked)).json["companies"]["x"]
    assert firm["domain"] == "firm.test"
    options = (await http.get("/api/signals/filters/company")).json
    assert "Funding Round" in options["filterOptions"]["newsEventTypes"]


async def test_many_at_once_on_a_shared_state(http: Http) -> None:
    names = [f"T{n}" for n in range(20)] * 2
    got = await asyncio.gather(*(http.post("/v3/contacts/tables", {"name": name, **OWNER}) for name in names))
    assert sorted(one.status for one in got) == [201] * 20 + [409] * 20

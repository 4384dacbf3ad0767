"""Every documented operation has a route, and V2 can be switched off."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from lusha_async.sandbox.routes import OPERATIONS

from .conftest import Http, running

DOCUMENTED = """
GET /account/usage
GET /api/account/secret
POST /api/account/secret/regenerate
GET /api/audit-logs
GET /api/audit-logs/stats
POST /api/recommendations/companies
POST /api/recommendations/contacts
POST /api/signals/companies
POST /api/signals/companies/search
POST /api/signals/contacts
POST /api/signals/contacts/search
GET /api/signals/filters/{objectType}
GET /api/subscriptions
POST /api/subscriptions
POST /api/subscriptions/delete
POST /api/subscriptions/opt-out
GET /api/subscriptions/{id}
PATCH /api/subscriptions/{id}
POST /api/subscriptions/{id}/test
POST /bulk/company/v2
POST /prospecting/company/enrich
POST /prospecting/company/search
POST /prospecting/contact/enrich
POST /prospecting/contact/search
GET /prospecting/filters/companies/industries_labels
GET /prospecting/filters/companies/intent_topics
POST /prospecting/filters/companies/locations
GET /prospecting/filters/companies/naics
POST /prospecting/filters/companies/names
GET /prospecting/filters/companies/revenues
GET /prospecting/filters/companies/sics
GET /prospecting/filters/companies/sizes
POST /prospecting/filters/companies/technologies
GET /prospecting/filters/contacts/all_countries
GET /prospecting/filters/contacts/departments
GET /prospecting/filters/contacts/existing_data_points
POST /prospecting/filters/contacts/locations
GET /prospecting/filters/contacts/seniority
GET /v2/company
POST /v2/company
GET /v2/person
POST /v2/person
POST /v3/account/conversations/search
GET /v3/account/conversations/{conversationId}/transcript
GET /v3/account/usage
POST /v3/companies/enrich
POST /v3/companies/lookalike
POST /v3/companies/prospecting
GET /v3/companies/prospecting/filters
GET /v3/companies/prospecting/filters/{filterType}
POST /v3/companies/search
POST /v3/companies/search-and-enrich
POST /v3/companies/signal-score
POST /v3/companies/signals
GET /v3/companies/signals/filters
GET /v3/companies/signals/filters/{filterType}
GET /v3/companies/signals/types
POST /v3/companies/tables
POST /v3/companies/tables/list
DELETE /v3/companies/tables/{table_id}
GET /v3/companies/tables/{table_id}
PATCH /v3/companies/tables/{table_id}
GET /v3/companies/tables/{table_id}/columns
POST /v3/companies/tables/{table_id}/columns
DELETE /v3/companies/tables/{table_id}/columns/{column_id}
POST /v3/companies/tables/{table_id}/columns/{column_id}/run
DELETE /v3/companies/tables/{table_id}/entities
GET /v3/companies/tables/{table_id}/entities
POST /v3/companies/tables/{table_id}/entities
POST /v3/companies/website-visits
POST /v3/contacts/buying-group
POST /v3/contacts/enrich
GET /v3/contacts/jobs/{jobId}
POST /v3/contacts/lookalike
POST /v3/contacts/prospecting
GET /v3/contacts/prospecting/filters
GET /v3/contacts/prospecting/filters/{filterType}
POST /v3/contacts/search
POST /v3/contacts/search-and-enrich
POST /v3/contacts/signal-score
POST /v3/contacts/signals
GET /v3/contacts/signals/types
POST /v3/contacts/tables
POST /v3/contacts/tables/list
DELETE /v3/contacts/tables/{table_id}
GET /v3/contacts/tables/{table_id}
PATCH /v3/contacts/tables/{table_id}
GET /v3/contacts/tables/{table_id}/columns
POST /v3/contacts/tables/{table_id}/columns
DELETE /v3/contacts/tables/{table_id}/columns/{column_id}
POST /v3/contacts/tables/{table_id}/columns/{column_id}/run
DELETE /v3/contacts/tables/{table_id}/entities
GET /v3/contacts/tables/{table_id}/entities
POST /v3/contacts/tables/{table_id}/entities
POST /v3/lookalike/companies
POST /v3/lookalike/contacts
"""


def test_every_documented_operation_has_a_route_and_no_other_has() -> None:
    assert sorted(one.name for one in OPERATIONS) == sorted(DOCUMENTED.strip().splitlines())


async def test_no_route_fails_on_an_empty_request(http: Http) -> None:
    for one in OPERATIONS:
        path = one.path.replace("{objectType}", "contact")
        got = await http.send(one.method, path, {} if one.method != "GET" else None)
        assert got.status < 500, one.name
        assert got.headers["x-rate-limit-minute"]


async def test_v2_announces_its_end_and_can_be_gone(http: Http) -> None:
    assert (await http.get("/v2/company", params={"domain": "acme.test"})).headers["Sunset"]
    assert "Sunset" not in (await http.get("/v3/account/usage")).headers
    async with running(v2=False) as later:
        assert (await later.get("/v2/company", params={"domain": "acme.test"})).status == 404
        assert (await later.post("/v3/companies/search", {"companies": [{"domain": "acme.test"}]})).status == 200


async def test_fields_that_only_lushas_own_clients_send_are_taken(http: Http) -> None:
    companies = {"companies": [{"id": "1", "domain": "acme.test"}], "metadata": {"filterBy": "x"}}
    assert (await http.post("/bulk/company/v2", companies)).status == 200
    include = {"mainIndustriesIds": ["17"], "sics": ["7371"], "technologies": ["Redis"]}
    search = {"offset": {"index": 0, "size": 10}, "filters": {"companies": {"include": include}}}
    assert (await http.post("/prospecting/contact/search", search)).status == 201
    options = {"maxContactsPerCompany": 1}
    capped = {"pagination": {"page": 0, "size": 100}, "filters": {}, "options": options}
    results = (await http.post("/v3/contacts/prospecting", capped)).json["results"]
    assert len({one["company"]["id"] for one in results}) == 100


async def test_it_runs_as_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "lusha_async.sandbox", "--port", "0"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env={**os.environ})
    assert process.stdout is not None
    lines = [(await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip() for _ in range(2)]
    assert lines[0].startswith("LUSHA_BASE_URL=http://127.0.0.1:")
    assert lines[1].startswith("LUSHA_API_KEY=")
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0

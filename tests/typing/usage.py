"""Typical user code, here for the type checkers: what it infers is part of the interface."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import assert_type

from lusha_async import (
    CompanyQuery,
    ContactQuery,
    Endpoint,
    LocalLimits,
    LushaClient,
    LushaError,
    Outcome,
    QuotaExhausted,
    Reply,
    RetryPolicy,
    RunReport,
    Status,
    to_dict,
)
from lusha_async.bulk import BulkRun
from lusha_async.v3.account import AccountUsage
from lusha_async.v3.common import Company, Contact, ContactPreview
from lusha_async.v3.enrichment import ContactEnrichResponse


async def rows() -> AsyncIterator[ContactQuery]:
    yield ContactQuery(email="jane@example.com")


def progress(report: RunReport) -> None:
    print(report.done, report.statuses[Status.FOUND], report.credits_charged)


async def single(lusha: LushaClient) -> str | None:
    answer = await lusha.contacts.search_and_enrich(
        {"email": "jane@example.com"}, reveal=["emails", "phones"], timeout=5
    )
    assert_type(answer, ContactEnrichResponse)
    for contact in answer.results:
        assert_type(contact, Contact)
        for email in contact.emails or ():
            assert_type(email.email, str | None)
    usage = await lusha.account.usage()
    assert_type(usage, AccountUsage)
    return answer.results[0].first_name


async def bulk(lusha: LushaClient) -> None:
    run = lusha.contacts.bulk_search_and_enrich(rows(), reveal=["emails"], ordered=True, on_progress=progress)
    assert_type(run, BulkRun[ContactQuery, Contact])
    async with run:
        async for outcome in run:
            assert_type(outcome, Outcome[ContactQuery, Contact])
            if outcome.result is not None:
                assert_type(outcome.result, Contact)
                print(to_dict(outcome.result))
            assert_type(outcome.error, LushaError | None)
            assert_type(outcome.raw, bytes | None)

    companies = lusha.companies.bulk_enrich(["v1.a"], reveal=())
    assert_type(companies, BulkRun[str, Company])
    found = await lusha.contacts.bulk_search([ContactQuery(email="jane@example.com")]).collect()
    assert_type(found, list[Outcome[ContactQuery, ContactPreview]])
    await lusha.companies.search(CompanyQuery(domain="example.com"))


async def unknown_operation(lusha: LushaClient) -> None:
    endpoint = Endpoint(method="GET", path="/v3/new/{name}", operation="new", response=dict[str, int])
    reply = await lusha.send(endpoint, path={"name": "x"})
    assert_type(reply, Reply[dict[str, int]])


async def main() -> None:
    async with LushaClient(limits=LocalLimits(10), retries=RetryPolicy(max_attempts=2), max_wait=10) as lusha:
        try:
            await single(lusha)
            await bulk(lusha)
        except QuotaExhausted as error:
            print(error.window, error.resume_at)
        except LushaError as error:
            print(error)

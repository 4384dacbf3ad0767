"""Answers as the live API sends them, where they differ from its documents (FACTS.md h)."""

from __future__ import annotations

from typing import get_args

import msgspec

from lusha_async.decode import decode
from lusha_async.model import to_dict
from lusha_async.v3.account import AccountUsage
from lusha_async.v3.common import Funding, Intent
from lusha_async.v3.conversations import ConversationsSearchResponse
from lusha_async.v3.enrichment import CompanyEnrichResponse, ContactEnrichResponse, ContactSearchResponse
from lusha_async.v3.signals_types import (
    CompanySignals,
    CompanySignalsResponse,
    CompanySignalType,
    ContactSignals,
    ContactSignalType,
)
from lusha_async.v3.subscriptions_types import AuditStats, SubscriptionListResponse


def read(kind, data):
    return decode(msgspec.json.encode(data), kind)


def test_an_enriched_contact_with_everything_beyond_the_documents():
    answer = read(
        ContactEnrichResponse,
        {
            "requestId": "r",
            "status": "partial",
            "statusReason": "providers at work",
            "job": {"id": "j", "status": "processing", "retryAfter": 5, "expiresAt": "2026-01-31T10:00:00Z"},
            "results": [
                {
                    "id": "v1.a",
                    "partialProfile": False,
                    "linkedinConnections": 500,
                    "linkedinFollowers": 12,
                    "jobTitle": {"title": "CTO", "startDate": "2025-02-01"},
                    "location": {"country": "Germany", "stateCode": "BE", "isEuContact": True},
                    "emails": [
                        {"email": "a@example.com", "confidence": None, "dataSource": "lusha", "credits": 1.5, "new": 1}
                    ],
                    "missingDataPoints": [{"type": "phone", "status": "NOT_FOUND"}],
                }
            ],
            "billing": {"creditsCharged": 1.5, "resultsReturned": 1},
        },
    )
    assert not answer.problems
    [contact] = answer.value.results
    assert contact.phones is None, "not revealed, which is not the same as none"
    assert contact.emails[0].credits == 1.5
    assert contact.job_title.start_date == "2025-02-01"
    assert contact.missing_data_points[0].status == "NOT_FOUND"
    assert answer.value.job.retry_after == 5
    assert answer.value.billing.credits_charged == 1.5


def test_a_company_with_lists_where_the_documents_have_texts():
    answer = read(
        CompanyEnrichResponse,
        {
            "results": [
                {
                    "id": 16303253,
                    "emails": [{"email": "info@example.com"}],
                    "homepageUrl": "https://example.com",
                    "socialLinks": {"linkedin": "l", "crunchbase": ["c1", "c2"]},
                    "employeeCount": {"exact": 1200, "max": 1000},
                    "funding": {"rounds": [{"roundDate": "Nov 10, 2021", "roundAmount": 2e8}], "isIpo": False},
                    "intent": {
                        "detectedTopics": [{"topicName": "t", "metadata": {"topicScore": 85, "topicTrend": "+24"}}]
                    },
                    "estimatedAnnualItSpend": None,
                    "directParent": None,
                    "ultimateParent": {"lushaCompanyId": "v1.p", "name": "Parent", "hqCountry": "France"},
                    "openJobsTotal": 7,
                }
            ]
        },
    )
    [company] = answer.value.results
    assert company.id == "16303253"
    assert company.emails[0].email == "info@example.com"
    assert company.social_links.crunchbase == ("c1", "c2")
    assert company.employee_count.exact == 1200
    assert isinstance(company.funding, Funding)
    assert isinstance(company.intent, Intent)
    assert company.intent.detected_topics[0].metadata.topic_trend == "+24"
    assert company.ultimate_parent.hq_country == "France"
    assert company.open_jobs_total == 7


def test_a_field_of_another_type_costs_that_field_and_nothing_else():
    answer = read(
        ContactEnrichResponse,
        {"results": [{"id": "v1.a", "emails": "hidden", "firstName": ["?"], "lastName": "Doe"}, {"id": "v1.b"}]},
    )
    assert [contact.id for contact in answer.value.results] == ["v1.a", "v1.b"]
    assert answer.value.results[0].last_name == "Doe"
    assert answer.value.results[0].emails is None
    assert {problem.path for problem in answer.problems} == {".results[0].emails", ".results[0].firstName"}


def test_results_that_are_null_are_none_of_them():
    assert read(ContactEnrichResponse, {"results": None}).value.results == ()
    assert read(ContactEnrichResponse, {}).value.results == ()


def test_a_record_without_a_match_has_an_error_alone():
    answer = read(
        ContactSearchResponse, {"results": [{"clientReferenceId": "1", "error": {"code": "NEW_CODE", "message": None}}]}
    )
    assert answer.value.results[0].error.code == "NEW_CODE"


def test_usage_of_a_free_account_has_no_hourly_window():
    answer = read(
        AccountUsage,
        {
            "rateLimits": {"hourly": None, "daily": {"limit": 100, "remaining": 3, "resetsAt": "2026-01-31T10:00:00Z"}},
            "pricing": {"lookalike": {"credits": 1, "perQuantity": 5}, "new": {"credits": 0.5}},
        },
    )
    assert not answer.problems
    assert answer.value.rate_limits.hourly is None
    assert answer.value.pricing["lookalike"].per_quantity == 5


def test_lists_of_webhook_management_as_they_really_are():
    answer = read(
        SubscriptionListResponse,
        {"data": [{"id": "s", "entityId": 5}], "pagination": {"total": 1, "limit": 10, "offset": 0, "hasMore": False}},
    )
    assert answer.value.data[0].entity_id == "5"
    assert answer.value.pagination.has_more is False
    stats = read(AuditStats, {"permanentFailure": 1, "dlq": 2, "totalCreditsConsumed": 3, "successRate": "0%"}).value
    assert (stats.permanent_failure, stats.dlq, stats.total_credits_consumed, stats.success_rate) == (1, 2, 3, "0%")


def test_calls_are_found_under_any_of_the_three_names():
    for name in ("results", "conversations", "data"):
        call = {"conversationId": "c", "unheardOf": 1}
        assert read(ConversationsSearchResponse, {name: [call]}).value.found == (call,)


def test_signals_of_companies_by_type():
    answer = read(
        CompanySignalsResponse,
        {
            "results": [
                {
                    "id": "v1.c",
                    "headcountIncrease12m": [{"signalDate": "2026-01-31", "anything": 1}],
                    "linkedinActivityIntent": [{"companyId": 7, "activitySummary": None, "author": {"fullName": "n"}}],
                }
            ]
        },
    )
    [company] = answer.value.results
    assert company.headcount_increase_12m[0]["anything"] == 1
    assert company.linkedin_activity_intent[0].company_id == 7


def test_every_type_that_can_be_asked_for_has_its_field():
    for kind, types in ((ContactSignals, ContactSignalType), (CompanySignals, CompanySignalType)):
        assert set(get_args(types)) - {"allSignals"} <= set(kind.__struct_encode_fields__)


def test_contents_do_not_show_in_a_repr():
    answer = read(ContactEnrichResponse, {"results": [{"emails": [{"email": "secret@example.com"}]}]})
    assert "secret" not in repr(answer.value)
    assert to_dict(answer.value)["results"][0]["emails"][0]["email"] == "secret@example.com"

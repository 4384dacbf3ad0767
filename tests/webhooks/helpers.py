"""Deliveries as Lusha would send them, and a clock that stands still until it is told."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from lusha_async.webhooks import sign

SECRET = "whsec_for_tests"
NOW = 1_767_225_600.0
"""2026-01-01T00:00:00Z: what the tests' clocks show."""

CONTACT = {
    "personId": 4158887495,
    "currentCompanyId": 40823133,
    "currentCompanyName": "Example Hospitality",
    "currentDomain": "hospitality.example",
    "currentTitle": "Head Bartender",
    "currentDepartments": [{"id": 7, "value": "Other"}],
    "previousCompanyName": "Example Restaurants",
    "previousDomain": "restaurants.example",
    "signalDate": "2025-07-01",
}
COMPANY = {"companyId": "3416", "signalId": "1503904", "companyName": "Example", "domain": "company.example"}
NEWS = {
    **COMPANY,
    "eventType": "partnership",
    "eventSummary": "Example announced a partnership.",
    "articlePublishedDate": "2025-06-15",
    "articleTitle": "Example partners",
    "articleHighlight": "The partnership lets users do more.",
    "eventEffectiveDate": "2025-06-10",
    "articleUrl": "https://news.example/partnership",
}
HEADCOUNT = {
    **COMPANY, "signalDate": "2025-06-15", "baselineEmployeesCount": 500, "newEmployeesCount": 550, "changeRatePercent": 10,
}  # fmt: skip
TRAFFIC = {
    **COMPANY, "signalDate": "2025-06-15", "historicalAvg": 50000, "lastMonthVisits": 75000, "changeRatePercent": 50,
}  # fmt: skip
SPEND = {**COMPANY, "signalDate": "2025-06-15", "estimatedAnnualItSpend": 5000000, "changeRatePercent": 25}
HIRING = {**COMPANY, "signalDate": "2025-06-15", "historicalAvg": 5, "changeRatePercent": 200}
INTENT = {
    "companyId": 16303253,
    "activityPublicationDate": "2026-05-12",
    "signalCategory": "Technology or Stack Discussion",
    "intentTopics": [{"topic": "Cloud Security", "category": "Technology"}],
    "author": {"id": "4389064624", "fullName": "Jane Doe", "linkedinUrl": "https://www.linkedin.com/in/jane-doe"},
    "contactsMentioned": [{"id": None, "fullName": "John Roe", "linkedinUrl": "https://www.linkedin.com/in/john-roe"}],
    "companiesMentioned": [{"id": "1", "name": "Example", "linkedinUrl": "https://www.linkedin.com/company/example"}],
    "activityUrl": "https://www.linkedin.com/feed/update/urn:li:activity:1",
    "activitySummary": "Discusses a new stack.",
    "activityLikes": 42,
    "activityComments": 5,
    "activityShares": 3,
    "activityType": "post",
}
SAMPLES: dict[str, dict[str, Any]] = {
    "promotion": CONTACT,
    "companyChange": CONTACT,
    **{f"headcount{way}{months}m": HEADCOUNT for way in ("Increase", "Decrease") for months in (1, 3, 6, 12)},
    "surgeInHiring": {**HIRING, "newJobsPostedLastWeek": 25},
    "surgeInHiringByDepartment": {**HIRING, "department": "Engineering", "newJobsPostedLast4Weeks": 15},
    "surgeInHiringByLocation": {
        **HIRING, "country": "United States", "state": "California", "newJobsPostedLast4Weeks": 20,
    },
    "websiteTrafficIncrease": TRAFFIC,
    "websiteTrafficDecrease": TRAFFIC,
    "itSpendIncrease": SPEND,
    "itSpendDecrease": SPEND,
    "linkedinActivityIntent": INTENT,
    **dict.fromkeys(
        ("riskNews", "commercialActivityNews", "corporateStrategyNews", "financialEventsNews", "peopleNews",
         "marketIntelligenceNews", "productActivityNews"),
        NEWS,
    ),
}  # fmt: skip
"""The documented `data` of every signal."""

OPT_OUT: dict[str, Any] = {
    "contactId": "987654321",
    "fullName": "Jane Doe",
    "companyName": "Example Corp",
    "jobTitle": "Director of Product",
    "linkedinUrl": "https://www.linkedin.com/in/jane-doe",
    "contactOptOutDate": "2026-04-22 14:32:11.412",
    "contactExposureDate": "2025-08-03 09:15:47",
    "datapoints": [
        {"datapointId": "+14155550199", "datapointType": "phone"},
        {"datapointId": "jane.doe@corp.example", "datapointType": "email"},
    ],
    "partnerClientId": "crm-tenant-42",
}


def payload(kind: str = "promotion", delivery_id: str | None = None, **changes: Any) -> dict[str, Any]:
    """A signal's delivery."""
    return {
        "id": delivery_id or str(uuid.uuid4()),
        "type": kind,
        "entityType": "contact" if kind in {"promotion", "companyChange"} else "company",
        "entityId": "4158887495",
        "subscriptionId": "507f1f77bcf86cd799439011",
        "data": SAMPLES.get(kind, {}),
        "timestamp": "2026-01-14T16:16:35.841Z",
        "billing": {"creditsCharged": 1},
        **changes,
    }


def to_json(content: Any) -> bytes:
    """As `JSON.stringify` writes it."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()


def delivery(
    content: Any = None, *, secret: str = SECRET, at: float = NOW, **changes: Any
) -> tuple[dict[str, str], bytes]:
    """Headers and body of a signed delivery."""
    body = content if isinstance(content, bytes) else to_json(payload(**changes) if content is None else content)
    return sign(body, secret, timestamp=at), body


class ManualClock:
    """Time that passes when `pass_time` says so."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        sleeper = (self.now + seconds, asyncio.Event())
        self._sleepers.append(sleeper)
        try:
            await sleeper[1].wait()
        finally:
            if sleeper in self._sleepers:
                self._sleepers.remove(sleeper)

    @property
    def sleeping(self) -> int:
        """How many tasks wait for time to pass."""
        return len(self._sleepers)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, and everything that waited for it run."""
        self.now += seconds
        for due, woken in self._sleepers:
            if due <= self.now:
                woken.set()
        self._sleepers = [sleeper for sleeper in self._sleepers if not sleeper[1].is_set()]
        await settle()


async def settle() -> None:
    """Let every task that can run do so."""
    for _ in range(50):
        await asyncio.sleep(0)


async def until(condition: Any, *, limit: float = 10.0) -> None:
    """Wait for something that other tasks or threads bring about; the limit only ends a test that hangs."""
    async with asyncio.timeout(limit):
        while not condition():
            await asyncio.sleep(0.002)

"""Whether a person or company meets the filters of prospecting.

Fields that are set must all hold, the values of one field are alternatives. A filter on something this world does not
model (skills, education, former addresses) matches nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import UNSET

from . import events, identity, profiles
from .criteria import Location, Range
from .vocabulary import SENIORITIES, Place
from .world import Company, Person

Test = Callable[[Any, Any, Any], bool]

_DATA_POINTS: dict[str, Callable[[Person], bool]] = {
    "work_email": lambda person: person.has_emails,
    "private_email": lambda person: person.has_emails and person.bits % 3 == 0,
    "phone": lambda person: person.has_phones,
    "mobile_phone": lambda person: any(one["type"] == "mobile" for one in profiles.phones(person)),
    "direct_phone": lambda person: any(one["type"] == "direct" for one in profiles.phones(person)),
}
_IGNORED = frozenset(
    {
        "existing_data_points_condition",
        "technologies_condition",
        "intent_topics_condition",
        "intent_topics_operator",
        "keywords_search_fields",
        "intent_min_score",
        "intent_max_score",
        "exclude_partial_companies",
    }
)


def meets(subject: Person | Company, include: Any, exclude: Any) -> bool:
    """Whether `subject` has all of `include` and nothing of `exclude`; either may be absent."""
    tests = CONTACT_TESTS if isinstance(subject, Person) else COMPANY_TESTS
    wanted = include is UNSET or all(_holds(tests, name, subject, value, include) for name, value in _set(include))
    return wanted and (
        exclude is UNSET or not any(_holds(tests, name, subject, value, exclude) for name, value in _set(exclude))
    )


def _set(criteria: Any) -> Iterable[tuple[str, Any]]:
    for name in criteria.__struct_fields__:
        value = getattr(criteria, name)
        if value is not UNSET and value not in ([], "") and name not in _IGNORED:
            yield name, value


def _holds(tests: dict[str, Test], name: str, subject: Any, value: Any, criteria: Any) -> bool:
    test = tests.get(name)
    return test is not None and test(subject, value, criteria)


def _contains(text: str, wanted: Iterable[str]) -> bool:
    text = identity.slug(text)
    return any(identity.slug(part) in text for part in wanted)


def _same(text: str, wanted: Iterable[str]) -> bool:
    return text.casefold() in {one.casefold() for one in wanted}


def _at(place: Place, wanted: Iterable[Location]) -> bool:
    return any(_at_one(place, one) for one in wanted)


def _at_one(place: Place, wanted: Location) -> bool:
    if wanted.country_iso2 is not UNSET:
        return False
    pairs = (
        (wanted.city, place.city),
        (wanted.state, place.state),
        (wanted.country, place.country),
        (wanted.continent, place.continent),
    )
    return all(not want or identity.slug(want) == identity.slug(have) for want, have in pairs)


def _overlaps(band: tuple[int, int | None], ranges: Iterable[Range]) -> bool:
    low, high = band
    return any(
        (one.max is UNSET or low <= one.max) and (one.min is UNSET or high is None or high >= one.min) for one in ranges
    )


def _within(number: int, ranges: Iterable[Any]) -> bool:
    return any((one.min is UNSET or number >= one.min) and (one.max is UNSET or number <= one.max) for one in ranges)


def _quantified(have: Iterable[str], wanted: Iterable[str], condition: object) -> bool:
    names = {one.casefold() for one in have}
    hits = [one.casefold() in names for one in wanted]
    return all(hits) if condition in {"and", "all"} else any(hits)


def _data_points(person: Person, wanted: list[str], criteria: Any) -> bool:
    hits = [one in _DATA_POINTS and _DATA_POINTS[one](person) for one in wanted]
    return any(hits) if getattr(criteria, "existing_data_points_condition", UNSET) == "or" else all(hits)


def _topics(company: Company) -> list[str]:
    if company.bits % 2:
        return []
    return [one["topicName"] for one in profiles.intent(company)["detectedTopics"]]


def _founded(company: Company) -> int:
    return int(profiles.company_profile(company, quirks=False)["yearFounded"])


def _text_of(company: Company) -> str:
    return " ".join((company.name, company.industry.main, company.industry.sub, *profiles.technologies(company)))


def _profile_list(company: Company, name: str) -> list[str]:
    found: list[str] = profiles.company_profile(company, quirks=False)[name]
    return found


CONTACT_TESTS: dict[str, Test] = {
    "names": lambda person, want, _: _contains(f"{person.first} {person.last}", want),
    "job_titles": lambda person, want, _: _contains(person.job.title, want),
    "job_titles_exact_match": lambda person, want, _: _same(person.job.title, want),
    "normalized_job_titles": lambda person, want, _: _same(person.job.title, want),
    "search_text": lambda person, want, _: _contains(
        f"{person.first} {person.last} {person.job.title} {person.company.name}", [want]
    ),
    "countries": lambda person, want, _: _same(person.place.iso2, want),
    "locations": lambda person, want, _: _at(person.place, want),
    "seniority_ids": lambda person, want, _: SENIORITIES[person.job.seniority] in want,
    "departments": lambda person, want, _: _same(person.job.department, want),
    "linkedin_urls": lambda person, want, _: person.identity in {identity.from_linkedin(one) for one in want},
    "existing_data_points": _data_points,
    "signals": lambda person, want, _: bool(events.contact_types(person, want.types)),
    "emails": lambda person, want, _: person.identity in {identity.from_email(one) for one in want},
    "ids": lambda person, want, _: person.id in want,
    "previous_job_title": lambda person, want, _: any(
        _contains(one["jobTitle"]["title"], want) for one in profiles.previous_jobs(person)
    ),
}
"""Tests of contact filters by their Python name."""

COMPANY_TESTS: dict[str, Test] = {
    "names": lambda company, want, _: _contains(company.name, want),
    "domains": lambda company, want, _: company.domain in {identity.domain(one) for one in want},
    "ids": lambda company, want, _: company.id in want or str(company.number) in want,
    "search_text": lambda company, want, _: _contains(_text_of(company), [want]),
    "locations": lambda company, want, _: _at(company.place, want),
    "sizes": lambda company, want, _: _overlaps(company.size, want),
    "revenues": lambda company, want, _: _overlaps(company.revenue, want),
    "technologies": lambda company, want, criteria: _quantified(
        profiles.technologies(company), want, getattr(criteria, "technologies_condition", UNSET)
    ),
    "industries_labels": lambda company, want, _: (
        _same(company.industry.main, want) or _same(company.industry.sub, want)
    ),
    "main_industries_ids": lambda company, want, _: company.industry.id in want,
    "sub_industries_ids": lambda company, want, _: company.industry.sub_id in want,
    "intent_topics": lambda company, want, criteria: _quantified(
        _topics(company), want, getattr(criteria, "intent_topics_condition", UNSET)
    ),
    "topic_count_threshold": lambda company, want, _: _within(len(_topics(company)), want),
    "sic_codes": lambda company, want, _: str(company.industry.sic) in want,
    "naics_codes": lambda company, want, _: str(company.industry.naics) in want,
    "founded_year": lambda company, want, _: _within(_founded(company), want),
    "business_model": lambda _company, want, _: "B2B" in want,
    "company_type": lambda company, want, _: profiles.company_profile(company, quirks=False)["companyType"] in want,
    "linkedin_urls": lambda company, want, _: profiles.company_linkedin(company) in {one.rstrip("/") for one in want},
    "keywords": lambda company, want, _: _quantified(_profile_list(company, "keywords"), want, "or"),
    "exact_keywords": lambda company, want, _: _quantified(_profile_list(company, "keywords"), want, "or"),
    "specialities": lambda company, want, _: _quantified(_profile_list(company, "specialities"), want, "or"),
    "exact_specialities": lambda company, want, _: _quantified(_profile_list(company, "specialities"), want, "or"),
    "signals": lambda company, want, _: bool(events.company_types(company, want.types)),
    "funding": lambda company, _want, _: company.bits % 3 == 0,
    "head_count": lambda company, want, _: _within(company.head_count, [want]),
}
"""Tests of company filters by their Python name."""


def fingerprint(*parts: Any) -> bytes:
    """The same bytes for the same filters: a key to keep a walk through the world under."""
    return msgspec.json.encode(parts)

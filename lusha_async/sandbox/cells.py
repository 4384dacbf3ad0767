"""What a table can show about a row: the columns by key, and the value each has for a person or company."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from . import events, profiles
from .world import Company, Person

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class ColumnKind(Generic[S]):
    """A column that can stand in a table."""

    name: str
    type: str
    value: Callable[[S], object]


def _first(items: list[dict[str, Any]], name: str) -> Any:
    return items[0][name] if items else None


def _founded(company: Company) -> object:
    return profiles.company_profile(company, quirks=False)["yearFounded"]


CONTACT_COLUMNS: dict[str, ColumnKind[Person]] = {
    "fullName": ColumnKind("Full name", "lusha", lambda one: f"{one.first} {one.last}"),
    "jobTitle": ColumnKind("Job title", "lusha", lambda one: one.job.title),
    "companyName": ColumnKind("Company", "lusha", lambda one: one.company.name),
    "workEmail": ColumnKind("Work email", "lusha", lambda one: _first(profiles.emails(one), "email")),
    "phone": ColumnKind("Phone", "lusha", lambda one: _first(profiles.phones(one), "number")),
    "signals": ColumnKind("Signals", "signal", lambda one: events.contact_types(one) or None),
    "seniority": ColumnKind("Seniority", "lusha", lambda one: one.job.seniority),
    "department": ColumnKind("Department", "lusha", lambda one: one.job.department),
    "country": ColumnKind("Country", "lusha", lambda one: one.place.country),
    "linkedin": ColumnKind("LinkedIn", "lusha", lambda one: one.linkedin),
    "industry": ColumnKind("Industry", "lusha", lambda one: one.company.industry.main),
    "yearFounded": ColumnKind("Year founded", "lusha", lambda one: _founded(one.company)),
}

COMPANY_COLUMNS: dict[str, ColumnKind[Company]] = {
    "name": ColumnKind("Name", "lusha", lambda one: one.name),
    "domain": ColumnKind("Domain", "lusha", lambda one: one.domain),
    "industry": ColumnKind("Industry", "lusha", lambda one: one.industry.main),
    "signals": ColumnKind("Signals", "signal", lambda one: events.company_types(one) or None),
    "subIndustry": ColumnKind("Sub-industry", "lusha", lambda one: one.industry.sub),
    "yearFounded": ColumnKind("Year founded", "lusha", _founded),
    "employeeCount": ColumnKind("Employees", "lusha", lambda one: one.head_count),
    "country": ColumnKind("Country", "lusha", lambda one: one.place.country),
    "technologies": ColumnKind("Technologies", "lusha", lambda one: ", ".join(profiles.technologies(one))),
    "funding": ColumnKind(
        "Funding", "lusha", lambda one: profiles.funding(one)["totalRoundsAmount"] if one.bits % 3 == 0 else None
    ),
}

CATALOG: dict[str, dict[str, ColumnKind[Any]]] = {"contacts": CONTACT_COLUMNS, "companies": COMPANY_COLUMNS}
DEFAULTS: dict[str, tuple[str, ...]] = {
    "contacts": ("fullName", "jobTitle", "companyName"),
    "companies": ("name", "domain", "industry"),
}
"""Columns every table starts with; their cells are filled at once and they cannot be removed."""

OPTIONAL: dict[str, tuple[str, ...]] = {"contacts": ("workEmail", "phone", "signals"), "companies": ("signals",)}
"""Further columns of a new table, empty until they are run."""


def cell(kind: str, key: str, subject: Person | Company) -> Any:
    """The value of a column for a row; None where there is none."""
    return CATALOG[kind][key].value(subject)

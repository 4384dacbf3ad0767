"""Results as columns: always the same ones, whatever the first rows hold. The rest is in the JSON column. Pure code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Path = tuple[str | int, ...]

LISTED = 3
"""E-mail addresses and phone numbers that get columns of their own."""


def _columns(paths: Mapping[str, str]) -> dict[str, Path]:
    return {
        name: tuple(int(step) if step.isdigit() else step for step in path.split(".")) for name, path in paths.items()
    }


CONTACT_COLUMNS: Mapping[str, Path] = _columns(
    {
        "id": "id",
        "first_name": "first_name",
        "last_name": "last_name",
        "title": "job_title.title",
        "seniority": "job_title.seniority",
        "departments": "job_title.departments",
        "company": "company.name",
        "company_domain": "company.domain",
        "industry": "company.industry",
        "country": "location.country",
        "state": "location.state",
        "city": "location.city",
        "linkedin_url": "social_links.linkedin",
        **{
            f"email_{n + 1}{suffix}": f"emails.{n}.{path}"
            for n in range(LISTED)
            for suffix, path in (("", "email"), ("_type", "type"), ("_confidence", "confidence"))
        },
        **{
            f"phone_{n + 1}{suffix}": f"phones.{n}.{path}"
            for n in range(LISTED)
            for suffix, path in (("", "number"), ("_type", "type"), ("_do_not_call", "do_not_call"))
        },
    }
)
"""Column, and where in a typed contact its value stands."""

COMPANY_COLUMNS: Mapping[str, Path] = _columns(
    {
        "id": "id",
        "name": "name",
        "domain": "domain",
        "homepage_url": "homepage_url",
        "company_type": "company_type",
        "industry": "industry",
        "sub_industry": "sub_industry",
        "specialities": "specialities",
        "year_founded": "year_founded",
        "employees_exact": "employee_count.exact",
        "employees_min": "employee_count.min",
        "employees_max": "employee_count.max",
        "revenue_min": "revenue_range.min",
        "revenue_max": "revenue_range.max",
        "country": "location.country",
        "state": "location.state",
        "city": "location.city",
        "linkedin_url": "social_links.linkedin",
        "email": "emails.0.email",
        "phone": "phone",
        "description": "description",
    }
)
"""Column, and where in a typed company its value stands."""


NUMBERS = frozenset({"year_founded", "employees_exact", "employees_min", "employees_max", "revenue_min", "revenue_max"})
"""Columns of whole numbers, where a format has types."""
FLAGS = frozenset(f"phone_{n + 1}_do_not_call" for n in range(LISTED))
"""Columns of yes or no."""


def plain_values_of(result: object, columns: Mapping[str, Path]) -> list[Any]:
    """One value per column, of its type: text, a number or a flag; None where the result holds nothing fitting."""
    return [_typed(_at(result, path), name) for name, path in columns.items()]


def _typed(value: Any, name: str) -> Any:
    if value is None or value == ():
        return None
    if name in NUMBERS:
        whole = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**63
        return int(value) if whole else None
    if name in FLAGS:
        return value if isinstance(value, bool) else None
    return _cell(value)


def values_of(result: object, paths: Sequence[Path]) -> list[str]:
    """One cell per path; empty where the result holds nothing there."""
    return [_cell(_at(result, path)) for path in paths]


def _at(value: Any, path: Path) -> Any:
    for step in path:
        if value is None:
            return None
        if isinstance(step, int):
            listed = cast("tuple[Any, ...]", value) if isinstance(value, tuple) else ()
            value = listed[step] if step < len(listed) else None
        else:
            value = getattr(value, step, None)
    return value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "; ".join(_cell(part) for part in cast("tuple[Any, ...]", value))
    return str(value)


def reason(error: Exception | None) -> str | None:
    """Why a row has no result, without the record's number, which counts otherwise."""
    return None if error is None else str(error).removeprefix(f"record {getattr(error, 'index', None)}: ")

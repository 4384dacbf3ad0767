"""Contacts and companies: what differs between the two for the command line, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Unpack

from ..flatten import COMPANY_COLUMNS, CONTACT_COLUMNS
from .columns import COMPANY_HEADERS, CONTACT_HEADERS
from .refusal import Refused, nearest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping

    from ..bulk import BulkOptions, BulkRun
    from ..client import LushaClient
    from ..flatten import Path

    Records = AsyncIterator[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is enriched."""

    name: Literal["contacts", "companies"]
    headers: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, Path]
    reveals: tuple[str, ...]
    """What is known to be revealable. Others are passed on: the API may know more by now."""
    start: Callable[..., BulkRun[dict[str, str], Any]]

    @property
    def company(self) -> bool:
        """Whether it is companies."""
        return self.name == "companies"


def _contacts(
    lusha: LushaClient, records: Records, reveal: tuple[str, ...], **options: Unpack[BulkOptions]
) -> BulkRun[dict[str, str], Any]:
    return lusha.contacts.bulk_search_and_enrich(records, reveal=reveal, **options)


def _companies(
    lusha: LushaClient, records: Records, reveal: tuple[str, ...], **options: Unpack[BulkOptions]
) -> BulkRun[dict[str, str], Any]:
    return lusha.companies.bulk_search_and_enrich(records, reveal=reveal, **options)


CONTACTS = Kind("contacts", CONTACT_HEADERS, CONTACT_COLUMNS, ("emails", "phones"), _contacts)
COMPANIES = Kind(
    "companies",
    COMPANY_HEADERS,
    COMPANY_COLUMNS,
    (
        "employeesByDepartment",
        "employeesByLocation",
        "employeesBySeniority",
        "competitors",
        "intent",
        "estimatedAnnualItSpend",
        "monthlyWebsiteTraffic",
        "openJobsTotal",
        "openJobsByDepartment",
        "openJobsByLocation",
        "openJobsBySeniority",
        "directParent",
        "ultimateParent",
    ),
    _companies,
)


def parse_reveal(given: Iterable[str], kind: Kind) -> tuple[str, ...]:
    """The names in `--reveal a,b`. Raises `Refused` for none where one is needed, and for what looks like a slip."""
    spelled = {name.casefold(): name for name in kind.reveals}
    found: dict[str, None] = {}
    for name in (part.strip() for option in given for part in option.split(",")):
        if not name:
            continue
        known = spelled.get(name.casefold().replace("-", "").replace("_", ""))
        near = None if known else nearest(name, kind.reveals, cutoff=0.8)
        if near:
            raise Refused(f"--reveal knows no such name; did you mean {near}? There are {', '.join(kind.reveals)}.")
        found[known or name] = None
    if not found and not kind.company:
        raise Refused("Say what to reveal, for it decides the price: --reveal emails, or --reveal emails,phones.")
    return tuple(found)

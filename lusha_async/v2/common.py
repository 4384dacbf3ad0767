"""What the operations of the retired generation share: the structs of people and companies, and how options are read.

V2 sends one real thing in several shapes (a company's size as a pair or as an object, a location in camelCase or in
snake_case). Here each thing is one struct that holds all of them; which fields are filled depends on the operation.
"""

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeVar, cast

import msgspec

from ..errors import InvalidRequest
from ..model import Model, RequestModel
from ..v3.checks import tokens

LegacyId = int | str
"""An id of this generation: a number, sometimes sent as text. Never equal to a V3 id."""

Number = int | float

DatePart = int | float | str
"""A day, month or year, and a few ids: a number of any form, or a text."""

Reveal = Literal["emails", "phones"]
"""What a person's record is to show, and so what it costs."""

ContactSignalType = Literal["allSignals", "promotion", "companyChange"]

CompanySignalType = Literal[
    "allSignals",
    "websiteTrafficIncrease",
    "websiteTrafficDecrease",
    "itSpendIncrease",
    "itSpendDecrease",
    "headcountIncrease1m",
    "headcountDecrease1m",
    "headcountIncrease3m",
    "headcountDecrease3m",
    "headcountIncrease6m",
    "headcountDecrease6m",
    "headcountIncrease12m",
    "headcountDecrease12m",
    "surgeInHiring",
    "surgeInHiringByDepartment",
    "surgeInHiringByLocation",
    "riskNews",
    "commercialActivityNews",
    "corporateStrategyNews",
    "financialEventsNews",
    "peopleNews",
    "marketIntelligenceNews",
    "productActivityNews",
]


# --- what comes back ---------------------------------------------------------------------------------------------


class ItemError(Model, frozen=True):
    """Why one record of a successful answer has no data: `EMPTY_DATA`, `OUT_OF_CREDIT`, ... Known values only."""

    code: LegacyId | None = None
    name: str | None = None
    message: str | None = None


class Named(Model, frozen=True):
    """A name with its id: a school, a field of study, a tag, a seniority."""

    id: LegacyId | None = None
    name: str | None = None
    value: str | None = None
    color: str | None = None
    logo_url: str | None = None


class Location(Model, frozen=True):
    """A place. Read `country_iso2`, `state_code`, `city_id`, `is_eu_contact` and `location_coordinates` (longitude,
    latitude): they are filled whichever of its two spellings the API used. The `snake_` fields are the raw ones."""

    country: str | None = None
    country_iso2: str | None = None
    continent: str | None = None
    region: str | None = None
    state: str | None = None
    state_code: str | None = None
    city: str | None = None
    city_id: LegacyId | None = None
    street: str | None = None
    raw_location: str | None = None
    full_location: str | None = None
    location_coordinates: tuple[float, ...] | None = None
    is_eu_contact: bool | None = None
    snake_country_iso2: str | None = msgspec.field(default=None, name="country_iso2")
    snake_state_code: str | None = msgspec.field(default=None, name="state_code")
    snake_city_id: LegacyId | None = msgspec.field(default=None, name="city_id")
    snake_raw_location: str | None = msgspec.field(default=None, name="raw_location")
    snake_location_coordinates: tuple[float, ...] | None = msgspec.field(default=None, name="location_coordinates")
    snake_is_eu_contact: bool | None = msgspec.field(default=None, name="is_eu_contact")

    def __post_init__(self) -> None:
        if self.country_iso2 is None and self.snake_country_iso2 is not None:
            msgspec.structs.force_setattr(self, "country_iso2", self.snake_country_iso2)
        if self.state_code is None and self.snake_state_code is not None:
            msgspec.structs.force_setattr(self, "state_code", self.snake_state_code)
        if self.city_id is None and self.snake_city_id is not None:
            msgspec.structs.force_setattr(self, "city_id", self.snake_city_id)
        if self.raw_location is None and self.snake_raw_location is not None:
            msgspec.structs.force_setattr(self, "raw_location", self.snake_raw_location)
        if self.location_coordinates is None and self.snake_location_coordinates is not None:
            msgspec.structs.force_setattr(self, "location_coordinates", self.snake_location_coordinates)
        if self.is_eu_contact is None and self.snake_is_eu_contact is not None:
            msgspec.structs.force_setattr(self, "is_eu_contact", self.snake_is_eu_contact)


class EmailAddress(Model, frozen=True):
    """An e-mail address. `email` and `email_type` are filled whether the API said `email` or `address`."""

    email: str | None = None
    email_type: str | None = None
    email_confidence: str | None = None
    update_date: str | None = None
    address: str | None = None
    type: str | None = None

    def __post_init__(self) -> None:
        if self.email is None and self.address is not None:
            msgspec.structs.force_setattr(self, "email", self.address)
        if self.email_type is None and self.type is not None:
            msgspec.structs.force_setattr(self, "email_type", self.type)


class PhoneNumber(Model, frozen=True):
    """A phone number. `phone_type` is mobile, direct or phone, in either case of letters."""

    number: str | None = None
    phone_type: str | None = None
    do_not_call: bool | None = None
    update_date: str | None = None


class JobTitle(Model, frozen=True):
    """What a person does."""

    title: str | None = None
    seniority: str | None = None
    departments: tuple[str, ...] | None = None


class SocialLinks(Model, frozen=True):
    """A person's profiles."""

    linkedin: str | None = None
    x_url: str | None = None


class LinkedinCertification(Model, frozen=True):
    """A certificate of a person's LinkedIn profile."""

    title: str | None = None
    company_name: str | None = None
    company_id: LegacyId | None = None
    linkedin_company_id: LegacyId | None = None
    credential_id: str | None = None
    date_month: DatePart | None = None
    date_year: DatePart | None = None
    expire_date_month: DatePart | None = None
    expire_date_year: DatePart | None = None
    summary: str | None = None
    verify_url: str | None = None


class LinkedinCourse(Model, frozen=True):
    """An education of a person's LinkedIn profile."""

    title: str | None = None
    company_name: str | None = None
    school: Named | None = None
    field_of_study: Named | None = None
    degree: str | None = None
    grade: str | None = None
    activities: str | None = None
    start_date_month: DatePart | None = None
    start_date_year: DatePart | None = None
    end_date_month: DatePart | None = None
    end_date_year: DatePart | None = None
    linkedin_school_id: DatePart | None = None


class LinkedinAward(Model, frozen=True):
    """An award of a person's LinkedIn profile."""

    title: str | None = None
    company_name: str | None = None
    linkedin_company_id: LegacyId | None = None
    date_day: DatePart | None = None
    date_month: DatePart | None = None
    date_year: DatePart | None = None
    summary: str | None = None


class Profile(Model, frozen=True):
    """What every record of a person has, wherever it comes from."""

    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    company_id: LegacyId | None = None
    location: Location | None = None
    email_addresses: tuple[EmailAddress, ...] | None = None
    phone_numbers: tuple[PhoneNumber, ...] | None = None
    social_links: SocialLinks | None = None
    linkedin_followers_count: int | None = None
    linkedin_connections_count: int | None = None
    linkedin_certifications: tuple[LinkedinCertification, ...] | None = None
    linkedin_courses: tuple[LinkedinCourse, ...] | None = None
    linkedin_awards: tuple[LinkedinAward, ...] | None = None
    linkedin_skills: tuple[str, ...] | None = None


class ContactSignal(Model, frozen=True):
    """A person moved up, or to another company."""

    person_id: LegacyId | None = None
    signal_date: str | None = None
    current_company_id: LegacyId | None = None
    current_company_name: str | None = None
    current_domain: str | None = None
    current_departments: str | tuple[str, ...] | None = None
    current_seniority_label: str | None = None
    current_title: str | None = None
    previous_company_name: str | None = None
    previous_domain: str | None = None


class ContactSignals(Model, frozen=True):
    """The signals of one person, a list per type; only those asked for are filled."""

    person_id: LegacyId | None = None
    company_change: tuple[ContactSignal, ...] | None = None
    promotion: tuple[ContactSignal, ...] | None = None
    error: ItemError | str | None = None


# --- what is sent ------------------------------------------------------------------------------------------------


class Employer(Model, frozen=True):
    """A company as part of a person's record; sent to find the person, and received as a previous employer."""

    name: str | None = None
    domain: str | None = None
    is_current: bool | None = None
    job_title: str | None = None
    fqdn: str | None = None
    company_social_id: str | None = None


class SignalPlace(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A country, or one of its states."""

    country: str | None = None
    state: str | None = None


class SignalFilters(RequestModel, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which news and which hiring; several values of one field mean any of them. A `state` needs its `country`.

    Values the API does not know are ignored by it without a word: `lusha.v2.signals.options` lists them.
    """

    news_event_types: tuple[str, ...] | None = None
    hiring_by_departments: tuple[str, ...] | None = None
    hiring_by_locations: tuple[SignalPlace, ...] | None = None


class SignalFilterBody(RequestModel, frozen=True, kw_only=True):
    """The envelope of `SignalFilters`."""

    include: SignalFilters | None = None


# --- how options are read ----------------------------------------------------------------------------------------


def reveal_flags(reveal: Iterable[str]) -> tuple[bool | None, bool | None]:
    """`reveal` as the API's (revealEmails, revealPhones).

    Both together are sent as neither: that means both to the API, and accounts without unified credits are refused
    for naming either flag. One alone is sent with the other switched off, since the API's own default is on.
    """
    wanted = set(tokens(reveal, field="reveal"))
    if wanted - {"emails", "phones"}:
        raise InvalidRequest("reveal takes 'emails' and 'phones' in this generation: mend it", field="reveal")
    if len(wanted) == 2:
        return None, None
    return "emails" in wanted, "phones" in wanted


def signal_names(signals: Iterable[str] | None) -> tuple[str, ...] | None:
    """The signal types asked for; None when there are none."""
    return None if signals is None else tokens(signals, field="signals", required=False) or None


Request = TypeVar("Request", bound=msgspec.Struct)

_SNAKE = frozenset({"existing_data_points", "country_grouping"})
"""Names that this generation does not write in camelCase."""


def request_of(kind: type[Request], given: Request | Mapping[str, Any], *, field: str) -> Request:
    """`given` as a request struct: itself, or from a mapping with snake_case names or the API's own. Types are checked.

    Raises `InvalidRequest` for a name that `kind` does not have: the API would refuse or ignore it.
    """
    if not isinstance(given, kind | Mapping):
        raise InvalidRequest(f"{field} is a {kind.__name__} or a mapping, not {type(given).__name__}", field=field)
    try:
        return msgspec.convert(_wire_names(given), kind)
    except msgspec.ValidationError as error:
        raise InvalidRequest(f"{field} does not fit {kind.__name__}: {error}", field=field) from None


def _wire_names(value: Any) -> Any:
    """Plain data with the API's names, from structs and mappings in any mixture."""
    if isinstance(value, msgspec.Struct):
        value = msgspec.to_builtins(value)
    if isinstance(value, Mapping):
        named = cast("Mapping[object, object]", value)
        return {_wire_name(str(name)): _wire_names(part) for name, part in named.items() if part is not None}
    if isinstance(value, list | tuple | set | frozenset):
        return [_wire_names(part) for part in cast("Iterable[Any]", value)]
    return value.isoformat() if isinstance(value, datetime.date) else value


def _wire_name(name: str) -> str:
    if name in _SNAKE:
        return name
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def signal_filters(
    given: SignalFilters | Mapping[str, Any] | None, *, field: str = "signals_filters"
) -> SignalFilters | None:
    """The filters of company signals, checked: a state without its country is refused by the API."""
    if given is None:
        return None
    filters = request_of(SignalFilters, given, field=field)
    for place in filters.hiring_by_locations or ():
        if place.state and not place.country:
            raise InvalidRequest(
                "hiring_by_locations has a state without its country: add the country", field="hiring_by_locations"
            )
    return filters


def legacy_id(value: str | None, *, index: int | None = None) -> str | None:
    """An id this generation takes. Raises `InvalidRequest` for one of V3's, which it cannot know."""
    if value is not None and re.match(r"v\d+\.", value):
        raise InvalidRequest(
            "this id belongs to V3 and is unknown to V2: leave it out here, or use the V3 method",
            index=index,
            field="id",
        )
    return value


def numeric_id(value: str, *, index: int | None = None) -> int:
    """An id of this generation, which signals take as a number. Raises `InvalidRequest` for any other."""
    legacy_id(value, index=index)
    if not (value.isascii() and value.isdigit()):
        raise InvalidRequest("this operation takes the numeric ids of V2: give digits only", index=index, field="id")
    return int(value)


def references(given: Iterable[str | None]) -> list[str]:
    """The key under which each record is answered: its own reference, else its position. They must differ."""
    keys: list[str] = []
    seen: set[str] = set()
    for index, reference in enumerate(given):
        key = reference or str(index)
        if key in seen:
            raise InvalidRequest(
                "client_reference_id is the key of the answer and is taken already: make it unique, or leave it out "
                "of all records",
                index=index,
                field="client_reference_id",
            )
        seen.add(key)
        keys.append(key)
    return keys


def included(filters: SignalFilters | None) -> SignalFilterBody | None:
    """Filters in the envelope the API wants them in."""
    return None if filters is None else SignalFilterBody(include=filters)

"""The invented world: every person and company is a pure function of its identity and the seed.

Words inside an identity choose what happens to it, so that a test can ask for an outcome:

* ``not-found`` (or ``notfound``): nobody is known by that identifier;
* ``restricted``: known, but blocked for legal reasons;
* ``enrich-failed``: found by search, fails on enrichment;
* ``no-data``: found, with nothing to reveal;
* ``waterfall``: other providers are still working; enrichment answers partially and names a job.

They may stand anywhere in an e-mail address, a LinkedIn profile name, a domain or a name: ``not-found@acme.test``,
``restricted.test``, first name "No-Data". Besides, a fixed share of all others is not found or restricted.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from . import identity
from .dice import Dice
from .vocabulary import (
    COMPANY_FIRST,
    COMPANY_SECOND,
    FIRST_NAMES,
    FREE_MAIL,
    INDUSTRIES,
    JOBS,
    LAST_NAMES,
    PLACES,
    REVENUES,
    SIZES,
    Industry,
    Job,
    Place,
)

STAFF = 20
"""People per company of the indexed world."""

FOUND, NOT_FOUND, RESTRICTED = "found", "not_found", "restricted"

_MARKER = re.compile(r"not-?found|restricted|enrich-failed|no-data|waterfall")
_SPELLING = {identity.slug(name): name for name in (*LAST_NAMES, *FIRST_NAMES)}
_TEN_DIGITS = 8_999_999_999


class Company:
    """One invented company."""

    world: World
    bits: int
    domain: str
    id: str
    key: int
    marker: str
    name: str
    verdict: str
    industry: Industry
    place: Place
    revenue: tuple[int, int | None]
    size: tuple[int, int | None]

    __slots__ = (
        "bits",
        "domain",
        "id",
        "industry",
        "key",
        "marker",
        "name",
        "place",
        "revenue",
        "size",
        "verdict",
        "world",
    )

    def __init__(self, world: World, domain: str) -> None:
        digest = world.codec.digest(domain, identity.COMPANY)
        bits = int.from_bytes(digest[8:], "little")
        self.world = world
        self.domain = domain
        self.key = int.from_bytes(digest[:8], "little")
        self.id = world.codec.encode(domain, identity.COMPANY, digest)
        self.name = _company_name(domain)
        self.marker = _marker(domain)
        self.verdict = world.verdict(self.marker, digest)
        bits, draw = divmod(bits, len(INDUSTRIES))
        self.industry = INDUSTRIES[draw]
        bits, draw = divmod(bits, len(SIZES))
        self.size = SIZES[draw]
        bits, draw = divmod(bits, len(REVENUES))
        self.revenue = REVENUES[draw]
        bits, draw = divmod(bits, len(PLACES))
        self.place = PLACES[draw]
        self.bits = bits

    @property
    def number(self) -> int:
        """The V2 id."""
        return 10_000_000 + self.key % 989_999_989

    @property
    def head_count(self) -> int:
        """The exact head count, which like the live API's may lie a little outside its band."""
        low, high = self.size
        return max(low + self.bits % ((high or 4 * low) - low + 1) - self.bits % 3, 1)

    def dice(self) -> Dice:
        """Dice for the rarer details, the same on every call."""
        return Dice(self.key)


class Person:
    """One invented person."""

    world: World
    bits: int
    domain: str
    email: str
    first: str
    id: str
    identity: str
    job: Job
    job_index: int
    key: int
    last: str
    marker: str
    place: Place
    place_index: int
    verdict: str

    __slots__ = (
        "bits",
        "domain",
        "email",
        "first",
        "id",
        "identity",
        "job",
        "job_index",
        "key",
        "last",
        "marker",
        "place",
        "place_index",
        "verdict",
        "world",
    )

    def __init__(self, world: World, who: str) -> None:
        digest = world.codec.digest(who, identity.CONTACT)
        bits = int.from_bytes(digest[8:], "little")
        self.world = world
        self.identity = who
        self.key = int.from_bytes(digest[:8], "little")
        self.id = world.codec.encode(who, identity.CONTACT, digest)
        self.marker = _marker(who)
        self.verdict = world.verdict(self.marker, digest)
        bits, self.job_index = divmod(bits, len(JOBS))
        bits, self.place_index = divmod(bits, len(PLACES))
        self.job = JOBS[self.job_index]
        self.place = PLACES[self.place_index]
        self.bits = bits
        profile = who.startswith("in:")
        local, _, domain = (who[3:], "", "") if profile else who.partition("@")
        self.first, self.last = _names(local, bits)
        private = domain in FREE_MAIL
        self.domain = world.domain_of(bits) if profile or private else domain
        self.email = identity.address(
            f"{identity.slug(self.first)}.{identity.slug(self.last)}@{self.domain}" if profile else who
        )

    @property
    def number(self) -> int:
        """The V2 id."""
        return 1_000_000_000 + self.key % _TEN_DIGITS

    @property
    def linkedin(self) -> str:
        """The profile address; asking for it finds the same person."""
        return f"https://www.linkedin.com/in/{identity.linkedin_slug(self.identity)}"

    @property
    def company(self) -> Company:
        """The employer."""
        return self.world.company(self.domain)

    @property
    def has_emails(self) -> bool:
        """Whether an e-mail address can be revealed."""
        return self.bits % 10 != 0 and self.marker != "no-data"

    @property
    def has_phones(self) -> bool:
        """Whether a phone number can be revealed."""
        return self.bits // 10 % 10 < 6 and self.marker != "no-data"


class World:
    """All people and companies of one seed, with an indexed part of `size` people that prospecting walks through."""

    def __init__(self, *, seed: int, size: int, not_found: float, restricted: float) -> None:
        self.codec = identity.Codec(seed)
        self.size = size
        self._not_found = int(not_found * 2**24)
        self._restricted = int((1 - restricted) * 2**24)
        self.company = lru_cache(maxsize=4096)(self._company)
        self.person = lru_cache(maxsize=2048)(self._person)

    def _company(self, domain: str) -> Company:
        return Company(self, domain)

    def _person(self, who: str) -> Person:
        return Person(self, who)

    def person_by_id(self, text: str) -> Person | None:
        """The person with this V3 id, if the id is one of ours."""
        who = self.codec.decode(text, identity.CONTACT)
        return None if who is None else self.person(who)

    def company_by_id(self, text: str) -> Company | None:
        """The company with this V3 id, if the id is one of ours."""
        domain = self.codec.decode(text, identity.COMPANY)
        return None if domain is None else self.company(domain)

    def verdict(self, marker: str, digest: bytes) -> str:
        """Found, not found or restricted: by the marker, else by fixed shares."""
        if marker:
            return {"notfound": NOT_FOUND, "not-found": NOT_FOUND, "restricted": RESTRICTED}.get(marker, FOUND)
        share = int.from_bytes(digest[5:8], "little")
        if share < self._not_found:
            return NOT_FOUND
        return RESTRICTED if share >= self._restricted else FOUND

    @property
    def company_count(self) -> int:
        """Companies of the indexed part."""
        return max(self.size // STAFF, 1)

    def domain_at(self, index: int) -> str:
        """The domain of company `index`."""
        round_, pair = divmod(index, len(COMPANY_FIRST) * len(COMPANY_SECOND))
        first, second = divmod(pair * 1_009 % (len(COMPANY_FIRST) * len(COMPANY_SECOND)), len(COMPANY_SECOND))
        name = f"{COMPANY_FIRST[first]}-{COMPANY_SECOND[second]}".lower()
        return f"{name}{f'-{round_ + 1}' if round_ else ''}.example.com"

    def domain_of(self, bits: int) -> str:
        """A company of the indexed part, for somebody whose employer is unknown."""
        return self.domain_at(bits % self.company_count)

    def staff(self, domain: str, count: int = STAFF) -> list[str]:
        """Identities of the people at a company, of any company; the first of them are in the indexed part."""
        key = self.company(domain).key
        return [
            identity.from_names(
                FIRST_NAMES[(key * 31 + desk * 7) % len(FIRST_NAMES)],
                LAST_NAMES[(key * 17 + desk * 13) % len(LAST_NAMES)],
                domain,
            )
            for desk in range(count)
        ]

    @cached_property
    def companies(self) -> list[Company]:
        """Every company prospecting can find."""
        everything = (Company(self, self.domain_at(index)) for index in range(self.company_count))
        return [company for company in everything if company.verdict == FOUND]

    @cached_property
    def people(self) -> list[Person]:
        """Everybody prospecting can find."""
        everybody = (Person(self, who) for company in self.companies for who in self.staff(company.domain))
        return [person for person in everybody if person.verdict == FOUND][: self.size]


@lru_cache(maxsize=4)
def shared_world(*, seed: int, size: int, not_found: float, restricted: float) -> World:
    """The world of these settings; sandboxes of the same settings share it, as nothing in it ever changes."""
    return World(seed=seed, size=size, not_found=not_found, restricted=restricted)


def _marker(text: str) -> str:
    match = _MARKER.search(text)
    return match.group() if match else ""


@lru_cache(maxsize=4096)
def _company_name(domain: str) -> str:
    label = domain.split(".", 1)[0]
    if label.startswith("xn--"):
        try:
            label = label.encode().decode("idna")
        except UnicodeError:
            label = label[4:]
    return " ".join(word.capitalize() for word in label.split("-") if word) or "Unnamed"


def _names(local: str, bits: int) -> tuple[str, str]:
    parts = [part for part in re.split(r"[._]", local) if part]
    if len(parts) < 2:
        parts = [part for part in local.split("-") if part.isalpha()]
    if len(parts) < 2:
        return FIRST_NAMES[bits % len(FIRST_NAMES)], LAST_NAMES[bits // 1_000 % len(LAST_NAMES)]
    return _spelled(parts[0]), _spelled("-".join(parts[1:]))


@lru_cache(maxsize=8192)
def _spelled(part: str) -> str:
    known = _SPELLING.get(part)
    if known is not None:
        return known
    return "-".join(word.capitalize() for word in part.split("-") if word) or part

"""From what a request names to the person or company meant; the cross-field rules of identifiers live here."""

from __future__ import annotations

from . import identity
from .backend import Backend
from .refusals import bad_body
from .requests import CompanyItem, ContactItem, LegacyCompany, LegacyContact, LegacyPersonQuery
from .world import Company, Person, World


def contact(world: World, item: ContactItem, index: int) -> Person | None:
    """The person a V3 item names; None when its identifier leads nowhere. Refuses an item without identifier."""
    if item.id:
        return world.person_by_id(item.id)
    if item.linkedin_url:
        who = identity.from_linkedin(item.linkedin_url)
        return None if who is None else world.person(who)
    if item.email:
        if not identity.is_email(item.email):
            raise bad_body(f"contacts.{index}.email must be an email")
        return world.person(identity.from_email(item.email))
    who = _by_names(item.first_name, item.last_name, item.company_domain, item.company_name)
    if who is None:
        raise bad_body(f"contacts.{index} needs id, linkedinUrl, email, or firstName and lastName with a company")
    return world.person(who)


def company(world: World, item: CompanyItem, index: int) -> Company | None:
    """The company a V3 item names; None when its id is unknown. Refuses an item without identifier."""
    if item.id:
        return world.company_by_id(item.id)
    domain = identity.domain(item.domain) if item.domain else ""
    if not domain and item.name.strip():
        domain = identity.domain_of_name(item.name)
    if not domain:
        raise bad_body(f"companies.{index} needs id, domain or name")
    return world.company(domain)


def legacy_contact(backend: Backend, item: LegacyContact, index: int) -> Person | None:
    """The person an item of the V2 bulk operation names."""
    first, _, last = item.full_name.strip().partition(" ")
    employer = next((one for one in item.companies if one.is_current), None) or next(iter(item.companies), None)
    found, known = _legacy_person(
        backend,
        person_id=item.person_id,
        linkedin_url=item.linkedin_url,
        email=item.email,
        names=(
            item.first_name or first,
            item.last_name or last,
            (employer.domain or employer.fqdn) if employer else "",
            employer.name if employer else "",
        ),
    )
    if not known:
        raise bad_body(f"contacts.{index} needs personId, email, linkedinUrl, or fullName with a company")
    return found


def legacy_person(backend: Backend, query: LegacyPersonQuery) -> Person | None:
    """The person the V2 single lookup names."""
    found, known = _legacy_person(
        backend,
        person_id=query.person_id,
        linkedin_url=query.linkedin_url,
        email=query.email,
        names=(query.first_name, query.last_name, query.company_domain, query.company_name),
    )
    if not known:
        raise bad_body("personId, email, linkedinUrl, or firstName and lastName with a company are required")
    return found


def legacy_company(backend: Backend, item: LegacyCompany, index: int) -> Company | None:
    """The company an item of the V2 bulk operation names."""
    found = company_by_any(backend, number=item.company_id, domain=item.domain or item.fqdn, name=item.name)
    if found is None and not (item.company_id or item.domain or item.fqdn or item.name.strip()):
        raise bad_body(f"companies.{index} needs domain, name or companyId")
    return found


def company_by_any(backend: Backend, *, number: str = "", domain: str = "", name: str = "") -> Company | None:
    """A company by V2 number, domain or name, whichever is given first."""
    if number:
        known = backend.company_numbers.name(number)
        return None if known is None else backend.world.company(known)
    bare = identity.domain(domain) if domain else ""
    if not bare and name.strip():
        bare = identity.domain_of_name(name)
    return backend.world.company(bare) if bare else None


def _legacy_person(
    backend: Backend, *, person_id: str, linkedin_url: str, email: str, names: tuple[str, str, str, str]
) -> tuple[Person | None, bool]:
    if person_id:
        who = backend.people_numbers.name(person_id)
    elif linkedin_url:
        who = identity.from_linkedin(linkedin_url)
    elif email:
        who = identity.from_email(email) if identity.is_email(email) else None
    else:
        who = _by_names(*names)
        if who is None:
            return None, False
    return (None if who is None else backend.world.person(who)), True


def _by_names(first: str, last: str, company_domain: str, company_name: str) -> str | None:
    if not identity.slug(first) or not identity.slug(last):
        return None
    domain = identity.domain(company_domain) if company_domain else ""
    if not domain and company_name.strip():
        domain = identity.domain_of_name(company_name)
    return identity.from_names(first, last, domain) if domain else None

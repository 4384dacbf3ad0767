"""What makes webhooks go out: a signal that happens, a contact that opts out, a delivery that is repeated."""

from __future__ import annotations

import uuid

import msgspec

from . import events, identity, profiles
from .backend import Backend, Json
from .clock import iso
from .courier import FORMS, Delivery, Subscription
from .vocabulary import DEPARTMENTS
from .world import Company, Person


class SubscriptionBook:
    """All subscriptions, oldest first."""

    def __init__(self) -> None:
        self.known: dict[str, Subscription] = {}


def trigger(
    backend: Backend, entity_type: str, entity_id: str, kind: str, *, data: Json | None, form: str, repeat: int
) -> list[str]:
    """Let a signal happen: deliver it to every active subscription it concerns. Returns the delivery ids."""
    if form not in FORMS:
        raise ValueError(f"form must be one of {FORMS}")
    known = backend.store(SubscriptionBook).known.values()
    concerned = [
        one
        for one in known
        if one.active
        and not one.opt_out
        and (one.entity_type, one.entity_id) == (entity_type, entity_id)
        and ({kind, "allSignals"} & set(one.signal_types))
    ]
    ids: list[str] = []
    for one in concerned:
        for _ in range(repeat):
            price = backend.account.price("webhookSignal")[0]
            backend.account.used += price
            payload = payload_of(backend, one, kind, data, price)
            body = msgspec.json.encode(payload)
            backend.courier.start(Delivery(payload["id"], one, body, form, credits=price))
            ids.append(payload["id"])
    return ids


def opt_out(backend: Backend, contact_id: str, *, form: str, partner: str | None) -> list[str]:
    """Let a contact opt out: deliver it to the opt-out subscription, if there is one."""
    one = next((one for one in backend.store(SubscriptionBook).known.values() if one.opt_out and one.active), None)
    if one is None:
        return []
    person = _person(backend, contact_id)
    points = [{"datapointId": phone["number"], "datapointType": "phone"} for phone in profiles.phones(person)]
    points += [{"datapointId": email["email"], "datapointType": "email"} for email in profiles.emails(person)]
    stamp = iso(backend.clock.wall()).replace("T", " ").rstrip("Z")
    payload: Json = {
        "contactId": contact_id,
        "fullName": f"{person.first} {person.last}",
        "companyName": person.company.name,
        "jobTitle": person.job.title,
        "linkedinUrl": person.linkedin,
        "contactOptOutDate": stamp,
        "contactExposureDate": stamp.partition(".")[0],
        "datapoints": points,
    }
    if partner is not None:
        payload["partnerClientId"] = partner
    delivery = Delivery(str(uuid.uuid4()), one, msgspec.json.encode(payload), form)
    backend.courier.start(delivery)
    return [delivery.id]


def repeat_delivery(backend: Backend, delivery_id: str | None, *, form: str) -> list[str]:
    """Deliver something again: the last delivery or the named one; "replay" repeats headers and bytes exactly."""
    sent = backend.courier.sent
    first = sent[delivery_id] if delivery_id is not None else next(reversed(sent.values()))
    again = Delivery(first.id, first.subscription, first.body, form, dict(first.headers))
    backend.courier.start(again)
    return [again.id]


def _person(backend: Backend, entity_id: str) -> Person:
    name = backend.people_numbers.name(entity_id)
    known = backend.world.person(name) if name else backend.world.person_by_id(entity_id)
    return known or backend.world.person(f"in:{identity.slug(entity_id) or 'somebody'}")


def _company(backend: Backend, entity_id: str) -> Company:
    name = backend.company_numbers.name(entity_id)
    known = backend.world.company(name) if name else backend.world.company_by_id(entity_id)
    return known or backend.world.company(identity.domain_of_name(entity_id))


def payload_of(backend: Backend, one: Subscription, kind: str, data: Json | None, price: float) -> Json:
    """The body of a delivery; invented content unless `data` is given."""
    now = backend.clock.wall()
    day = events.today(now)
    if data is None and one.entity_type == "contact":
        person = _person(backend, one.entity_id)
        department = person.job.department
        data = events.contact_event(person, kind, day)
        data["personId"] = person.number
        data["currentDepartments"] = [{"id": DEPARTMENTS.index(department) + 1, "value": department}]
    elif data is None:
        data = events.company_event(_company(backend, one.entity_id), kind, day)
    return {
        "id": str(uuid.uuid4()),
        "type": kind,
        "entityType": one.entity_type,
        "entityId": one.entity_id,
        "subscriptionId": one.id,
        "data": data,
        "timestamp": iso(now),
        "billing": {"creditsCharged": price},
    }

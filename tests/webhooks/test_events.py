"""Payloads into typed events."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lusha_async.webhooks as webhooks
from lusha_async.webhooks import (
    SIGNALS,
    CompanyNews,
    Datapoint,
    HeadcountIncrease,
    LinkedinActivityIntent,
    OptOut,
    Promotion,
    SignalEvent,
    UnknownEvent,
    UnreadableWebhook,
    parse,
)

from .helpers import CONTACT, OPT_OUT, SAMPLES, payload, to_json


def test_there_is_a_sample_of_every_known_signal() -> None:
    assert set(SAMPLES) == set(SIGNALS)


@pytest.mark.parametrize("kind", SIGNALS)
def test_every_signal_has_its_class_and_loses_nothing(kind: str) -> None:
    body = to_json(payload(kind, "f3b87e05"))
    event = parse(body)
    assert type(event) is SIGNALS[kind]
    assert (event.id, event.type, event.raw, event.problems) == ("f3b87e05", kind, body, ())
    assert isinstance(event, SignalEvent)
    data = msgspec.to_builtins(event.data)  # type: ignore[attr-defined]
    assert without_none(data) == without_none(SAMPLES[kind]), "every documented field is typed, under its own name"


def without_none(value: object) -> object:
    if isinstance(value, dict):
        return {key: without_none(part) for key, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [without_none(part) for part in value]
    return value


def test_the_envelope() -> None:
    event = parse(to_json(payload("promotion", "f3b87e05")))
    assert isinstance(event, Promotion)
    assert event.created_at == datetime(2026, 1, 14, 16, 16, 35, 841000, UTC)
    assert (event.entity_type, event.entity_id, event.subscription_id) == (
        "contact",
        "4158887495",
        "507f1f77bcf86cd799439011",
    )
    assert (event.credits_charged, event.webhook_id) == (1, "f3b87e05")
    assert event.data.person_id == 4158887495
    assert event.data.departments == ("Other",)
    assert event.data.day == date(2025, 7, 1)


def test_both_generations_of_a_contact_signal() -> None:
    old = {
        "personId": "115889",
        "currentDepartments": "R&D",
        "currentSeniorityLabel": "c-suite",
        "signalDate": "2025-05-01",
    }
    new = {"id": "v1.AbCdEf-_", "signalDate": "2025-02-01", "previousCompany": "Example", "newCompany": "Other"}
    first, second = parse(to_json(payload(data=old))), parse(to_json(payload("companyChange", data=new)))
    assert first.data.departments == ("R&D",)  # type: ignore[attr-defined]
    assert second.data.id == "v1.AbCdEf-_"  # type: ignore[attr-defined]
    assert second.data.new_company == "Other"  # type: ignore[attr-defined]
    assert first.problems == second.problems == ()


@pytest.mark.parametrize("entity_id", ["v1.AbC-_dEfGhIjKlMnOpQrStUvWxYz0123", "4158887495", 4158887495])
def test_ids_are_text_or_numbers(entity_id: str | int) -> None:
    event = parse(to_json(payload(entityId=entity_id)))
    assert event.entity_id == entity_id  # type: ignore[attr-defined]


def test_families() -> None:
    news = parse(to_json(payload("riskNews")))
    assert isinstance(news, CompanyNews)
    assert news.data.day == date(2025, 6, 10)
    growth = parse(to_json(payload("headcountIncrease12m")))
    assert isinstance(growth, HeadcountIncrease)
    assert (growth.months, growth.data.new_employees_count) == (12, 550)
    intent = parse(to_json(payload("linkedinActivityIntent")))
    assert isinstance(intent, LinkedinActivityIntent)
    assert intent.data.intent_topics is not None
    assert intent.data.intent_topics[0].category == "Technology"


def test_unknown_types_and_fields_are_kept() -> None:
    event = parse(to_json(payload("acquisition", data={"price": 5}, extra=True)))
    assert isinstance(event, UnknownEvent)
    assert (event.type, event.data, event.content["extra"]) == ("acquisition", {"price": 5}, True)
    known = parse(to_json(payload(data={**CONTACT, "shoeSize": 43})))
    assert b"shoeSize" in known.raw
    assert known.problems == ()


ODD_DATA = [
    ({"currentTitle": {"text": "x"}}, "current_title", None),
    ({"currentTitle": 5}, "current_title", "5"),
    ({"signalDate": None}, "signal_date", None),
    ({"currentDepartments": 7}, "departments", ("7",)),
    ({"currentDepartments": ["R&D", {"id": 1, "value": "Sales"}]}, "departments", ("R&D", "Sales")),
    ({"personId": ["x"]}, "person_id", None),
    ({"personId": 1.5}, "person_id", "1.5"),
]


@pytest.mark.parametrize(("odd", "field", "value"), ODD_DATA)
def test_one_odd_field_costs_that_field_only(odd: dict[str, object], field: str, value: object) -> None:
    event = parse(to_json(payload(data=CONTACT | odd)))
    assert isinstance(event, Promotion)
    assert getattr(event.data, field) == value
    assert event.data.current_company_name == "Example Hospitality"
    assert event.entity_id == "4158887495"


@pytest.mark.parametrize("data", [None, "text", 5, [], [CONTACT], True])
def test_data_of_another_shape_leaves_the_event(data: object) -> None:
    event = parse(to_json(payload("riskNews", "f3b87e05", data=data)))
    assert isinstance(event, CompanyNews)
    assert (event.id, event.data.company_name) == ("f3b87e05", None)
    assert event.problems
    assert "text" not in str(event.problems)


@pytest.mark.parametrize("value", ["9" * 250, "9" * 5000, "1e999", "-1e400", "0.1e-999"])
def test_absurd_numbers_cost_their_field_only(value: str) -> None:
    body = to_json(payload("headcountIncrease1m", "f3b87e05")).replace(b"550", value.encode())
    event = parse(body)
    assert isinstance(event, HeadcountIncrease)
    assert event.id == "f3b87e05"


def test_half_a_surrogate_pair_costs_one_character() -> None:
    event = parse(
        b'{"id":"f3b87e05","type":"promotion","data":{"currentTitle":"Boss \\ud83d","currentDomain":"\\ud83d\\ude00"}}'
    )
    assert isinstance(event, Promotion)
    assert (event.data.current_title, event.data.current_domain) == ("Boss \ufffd", "😀")


def test_keys_are_made_of_signed_material_and_tell_nothing() -> None:
    one, again, other = (
        parse(to_json(payload(delivery_id=i, timestamp=t))) for i, t in (("a", "1"), ("a", "2"), ("b", "1"))
    )
    assert one.key == again.key != other.key
    first, second = parse(to_json(OPT_OUT)), parse(to_json(OPT_OUT | {"contactId": "2"}))
    assert first.key == parse(to_json(OPT_OUT)).key != second.key
    assert first.webhook_id == parse(to_json(OPT_OUT)).webhook_id != second.webhook_id
    assert len(first.key) == 40


# --- opt-outs


@pytest.mark.parametrize(
    "content",
    [
        OPT_OUT,
        {"type": "optOut", **OPT_OUT},
        {"id": "f3b87e05", "type": "optOut", "entityType": "contact", "data": OPT_OUT},
        {"type": "opt-out", "data": OPT_OUT},
        {"type": "OPT_OUT", "data": OPT_OUT},
        {"type": "somethingNew", "data": OPT_OUT},
        {**OPT_OUT, "raw": "eA==", "problems": [1], "key": "x"},
    ],
)
def test_an_opt_out_is_recognised_in_any_wrapping(content: dict[str, object]) -> None:
    event = parse(to_json(content))
    assert isinstance(event, OptOut)
    assert event.type == "optOut"
    assert event.opted_out_at == datetime(2026, 4, 22, 14, 32, 11, 412000, UTC)
    assert event.exposed_at == datetime(2025, 8, 3, 9, 15, 47, tzinfo=UTC)
    found = event.identities()
    assert (found.contact_id, found.emails, found.phones) == (
        "987654321",
        ("jane.doe@corp.example",),
        ("+14155550199",),
    )
    assert (found.partner_client_id, found.linkedin_url) == ("crm-tenant-42", "https://www.linkedin.com/in/jane-doe")
    assert found.complete
    assert event.raw == to_json(content)


@pytest.mark.parametrize(
    ("changes", "phones", "others", "complete"),
    [
        ({"datapoints": [{"datapointId": 14155550199, "datapointType": "phone"}]}, ("14155550199",), (), True),
        ({"datapoints": [{"datapointId": "x", "datapointType": "fax"}]}, (), ("x",), True),
        ({"datapoints": [{"datapointId": "x"}]}, (), ("x",), True),
        ({"datapoints": [{"datapointId": " 1 ", "datapointType": "Phone"}] * 2}, ("1",), (), True),
        ({"datapoints": [{"datapointType": "phone"}]}, (), (), False),
        ({"datapoints": ["+1"]}, (), (), False),
        ({"datapoints": "none"}, (), (), False),
        ({"datapoints": None}, (), (), False),
        ({"contactId": None, "datapoints": []}, (), (), False),
        ({"contactId": None}, ("+14155550199",), (), True),
        ({"contactId": 987654321, "partnerClientId": None}, ("+14155550199",), (), True),
    ],
)
def test_what_has_to_go_is_complete_or_says_that_it_is_not(
    changes: dict[str, object], phones: tuple[str, ...], others: tuple[str, ...], complete: bool
) -> None:
    event = parse(to_json(OPT_OUT | changes))
    assert isinstance(event, OptOut)
    found = event.identities()
    assert (found.phones, found.others, found.complete) == (phones, others, complete)


def test_nothing_personal_is_shown() -> None:
    event = parse(to_json(OPT_OUT))
    assert isinstance(event, OptOut)
    shown = repr(event) + repr(event.identities()) + repr(Datapoint(datapoint_id="+14155550199"))
    assert not any(part in shown for part in ("Jane", "jane", "1415555", "987654321", "tenant"))


# --- laws

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*CONTACT, *OPT_OUT, "id", "type", "data", "billing", "entityId"]) | st.text(),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(ANY_JSON)
def test_any_json_is_an_event_or_unreadable(content: object) -> None:
    body = json.dumps(content).encode()
    try:
        event = parse(body)
    except UnreadableWebhook:
        return
    assert event.raw == body
    assert event.key
    assert event.webhook_id
    if isinstance(event, OptOut):
        event.identities()


@given(kind=st.sampled_from(sorted(SIGNALS)), data=st.dictionaries(st.text(), ANY_JSON), odd=ANY_JSON)
def test_a_known_signal_keeps_its_class_whatever_its_data(kind: str, data: dict[str, object], odd: object) -> None:
    mixed = SAMPLES[kind] | data | {next(iter(SAMPLES[kind])): odd}
    try:
        event = parse(json.dumps(payload(kind, data=mixed, billing=odd)).encode())
    except UnreadableWebhook as error:
        event, reason = None, error.reason
    assert type(event) is SIGNALS[kind] or reason in {"not-json", "too-deep"}, "NaN is no JSON"


@given(st.binary(max_size=300))
def test_any_bytes_are_an_event_or_unreadable(body: bytes) -> None:
    try:
        parse(body)
    except UnreadableWebhook as error:
        status = error.status
    else:
        status = 400
    assert status == 400


def test_every_public_name_exists_and_is_documented() -> None:
    for name in webhooks.__all__:
        thing = getattr(webhooks, name)
        assert isinstance(thing, str | type(SIGNALS)) or thing.__doc__, name

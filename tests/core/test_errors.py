"""Every error body the API is known to send ends in one of our errors, says what it means, and shows nobody."""

from __future__ import annotations

import inspect
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lusha_async
from lusha_async import errors
from lusha_async.errors import APIError, LushaError, api_error, blot, read_error_body

ENVELOPES: list[tuple[str, bytes, str, str | None]] = [
    ("documented", b'{"statusCode":403,"message":"no","errors":["a","b"]}', "no", None),
    ("list of messages", b'{"statusCode":400,"message":["one","two"]}', "one; two", None),
    (
        "validation",
        b'{"name":"BadRequest","message":"x should not exist","code":400,"className":"bad-request","errors":{}}',
        "x should not exist",
        "BadRequest",
    ),
    ("key check", b'{"statusCode":401,"timestamp":"t","message":"Invalid","error":"Unauthorized"}', "Invalid", None),
    ("no key", b'{"statusCode":401,"error":"invalid_request","error_description":"missing"}', "missing", None),
    (
        "tables",
        b'{"message":"TABLE_NAME_CONFLICT: taken","code":409}',
        "TABLE_NAME_CONFLICT: taken",
        "TABLE_NAME_CONFLICT",
    ),
    ("message alone", b'{"message":"no secret"}', "no secret", None),
    (
        "V2 out of credits",
        b'{"statusCode":402,"timestamp":"t","name":"OUT_OF_CREDIT","code":2}',
        "OUT_OF_CREDIT",
        "OUT_OF_CREDIT",
    ),
    ("dedupe", b'{"code":"DEDUPE_SESSION_INVALID","message":"gone"}', "gone", "DEDUPE_SESSION_INVALID"),
    ("gateway", b'{"message":"no Route matched","request_id":"r"}', "no Route matched", None),
    ("nested", b'{"error":{"code":"NOT_FOUND","message":"nobody"}}', "nobody", "NOT_FOUND"),
    ("HTML", b"<html><head><title>502 Bad Gateway</title></head><body>x</body></html>", "502 Bad Gateway", None),
    ("plain text", b"upstream connect error", "upstream connect error", None),
    ("empty", b"", "", None),
    ("cut", b'{"message": "it was cu', '{"message": "it was cu', None),
    ("a list", b"[1,2]", "", None),
    ("not UTF-8", b"\xff\xfe", "\ufffd\ufffd", None),
]


@pytest.mark.parametrize(("name", "body", "message", "code"), ENVELOPES, ids=[entry[0] for entry in ENVELOPES])
def test_every_envelope_is_understood(name: str, body: bytes, message: str, code: str | None) -> None:
    said = read_error_body(body)
    assert (said.message, said.code) == (message, code)


@given(st.binary(max_size=300))
def test_no_body_breaks_the_reader(body: bytes) -> None:
    assert isinstance(api_error(500, body, endpoint="GET /x"), errors.ServerError)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequest),
        (401, errors.AuthenticationError),
        (402, errors.PaymentRequired),
        (403, errors.PermissionDenied),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (410, errors.SessionExpired),
        (412, errors.PreconditionFailed),
        (413, errors.PayloadTooLarge),
        (418, errors.APIError),
        (422, errors.UnprocessableEntity),
        (429, errors.RateLimited),
        (451, errors.UnavailableForLegalReasons),
        (499, errors.RequestTimedOut),
        (500, errors.ServerError),
        (520, errors.ServerError),
        (302, errors.APIError),
    ],
)
def test_one_class_per_meaning(status: int, kind: type[APIError]) -> None:
    error = api_error(status, b'{"message":"m"}', endpoint="POST /v3/contacts/enrich")
    assert type(error) is kind
    assert error.status == status
    assert str(status) in str(error)
    assert "POST /v3/contacts/enrich" in str(error)


def test_a_malformed_key_is_an_authentication_error() -> None:
    body = b'{"statusCode":400,"timestamp":"t","message":"API key must be a UUID","error":"Bad Request"}'
    assert isinstance(api_error(400, body, endpoint="x"), errors.AuthenticationError)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (410, b'{"message":"gone"}'),
        (404, b'{"statusCode":404,"message":"Cannot POST /v2/person","error":"Not Found"}'),
        (404, b'{"message":"no Route matched with those values","request_id":"1"}'),
        (404, b"<html>not here</html>"),
        (404, b'{"message":"This version of the API is no longer available"}'),
    ],
)
def test_a_retired_operation_names_its_successor(status: int, body: bytes) -> None:
    error = api_error(
        status, body, endpoint="POST /v2/person", retired_endpoint=True, successor="lusha.contacts.search_and_enrich"
    )
    assert isinstance(error, errors.EndpointRetired)
    assert error.successor == "lusha.contacts.search_and_enrich"
    assert "lusha.contacts.search_and_enrich" in str(error)


def test_a_missing_person_is_not_a_retired_operation() -> None:
    body = b'{"statusCode":404,"message":"Contact not found"}'
    assert type(api_error(404, body, endpoint="GET /v2/person", retired_endpoint=True)) is errors.NotFound


def test_the_text_shows_nothing_of_what_was_sent() -> None:
    body = (
        b'{"message":"contact Zebulon Quill <zeb@quill.example> (+1 (555) 010-9988, '
        b'https://linkedin.com/in/zeb) with key 11111111-2222-3333-4444-555555555555 is refused"}'
    )
    error = api_error(400, body, endpoint="x", sent=["Zebulon", "Quill", "zeb@quill.example"])
    for secret in ("Zebulon", "Quill", "zeb@", "010-9988", "linkedin.com/in", "11111111"):
        assert secret not in str(error)
        assert secret not in repr(error)
    assert "Zebulon Quill" in error.message
    assert error.body == body


@given(st.text(max_size=200), st.lists(st.text(min_size=2, max_size=10), max_size=5))
def test_blotting_leaves_no_sent_value(text: str, sent: list[str]) -> None:
    shown = blot(text + " ".join(sent), sent)
    assert all(value not in shown for value in sent if value not in "[...]")


def every_error() -> list[LushaError]:
    made: list[LushaError] = [
        errors.InvalidRequest("mend it", index=3, field="email"),
        errors.OutcomeUnknown("lost", endpoint="POST /x", status=504),
        errors.DecodeError("cut", endpoint="POST /x", body=b"{"),
        errors.QuotaExhausted("m", window="day", resume_at=datetime(2026, 1, 1, tzinfo=UTC), endpoint="POST /x"),
        errors.EndpointRetired("m", successor="lusha.contacts.enrich", status=410, endpoint="POST /x"),
    ]
    given_kinds = {type(error) for error in made}
    for kind in (value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, LushaError)):
        if kind in given_kinds:
            continue
        details: dict[str, Any] = {"status": 500, "endpoint": "POST /x"} if issubclass(kind, APIError) else {}
        made.append(kind("text", **details))
    return made


@pytest.mark.parametrize("error", every_error(), ids=lambda error: type(error).__name__)
def test_every_error_pickles_whole(error: LushaError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_every_error_is_exported() -> None:
    kinds = {name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, LushaError)}
    assert kinds <= set(lusha_async.__all__)


def test_quota_exhausted_says_when_to_come_back() -> None:
    error = errors.QuotaExhausted("x", window="day", resume_at=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))
    assert "2026-03-04T05:06:07+00:00" in str(error)
    assert "day window" in str(error)

"""How the API says no: one exception, and a constructor for each of the bodies it has been seen to use.

The numbers in the docstrings are those of FACTS.md (c). Every refusal also knows its documented form, which is sent
instead when the sandbox runs with ``quirks=False``.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any


class Refusal(Exception):
    """An answer other than a success. `body` is what the live API sends, `documented` what the documents promise."""

    def __init__(
        self, status: int, message: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.body = body
        self.headers = dict(headers or {})

    @property
    def documented(self) -> Mapping[str, Any]:
        """The same refusal as the documents describe it."""
        if self.status == 410:
            return self.body
        return {"statusCode": self.status, "message": self.message}


def plain(
    status: int, message: str, errors: Sequence[str] | None = None, headers: Mapping[str, str] | None = None
) -> Refusal:
    """Envelope 1, the documented one."""
    body: dict[str, Any] = {"statusCode": status, "message": message}
    if errors is not None:
        body["errors"] = list(errors)
    return Refusal(status, message, body, headers=headers)


def bad_body(message: str) -> Refusal:
    """Envelope 2: what body validation answers, naming one problem."""
    errors: dict[str, str] = {}
    body = {"name": "BadRequest", "message": message, "code": 400, "className": "bad-request", "errors": errors}
    return Refusal(400, message, body)


def bad_key(status: int, message: str, now: float) -> Refusal:
    """Envelope 3: the key is malformed (400) or wrong (401)."""
    error = "Bad Request" if status == 400 else "Unauthorized"
    stamp = datetime.fromtimestamp(now, UTC).isoformat()
    return Refusal(status, message, {"statusCode": status, "timestamp": stamp, "message": message, "error": error})


def no_key() -> Refusal:
    """Envelope 4: no key header at all."""
    text = "No API key found in the request"
    return Refusal(401, text, {"statusCode": 401, "error": "invalid_request", "error_description": text})


def table(status: int, symbol: str, text: str) -> Refusal:
    """Envelope 5: the Tables operations, with the symbol as a prefix of the message."""
    message = f"{symbol}: {text}"
    return Refusal(status, message, {"message": message, "code": status, "statusCode": status})


def message_only(status: int, message: str) -> Refusal:
    """Envelope 6: nothing but a message."""
    return Refusal(status, message, {"message": message})


def out_of_credits(*, legacy: bool, now: float) -> Refusal:
    """402: envelope 1 in V3, envelope 7 in V2."""
    message = "Not enough credits for this request"
    if not legacy:
        return plain(402, message)
    stamp = datetime.fromtimestamp(now, UTC).isoformat()
    return Refusal(402, message, {"statusCode": 402, "timestamp": stamp, "name": "OUT_OF_CREDIT", "code": 2})


def dead_session() -> Refusal:
    """Envelope 8: a dedupe session that is unknown or older than thirty days."""
    message = "The dedupe session is unknown or has expired; start a new one"
    return Refusal(410, message, {"code": "DEDUPE_SESSION_INVALID", "message": message})


def unrouted(path: str) -> Refusal:
    """Envelope 9: the gateway knows no such path."""
    message = f"no Route matched with those values: {path}"
    return Refusal(404, message, {"message": message, "request_id": uuid.uuid4().hex})


def wrong_method(method: str, allowed: Sequence[str]) -> Refusal:
    """The path exists, the method does not."""
    return plain(405, f"Cannot {method} here", headers={"Allow": ", ".join(allowed)})

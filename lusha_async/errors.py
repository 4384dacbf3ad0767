"""Every error of the package: one tree, made from any of the API's error bodies in one place (`api_error`).

    LushaError
    ├── InvalidRequest               refused here, before anything was sent
    ├── ClientStateError             the client is closed, not open yet, or belongs to another event loop
    ├── LushaConnectionError         the request never left: nothing was charged
    ├── LushaTimeout                 no answer in time to a call that may simply be made again
    ├── OutcomeUnknown               sent, no answer, and a repeat could cost: Lusha may have acted on it
    ├── DecodeError                  an answer that is no JSON; its bytes are kept
    ├── RecordFailed                 one record of a request failed (in outcomes)
    ├── AnonymousResults             records failed, and nobody says which failed how (in outcomes)
    ├── WebhookError                 a delivery that must not be trusted (see `lusha_async.webhooks`)
    └── APIError                     what the API said
        ├── BadRequest 400           ├── AuthenticationError 401 (and 400 for a malformed key)
        ├── PaymentRequired 402      ├── PermissionDenied 403
        ├── NotFound 404             ├── EndpointRetired (404 or 410 of a V2 operation that is gone)
        ├── Conflict 409             ├── SessionExpired 410
        ├── PreconditionFailed 412   ├── PayloadTooLarge 413
        ├── UnprocessableEntity 422  ├── RateLimited 429 ── QuotaExhausted
        ├── UnavailableForLegalReasons 451
        ├── RequestTimedOut 499      └── ServerError 5xx

The text of an error never holds the API key or anybody's data: what the server said is shown with addresses, numbers
and everything that was sent blotted out. The unabridged words are in `.message`, the bytes in `.body`. All pickle.
"""

from __future__ import annotations

import http
import re
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from .plain import is_object, texts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .limits import Quota


class LushaError(Exception):
    """Root of everything this package raises."""

    hint: ClassVar[str] = ""
    """What to do next, one sentence; ends the text of the error."""
    attempts: int = 0
    """How often the call was sent before this became final."""
    waited: float = 0.0
    """Seconds the call spent waiting for the limits."""
    in_doubt: bool = False
    """An earlier attempt of the call left and brought no readable answer: Lusha may have acted on that one."""

    def __init__(self, text: str) -> None:
        super().__init__(" ".join(part for part in (text, self.hint) if part))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__.copy())


def _rebuild(kind: type[LushaError], args: tuple[object, ...], state: dict[str, object]) -> LushaError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class InvalidRequest(LushaError, ValueError):
    """The API would refuse this; it was not sent. `index` names the record, `field` the field, the text the mend."""

    def __init__(self, text: str, *, index: int | None = None, field: str | None = None) -> None:
        where = f"record {index}: " if index is not None else ""
        super().__init__(where + text)
        self.index = index
        self.field = field


class ClientStateError(LushaError, RuntimeError):
    """The client cannot be used here and now: not entered, closed, or bound to another event loop."""


class LushaConnectionError(LushaError):
    """No connection could be made (DNS, TCP, TLS), or it broke under a call that costs nothing."""

    hint = "Nothing was charged, so the call can be repeated safely."


class LushaTimeout(LushaError):
    """No complete answer within the time allowed. Only raised where making the call again costs nothing."""

    hint = "Repeat the call, or give it a longer timeout."


class OutcomeUnknown(LushaError):
    """The request was sent and no readable answer came back; Lusha may have done, and charged for, what it asked.

    Lusha has no idempotency key, so the package does not send such a call again by itself. The cause is chained.
    """

    hint = "Look at the account before sending it again, or pass allow_repeat=True where a second charge is acceptable."

    def __init__(self, text: str, *, endpoint: str, status: int | None = None) -> None:
        super().__init__(text)
        self.endpoint = endpoint
        self.status = status


class DecodeError(LushaError):
    """An answer with a success status that is not JSON (cut short, empty, HTML). `body` holds its bytes."""

    def __init__(self, text: str, *, endpoint: str, body: bytes) -> None:
        super().__init__(text)
        self.endpoint = endpoint
        self.body = body


class RecordFailed(LushaError):
    """The API answered one record of a request with an error of its own; `code` is its symbol. Only in outcomes."""

    def __init__(self, code: str | None) -> None:
        super().__init__(f"Lusha could not answer this record ({code or 'no code given'}).")
        self.code = code


class AnonymousResults(LushaError):
    """Records of a chunk failed differently, and the answer does not say which failed how. Only in outcomes."""

    hint = "Send these records one by one to learn which is which."


class WebhookError(LushaError):
    """A webhook delivery that cannot be accepted. Its kinds are in `lusha_async.webhooks`."""


class APIError(LushaError):
    """The API answered with an error. One subclass per meaning; this one for statuses nobody documented."""

    def __init__(
        self,
        message: str = "",
        *,
        status: int,
        endpoint: str = "",
        errors: tuple[str, ...] = (),
        code: str | None = None,
        body: bytes = b"",
        quota: Quota | None = None,
        safe_message: str = "",
    ) -> None:
        said = f": {safe_message.rstrip('.')}" if safe_message else ""
        super().__init__(f"{endpoint or 'Lusha'}: {status} {_phrase(status)}{said}.")
        self.status = status
        self.endpoint = endpoint
        self.message = message
        """The server's own words, unabridged; may repeat what was sent."""
        self.errors = errors
        self.code = code
        self.body = body
        self.quota = quota


class BadRequest(APIError):
    """400: the body, a parameter or a page is not acceptable. Not charged."""


class AuthenticationError(APIError):
    """401, or 400 for a key that is not a UUID: the API key is absent, malformed or unknown."""

    hint = "Check LUSHA_API_KEY (a UUID, sent in the api_key header)."


class PaymentRequired(APIError):
    """402: not enough credits, or the plan does not include this operation."""

    hint = "`await lusha.account.usage()` shows the credits left."


class PermissionDenied(APIError):
    """403: the account is inactive, or the feature is outside its plan."""

    hint = "Ask the account's administrator whether the plan includes this operation."


class NotFound(APIError):
    """404: no such resource, or a job or transcript that is gone or not ready."""


class EndpointRetired(APIError):
    """A V2 operation that the API no longer serves. `successor` names the V3 method that replaces it."""

    def __init__(self, message: str = "", *, successor: str | None = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.successor = successor
        use = f" Use {successor} instead." if successor else ""
        self.args = (f"{self.args[0]} Lusha has retired this V2 operation.{use}",)


class Conflict(APIError):
    """409: the name is taken (tables)."""


class SessionExpired(APIError):
    """410: the dedupe session of a lookalike search is unknown or older than 30 days."""

    hint = "Start a new session by leaving dedupe_session_id out."


class PreconditionFailed(APIError):
    """412: V2 refused the form of a name."""


class PayloadTooLarge(APIError):
    """413: the body is larger than the server takes."""


class UnprocessableEntity(APIError):
    """422: a value could not be processed."""


class RateLimited(APIError):
    """429: a window of the limits is used up. `window` says which where known, `resume_at` when it turns (UTC)."""

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        window: str | None = None,
        resume_at: datetime | None = None,
        **details: Any,
    ) -> None:
        super().__init__(message, status=429 if status is None else status, **details)
        self.window = window
        self.resume_at = resume_at


class QuotaExhausted(RateLimited):
    """The wait for the next free request is longer than `max_wait`, or will never end (a trial's limit).

    Raised without sending anything when the wait is known beforehand. Continue at `resume_at`.
    """

    def __init__(
        self, message: str = "", *, window: str | None = None, resume_at: datetime | None = None, **details: Any
    ) -> None:
        super().__init__(message, window=window, resume_at=resume_at, **details)
        which = f"the {window} window" if window else "the quota"
        when = f"; it can go on at {resume_at.isoformat(timespec='seconds')}" if resume_at else ""
        self.args = (f"{self.endpoint or 'Lusha'}: {which} is used up{when}.",)


class UnavailableForLegalReasons(APIError):
    """451: this person's data is blocked. Never ask again."""


class RequestTimedOut(APIError):
    """499: the server gave up waiting. Whether it charged is unknown."""


class ServerError(APIError):
    """5xx: the fault is Lusha's, or that of a gateway in front of it."""


_BY_STATUS: dict[int, type[APIError]] = {
    400: BadRequest,
    401: AuthenticationError,
    402: PaymentRequired,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    410: SessionExpired,
    412: PreconditionFailed,
    413: PayloadTooLarge,
    422: UnprocessableEntity,
    429: RateLimited,
    451: UnavailableForLegalReasons,
    499: RequestTimedOut,
}

ENDS_A_RUN: tuple[type[LushaError], ...] = (
    AuthenticationError,
    PaymentRequired,
    PermissionDenied,
    QuotaExhausted,
    EndpointRetired,
)
"""Errors after which no further call of the account can succeed: a bulk run ends at once."""

REFUSED_WHOLE: tuple[type[LushaError], ...] = (BadRequest, PreconditionFailed, PayloadTooLarge, UnprocessableEntity)
"""Errors that refuse a chunk as a whole, uncharged, perhaps for one record in it: the chunk is halved."""


# --- from the wire -----------------------------------------------------------------------------------------------


class ErrorBody(msgspec.Struct, frozen=True):
    """What an error body said, whichever of the API's envelopes it came in."""

    message: str = ""
    errors: tuple[str, ...] = ()
    code: str | None = None


def read_error_body(body: bytes) -> ErrorBody:
    """Understand any of the API's error envelopes, HTML and nothing at all; never raises."""
    try:
        data: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ErrorBody(message=_text_of_page(body))
    if not is_object(data):
        return ErrorBody(message=data if isinstance(data, str) else "")
    nested: Any = data.get("error")
    if is_object(nested):
        data = {**nested, **{k: v for k, v in data.items() if k != "error"}}
        nested = None
    message = _join(data.get("message")) or _join(data.get("error_description")) or _join(nested)
    symbols = [value for value in (data.get("code"), data.get("name")) if isinstance(value, str)]
    code = symbols[0] if symbols else None
    if code is None and (prefix := re.match(r"([A-Z][A-Z_]{4,}[A-Z])\b", message)):
        code = prefix[1]
    return ErrorBody(message=message or (code or ""), errors=tuple(texts(data.get("errors"))), code=code)


def api_error(
    status: int,
    body: bytes,
    *,
    endpoint: str,
    sent: Iterable[str] = (),
    quota: Quota | None = None,
    retired_endpoint: bool = False,
    successor: str | None = None,
) -> APIError:
    """The exception for an answer that is not a success.

    `sent` are the values of the request: they are blotted out of the text. `retired_endpoint` says that the
    operation belongs to the retired generation, where a path that is gone is not a record that is missing.
    """
    said = read_error_body(body)
    kind = _BY_STATUS.get(status) or (ServerError if status >= 500 else APIError)
    if status == 400 and re.search(r"\bapi[ _-]?key\b", said.message, re.IGNORECASE):
        kind = AuthenticationError
    details: dict[str, Any] = {
        "status": status,
        "endpoint": endpoint,
        "errors": said.errors,
        "code": said.code,
        "body": body,
        "quota": quota,
        "safe_message": blot(said.message, sent),
    }
    if retired_endpoint and _says_retired(status, body, said):
        return EndpointRetired(said.message, successor=successor, **details)
    return kind(said.message, **details)


def _says_retired(status: int, body: bytes, said: ErrorBody) -> bool:
    if status == 410:
        return True
    if status != 404:
        return False
    routing = re.search(
        r"\bcannot (get|post)\b|no route|route not|not routed|deprecated|sunset|retired|no longer",
        said.message,
        re.IGNORECASE,
    )
    return routing is not None or body.lstrip()[:1] != b"{" or b'"request_id"' in body


def _join(value: object) -> str:
    return "; ".join(texts(value))


def _text_of_page(body: bytes) -> str:
    """A few words of an HTML page or a plain text: its title, or its beginning."""
    text = body[:4096].decode("utf-8", "replace")
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    words = title[1] if title else re.sub(r"<[^>]*>", " ", text)
    return " ".join(words.split())[:200]


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return {499: "Client Closed Request"}.get(status, "Error")


# --- what may be shown -------------------------------------------------------------------------------------------

_PERSONAL = re.compile(
    r"""[^\s"'<>(),;:]+@[^\s"'<>(),;:]+      # an e-mail address
      | \bhttps?://[^\s"'<>]+                # a link, perhaps of a profile
      | \blinkedin\.com/[^\s"'<>]+
      | \+?\(?\d[\d\s().-]{7,}\d             # a phone number
      | \b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b   # a key""",
    re.VERBOSE,
)


def blot(text: str, sent: Iterable[str] = ()) -> str:
    """`text` without addresses, links, phone numbers, keys and any of the values in `sent`; at most 300 characters."""
    text = text[:2000]
    for value in sorted({value for value in sent if len(value) > 1}, key=len, reverse=True):
        if value.casefold() in text.casefold():
            text = re.sub(re.escape(value), "[...]", text, flags=re.IGNORECASE)
    return _PERSONAL.sub("[...]", text)[:300]

"""The paths under /_sandbox: what a test in another process uses. No key, no limits, counted nowhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

import msgspec
from aiohttp import web

from . import triggers
from .faults import Faults
from .replies import Reply, Scripted

if TYPE_CHECKING:
    from .gateway import Gateway

Json = dict[str, Any]
Route = Callable[[Any], Awaitable[Any] | Any]


class Spend(msgspec.Struct, forbid_unknown_fields=True):
    """Requests a stranger sends from the same account, per window."""

    minute: int = 0
    hour: int = 0
    day: int = 0


class Windows(msgspec.Struct, forbid_unknown_fields=True):
    """New limits of the plan windows; null for none."""

    minute: int | None = None
    hour: int | None = None
    day: int | None = None


class NextError(msgspec.Struct, forbid_unknown_fields=True):
    """A scripted answer."""

    status: int = 500
    endpoint: str | None = None
    body: Any = None
    headers: dict[str, str] = {}
    how: str = "answer"
    times: int = 1
    charge: bool = False


class Trigger(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A signal that is to happen."""

    entity_id: str
    type: str
    entity_type: str = "contact"
    data: Json | None = None
    form: str = "signed"
    repeat: int = 1


class OptOut(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A contact that is to opt out."""

    contact_id: str
    form: str = "signed"
    partner_client_id: str | None = None


class Again(msgspec.Struct, forbid_unknown_fields=True):
    """A delivery that is to be repeated; the last one unless named."""

    id: str | None = None
    form: str = "signed"


class Control:
    """Runtime control of one gateway, over HTTP and in process."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._routes: dict[tuple[str, str], tuple[Any, Route]] = {
            ("GET", "stats"): (None, lambda _: self.stats()),
            ("POST", "reset"): (None, lambda _: self.reset()),
            ("POST", "faults"): (Faults, self.set_faults),
            ("POST", "configure"): (Json, self.configure),
            ("POST", "spend"): (Spend, lambda one: self.spend(one.minute, one.hour, one.day)),
            ("POST", "windows"): (Windows, lambda one: self.set_windows(one.minute, one.hour, one.day)),
            ("POST", "next-error"): (NextError, self.next_error),
            ("POST", "webhooks/signal"): (Trigger, self.trigger),
            ("POST", "webhooks/opt-out"): (OptOut, self.opt_out),
            ("POST", "webhooks/again"): (Again, self.again),
            ("POST", "webhooks/settle"): (None, lambda _: self._gateway.backend.courier.settled()),
        }

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answer a control request: its result, or ``{"ok": true}``."""
        shape, route = self._routes.get((request.method, request.path.removeprefix("/_sandbox/")), (None, None))
        if route is None:
            names = sorted(f"{method} /_sandbox/{name}" for method, name in self._routes)
            return _json(404, {"error": "no such control path", "paths": names})
        try:
            body = await request.read()
            result: Any = route(None if shape is None else msgspec.json.decode(body or b"{}", type=shape))
            if isinstance(result, Awaitable):
                result = await cast("Awaitable[Any]", result)
        except (msgspec.DecodeError, ValueError, TypeError, LookupError) as problem:
            return _json(400, {"error": str(problem)})
        return _json(200, {"ok": True} if result is None else result)

    def stats(self) -> Json:
        """What was seen so far."""
        account = self._gateway.backend.account
        return {**self._gateway.stats.as_dict(), "credits_remaining": account.remaining}

    def reset(self) -> None:
        """Back to the first moment; the settings stay."""
        self._gateway.backend.reset()
        self._gateway.reset()

    def set_faults(self, faults: Faults) -> None:
        """Replace the faults; their sequence starts anew."""
        self._gateway.backend.settings.faults = faults
        self._gateway.set_faults()

    def configure(self, changes: Json) -> None:
        """Change settings while running. A new plan starts with fresh windows; new credits are a new balance."""
        backend = self._gateway.backend
        faults = changes.get("faults")
        if isinstance(faults, dict):
            changes = {**changes, "faults": msgspec.convert(faults, Faults)}
        backend.settings.change(changes)
        if {"plan", "aligned_windows", "window_seconds"} & set(changes):
            backend.set_plan()
        if "burst" in changes:
            backend.limits.clear_logs()
        if "credits" in changes:
            backend.account.total = backend.account.used + changes["credits"]
        if "prices" in changes:
            backend.account.prices.update({name: tuple(price) for name, price in changes["prices"].items()})
        if "faults" in changes:
            self._gateway.set_faults()

    def spend(self, minute: int, hour: int, day: int) -> None:
        """Count a stranger's requests."""
        self._gateway.backend.limits.spend({"minute": minute, "hour": hour, "day": day})

    def set_windows(self, minute: int | None, hour: int | None, day: int | None) -> None:
        """Other plan limits, with fresh windows."""
        settings = self._gateway.backend.settings
        self._gateway.backend.limits.set_plan(
            {"minute": minute, "hour": hour, "day": day},
            aligned=settings.aligned_windows,
            lengths=settings.window_seconds,
        )

    def trigger(self, one: Trigger) -> Json:
        """Let a signal happen."""
        backend = self._gateway.backend
        ids = triggers.trigger(
            backend, one.entity_type, one.entity_id, one.type, data=one.data, form=one.form, repeat=one.repeat
        )
        return {"deliveries": ids}

    def opt_out(self, one: OptOut) -> Json:
        """Let a contact opt out."""
        backend = self._gateway.backend
        return {"deliveries": triggers.opt_out(backend, one.contact_id, form=one.form, partner=one.partner_client_id)}

    def again(self, one: Again) -> Json:
        """Repeat a delivery."""
        return {"deliveries": triggers.repeat_delivery(self._gateway.backend, one.id, form=one.form)}

    def next_error(self, one: NextError) -> None:
        """Queue a scripted answer."""
        if one.how not in {"answer", "cut", "reset"}:
            raise ValueError("how must be answer, cut or reset")
        raw = one.body
        content = raw if isinstance(raw, bytes) else raw.encode() if isinstance(raw, str) else None
        if content is None:
            content = msgspec.json.encode({"statusCode": one.status, "message": "Scripted"} if raw is None else raw)
        reply = Reply(one.status, content, dict(one.headers), one.how)
        self._gateway.scripts.append(Scripted(endpoint=one.endpoint, reply=reply, times=one.times, charge=one.charge))


def _json(status: int, data: Any) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(data), content_type="application/json")

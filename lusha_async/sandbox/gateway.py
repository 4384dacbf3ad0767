"""One request from its arrival to its answer: key, limits, scripted answers, faults, validation, operation."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

import msgspec
from aiohttp import web

from .account import Bill
from .backend import Answer, Backend, Call, Operation
from .control import Control
from .faults import BEFORE, FaultSource
from .refusals import Refusal, bad_body, bad_key, no_key, plain, unrouted, wrong_method
from .replies import Reply, Scripted
from .routes import OPERATIONS, Router
from .stats import Stats
from .surprises import surprise

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_JSON = "application/json; charset=utf-8"
V2_SUNSET = "Wed, 18 Nov 2026 00:00:00 GMT"
"""The end of V2, as its answers announce it."""

_RESET = struct.pack("ii", 1, 0)
_ERROR_TEXTS = {
    "499": "The request took too long",
    "500": "Internal error",
    "502": "Bad gateway",
    "503": "Service unavailable",
    "504": "Gateway timeout",
}
_HTML = (
    b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"
)


class Gateway:
    """Answers HTTP requests for one backend."""

    def __init__(self, backend: Backend, api_key: str) -> None:
        self.backend = backend
        self.api_key = api_key
        self.router = Router(OPERATIONS)
        self.scripts: list[Scripted] = []
        self.control = Control(self)
        self._decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}
        self.reset()

    def reset(self) -> None:
        """Forget statistics and scripts, and start the faults from their first again."""
        self.stats = Stats(self.backend.clock.monotonic())
        self.scripts.clear()
        self.set_faults()

    def set_faults(self) -> None:
        """Apply the faults of the settings."""
        self.faults = FaultSource(self.backend.settings.faults)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """The aiohttp handler of every path."""
        if request.path.startswith("/_sandbox/"):
            return await self.control.handle(request)
        methods, values = self.router.find(request.method, request.rel_url.raw_path)
        operation = methods.get(request.method)
        gone = operation is not None and operation.legacy and not self.backend.settings.v2
        if operation is None or gone:
            known = methods and not gone
            refusal = wrong_method(request.method, sorted(methods)) if known else unrouted(request.path)
            return await self._send(request, self._refuse(refusal))
        reply = await self._serve(request, operation, values)
        self.stats.of(operation.name).statuses[str(reply.status) if reply.how != "reset" else "reset"] += 1
        if self.backend.settings.latency:
            await self.backend.clock.sleep(self.backend.settings.latency)
        return await self._send(request, reply)

    async def _serve(self, request: web.BaseRequest, operation: Operation, values: Mapping[str, str]) -> Reply:
        settings, clock = self.backend.settings, self.backend.clock
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return self._refuse(plain(413, "The body is too large"))
        if settings.jitter:
            await clock.sleep(self.backend.random.uniform(0.0, settings.jitter))
        now = clock.monotonic()
        self.stats.of(operation.name).arrive(now)
        try:
            self._check_key(request)
        except Refusal as refusal:
            return self._refuse(refusal)
        try:
            self._count(operation, now)
            script = self._scripted(operation)
            if script is not None and not script.charge:
                reply = script.reply
            else:
                reply = await self._with_faults(request, operation, values, body)
                reply = reply if script is None else script.reply
        except Refusal as refusal:
            reply = self._refuse(refusal)
        headers = {**self.backend.limits.headers(), **reply.headers}
        if operation.legacy and settings.quirks:
            headers["Sunset"] = V2_SUNSET
        return Reply(reply.status, reply.body, headers, reply.how)

    def _check_key(self, request: web.BaseRequest) -> None:
        key = request.headers.get("api_key") or request.query.get("api_key")
        now = self.backend.clock.wall()
        if not key:
            raise no_key()
        if not _UUID.fullmatch(key):
            raise bad_key(400, "The API key is malformed", now)
        if key != self.api_key:
            raise bad_key(401, "The API key is wrong", now)

    def _count(self, operation: Operation, now: float) -> None:
        """Count the request against its windows, or refuse it."""
        settings, limits = self.backend.settings, self.backend.limits
        group, limit, seconds = operation.name, settings.burst, 1.0
        if operation.group == "usage":
            group, limit, seconds = "usage", settings.usage_limit, 60.0
        log = None if limit is None else limits.log(group, limit, seconds)
        logs = [] if log is None else [log]
        if operation.group == "webhooks" and settings.webhooks_limit is not None:
            logs.append(limits.log("webhooks", settings.webhooks_limit, 60.0))
        in_plan = operation.group != "usage"
        full = next((one for one in logs if not one.admits(now)), None)
        empty = limits.exhausted() if in_plan and full is None else None
        if (full is None and empty is None) or settings.refused_count:
            for one in logs:
                one.count(now)
            if in_plan:
                limits.spend({"minute": 1, "hour": 1, "day": 1})
        if full is not None:
            raise too_many(settings.burst_refusal, full.wait(now), "second", self.backend.clock.wall())
        if empty is not None:
            name, wait = empty
            raise too_many(settings.plan_refusal, wait, name, self.backend.clock.wall())

    def _scripted(self, operation: Operation) -> Scripted | None:
        for script in self.scripts:
            if script.endpoint in {None, operation.name, operation.path}:
                script.times -= 1
                if script.times <= 0:
                    self.scripts.remove(script)
                return script
        return None

    async def _with_faults(
        self, request: web.BaseRequest, operation: Operation, values: Mapping[str, str], body: bytes
    ) -> Reply:
        kind = self.faults.draw(operation.path)
        if kind is None:
            return await self._process(request, operation, values, body)
        self.stats.faults[kind] += 1
        if kind in BEFORE:
            return self._fault_before(kind)
        reply = await self._process(request, operation, values, body)
        return await self._fault_after(kind, reply)

    def _fault_before(self, kind: str) -> Reply:
        if kind == "429":
            raise too_many(self.faults.form(), 1.0, "minute", self.backend.clock.wall())
        if kind == "html":
            return Reply(502, _HTML, {"Content-Type": "text/html"})
        if kind == "reset_before":
            return Reply(0, b"", how="reset")
        raise plain(int(kind), _ERROR_TEXTS[kind])

    async def _fault_after(self, kind: str, reply: Reply) -> Reply:
        if kind == "504":
            raise plain(504, _ERROR_TEXTS[kind])
        if kind == "slow":
            await self.backend.clock.sleep(self.faults.faults.stall)
            return reply
        if reply.status >= 300:
            return reply
        if kind == "empty":
            return Reply(200, b"", reply.headers)
        if kind == "truncated":
            return Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers)
        if kind in {"cut", "reset_after"}:
            return Reply(reply.status, reply.body, reply.headers, "cut" if kind == "cut" else "reset")
        return Reply(reply.status, surprise(kind, reply.body, self.backend.random), reply.headers)

    async def _process(
        self, request: web.BaseRequest, operation: Operation, values: Mapping[str, str], body: bytes
    ) -> Reply:
        backend = self.backend
        try:
            shape = self._decode(request, operation, body)
            call = Call(backend, shape, values, Bill(backend.account), operation.legacy)
            before = backend.account.used
            result = operation.handler(call)
            answer = result if isinstance(result, Answer) else await result
        except Refusal as refusal:
            return self._refuse(refusal)
        charged = backend.account.used - before
        track = backend.settings.track
        self.stats.of(operation.name).process(answer.items, answer.keys, charged, track=track)
        content = b"" if answer.status == 204 else msgspec.json.encode(answer.data)
        return Reply(answer.status, content)

    def _decode(self, request: web.BaseRequest, operation: Operation, body: bytes) -> Any:
        try:
            if operation.body is not None:
                decoder = self._decoders.get(operation.body)
                if decoder is None:
                    decoder = self._decoders[operation.body] = msgspec.json.Decoder(operation.body)
                return decoder.decode(body)
            if operation.query is not None:
                return msgspec.convert(_query(request, operation.query), operation.query, strict=False)
        except msgspec.ValidationError as problem:
            raise bad_body(_in_their_words(str(problem))) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise bad_body("The body is not valid JSON") from None
        return None

    def _refuse(self, refusal: Refusal) -> Reply:
        body = refusal.body if self.backend.settings.quirks else refusal.documented
        return Reply(refusal.status, msgspec.json.encode(body) if body else b"", dict(refusal.headers))

    async def _send(self, request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
        headers = {"Content-Type": _JSON, **reply.headers}
        transport = request.transport
        if reply.how == "answer" or transport is None:
            return web.Response(status=reply.status or 200, body=reply.body, headers=headers)
        if reply.how == "reset":
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            transport.abort()
            return web.Response(status=reply.status or 200)
        response = web.StreamResponse(status=reply.status, headers=headers)
        response.content_length = len(reply.body)
        await response.prepare(request)
        await response.write(reply.body[: len(reply.body) // 2])
        transport.close()
        return response


def too_many(form: str, wait: float, window: str, now: float) -> Refusal:
    """A 429 in one of its forms.

    "plain": a sentence and nothing else. "reset": the seconds stand in the sentence. "trial": the trial is over, no
    wait helps. "retry_after" and "retry_after_date": the header, as seconds or as a date. "ratelimit_reset": the
    header RateLimit-Reset. "bare": no body at all.
    """
    seconds = max(int(-(-wait // 1)), 1)
    headers: dict[str, str] = {}
    message = "Too many requests"
    if form == "reset":
        message = f"Limit of requests per {window} reached. Reset in {seconds} seconds"
    elif form == "trial":
        message = "Trial limit reached"
    elif form == "retry_after":
        headers["Retry-After"] = str(seconds)
    elif form == "retry_after_date":
        headers["Retry-After"] = formatdate(now + seconds, usegmt=True)
    elif form == "ratelimit_reset":
        headers.update({"RateLimit-Limit": "0", "RateLimit-Remaining": "0", "RateLimit-Reset": str(seconds)})
    refusal = plain(429, message, headers=headers)
    if form == "bare":
        refusal.body = {}
    return refusal


def _query(request: web.BaseRequest, shape: type[Any]) -> dict[str, Any]:
    """Query values by name; a list where the shape wants one, however it is spelled. Unknown names are ignored."""
    values: dict[str, Any] = {}
    for one in msgspec.structs.fields(shape):
        name = one.encode_name
        found = request.query.getall(name, []) + request.query.getall(f"{name}[]", [])
        if found:
            many = "list" in str(one.type)
            values[name] = [part for text in found for part in text.split(",")] if many else found[-1]
    return values


def _in_their_words(problem: str) -> str:
    """msgspec's complaint in the words of the API's validation: one property, named."""
    where = problem.rpartition("`$")[2].rstrip("`").strip(".") if "`$" in problem else ""
    text = problem.partition(" - at ")[0]
    unknown = re.search(r"unknown field `(.*)`", text)
    if unknown:
        return f"property {unknown.group(1)} should not exist"
    missing = re.search(r"required field `(.*)`", text)
    if missing:
        path = f"{where}.{missing.group(1)}".strip(".")
        return f"{path} should not be empty"
    too_long = re.search(r"array` of length <= (\d+)", text)
    if too_long:
        return f"{where} must contain no more than {too_long.group(1)} elements"
    too_short = re.search(r"array` of length >= (\d+)", text)
    if too_short:
        return f"{where} must contain at least {too_short.group(1)} elements"
    return f"{where or 'body'}: {text}"

"""`lusha webhooks listen`: deliveries printed as they come."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import click
import msgspec

from ..errors import NotFound
from ..webhooks import Listener, OptOut
from .interrupts import interrupts
from .refusal import Refused

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ..sandbox import Sandbox
    from ..webhooks import Counts, Event
    from .access import Access

SECRET = "LUSHA_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
SHOWN = (
    ("contact", "promotion"),
    ("company", "surgeInHiring"),
    ("contact", "companyChange"),
    ("company", "financialEventsNews"),
    ("company", "websiteTrafficIncrease"),
)
"""What the sandbox lets happen, in turn; an opt-out after each round."""
EVERY = 1.0
"""Seconds between two of them."""


def listen(access: Access, *, host: str, port: int, count: int | None, as_json: bool) -> None:
    """Print events until there were `count` of them, or until Ctrl-C or SIGTERM."""
    asyncio.run(_listen(access, host, port, count, as_json=as_json))


async def _listen(access: Access, host: str, port: int, count: int | None, *, as_json: bool) -> None:
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(_own_sandbox()) if access.sandbox else None
        secret = await _secret(access, sandbox)
        listener = Listener(secret, host=host, port=port)
        try:
            await stack.enter_async_context(listener)
        except OSError as error:
            raise Refused(f"Cannot listen at {host}:{port}: {error.strerror}.") from None
        stack.enter_context(interrupts(lambda _code: listener.close()))
        click.echo(f"Listening at {listener.url}; Ctrl-C ends it.", err=True)
        if sandbox is not None:
            await stack.enter_async_context(_happenings(access, sandbox, listener.url))
            click.echo("A sandbox in this process sends a signal every second, about invented people.", err=True)
        else:
            click.echo("Lusha delivers to https only: let a tunnel of yours lead to this port.", err=True)
        printed = 0
        async for event in listener:
            click.echo(msgspec.json.format(event.raw, indent=-1).decode() if as_json else line(event))
            printed += 1
            if printed == count:
                break
        _report(listener.counts)


def line(event: Event) -> str:
    """One event for people, without anybody's name: when, what, about which id."""
    parts = [time.strftime("%H:%M:%S"), f"{event.type:<26}"]
    if isinstance(event, OptOut):
        identities = event.identities()
        points = len(identities.emails) + len(identities.phones) + len(identities.others)
        parts.append(f"contact {event.contact_id}: {points} data points to remove")
    else:
        parts.append(f"{getattr(event, 'entity_type', None) or 'entity'} {getattr(event, 'entity_id', None)}")
        if event.id:
            parts.append(f"delivery {event.id}")
    if event.problems:
        parts.append(f"{len(event.problems)} fields did not fit; --json shows all")
    return "  ".join(parts)


def _report(counts: Counts) -> None:
    refused = {"forged": counts.forged, "stale": counts.stale, "unreadable": counts.unreadable}
    said = ", ".join(f"{number} {kind}" for kind, number in refused.items() if number)
    text = f"{counts.accepted} events, {counts.repeats} repeats"
    click.echo(f"{text}; refused: {said}" if said else text, err=True)


async def _secret(access: Access, sandbox: Sandbox | None) -> str:
    if sandbox is not None:
        async with access.client(sandbox.api_key, sandbox.url) as lusha:
            made = (await lusha.webhook_secret.regenerate()).secret
    elif given := os.environ.get(SECRET, "").strip():
        return given
    else:
        access.check()
        async with access.connect() as lusha:
            try:
                made = (await lusha.webhook_secret.get()).secret
            except NotFound:
                made = None
    if not made:
        raise Refused("The account has no webhook secret yet: `lusha webhooks secret rotate` makes one.")
    return made


@asynccontextmanager
async def _own_sandbox() -> AsyncGenerator[Sandbox]:
    from ..sandbox import Sandbox

    async with Sandbox(challenge=True) as sandbox:
        yield sandbox


@asynccontextmanager
async def _happenings(access: Access, sandbox: Sandbox, url: str) -> AsyncGenerator[None]:
    """Subscribe an invented contact and company, and let something happen to them now and then."""
    ids = {"contact": "1001", "company": "2001"}
    async with access.client(sandbox.api_key, sandbox.url) as lusha:
        wanted = [{"entity_type": kind, "entity_id": entity} for kind, entity in ids.items()]
        await lusha.subscriptions.sync(wanted, url=url, signal_types=["allSignals"])
        await lusha.subscriptions.create_opt_out(url)

    async def happen() -> None:
        for kind, signal in itertools.cycle((*SHOWN, ("contact", ""))):
            if signal:
                sandbox.trigger(ids[kind], signal, entity_type=kind)
            else:
                sandbox.opt_out(ids[kind])
            await asyncio.sleep(EVERY)

    task = asyncio.create_task(happen())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])

"""Receive Lusha's webhooks in a FastAPI application, durably.

    pip install lusha_async fastapi uvicorn
    LUSHA_WEBHOOK_SECRET=... uvicorn webhook_fastapi:app --port 9000

Subscribe the public HTTPS address of ``/webhooks/lusha/``. What was acknowledged is handled even when the process dies;
after such a death a handler can be called a second time for the same `event.id`.
"""

from __future__ import annotations

import os

from fastapi import FastAPI

from lusha_async.webhooks import CompanyNews, Event, Failure, OptOut, Promotion, SQLiteStore, WebhookReceiver


async def tell_somebody(failure: Failure) -> None:
    """After the last attempt. The store keeps the delivery: `await store.revive(failure.delivery.key)` tries again."""
    print("not handled:", failure.event.type, failure.event.id, type(failure.error).__name__)


store = SQLiteStore(os.environ.get("LUSHA_WEBHOOK_INBOX", "lusha-webhooks.db"))
receiver = WebhookReceiver(os.environ.get("LUSHA_WEBHOOK_SECRET", "set-me"), store=store, on_error=tell_somebody)


@receiver.on(Promotion)
async def promoted(event: Promotion) -> None:
    """A contact has a new title."""
    print("promoted:", event.entity_id, "is now", event.data.current_title)


@receiver.on(CompanyNews)
async def news(event: CompanyNews) -> None:
    """Any of the seven kinds of news."""
    print(event.type, event.data.domain, event.data.day, event.data.article_title)


@receiver.on_opt_out
async def opted_out(event: OptOut) -> None:
    """Somebody wants to be forgotten: remove them from every system you keep, then return."""
    identities = event.identities()
    if not identities.complete:
        raise ValueError("this opt-out needs a person to read it")
    print("to remove:", len(identities.emails), "addresses and", len(identities.phones), "numbers")


@receiver.fallback
async def everything_else(event: Event) -> None:
    """Signals without a handler of their own, and types that are newer than this program."""
    print("also:", event.type, event.id)


app = FastAPI(lifespan=receiver.lifespan)
app.mount("/webhooks/lusha", receiver.asgi())

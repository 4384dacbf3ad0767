"""Receive Lusha's webhooks in an aiohttp application, and rotate the secret while it runs.

    LUSHA_WEBHOOK_SECRET=... python webhook_aiohttp.py

Several secrets may be given, separated by commas: deliveries signed with any of them are accepted, so that a new secret
can be created at Lusha while deliveries signed with the old one are still on their way.
"""

from __future__ import annotations

import os

from aiohttp import web

from lusha_async.webhooks import Event, OptOut, WebhookReceiver

receiver = WebhookReceiver(os.environ.get("LUSHA_WEBHOOK_SECRET", "set-me").split(","))


@receiver.on("companyChange", "promotion")
async def moved(event: Event) -> None:
    """Somebody changed their place of work or their title."""
    print(event.type, event.id)


@receiver.on_opt_out
async def opted_out(event: OptOut) -> None:
    """Remove what `event.identities()` lists."""
    print("an opt-out of", event.opted_out_at)


@receiver.fallback
async def everything_else(event: Event) -> None:
    """Without a fallback, events that nobody takes would be reported as failures."""
    print("also:", event.type)


async def health(_: web.Request) -> web.Response:
    """What the receiver did so far."""
    return web.json_response({"in_hand": receiver.in_hand, "handled": receiver.counts.handled})


def application() -> web.Application:
    """The application, with the receiver's lifetime tied to its own."""
    app = web.Application()
    app.cleanup_ctx.append(receiver.aiohttp_lifespan)
    app.router.add_route("*", "/webhooks/lusha", receiver.aiohttp)
    app.router.add_get("/health", health)
    return app


if __name__ == "__main__":
    web.run_app(application(), port=9000)

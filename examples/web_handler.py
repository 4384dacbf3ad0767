"""One call in a web handler: one client for the life of the application, shared by all requests.

Run it (no key needed, it starts the sandbox):  python examples/web_handler.py
Then:  curl 'http://127.0.0.1:8080/person?email=jane@example.com'
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import web

from lusha_async import ContactQuery, InvalidRequest, LushaClient, QuotaExhausted, to_dict
from lusha_async.sandbox import Sandbox

LUSHA = web.AppKey("lusha", LushaClient)


async def lifetime(app: web.Application) -> AsyncIterator[None]:
    """Open the client when the application starts, close it when it ends. With a real key: `LushaClient()`."""
    async with Sandbox() as sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha:
        app[LUSHA] = lusha
        yield


async def person(request: web.Request) -> web.Response:
    """Look one person up; say clearly what went wrong."""
    lusha = request.app[LUSHA]
    query = ContactQuery(email=request.query.get("email"))
    try:
        answer = await lusha.contacts.search_and_enrich(query, reveal=["emails"], timeout=10)
    except InvalidRequest as error:
        return web.json_response({"error": str(error)}, status=422)
    except QuotaExhausted as error:
        return web.json_response({"error": str(error)}, status=503)
    found = answer.results[0]
    if found.error is not None:
        return web.json_response({"error": found.error.code}, status=404)
    return web.json_response(to_dict(found))


def application() -> web.Application:
    """The application, ready to be served."""
    app = web.Application()
    app.cleanup_ctx.append(lifetime)
    app.router.add_get("/person", person)
    return app


if __name__ == "__main__":
    web.run_app(application(), host="127.0.0.1", port=8080)

"""A raw HTTP session for the sandbox: these tests use no part of the client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec
import pytest

from lusha_async.sandbox import Sandbox


@dataclass
class Got:
    """An answer, read."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Http:
    """Plain requests to a running sandbox."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session

    async def send(self, method: str, path: str, body: Any = None, **options: Any) -> Got:
        headers = options.pop("headers", {"api_key": self.sandbox.api_key})
        if body is not None:
            options["json"] = body
        async with self.session.request(method, self.sandbox.url + path, headers=headers, **options) as answer:
            return Got(answer.status, answer.headers, await answer.read())

    async def post(self, path: str, body: Any = None, **options: Any) -> Got:
        return await self.send("POST", path, body, **options)

    async def get(self, path: str, **options: Any) -> Got:
        return await self.send("GET", path, **options)


@asynccontextmanager
async def running(**options: Any) -> AsyncIterator[Http]:
    """A started sandbox with a session."""
    async with Sandbox(**options) as sandbox, aiohttp.ClientSession() as session:
        yield Http(sandbox, session)


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with running(burst=None, usage_limit=None, not_found=0, restricted=0) as started:
        yield started

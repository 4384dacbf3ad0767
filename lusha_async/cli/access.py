"""How the command line reaches Lusha: with the user's key, or with a sandbox of its own."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .exit_codes import ExitCode
from .refusal import Refused

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ..client import LushaClient


SANDBOX_KEY = "5a5a5a5a-5a5a-4a5a-8a5a-5a5a5a5a5a5a"
"""Of the sandbox inside a command: always the same, so that a ledger tells its invented data from bought data."""
PATIENCE = 25 * 3600.0
"""Seconds `--wait` sleeps for one window at most: the longest one is a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Whom to ask, and as whom. Times are seconds. The key itself is read when it is needed and kept nowhere."""

    sandbox: bool = False
    base_url: str | None = None
    api_key_file: str | None = None
    timeout: float | None = None
    max_wait: float | None = None

    def check(self) -> None:
        """Refuse what could not work before anything is opened or sent. Raises `Refused` or `InvalidRequest`."""
        if self.sandbox and (self.base_url or self.api_key_file):
            raise Refused("--sandbox needs no key and no address: leave --base-url and --api-key-file out.")
        if not self.sandbox:
            self.client()

    def client(self, api_key: str | None = None, base_url: str | None = None) -> LushaClient:
        """A client, not opened yet. Raises `Refused` or `InvalidRequest`."""
        from ..client import LushaClient

        given = {"timeout": self.timeout, "max_wait": self.max_wait}
        times: dict[str, Any] = {name: seconds for name, seconds in given.items() if seconds is not None}
        return LushaClient(api_key or self._key(), base_url=base_url or self.base_url, **times)

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[LushaClient]:
        """An open client, with a sandbox behind it if there is to be one."""
        async with AsyncExitStack() as stack:
            if self.sandbox:
                from ..sandbox import Sandbox

                sandbox = await stack.enter_async_context(Sandbox(api_key=SANDBOX_KEY))
                client = self.client(sandbox.api_key, sandbox.url)
            else:
                client = self.client()
            yield await stack.enter_async_context(client)

    def _key(self) -> str:
        if self.api_key_file is not None:
            try:
                key = Path(self.api_key_file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                raise Refused(f"--api-key-file: {self.api_key_file} cannot be read.", ExitCode.ACCESS) from None
            if not key:
                raise Refused(f"--api-key-file: {self.api_key_file} is empty.", ExitCode.ACCESS)
            return key
        key = os.environ.get("LUSHA_API_KEY", "").strip()
        if not key:
            raise Refused(
                "There is no API key: set LUSHA_API_KEY, or name a file with --api-key-file, or try --sandbox.",
                ExitCode.ACCESS,
            )
        return key

"""Redis as the inbox, for several machines: keys with a lifetime, payloads in a hash, leases in a sorted set."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, Protocol

from .base import Kept

_ADD = """
if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[4]) then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[4], ARGV[1], 1)
return 1
"""

_CLAIM = """
local keys = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
local found = {}
for _, key in ipairs(keys) do
  local payload = redis.call('HGET', KEYS[1], key)
  if payload then
    redis.call('ZADD', KEYS[2], ARGV[2], key)
    local claims = redis.call('HINCRBY', KEYS[3], key, 1)
    found[#found + 1] = {key, payload, claims}
  else
    redis.call('ZREM', KEYS[2], key)
  end
end
return found
"""

_RENEW = """
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], 'XX', ARGV[1], ARGV[i]) end
return 0
"""

_DROP = """
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
return 0
"""

_BURY = """
local payload = redis.call('HGET', KEYS[1], ARGV[1])
if payload then redis.call('HSET', KEYS[4], ARGV[1], payload) end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
return 0
"""


class RedisClient(Protocol):
    """What is needed of `redis.asyncio.Redis`."""

    def eval(self, script: str, numkeys: int, *keys_and_args: Any) -> Any:
        """Run a script."""
        ...

    def delete(self, *names: str) -> Any:
        """Delete keys."""
        ...


class RedisStore:
    """A durable store for receivers on several machines. `client` is a `redis.asyncio.Redis`, yours to close.

    It survives what your Redis survives: turn on append-only persistence and an eviction policy of ``noeviction``.
    The machines' clocks must agree to within a few seconds. All keys begin with `prefix`, in one hash slot.
    """

    durable = True

    def __init__(self, client: RedisClient, *, prefix: str = "lusha-webhooks") -> None:
        self._client = client
        base = "{" + prefix + "}"
        self._seen = f"{base}:seen:"
        self._payloads, self._leases, self._claims, self._dead = (
            f"{base}:{name}" for name in ("payloads", "leases", "claims", "dead")
        )

    async def open(self) -> None:
        """Nothing to do: the client connects by itself."""

    async def close(self) -> None:
        """Nothing to do: the client is yours."""

    async def add(self, key: str, payload: bytes, *, now: float, lease: float, window: float, guard: float) -> bool:
        keys = (self._seen + key, self._payloads, self._leases, self._claims)
        return bool(await self._eval(_ADD, keys, key, payload, now + lease, max(1, int(window * 1000))))

    async def claim(self, limit: int, *, now: float, lease: float) -> Sequence[Kept]:
        keys = (self._payloads, self._leases, self._claims)
        rows = await self._eval(_CLAIM, keys, now, now + lease, limit)
        return [Kept(_text(key), _bytes(payload), int(claims)) for key, payload, claims in rows]

    async def renew(self, keys: Sequence[str], *, now: float, lease: float) -> None:
        for start in range(0, len(keys), 1000):
            await self._eval(_RENEW, (self._leases,), now + lease, *keys[start : start + 1000])

    async def done(self, key: str) -> None:
        await self._eval(_DROP, (self._payloads, self._leases, self._claims), key)

    async def bury(self, key: str) -> None:
        await self._eval(_BURY, (self._payloads, self._leases, self._claims, self._dead), key)

    async def forget(self, key: str) -> None:
        await self.done(key)
        await _awaited(self._client.delete(self._seen + key))

    async def prune(self, *, now: float) -> None:
        """Nothing to do: keys expire by themselves."""

    async def _eval(self, script: str, keys: Sequence[str], *arguments: Any) -> Any:
        return await _awaited(self._client.eval(script, len(keys), *keys, *arguments))


async def _awaited(answer: object) -> Any:
    return await answer if inspect.isawaitable(answer) else answer


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _bytes(value: bytes | str) -> bytes:
    return value if isinstance(value, bytes) else value.encode()

"""One contract, three stores."""

from __future__ import annotations

import asyncio
import shutil
import socket
import sqlite3
import stat
import subprocess
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from lusha_async.webhooks import MemoryStore, RedisStore, SQLiteStore, Store, StoreFull

NOW = 1_000_000.0
OPTIONS: dict[str, float] = {"lease": 30, "window": 3600, "guard": 600}


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory: pytest.TempPathFactory):
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("redis-server is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    where = str(tmp_path_factory.mktemp("redis"))
    arguments = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", where]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.01)
        yield port
    finally:
        process.terminate()
        process.wait()


async def opened(kind: str, path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """A fresh store of a kind, and its end."""
    client: Any = None
    store: Any = MemoryStore() if kind == "memory" else SQLiteStore(path / "inbox.db")
    if kind == "redis":
        redis = pytest.importorskip("redis.asyncio")
        client = redis.Redis(port=request.getfixturevalue("redis_port"))
        store = RedisStore(client, prefix=uuid.uuid4().hex)
    await store.open()
    yield store
    await store.close()
    if client is not None:
        await client.aclose()


@pytest.fixture(params=["memory", "sqlite", "redis"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    async for each in opened(request.param, tmp_path, request):
        yield each


@pytest.fixture(params=["sqlite", "redis"])
async def durable(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    async for each in opened(request.param, tmp_path, request):
        assert each.durable
        yield each


@pytest.fixture
async def redis_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    async for each in opened("redis", tmp_path, request):
        yield each


async def test_a_key_is_new_once(store: Store) -> None:
    assert await store.add("a", b"1", now=NOW, **OPTIONS)
    assert not await store.add("a", b"1", now=NOW + 1, **OPTIONS)
    await store.done("a")
    assert not await store.add("a", b"1", now=NOW + 2, **OPTIONS)
    assert await store.add("b", b"2", now=NOW, **OPTIONS)


async def test_of_many_at_once_one_is_new(store: Store) -> None:
    added = await asyncio.gather(*(store.add("a", b"1", now=NOW, **OPTIONS) for _ in range(50)))
    assert sum(added) == 1


async def test_a_key_that_is_forgotten_is_new_again(store: Store) -> None:
    await store.add("a", b"1", now=NOW, **OPTIONS)
    await store.forget("a")
    assert await store.add("a", b"1", now=NOW, **OPTIONS)


async def test_what_is_under_a_lease_belongs_to_its_holder(store: Store) -> None:
    await store.add("a", b"1", now=NOW, **OPTIONS)
    assert list(await store.claim(10, now=NOW + 29, lease=30)) == []


async def test_memory_and_sqlite_forget_after_the_window(tmp_path: Path) -> None:
    for store in (MemoryStore(), SQLiteStore(tmp_path / "inbox.db")):
        await store.open()
        await store.add("a", b"1", now=NOW, **OPTIONS)
        await store.done("a")
        assert not await store.add("a", b"1", now=NOW + 3599, **OPTIONS)
        assert await store.add("a", b"1", now=NOW + 3601, **OPTIONS)
        await store.done("a")
        await store.prune(now=NOW + 100_000)
        assert await store.add("a", b"1", now=NOW + 100_000, **OPTIONS)
        await store.close()


async def test_redis_forgets_after_the_window(redis_store: RedisStore) -> None:
    await redis_store.add("a", b"1", now=NOW, lease=30, window=0.001, guard=0)
    await redis_store.done("a")
    async with asyncio.timeout(10):
        while not await redis_store.add("a", b"1", now=NOW, lease=30, window=0.001, guard=0):
            await redis_store.prune(now=NOW)


# --- durable


async def test_an_expired_lease_hands_over_the_oldest_first(durable: Store) -> None:
    for number, key in enumerate("cab"):
        await durable.add(key, key.encode(), now=NOW + number, **OPTIONS)
    claimed = await durable.claim(2, now=NOW + 100, lease=30)
    assert [(kept.key, kept.payload, kept.claims) for kept in claimed] == [("c", b"c", 2), ("a", b"a", 2)]
    assert [kept.key for kept in await durable.claim(10, now=NOW + 100, lease=30)] == ["b"]
    assert list(await durable.claim(10, now=NOW + 100, lease=30)) == []
    assert {kept.claims for kept in await durable.claim(10, now=NOW + 200, lease=30)} == {3}


async def test_a_renewed_lease_holds_and_a_given_up_one_does_not(durable: Store) -> None:
    await durable.add("a", b"1", now=NOW, **OPTIONS)
    await durable.renew(["a", "unknown"], now=NOW + 29, lease=30)
    assert list(await durable.claim(10, now=NOW + 58, lease=30)) == []
    await durable.renew(["a"], now=NOW + 58, lease=0)
    assert [kept.key for kept in await durable.claim(10, now=NOW + 58, lease=30)] == ["a"]


@pytest.mark.parametrize("ending", ["done", "bury", "forget"])
async def test_what_is_finished_is_not_claimed(durable: Store, ending: str) -> None:
    await durable.add("a", b"1", now=NOW, **OPTIONS)
    await getattr(durable, ending)("a")
    assert list(await durable.claim(10, now=NOW + 1000, lease=30)) == []
    await durable.renew(["a"], now=NOW, lease=0)
    assert list(await durable.claim(10, now=NOW + 1000, lease=30)) == []


async def test_binary_payloads_come_back_as_they_went(durable: Store) -> None:
    data = bytes(range(256)) * 10
    await durable.add("a", data, now=NOW, **OPTIONS)
    assert (await durable.claim(1, now=NOW + 100, lease=1))[0].payload == data


# --- memory


async def test_memory_is_bounded_and_forgets_the_oldest() -> None:
    store = MemoryStore(capacity=3)
    for number, key in enumerate("abc"):
        await store.add(key, b"", now=NOW + number, **OPTIONS)
    assert await store.add("d", b"", now=NOW + 601, **OPTIONS)
    assert len(store) == 3
    assert not await store.add("b", b"", now=NOW + 601, **OPTIONS)
    assert await store.add("a", b"", now=NOW + 700, **OPTIONS), "the oldest was forgotten"


async def test_memory_never_forgets_what_could_be_replayed() -> None:
    store = MemoryStore(capacity=2)
    for key in "ab":
        await store.add(key, b"", now=NOW, **OPTIONS)
    with pytest.raises(StoreFull, match="capacity"):
        await store.add("c", b"", now=NOW + 600, **OPTIONS)
    assert not await store.add("a", b"", now=NOW + 600, **OPTIONS)


# --- sqlite


async def test_the_file_survives_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    first = SQLiteStore(path)
    await first.open()
    await first.add("a", b"payload", now=NOW, **OPTIONS)
    await first.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    second = SQLiteStore(path, synchronous="NORMAL")
    await second.open()
    assert not await second.add("a", b"payload", now=NOW, **OPTIONS)
    assert await second.pending() == 1
    await second.done("a")
    assert await second.pending() == 0
    await second.close()
    assert b"payload" not in b"" + sqlite_column(path), "handled payloads do not stay"


def sqlite_column(path: Path) -> bytes:
    with sqlite3.connect(path) as db:
        return b"".join(row[0] or b"" for row in db.execute("SELECT payload FROM deliveries"))


async def test_dead_letters_can_be_looked_at_and_revived(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "inbox.db")
    await store.open()
    for key in "ab":
        await store.add(key, key.encode(), now=NOW, **OPTIONS)
        await store.bury(key)
    assert [kept.key for kept in await store.dead_letters()] == ["a", "b"]
    assert await store.revive("a") == 1
    assert [kept.key for kept in await store.claim(10, now=NOW, lease=1)] == ["a"]
    assert await store.revive() == 1
    assert list(await store.dead_letters()) == []
    await store.close()


async def test_two_processes_may_share_the_file(tmp_path: Path) -> None:
    stores = [SQLiteStore(tmp_path / "inbox.db") for _ in range(2)]
    for store in stores:
        await store.open()
    added = await asyncio.gather(
        *(store.add(str(key), b"", now=NOW, **OPTIONS) for key in range(40) for store in stores)
    )
    assert sum(added) == 40
    claimed = await asyncio.gather(*(store.claim(40, now=NOW + 100, lease=30) for store in stores))
    assert sorted(kept.key for part in claimed for kept in part) == sorted(map(str, range(40)))
    for store in stores:
        await store.close()


async def test_a_file_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "missing" / "inbox.db")
    with pytest.raises(OSError, match="missing"):
        await store.open()
    await store.close()
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        await SQLiteStore(broken).open()
    with pytest.raises(RuntimeError, match="not open"):
        await store.pending()


async def test_a_failing_operation_fails_its_group_and_nothing_else(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "inbox.db")
    await store.open()
    with pytest.raises(sqlite3.Error):
        await store._do(lambda db: db.execute("SELECT * FROM nowhere"))
    assert await store.add("a", b"", now=NOW, **OPTIONS)
    await store.close()

"""pytest plugin: a local Lusha and a client for it, for the tests of your own application.

    async def test_import(lusha):
        answer = await lusha.contacts.search({"email": "jane@example.com"})
        assert answer.results[0].first_name == "Jane"

It is active wherever lusha_async is installed. Two fixtures, both new for every test:

``lusha_sandbox``
    A `lusha_async.sandbox.Sandbox` that answers from a thread of its own, so that it serves asynchronous tests,
    synchronous ones and other processes alike. While it is there, LUSHA_API_KEY and LUSHA_BASE_URL name it: a
    `LushaClient()` made by the code under test, or the command line, finds it instead of Lusha.

``lusha``
    A `LushaClient` for it, open, in the event loop of the test. Works with pytest-asyncio (strict and auto) and with
    anyio's plugin on asyncio.

Nothing waits: neither side keeps limits, and repeats after a fault follow at once. Everybody is found, unless the name
says otherwise (``not-found@example.com``; see `lusha_async.sandbox.world`). A test asks for other conditions by mark,
for itself, its class or its module; nearer marks win:

    @pytest.mark.lusha_sandbox(plan="pro", faults=Faults(rate=0.1), limits=True)

``limits=True`` puts the limits of the live API on both sides: the sandbox enforces them, the client keeps them, and
repeats wait as they do in production. Everything else is an option of `Sandbox`.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from .client import LushaClient
    from .sandbox import Sandbox

# Every pytest run of an environment imports this module: what it needs is imported where it is used.

MARK = "lusha_sandbox"
_MARK_HELP = (
    f"{MARK}(**options): options of lusha_async.sandbox.Sandbox for this test's sandbox; "
    "limits=True: with the limits of the live API, and a client that keeps them"
)
_LOOP_SCOPES: tuple[Literal["function", "class", "module", "package", "session"], ...] = (
    "function",
    "class",
    "module",
    "package",
    "session",
)
_NO_LIMITS: dict[str, Any] = {"burst": None, "usage_limit": None, "webhooks_limit": None}
_QUICK: dict[str, Any] = {
    "not_found": 0.0,
    "restricted": 0.0,
    "world_size": 1_000,
    "job_seconds": 0.02,
    "column_seconds": 0.02,
    "retry_delays": (0.01, 0.01, 0.01),
}


def pytest_configure(config: pytest.Config) -> None:
    """Announce the mark; offer the fixtures that pytest-asyncio drives where it is active."""
    config.addinivalue_line("markers", _MARK_HELP)
    if config.pluginmanager.has_plugin("asyncio"):
        config.pluginmanager.register(_asyncio_fixtures(), "lusha_async_asyncio")


@pytest.fixture
def lusha_sandbox(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A local Lusha for this test, in a thread of its own; see `lusha_async.testing`."""
    from .sandbox.threaded import ThreadedSandbox

    options, limits = _conditions(request)
    with ThreadedSandbox(**{**({} if limits else _NO_LIMITS), **_QUICK, **options}) as sandbox:
        monkeypatch.setenv("LUSHA_API_KEY", sandbox.api_key)
        monkeypatch.setenv("LUSHA_BASE_URL", sandbox.url)
        yield sandbox


@pytest.fixture
def lusha(request: pytest.FixtureRequest, lusha_sandbox: Sandbox) -> LushaClient:
    """A client for `lusha_sandbox`, open in the event loop of this test; see `lusha_async.testing`."""
    plugins, mark = request.config.pluginmanager, request.node.get_closest_marker("asyncio")
    on_asyncio = mark is not None and plugins.has_plugin("asyncio")
    on_anyio = "anyio_backend" in request.fixturenames and plugins.has_plugin("anyio")
    if on_asyncio and on_anyio:
        pytest.fail(
            "pytest-asyncio and anyio both claim this test and would give it two event loops: set asyncio_mode=strict "
            "where anyio runs the tests, or take anyio's mark away",
            pytrace=False,
        )
    if mark is not None and on_asyncio:
        return _driven(request, f"_lusha_on_{_loop_scope(mark, request.config)}_loop")
    if on_anyio:
        if request.getfixturevalue("anyio_backend_name") != "asyncio":
            pytest.skip("lusha_async runs on asyncio")
        return _driven(request, "_lusha_on_anyio_loop")
    pytest.fail(
        "the fixture `lusha` needs an asynchronous test that pytest-asyncio or anyio runs (is its mark missing?); "
        "a synchronous test takes `lusha_sandbox` and lets the code under test make its own client",
        pytrace=False,
    )


def _driven(request: pytest.FixtureRequest, fixture: str) -> LushaClient:
    client: LushaClient = request.getfixturevalue(fixture)
    return client


@pytest.fixture
async def _lusha_on_anyio_loop(  # pyright: ignore[reportUnusedFunction]
    anyio_backend: object, request: pytest.FixtureRequest, lusha_sandbox: Sandbox
) -> AsyncGenerator[LushaClient]:
    """Driven by anyio, because it asks for ``anyio_backend``."""
    async with _client(request, lusha_sandbox) as client:
        yield client


def _asyncio_fixtures() -> ModuleType:
    """The same for pytest-asyncio: one for each scope a test's event loop can have, for the client must live in it."""
    import pytest_asyncio

    plugin = ModuleType("lusha_async.testing on pytest-asyncio")
    for scope in _LOOP_SCOPES:

        async def on_loop(request: pytest.FixtureRequest, lusha_sandbox: Sandbox) -> AsyncGenerator[LushaClient]:
            async with _client(request, lusha_sandbox) as client:
                yield client

        name = f"_lusha_on_{scope}_loop"
        setattr(plugin, name, pytest_asyncio.fixture(loop_scope=scope, name=name)(on_loop))
    return plugin


def _client(request: pytest.FixtureRequest, sandbox: Sandbox) -> LushaClient:
    from .client import LushaClient
    from .limits import NoLimits
    from .retry import RetryPolicy

    _, limits = _conditions(request)
    if limits:
        return LushaClient(sandbox.api_key, base_url=sandbox.url)
    quick = RetryPolicy(initial=0.001, maximum=0.01)
    return LushaClient(sandbox.api_key, base_url=sandbox.url, limits=NoLimits(), retries=quick)


def _conditions(request: pytest.FixtureRequest) -> tuple[dict[str, Any], bool]:
    """The options that the test's marks ask for, nearest last, and whether limits are among them."""
    options: dict[str, Any] = {}
    for mark in reversed(list(request.node.iter_markers(MARK))):
        if mark.args:
            pytest.fail(f"pytest.mark.{MARK} takes named options only, such as plan='pro'", pytrace=False)
        options.update(mark.kwargs)
    return options, bool(options.pop("limits", False))


def _loop_scope(mark: pytest.Mark, config: pytest.Config) -> str:
    """In which of pytest-asyncio's loops a test runs."""
    try:
        default = config.getini("asyncio_default_test_loop_scope")
    except ValueError:
        default = None
    return str(mark.kwargs.get("loop_scope") or mark.kwargs.get("scope") or default or "function")

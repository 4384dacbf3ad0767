"""The pytest plugin, in suites as users write them: whoever drives the event loop, and under other conditions."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from importlib.metadata import entry_points

import pytest

import lusha_async
import lusha_async.sandbox.threaded

pytest_plugins = ("pytester",)

# A run inside this one forgets the modules it was the first to import; then two editions of a class would meet.
lusha_async.endpoints()
for _name in lusha_async.__all__:
    getattr(lusha_async, _name)
for _module in ("client", "transport", "bulk", "limits.local", "v3.contacts", "v3.companies", "v3.account"):
    import_module(f"lusha_async.{_module}")

QUIET = (
    *("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:schemathesis", "--strict-markers", "-W", "error"),
    *("-W", "ignore:The configuration option"),  # pytest-asyncio's, where its ini file names no loop scope
)

ASYNC_TESTS = """
    import asyncio
    import pytest
    from lusha_async import LushaClient

    {mark}

    async def test_a_call(lusha, lusha_sandbox):
        answer = await lusha.contacts.search({{"email": "jane.roe@example.com"}})
        assert answer.results[0].first_name == "Jane"
        assert lusha_sandbox.stats()["requests"] == 1

    async def test_another_one_has_a_sandbox_of_its_own(lusha, lusha_sandbox):
        assert lusha_sandbox.stats()["requests"] == 0
        rows = [{{"email": f"person{{n}}@example.com"}} for n in range(250)]
        outcomes = await lusha.contacts.bulk_search_and_enrich(rows, reveal=["emails"]).collect()
        assert {{outcome.status for outcome in outcomes}} == {{"found"}}

    async def test_the_code_under_test_makes_its_own_client(lusha_sandbox):
        async with LushaClient() as client:
            assert (await client.account.usage()).credits
        assert lusha_sandbox.stats()["requests"] == 1

    class TestInAClass:
        async def test_a_call(self, lusha):
            assert (await lusha.contacts.filter_types()).available_filters
"""


def run(pytester: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(source)
    return pytester.runpytest_inprocess(*QUIET, *options)


def test_every_environment_that_has_the_package_has_the_plugin() -> None:
    found = {entry.name: entry.value for entry in entry_points(group="pytest11")}
    assert found["lusha_async"] == "lusha_async.testing"


@pytest.mark.parametrize(
    ("mark", "options"),
    [
        ("", ("-o", "asyncio_mode=auto")),
        ("pytestmark = pytest.mark.asyncio", ("-o", "asyncio_mode=strict")),
        ("pytestmark = pytest.mark.asyncio(loop_scope='module')", ("-o", "asyncio_mode=strict")),
        ("", ("-o", "asyncio_mode=auto", "-o", "asyncio_default_test_loop_scope=session")),
        ("", ("-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=session")),
        ("", ("-o", "anyio_mode=auto", "-p", "no:asyncio")),
        ("pytestmark = pytest.mark.anyio", ("-p", "no:asyncio")),
        ("pytestmark = pytest.mark.anyio", ("-o", "asyncio_mode=strict")),
    ],
)
def test_async_tests_get_a_client_in_their_own_loop(
    pytester: pytest.Pytester, mark: str, options: tuple[str, ...]
) -> None:
    pytester.makeconftest('import pytest\n\n@pytest.fixture\ndef anyio_backend():\n    return "asyncio"')
    run(pytester, ASYNC_TESTS.format(mark=mark), *options).assert_outcomes(passed=4)


def test_on_another_backend_of_anyio_the_client_is_skipped_with_a_reason(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('import pytest\n\n@pytest.fixture\ndef anyio_backend():\n    return "trio"')
    result = run(pytester, ASYNC_TESTS.format(mark="pytestmark = pytest.mark.anyio"), "-rs", "-k", "TestInAClass")
    result.assert_outcomes(skipped=1, deselected=3)
    result.stdout.fnmatch_lines(["*lusha_async runs on asyncio*"])


def test_a_test_that_two_plugins_claim_is_told_so(pytester: pytest.Pytester) -> None:
    """anyio and pytest-asyncio's auto mode cannot be used together, as anyio's manual says."""
    source = ASYNC_TESTS.format(mark="pytestmark = pytest.mark.anyio")
    result = run(pytester, source, "-o", "asyncio_mode=auto", "-k", "TestInAClass and asyncio")
    result.assert_outcomes(errors=1, deselected=3)
    result.stdout.fnmatch_lines(["*both claim this test*asyncio_mode=strict*"])


def test_synchronous_code_finds_the_sandbox_too(pytester: pytest.Pytester) -> None:
    source = """
        import asyncio, json, os, subprocess, sys, urllib.request
        from lusha_async import LushaClient

        async def job():
            async with LushaClient() as lusha:
                return (await lusha.contacts.search({"email": "jane.roe@example.com"})).results[0].first_name

        def test_a_program_with_a_loop_of_its_own(lusha_sandbox):
            assert asyncio.run(job()) == "Jane"
            assert asyncio.run(job()) == "Jane"
            assert lusha_sandbox.stats()["requests"] == 2

        def test_another_http_client(lusha_sandbox):
            headers = {"api_key": lusha_sandbox.api_key}
            with urllib.request.urlopen(urllib.request.Request(lusha_sandbox.url + "/v3/account/usage", headers=headers)) as answer:
                assert "credits" in json.load(answer)

        def test_another_process(lusha_sandbox):
            code = "import asyncio, test_it; print(asyncio.run(test_it.job()))"
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
            assert done.stdout.strip() == "Jane", done.stderr

        def test_afterwards_the_environment_is_as_before():
            assert "LUSHA_API_KEY" not in os.environ
            assert "LUSHA_BASE_URL" not in os.environ
    """
    pytester.makepyfile(test_it=source)
    pytester.runpytest_inprocess(*QUIET).assert_outcomes(passed=4)


def test_marks_choose_the_conditions_and_the_nearest_wins(pytester: pytest.Pytester) -> None:
    source = """
        import pytest
        from lusha_async import QuotaExhausted, RateLimited, PaymentRequired
        from lusha_async.sandbox import Faults

        pytestmark = [pytest.mark.asyncio, pytest.mark.lusha_sandbox(plan="pro", credits=3)]
        PEOPLE = [{"email": f"person{n}@example.com"} for n in range(5)]

        async def test_the_modules(lusha):
            usage = await lusha.account.usage()
            assert usage.rate_limits.daily.limit == 1_500
            with pytest.raises(PaymentRequired):
                await lusha.contacts.search_and_enrich(PEOPLE, reveal=["emails"])

        @pytest.mark.lusha_sandbox(credits=1_000)
        class TestNearer:
            async def test_one_option_of_the_class(self, lusha):
                usage = await lusha.account.usage()
                assert usage.rate_limits.daily.limit == 1_500
                await lusha.contacts.search_and_enrich(PEOPLE, reveal=["emails"])

            @pytest.mark.lusha_sandbox(plan="free")
            async def test_one_of_the_function(self, lusha):
                assert (await lusha.account.usage()).rate_limits.daily.limit == 100

        @pytest.mark.lusha_sandbox(plan="unlimited", credits=1_000, faults=Faults(rates={"500": 0.3, "429": 0.2}, seed=1))
        async def test_faults_are_met_without_waiting(lusha, lusha_sandbox):
            rows = [{"email": f"person{n}@example.com"} for n in range(20)]
            for row in rows:
                assert (await lusha.contacts.search(row)).results
            assert lusha_sandbox.stats()["requests"] > 20

        async def test_without_limits_an_empty_window_is_an_error_at_once(lusha, lusha_sandbox):
            lusha_sandbox.set_windows(minute=1)
            await lusha.contacts.filter_types()
            with pytest.raises(RateLimited):
                await lusha.contacts.filter_types()

        @pytest.mark.lusha_sandbox(limits=True, plan="unlimited")
        async def test_with_limits_both_sides_keep_them(lusha, lusha_sandbox):
            import asyncio
            await asyncio.gather(*(lusha.contacts.filter_types() for _ in range(30)))
            seen = lusha_sandbox.stats()["endpoints"]["GET /v3/contacts/prospecting/filters"]
            assert seen["statuses"] == {"200": 30}
    """
    run(pytester, source, "-o", "asyncio_mode=strict").assert_outcomes(passed=6)


def test_mistakes_are_told_apart(pytester: pytest.Pytester) -> None:
    source = """
        import pytest

        def test_a_client_in_a_synchronous_test(lusha):
            pass

        @pytest.mark.lusha_sandbox("pro")
        def test_an_option_without_its_name(lusha_sandbox):
            pass

        @pytest.mark.lusha_sandbox(plans="pro")
        def test_an_option_that_does_not_exist(lusha_sandbox):
            pass
    """
    result = run(pytester, source)
    result.assert_outcomes(errors=3)
    result.stdout.fnmatch_lines(
        ["*needs an asynchronous test*", "*takes named options only*", "*unexpected keyword argument 'plans'*"]
    )


def test_a_run_that_does_not_use_it_imports_nothing_of_it() -> None:
    """The plugin is loaded by every pytest run of an environment."""
    code = (
        "import pytest, sys; before = set(sys.modules); import lusha_async.testing; "
        "print(sorted({name for name in set(sys.modules) - before if 'lusha' not in name}), "
        "sorted(name for name in set(sys.modules) - before if 'lusha' in name))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[] ['lusha_async', 'lusha_async._version', 'lusha_async.testing']"

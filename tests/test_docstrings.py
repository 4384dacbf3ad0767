"""Every example in a docstring of a public method runs, against the sandbox."""

from __future__ import annotations

import ast
import doctest
import inspect
import textwrap
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pytest

from lusha_async import LushaClient
from lusha_async.resource import Resource
from lusha_async.sandbox import Sandbox

KEY = "11111111-2222-3333-4444-555555555555"


def resources(resource: Any, name: str) -> Iterator[tuple[str, Any]]:
    """All groups of methods below an object, by the name a user reaches them with."""
    for attribute in sorted(dir(type(resource))):
        if isinstance(inspect.getattr_static(type(resource), attribute), cached_property):
            inner = getattr(resource, attribute)
            yield f"{name}.{attribute}", inner
            yield from resources(inner, f"{name}.{attribute}")


def methods() -> Iterator[tuple[str, Any]]:
    """All public methods, by the name a user calls them by."""
    for name, resource in resources(LushaClient(KEY), "lusha"):
        if isinstance(resource, Resource):
            for attribute, method in inspect.getmembers(resource, inspect.ismethod):
                if not attribute.startswith("_"):
                    yield f"{name}.{attribute}", method


METHODS = dict(methods())


@pytest.mark.parametrize("name", METHODS)
def test_every_public_method_says_its_operation_and_shows_itself(name: str) -> None:
    text = inspect.getdoc(METHODS[name]) or ""
    assert "``" in text, "the docstring names the API operation"
    assert ">>> " in text, "the docstring has an example"


@pytest.mark.parametrize("name", METHODS)
async def test_every_example_runs(name: str) -> None:
    examples = doctest.DocTestParser().get_examples(inspect.getdoc(METHODS[name]) or "")
    sandbox = Sandbox(burst=None, usage_limit=None, webhooks_limit=None, not_found=0, restricted=0)
    async with sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha:
        names: dict[str, Any] = {"lusha": lusha}
        for example in examples:
            value = await run(example.source, names)
            shown = "" if value is None else f"{value!r}\n"
            checker = doctest.OutputChecker()
            assert checker.check_output(example.want, shown, doctest.ELLIPSIS), f"{example.source}gave {shown}"


async def run(source: str, names: dict[str, Any]) -> Any:
    """Execute statements that may await; the value of the last one if it is an expression."""
    tree = ast.parse(textwrap.dedent(source))
    last = tree.body[-1]
    if isinstance(last, ast.Expr):
        tree.body[-1] = ast.copy_location(ast.Assign([ast.Name("_value", ast.Store())], last.value), last)
    names.pop("_value", None)
    code = compile(ast.fix_missing_locations(tree), "<docstring>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    outcome = eval(code, names)
    if inspect.iscoroutine(outcome):
        await outcome
    return names.get("_value")

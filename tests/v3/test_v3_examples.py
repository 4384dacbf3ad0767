"""Every public method of V3 has a docstring that names its operation, and an example that runs against the sandbox."""

from __future__ import annotations

import ast
import asyncio
import doctest
import inspect
import operator

import pytest

from lusha_async import LushaClient
from lusha_async.sandbox import Sandbox
from lusha_async.v3.account import Account
from lusha_async.v3.companies import Companies
from lusha_async.v3.contacts import Contacts
from lusha_async.v3.conversations import Conversations
from lusha_async.v3.jobs import Jobs
from lusha_async.v3.subscriptions import AuditLogs, Subscriptions, WebhookSecret
from lusha_async.v3.tables import Tables

GROUPS = {
    "contacts": Contacts,
    "companies": Companies,
    "contacts.tables": Tables,
    "contacts.jobs": Jobs,
    "subscriptions": Subscriptions,
    "audit_logs": AuditLogs,
    "webhook_secret": WebhookSecret,
    "account": Account,
    "conversations": Conversations,
}
METHODS = [
    (group, name)
    for group, kind in GROUPS.items()
    for name, function in inspect.getmembers(kind, inspect.isfunction)
    if not name.startswith("_")
]


@pytest.fixture
async def lusha():
    async with Sandbox() as sandbox, LushaClient(api_key=sandbox.api_key, base_url=sandbox.url) as client:
        yield client


@pytest.mark.parametrize(("group", "name"), METHODS)
def test_the_docstring_names_the_operation(group, name):
    assert any(f"``{verb} /" in _doc(group, name) for verb in ("GET", "POST", "PATCH", "DELETE"))


@pytest.mark.parametrize(("group", "name"), METHODS)
async def test_the_example_runs(lusha, group, name):
    examples = doctest.DocTestParser().get_examples(_doc(group, name))
    assert examples, "no example"
    names = {"lusha": lusha, "Status": __import__("lusha_async").Status}
    for example in examples:
        assert await asyncio.wait_for(_shown(example.source, names), 30) == example.want


def _doc(group, name):
    return inspect.getdoc(operator.attrgetter(name)(GROUPS[group])) or ""


async def _shown(source, names):
    """What an interactive session that understands `await` would print."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    await _run(tree, "exec", names)
    if last is None:
        return ""
    value = await _run(ast.Expression(last.value), "eval", names)
    return "" if value is None else f"{value!r}\n"


async def _run(tree, mode, names):
    value = eval(compile(tree, "<example>", mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)
    return await value if inspect.iscoroutine(value) else value

"""The public names: each can be imported, each is what the type checkers are told, and importing them costs little."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import lusha_async

SOURCE = Path(lusha_async.__file__)


@pytest.mark.parametrize("name", lusha_async.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(lusha_async, name) is not None
    assert name in dir(lusha_async)


def test_type_checkers_and_python_are_told_the_same() -> None:
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    for node in block.body:
        if isinstance(node, ast.ImportFrom):
            module = importlib.import_module(f"lusha_async.{node.module}")
            for alias in node.names:
                assert getattr(lusha_async, alias.name) is getattr(module, alias.name)
                assert alias.name in lusha_async.__all__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        getattr(lusha_async, "no_such_name")  # noqa: B009


def test_importing_the_package_imports_no_http_client() -> None:
    code = "import sys, lusha_async; sys.exit('aiohttp' in sys.modules or 'anyio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""The examples work as they stand."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lusha_async.webhooks import sign

from .helpers import OPT_OUT, payload, to_json

EXAMPLES = Path(__file__).parents[2] / "examples"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["webhook_fastapi", "webhook_aiohttp"])
async def test_an_example_receives(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("fastapi")
    monkeypatch.setenv("LUSHA_WEBHOOK_SECRET", "example")
    monkeypatch.setenv("LUSHA_WEBHOOK_INBOX", str(tmp_path / "inbox.db"))
    receiver: Any = load(name).receiver
    async with receiver:
        for content in (payload(), payload("riskNews"), payload("companyChange"), payload("somethingNew"), OPT_OUT):
            body = to_json(content)
            assert (await receiver.handle("POST", "", sign(body, "example"), body)).status == 201
    assert (receiver.counts.handled, receiver.counts.failed) == (5, 0)
    shown = capsys.readouterr().out
    assert "promot" in shown
    assert "jane" not in shown

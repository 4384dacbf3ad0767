"""The README's Python runs as it stands there, against the sandbox."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from lusha_async import LushaClient
from lusha_async.sandbox import Sandbox

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
async def test_every_block_runs(
    number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    if "in.parquet" in BLOCKS[number]:
        parquet = pytest.importorskip("pyarrow.parquet")
        rows = [{"email": f"person{n}@example.com"} for n in range(20)]
        parquet.write_table(pytest.importorskip("pyarrow").Table.from_pylist(rows), "in.parquet")
    async with Sandbox() as sandbox:
        monkeypatch.setenv("LUSHA_API_KEY", sandbox.api_key)
        monkeypatch.setenv("LUSHA_BASE_URL", sandbox.url)
        source = BLOCKS[number].replace("asyncio.run(main())", "await main()")
        code = compile(source, f"README block {number}", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        names: dict[str, Any] = {"LushaClient": LushaClient}
        outcome = eval(code, names)
        if inspect.iscoroutine(outcome):
            await outcome
    assert capsys.readouterr().out


def test_the_two_commands_make_their_own_environment() -> None:
    commands = [line for line in README.splitlines() if line.startswith("python3 -m venv .venv && ")]
    assert len(commands) == 2
    assert "lusha enrich contacts examples/contacts.csv" in commands[0]
    assert "--sandbox" in commands[0]
    assert commands[1].endswith("pytest")

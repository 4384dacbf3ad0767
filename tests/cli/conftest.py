"""Running commands: in this process, and as processes of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lusha_async.cli.app import lusha

PEOPLE = (
    ("ada.faraday@acme.example", "Ada", "Faraday", "Acme"),
    ("ADA.Faraday@acme.example", "Ada", "Faraday", "Acme"),
    ("", "", "", ""),
    ("", "Bo", "Müller", "Nordwind"),
    ("not-found@acme.example", "", "", ""),
    ("restricted@acme.example", "", "", ""),
    ("not an address", "", "", ""),
)
STATUSES = ["found", "found", "invalid", "found", "not_found", "restricted", "invalid"]


class Command:
    """`lusha` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(lusha, list(arguments), input=stdin, prog_name="lusha")

    def write(self, name: str, text: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def people(self, name: str = "people.csv") -> str:
        lines = ["Email,First Name,Last Name,Company", *(",".join(person) for person in PEOPLE)]
        return self.write(name, "\n".join(lines) + "\n")

    def jsonl(self, name: str) -> list[dict]:
        return [json.loads(line) for line in (self.folder / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path)

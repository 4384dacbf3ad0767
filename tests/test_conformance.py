"""The declared endpoints against the published documents, where those are at hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHECK = ROOT.parent / "shared" / "checks" / "spec_conformance.py"


@pytest.mark.skipif(not CHECK.exists(), reason="the published documents (../shared) are not here")
def test_every_operation_and_field_of_the_documents_is_declared():
    done = subprocess.run(
        [sys.executable, str(CHECK), "--spec", "all", "--verbose"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert done.stdout.rstrip().endswith("problems 0")

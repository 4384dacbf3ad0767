"""The command line: `lusha enrich`, `lusha usage`, `lusha sandbox`.

This module needs nothing beyond the standard library, so that a plain installation can say what it lacks.
"""

from __future__ import annotations

import atexit
import gc
import sys
from importlib.util import find_spec

from .exit_codes import ExitCode

__all__ = ["ExitCode", "main"]


def main() -> None:
    """Entry point of the `lusha` script."""
    missing = [name for name in ("click", "rich") if find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f"The lusha command needs {' and '.join(missing)}: install them with pip install 'lusha_async[cli]'\n"
        )
        raise SystemExit(ExitCode.EXTRA_MISSING)
    from .app import lusha

    gc.set_threshold(50_000, 20, 100)  # most of what a run makes holds no cycles: looking for them took 5 % of its time
    atexit.register(gc.freeze)  # a process that ends need not look for them at all
    lusha(prog_name="lusha")

"""What importing costs, in fresh processes, in turn."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

from ..lab import Scale, Spread, say
from ..report import Chart, Report, goal

MOST = 1.3
KINDS = {
    "aiohttp, msgspec": "import aiohttp, msgspec",
    "aiohttp, msgspec, anyio": "import aiohttp, msgspec, anyio",
    "from lusha_async import LushaClient": "from lusha_async import LushaClient",
    "LushaClient and v3.contacts": "from lusha_async import LushaClient; import lusha_async.v3.contacts",
    "all a first call needs": (
        "from lusha_async import LushaClient; import lusha_async.transport, lusha_async.v3.contacts"
    ),
    "lusha_async.webhooks alone": "import lusha_async.webhooks",
    "httpx, pydantic": "import httpx, pydantic",
}
_TIMED = """
import sys, time, json
began, cpu = time.perf_counter(), time.process_time()
{code}
print(json.dumps([time.perf_counter() - began, time.process_time() - cpu]))
"""


def run(scale: Scale) -> Report:
    """Every kind once per round."""
    rounds = scale.pick(5, 21, 51)
    wall: dict[str, list[float]] = {kind: [] for kind in KINDS}
    cpu: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number in range(rounds + 1):
        say(f"round {number} of {rounds}")
        for kind, code in KINDS.items():
            out = _python("-c", _TIMED.format(code=code))
            seconds, cpu_seconds = json.loads(out.stdout)
            if number:  # the first one fills the disk cache and writes byte code
                wall[kind].append(seconds * 1000)
                cpu[kind].append(cpu_seconds * 1000)
    say("")
    base = "aiohttp, msgspec"
    ratios = {
        kind: Spread.of(one / other for one, other in zip(cpu[kind], cpu[base], strict=True)).median for kind in KINDS
    }
    wall_ratio = Spread.of(wall["all a first call needs"]).median / Spread.of(wall[base]).median
    return Report(
        case="imports",
        title=f"Import time, fresh processes, {rounds} rounds interleaved",
        columns=["import", "wall ms (range)", "CPU ms (range)", "CPU of aiohttp + msgspec"],
        rows=[[kind, Spread.of(wall[kind]), Spread.of(cpu[kind]), ratios[kind]] for kind in KINDS],
        goals=[
            goal("LushaClient and v3.contacts, CPU", ratios["LushaClient and v3.contacts"], MOST, most=True),
            goal("all a first call needs, CPU", ratios["all a first call needs"], MOST, most=True),
            goal("all a first call needs, wall", wall_ratio, MOST, most=True),
        ],
        remarks=_dearest(),
        charts=[Chart(series={"ours": [(kind, Spread.of(wall[kind])) for kind in KINDS]}, x="ms", y="", bars=True)],
        data={"wall_ms": wall, "cpu_ms": cpu},
    )


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A fresh process that may write byte code, as an installed package has it, whatever this shell forbids."""
    allowed = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True, env=allowed)


def _dearest() -> list[str]:
    """The modules of all a first call needs that cost most by themselves."""
    code = KINDS["all a first call needs"]
    out = _python("-X", "importtime", "-c", code)
    found = [(int(alone), name) for alone, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", out.stderr)]
    ours = sum(alone for alone, name in found if name.startswith("lusha_async"))
    top = ", ".join(f"{name} {alone / 1000:.1f}" for alone, name in sorted(found, reverse=True)[:12])
    return [f"modules of lusha_async by themselves: {ours / 1000:.0f} ms (-X importtime)", f"dearest, ms: {top}"]
